import { readFileSync } from 'node:fs';
import { NEVER_STARTED, type JobState } from '@distillation/core/state';
import { type Circumstances, conditionsOf } from '../../operator/src/status/conditions.ts';
import { decide } from '@distillation/core/decide';
import { exited, planOf, running, scheduleOf, jobStateOf } from '../../packages/core/test/job.ts';
import { describe, expect, it } from 'vitest';
import { type Kstatus, kstatusOf } from './kstatus.ts';
import { runLua } from './lua.ts';

/** How GitOps tools judge the operator's conditions: kstatus (Flux, kpt) by its generic rules, Argo CD by our script. */

const SCRIPT = readFileSync(new URL('../../manifests/argocd/health.lua', import.meta.url), 'utf8');

const NAMES = ['a', 'b'];
const scheduling = { policy: 'WorkStealing', bins: 2, passes: 'Fused' } as const;
const planned: Partial<JobState> = { plan: planOf(NAMES), schedule: scheduleOf(NAMES, scheduling), scheduling };
const trained: Partial<JobState> = {
  ...planned,
  blocks: NAMES.map((name) => ({ name, state: 'Done', epoch: 2 })),
};

interface Case {
  readonly title: string;
  readonly jobState: JobState;
  readonly circumstances?: Circumstances;
  readonly kstatus: Kstatus;
  readonly argo: readonly [status: string, message: RegExp];
}

const CASES: readonly Case[] = [
  {
    title: 'planning',
    jobState: jobStateOf({ planner: running() }),
    kstatus: 'InProgress',
    argo: ['Progressing', /^Planning: /],
  },
  {
    title: 'pods that wait for their first start',
    jobState: jobStateOf({ ...planned, workers: new Map([[0, running()]]) }),
    kstatus: 'InProgress',
    argo: ['Progressing', /^Training: /],
  },
  {
    title: 'a pod that cannot start',
    jobState: jobStateOf({ ...planned, workers: new Map([[0, running()]]) }),
    circumstances: { problem: { reason: 'Unschedulable', message: 'No node has nvidia.com/gpu.' }, atWork: false },
    kstatus: 'InProgress',
    argo: ['Progressing', /^Unschedulable: No node has nvidia\.com\/gpu\./],
  },
  {
    title: 'training',
    jobState: jobStateOf({ ...planned, workers: new Map([[0, running()]]) }),
    circumstances: { atWork: true },
    kstatus: 'Current',
    argo: ['Progressing', /^Training: 0 of 2 blocks finished\. \(40 %\)$/],
  },
  {
    title: 'finalizing',
    jobState: jobStateOf({ ...trained, finalizer: running() }),
    circumstances: { atWork: true },
    kstatus: 'Current',
    argo: ['Progressing', /^Finalizing: /],
  },
  {
    title: 'suspended, its pods still ending',
    jobState: jobStateOf({ suspend: true }),
    circumstances: { ending: true },
    kstatus: 'InProgress',
    argo: ['Progressing', /^Suspending: /],
  },
  {
    title: 'suspended',
    jobState: jobStateOf({ suspend: true }),
    kstatus: 'InProgress',
    argo: ['Suspended', /suspend to false/],
  },
  {
    title: 'a student',
    jobState: jobStateOf({ ...trained, result: { outcome: 'StudentBuilt' } }),
    kstatus: 'Current',
    argo: ['Healthy', /^Succeeded: The student is written\./],
  },
  {
    title: 'an input that is refused',
    jobState: jobStateOf({
      planner: { ...exited(65), termination: { code: 'DISTILL_E_TEACHER_MISSING', message: 'No file.' } },
    }),
    kstatus: 'Failed',
    argo: ['Degraded', /^TeacherMissing: Planner: No file\./],
  },
  {
    title: 'a process that is given up',
    jobState: jobStateOf({ backoffLimit: 0, planner: exited(75) }),
    kstatus: 'Failed',
    argo: ['Degraded', /Given up after 1 runs?/],
  },
];

const GENERATION = 3;

/** The job as it would be on the API server. */
function jobOf({ jobState, circumstances }: Pick<Case, 'jobState' | 'circumstances'>, observedGeneration = GENERATION) {
  const conditions = conditionsOf(jobState, decide(jobState), circumstances).map((condition) => ({
    ...condition,
    observedGeneration,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  }));
  const status = { observedGeneration, conditions, progress: { percent: 40 } };
  return { metadata: { name: 'sample', generation: GENERATION }, spec: {}, status };
}

const argoOf = (job: object) => runLua(SCRIPT, job, ['status', 'message']);

describe('a job is judged correctly while', () => {
  it.each(CASES)('$title', ({ kstatus, argo: [status, message], ...made }) => {
    const job = jobOf(made);
    expect(kstatusOf(job)).toBe(kstatus);
    expect(argoOf(job)).toEqual({ status, message: expect.stringMatching(message) as string });
  });

  it.each(CASES)('a newer spec is not seen: $title', (made) => {
    const job = jobOf(made, GENERATION - 1);
    expect(kstatusOf(job)).toBe('InProgress');
    expect(argoOf(job).status).toBe('Progressing');
  });

  it('it is deleted, or was just made', () => {
    const { metadata } = jobOf({ jobState: jobStateOf() });
    expect(kstatusOf({ metadata: { ...metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } })).toBe('Terminating');
    for (const job of [{ metadata }, { metadata, status: {} }]) expect(argoOf(job).status).toBe('Progressing');
  });

  it('every process has started and ended in any way: only a failure for good is one', () => {
    for (const planner of [NEVER_STARTED, running(1), exited(75), exited(65), exited(137, 9)]) {
      for (const suspend of [false, true]) {
        const jobState = jobStateOf({ planner, suspend });
        const failed = decide(jobState).stage === 'Failed';
        const job = jobOf({ jobState });
        expect(kstatusOf(job) === 'Failed').toBe(failed);
        expect(argoOf(job).status === 'Degraded').toBe(failed);
      }
    }
  });
});

describe('the script', () => {
  it('needs nothing that Lua 5.1 lacks', () => {
    // Integer division, bit operators, goto and attributes came later.
    expect(SCRIPT.replace(/--.*$/gm, '')).not.toMatch(/\/\/|[&|~](?!=)|\bgoto\b|<const>|<close>/);
  });

  it('fails loudly in this harness when it is wrong', () => {
    expect(() => runLua('return nothing.at.all', {}, ['status'])).toThrow("global 'nothing'");
    expect(() => runLua('return {', {}, ['status'])).toThrow('near <eof>');
    expect(runLua('return { status = obj["a b"].x[2] }', { 'a b': { x: [1, 'é"\n\\'] } }, ['status'])).toEqual({
      status: 'é"\n\\',
    });
  });
});
