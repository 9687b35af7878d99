import { roleOf } from '@distillation/api/labels';
import { canonicalJson } from '@distillation/api/canonical';
import { manifestWith } from '../../../packages/api/test/corpus/corpus.ts';
import type { DistillationJobSpec } from '@distillation/api/job';
import { problemsOfUpdate, validateJob } from '@distillation/api/validate';
import { describe, expect, it } from 'vitest';
import { specSchema } from '../../../test/support/definition.ts';
import {
  FIELD_EFFECTS,
  FULL_SPEC,
  isAnotherStudent,
  isElsewhere,
  meaningOfRole,
  replacedRoles,
} from '../../../test/support/field-effects.ts';
import { everyMutation, type StructuralSchema } from '../../../test/support/mutations.ts';
import { FILE } from '../objects/config-maps.ts';
import { revisionOf } from '../objects/revision.ts';
import { revisionOfChild } from '../objects/labels.ts';
import { CONTROLLER, ROLES, type Role } from '@distillation/api/words';
import { CONFIG, jobObject } from '../../test/children.ts';
import { reconcile } from './reconcile.ts';
import type { DistillationJobObject } from '../objects/snapshot.ts';
import type { WireConfigMap } from '@distillation/kube/wire';
import { TestCluster } from '../../test/simulated-cluster/cluster.ts';
import { runJobController } from '../../test/simulated-cluster/controller.ts';
import { activePods, start } from '../../test/simulated-cluster/kubelet.ts';
import { work } from '../../test/simulated-cluster/work.ts';
import { verdictOf } from '@distillation/api/verdict';

/**
 * Every single-field change of a spec (as in Acto), at every stage of a job: it has the effect that the field is for and no other, it leads
 * to the same state as a new job with the changed spec, and reverting it restores the former state.
 */

/** The role whose pods are at work in each stage. */
const STAGES = { planning: 'planner', training: 'worker', finalizing: 'finalizer', succeeded: undefined } as const;
type Stage = keyof typeof STAGES;

/** Reconciles with fresh caches until there is nothing left to do. */
function converge(cluster: TestCluster): void {
  for (let attempt = 0; ; attempt++) {
    if (attempt === 8) throw new Error('it does not come to rest');
    cluster.deliver();
    const { writes, status } = reconcile(cluster.snapshot(), CONFIG);
    for (const write of writes) cluster.perform(write);
    if (status !== undefined) cluster.writeStatus(status);
    if (cluster.gone || (writes.length === 0 && status === undefined)) return;
  }
}

/** Lets all pods work until those of this stage run, or nothing is left to do. */
function playTo(cluster: TestCluster, stage: Stage): void {
  const last = STAGES[stage];
  const before: readonly (Role | undefined)[] = last === undefined ? ROLES : ROLES.slice(0, ROLES.indexOf(last));
  for (let [attempt, quiet] = [0, 0]; quiet < 3; attempt++, quiet++) {
    if (attempt === 60) throw new Error(`the job does not come to rest at ${stage}`);
    runJobController(cluster);
    converge(cluster);
    for (const pod of activePods(cluster)) {
      const isIdle = pod.status?.phase === 'Pending';
      if (isIdle) start(cluster, pod);
      else if (before.includes(roleOf(pod))) work(cluster, pod, 1);
      else continue;
      quiet = 0;
    }
  }
}

