import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DistillationJob } from '@distillation/api/job';
import { describe, expect, it } from 'vitest';
import type { JobView } from '../local/job-view.ts';
import { checkInputs, judgeJob } from './job.ts';
import { checkDisk, checkNode, checkVolume, judgeBackend, judgeDisk, judgeProcessors } from './machine.ts';

const found = (name: 'native-cpu' | 'wasm' | 'cpu'): ReturnType<typeof judgeBackend> =>
  judgeBackend({ name, description: `a backend ${name}`, notes: ['tfjs-node passed over: no addon'] });

const job = (bins: number): DistillationJob =>
  ({
    spec: {
      teacher: { path: 'teacher.keras' },
      dataset: { path: 'data' },
      training: { cpuThreads: 2 },
      scheduling: { bins },
    },
  }) as DistillationJob;

describe('of the machine', () => {
  it('takes the Node line that the project runs on and no other', () => {
    expect(checkNode('22.23.3').verdict).toBe('Ok');
    for (const version of ['20.19.0', '22.18.0', '24.1.0']) expect(checkNode(version).verdict, version).toBe('Problem');
  });

  it('advises to set up the native backend where a slower one serves, with the reason', () => {
    expect(found('native-cpu')).toMatchObject({ verdict: 'Ok' });
    expect(found('native-cpu')).not.toHaveProperty('remedy');
    for (const name of ['wasm', 'cpu'] as const) {
      expect(found(name)).toMatchObject({ verdict: 'Advice', remedy: 'kubectl-distill setup' });
      expect(found(name).found).toContain('no addon');
    }
  });

  it('warns of a nearly full disk', () => {
    expect(judgeDisk(5e9)).toEqual({ name: 'disk', verdict: 'Ok', found: '5.00 GB free' });
    expect(judgeDisk(2e8).verdict).toBe('Advice');
  });

  it('proposes as many bins as there are processors for', () => {
    expect(judgeProcessors(job(2), found('native-cpu'), 4).verdict).toBe('Ok');
    expect(judgeProcessors(job(4), found('native-cpu'), 4)).toMatchObject({ verdict: 'Advice', remedy: '--bins 2' });
    expect(judgeProcessors(job(4), found('native-cpu'), 1).remedy).toBe('--bins 1');
  });

  it('looks at the volume itself', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'distill-doctor-'));
    try {
      expect((await checkVolume(folder)).verdict).toBe('Ok');
      expect((await checkDisk(folder))?.found).toMatch(/free/);
      const missing = join(folder, 'nowhere');
      expect(await checkVolume(missing)).toMatchObject({ verdict: 'Problem', remedy: `mkdir -p ${missing}` });
      expect(await checkDisk(missing)).toBeUndefined();
      const inputs = await checkInputs(job(1), folder);
      expect(inputs.map(({ name, verdict }) => [name, verdict])).toEqual([
        ['teacher', 'Problem'],
        ['data set', 'Problem'],
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('of a job', () => {
  const judge = (summary: object, report?: object): ReturnType<typeof judgeJob> =>
    judgeJob({
      observed: { report },
      decision: { stage: 'Training' },
      summary: { working: [], folder: '/v/jobs/tiny', resume: 'run it', ...summary },
    } as unknown as JobView);
  const failure = {
    role: 'planner',
    code: 'DISTILL_E_TEACHER_MISSING',
    message: 'no t.h5.',
    fix: 'Put it there.',
    logFile: 'l',
  };

  it('is content with one that is finished, runs, or was not started', () => {
    expect(judge({ quietSeconds: 9, failure }, {}).verdict).toBe('Ok');
    expect(judge({ quietSeconds: 1, working: ['bin-0'], failure }).found).toBe('training: bin-0');
    expect(judge({})).toMatchObject({ verdict: 'Ok', found: 'not started in /v/jobs/tiny; run it starts it' });
    expect(judge({ quietSeconds: 67, onlyPlanned: true })).toMatchObject({
      verdict: 'Ok',
      found: 'planned, not begun; run it starts it',
    });
  });

  it('names the error that stopped it, its way out and the command to go on', () => {
    expect(judge({ quietSeconds: 100, failure })).toMatchObject({
      verdict: 'Problem',
      found: 'planner ended with DISTILL_E_TEACHER_MISSING: no t.h5. (log: l)',
      remedy: 'Put it there. Then: run it',
    });
    const defect = { ...failure, code: 'DISTILL_E_INTERNAL', fix: 'Report it.' } as const;
    expect(judge({ quietSeconds: 100, failure: defect }).remedy).toBe('Report it. To try again: run it');
    expect(judge({ quietSeconds: 100 })).toMatchObject({ verdict: 'Problem', remedy: 'run it' });
    expect(judge({ quietSeconds: 100, failure: { ...failure, code: 'DISTILL_E_STOPPED' } }).verdict).toBe('Advice');
  });
});