/** What is done for a job: its active Jobs, their ConfigMaps, and its conditions, without times and UIDs. */
function jobState({ job, jobs, configMaps }: TestCluster): unknown {
  const underWay = jobs.filter(({ status }) => (status?.conditions ?? []).length === 0);
  const roles = underWay.map(roleOf);
  const { conditions = [], plan, result, bins = [], blocks } = job.status ?? {};
  return {
    jobs: underWay.map(({ metadata, spec }) => ({ name: metadata?.name, labels: metadata?.labels, spec })),
    configMaps: configMaps
      .filter((map) => roles.includes(roleOf(map)))
      .map((map) => ({ name: map.metadata?.name, data: readPart(map) })),
    conditions: conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`),
    bins: bins.map(({ index, state, blocks: own }) => ({ index, state, own })),
    ...{ plan, result, blocks },
  };
}

/** What the pods of a role read. Only their part of the manifest; the rest may be outdated. */
function readPart(map: WireConfigMap): object {
  const { [FILE.job]: manifest = '', ...others } = map.data ?? {};
  const { spec } = JSON.parse(manifest) as DistillationJobObject;
  return { ...others, spec: meaningOfRole(roleOf(map), spec) };
}

/** The same without the hashes in names. */
const nameless = (cluster: TestCluster): string =>
  ROLES.reduce(
    (text, role) => text.replaceAll(revisionOf(role, cluster.job), `FIT-${role}`),
    JSON.stringify(jobState(cluster)),
  );

const uidsOf = ({ jobs }: TestCluster, role: Role): (string | undefined)[] =>
  jobs.filter((job) => roleOf(job) === role).map(({ metadata }) => metadata?.uid);

/** Names of children of other revisions. */
const leftovers = ({ job, jobs, pods, configMaps }: TestCluster): (string | undefined)[] =>
  [...jobs, ...pods, ...configMaps]
    .filter((child) => revisionOfChild(child) !== revisionOf(roleOf(child) ?? 'planner', job))
    .map(({ metadata }) => metadata?.name);

/** As the operator reads it; undefined for one that the API server refuses. */
function completed(spec: unknown): DistillationJobSpec | undefined {
  const result = validateJob({ ...manifestWith({}), spec }, 'Cluster');
  return 'job' in result ? result.job.spec : undefined;
}

/**
 * Writes a spec like a user: one that may not be written while the job runs, in the way that the refusal advises.
 * @returns what is still refused
 */
function write(cluster: TestCluster, spec: DistillationJobSpec): readonly string[] {
  const problemsOf = (to: DistillationJobSpec): string[] =>
    problemsOfUpdate(withoutMetadata(cluster.job), { ...withoutMetadata(cluster.job), spec: to }).map(
      ({ path, message }) => `${path} ${message}`,
    );
  const problems = problemsOf(spec);
  if (problems.length === 0) {
    cluster.respec(() => spec);
    return [];
  }
  const suspended = { ...spec, cluster: { ...spec.cluster, suspend: true } };
  if (problemsOf(suspended).length > 0) return problems;
  for (const next of [suspended, spec]) {
    expect(problemsOf(next)).toEqual([]);
    cluster.respec(() => next);
    converge(cluster);
  }
  return [];
}

const withoutMetadata = ({ metadata, ...job }: DistillationJobObject): object => ({
  ...job,
  metadata: { name: metadata.name },
});

const BASES = {
  'a sparse spec': jobObject({ 'spec.scheduling.bins': 2 }),
  'a full spec': jobObject(FULL_SPEC),
  'a spec without GPUs': jobObject({
    'spec.cluster.gpu.count': 0,
    'spec.cluster.workerTemplate': { image: 'own:1' },
    'spec.cluster.finalizerTemplate': { env: [] },
  }),
};

/** Each change at the first stage that shows it, and at one more of the four. */
function isTried(index: number, stage: Stage, roles: ReadonlySet<Role>): boolean {
  const stages = Object.keys(STAGES) as Stage[];
  const [home] = stages.filter((each) => ROLES.some((role) => STAGES[each] === role && roles.has(role)));
  return stage === home || stage === stages[index % stages.length];
}

describe.each(Object.entries(BASES))('every change of %s', (_, base) => {
  const mutations = everyMutation({ schema: specSchema(), value: base.spec, path: 'spec' }, 1).flatMap(
    ({ kind, path, value }) => {
      const after = completed(value);
      const isSame = after === undefined || canonicalJson(after) === canonicalJson(base.spec);
      return isSame ? [] : { title: `${kind} ${path}`, after, replaced: replacedRoles(base.spec, after) };
    },
  );

  it.each(Object.keys(STAGES) as Stage[])('does what the field is for while the job is %s', (stage) => {
    const seed = new TestCluster(base);
    playTo(seed, stage);
    expect(verdictOf(seed.job.status)?.status).toBe(stage === 'succeeded' ? 'True' : undefined);
    const before = canonicalJson(jobState(seed));
    const wrong: string[] = [];
    const counts = { tried: 0, refused: 0, visible: 0 };
    for (const [index, { title, after, replaced }] of mutations.entries()) {
      if (!isTried(index, stage, replaced)) continue;
      counts.tried++;
      const cluster = seed.copy();
      const say = (text: string): void => void wrong.push(`${title}: ${text}`);
      const refusals = write(cluster, after);
      if (refusals.length > 0) {
        counts.refused++;
        if (stage !== 'succeeded' || !isElsewhere(base.spec, after)) say(refusals.join());
        continue;
      }
      playTo(cluster, stage);

      const isOver = stage === 'succeeded' && !isAnotherStudent(base.spec, after);
      for (const role of ROLES) {
        const [were, are] = [uidsOf(seed, role), uidsOf(cluster, role)];
        const isKept = were.every((uid) => are.includes(uid));
        const isToStay = isOver || !replaced.has(role) || were.length === 0;
        if (isKept !== isToStay) say(`${role} ${isKept ? 'kept' : 'replaced'}`);
      }
      if (!isOver && leftovers(cluster).length > 0) say(`leaves ${leftovers(cluster).join()}`);
      const role = STAGES[stage];
      const differs = nameless(cluster) !== nameless(seed);
      if (differs) counts.visible++;
      else if (role === undefined ? !isOver : replaced.has(role)) say('changes nothing');

      // The effect of a change of `suspend` depends on when it is made.
      if (!isOver && after.cluster.suspend === base.spec.cluster.suspend) {
        const fresh = new TestCluster({ ...base, spec: after });
        playTo(fresh, stage);
        if (canonicalJson(jobState(fresh)) !== canonicalJson(jobState(cluster))) say('leads elsewhere than a new job');
      }
      const stuck = write(cluster, base.spec);
      if (stuck.length > 0) say(`cannot be taken back: ${stuck.join()}`);
      playTo(cluster, stage);
      if (canonicalJson(jobState(cluster)) !== before) say('taken back, leaves another state');
    }
    expect(wrong).toEqual([]);
    expect(counts.visible).toBeGreaterThan(20);
    expect(counts.refused > 0).toBe(stage === 'succeeded');
  });
});

describe('effects that are seen only later', () => {
  const base = jobObject({ 'spec.scheduling.bins': 2 });
  const reasonAfter = (cluster: TestCluster, seconds: number): string | undefined => {
    const later = cluster.copy();
    later.now += 1000 * seconds;
    converge(later);
    return later.gone ? 'gone' : later.job.status?.conditions?.find(({ type }) => type === 'Succeeded')?.reason;
  };
  const set = (cluster: TestCluster, fields: Partial<DistillationJobSpec['cluster']>): void => {
    cluster.respec((spec) => ({ ...spec, cluster: { ...spec.cluster, ...fields } }));
    converge(cluster);
  };

  /** For each field without roles: its effect, and the state without it. */
  const CASES: Readonly<Record<string, () => void>> = {
    managedBy: () => {
      const cluster = new TestCluster(base);
      playTo(cluster, 'training');
      const before = jobState(cluster);
      cluster.respec((spec) => ({ ...spec, managedBy: CONTROLLER }));
      converge(cluster);
      expect(jobState(cluster)).toEqual(before);
      expect(completed({ ...base.spec, managedBy: 'kueue.x-k8s.io/multikueue' })).toBeUndefined();
    },
    'cluster.suspend': () => {
      const cluster = new TestCluster(base);
      playTo(cluster, 'training');
      const workers = uidsOf(cluster, 'worker');
      set(cluster, { suspend: true });
      // Terminating, then ended.
      runJobController(cluster);
      runJobController(cluster);
      expect(activePods(cluster)).toEqual([]);
      set(cluster, { suspend: false });
      runJobController(cluster);
      expect(activePods(cluster)).toHaveLength(2);
      expect(uidsOf(cluster, 'worker')).toEqual(workers);
    },
    'cluster.activeDeadlineSeconds': () => {
      const cluster = new TestCluster(base);
      playTo(cluster, 'training');
      expect(reasonAfter(cluster, 1000)).toBe('Training');
      set(cluster, { activeDeadlineSeconds: 500 });
      expect(reasonAfter(cluster, 400)).toBe('Training');
      expect(reasonAfter(cluster, 500)).toBe('DeadlineExceeded');
      set(cluster, { activeDeadlineSeconds: undefined });
      expect(reasonAfter(cluster, 1000)).toBe('Training');
    },
    'cluster.pendingDeadlineSeconds': () => {
      const cluster = new TestCluster(base);
      converge(cluster);
      runJobController(cluster);
      expect(reasonAfter(cluster, 1000)).toBe('Planning');
      set(cluster, { pendingDeadlineSeconds: 500 });
      expect(reasonAfter(cluster, 400)).toBe('Planning');
      cluster.deliver();
      expect(reasonAfter(cluster, 500)).toBe('PendingDeadlineExceeded');
    },
    'cluster.inputsDeadlineSeconds': () => {
      const cluster = new TestCluster(base);
      converge(cluster);
      runJobController(cluster);
      for (const pod of activePods(cluster)) start(cluster, pod);
      const asksPlanner = (): boolean => {
        converge(cluster);
        return reconcile(cluster.snapshot(), CONFIG).poll !== undefined;
      };
      expect(asksPlanner()).toBe(false);
      set(cluster, { inputsDeadlineSeconds: 500 });
      expect(asksPlanner()).toBe(true);
      set(cluster, { inputsDeadlineSeconds: 0 });
      expect(asksPlanner()).toBe(false);
    },
    'cluster.ttlSecondsAfterFinished': () => {
      const cluster = new TestCluster(base);
      playTo(cluster, 'succeeded');
      expect(reasonAfter(cluster, 1000)).toBe('Succeeded');
      set(cluster, { ttlSecondsAfterFinished: 500 });
      expect(reasonAfter(cluster, 400)).toBe('Succeeded');
      expect(reasonAfter(cluster, 500)).toBe('gone');
    },
  };

  it.each(Object.entries(CASES))('spec.%s', (_, check) => {
    check();
  });

  it('covers exactly the fields that belong to no role’s pods', () => {
    const silent = FIELD_EFFECTS.filter(({ roles, later }) => roles.length === 0 && later !== undefined);
    expect(Object.keys(CASES)).toEqual(silent.map(({ field }) => field));
    expect(silent).toEqual(FIELD_EFFECTS.filter(({ roles }) => roles.length === 0));
  });
});

it('every field of the schema has its effect in the table', () => {
  const fields = new Set(FIELD_EFFECTS.map(({ field }) => field));
  const untold = (schema: StructuralSchema, path: readonly string[]): string[] => {
    if (fields.has(path.join('.'))) return [];
    const children = Object.entries(schema.properties ?? {});
    return children.length === 0
      ? [path.join('.')]
      : children.flatMap(([name, child]) => untold(child, [...path, name]));
  };
  expect(untold(specSchema(), [])).toEqual([]);
});
