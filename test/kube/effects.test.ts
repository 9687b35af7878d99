import { canonicalJson } from '@distillation/api/canonical';
import { type Changes, manifestWith } from '../../packages/api/test/corpus/corpus.ts';
import type { DistillationJobSpec } from '@distillation/api/job';
import { ROLES, type Role } from '@distillation/api/words';
import type { ApiError } from '@distillation/kube/api-error';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { until } from '../../tools/kube-harness/access/until.ts';
import { specSchema } from '../support/definition.ts';
import { FULL_SPEC, replacedRoles } from '../support/field-effects.ts';
import { everyMutation, mutationOf } from '../support/mutations.ts';
import { completed, leftovers, nameless, put, settled, uidsOf, underWay, write } from './support/job-at-rest.ts';
import { operatorFor } from './support/operator.ts';
import { bindClaim } from './support/claim.ts';
import { PlayedJob } from './support/played-job.ts';
import { newNamespace } from './support/support.ts';

/**
 * Single-field changes of a spec (Acto's) on jobs that live, with the real API server, Job controller and scheduler: each changes what
 * the cluster does for the job or is refused with a word on what to write, and taken back brings the first state back. The cases
 * of `operator/src/reconcile/effects.test.ts` are many more, on a cluster that is only played.
 */

const SEED = 4;
/** Jobs that are changed side by side, for each stage. Most fields are for the planner's pods, which are there from the start. */
const LANES: Readonly<Record<Role, number>> = { planner: 4, worker: 2, finalizer: 2 };
/** Changes drawn at random, beside one of every field. */
const DRAWN = 20;

const SPARSE: Changes = { 'spec.scheduling.bins': 2, 'spec.training.epochs': 3 };
const FULL: Changes = {
  ...FULL_SPEC,
  // No such runtime class is here, without which no pod can be made.
  'spec.cluster.workerTemplate.runtimeClassName': undefined,
  // As large as all the rest, and passed on as it is: `children.test.ts` sees to that.
  'spec.cluster.workerTemplate.affinity': undefined,
};

interface Change {
  readonly title: string;
  readonly spec: object;
  /** As the operator reads it; undefined for one that is refused. */
  readonly after: DistillationJobSpec | undefined;
}

/** A job at the stage where its role's pods are to be made. */
interface Lane {
  readonly job: PlayedJob;
  readonly role: Role;
  readonly base: DistillationJobSpec;
  readonly changes: Change[];
}

/** The object that a field stands in; all items of a list are one. */
const parentOf = (path: string): string => path.replaceAll(/\[\d+\]/g, '').replace(/\.[^.]*$/, '');

/**
 * For the fields of each object, one change that may be made and one that may not where there is one, and some drawn at random of all. Every
 * change of every field is tried on the played cluster.
 */
function changesOf(base: DistillationJobSpec, kinds: RegExp): Change[] {
  const mutable = { schema: specSchema(), value: base, path: 'spec' };
  const every = everyMutation(mutable, SEED)
    .filter(isPatient)
    .map(({ path, kind, value }) => {
      const after = completed(value);
      const isSame = after !== undefined && canonicalJson(after) === canonicalJson(base);
      return { parent: parentOf(path), isSame, change: { title: `${kind} ${path}`, spec: value, after } };
    });
  const parents = [...new Set(every.map(({ parent }) => parent))];
  const picked = parents.flatMap((parent) => {
    const here = every.filter((one) => one.parent === parent && !one.isSame && kinds.test(one.change.title));
    // Of each role whose pods a change makes anew, and not always the first: the object's name tells which.
    const good = ROLES.map((role) => here.filter(({ change: { after } }) => after && homeOf(base, after) === role));
    const bad = here.filter(({ change }) => change.after === undefined);
    const one = (from: typeof here): typeof here => from.slice(parent.length % Math.max(1, from.length)).slice(0, 1);
    return [...good, bad].flatMap(one).map(({ change }) => change);
  });
  const drawn = fc
    .sample(mutationOf(mutable), { numRuns: DRAWN, seed: SEED })
    .filter(isPatient)
    .map(({ path, kind, value }) => ({ title: `${kind} ${path}`, spec: value, after: completed(value) }));
  return [...picked, ...drawn];
}

/** No deadline is over before the change is taken back. */
function isPatient({ value }: { readonly value: DistillationJobSpec }): boolean {
  const { activeDeadlineSeconds = Infinity, pendingDeadlineSeconds = Infinity } = completed(value)?.cluster ?? {};
  return Math.min(activeDeadlineSeconds, pendingDeadlineSeconds) > 600;
}

/** The first role whose pods it is for; the planner's for what is for nobody's. */
const homeOf = (base: DistillationJobSpec, after: DistillationJobSpec): Role => {
  const replaced = replacedRoles(base, after);
  return ROLES.find((role) => replaced.has(role)) ?? 'planner';
};

async function playTo(job: PlayedJob, role: Role, bins: number): Promise<void> {
  if (role === 'planner') return;
  await job.plan();
  await job.activePods('worker', bins);
  if (role === 'worker') return;
  await job.train(bins);
  await job.activePods('finalizer');
}

interface Counts {
  accepted: number;
  refused: number;
  same: number;
}

/** Makes one change after the other and takes each back. @returns what is wrong */
async function walk({ job, role, base, changes }: Lane, counts: Counts): Promise<string[]> {
  const wrong: string[] = [];
  const first = await settled(job, role);
  let before = first;
  for (const { title, spec, after } of changes) {
    const say = (text: string): void => void wrong.push(`${title} (${role}): ${text}`);
    if (after === undefined) {
      const refusal = await put(job, spec).then(
        () => undefined,
        (thrown: unknown) => thrown as ApiError,
      );
      counts.refused++;
      const fields = refusal?.causes.map(({ field = '' }) => field) ?? [];
      if (refusal?.status !== 422 || !fields.some((field) => field.startsWith('spec'))) {
        say(`should be refused by its field: ${refusal?.message ?? 'it is not'}`);
      }
      continue;
    }
    await write(job, after);
    const changed = await settled(job, role);
    if (changed.object.metadata.generation === before.object.metadata.generation) counts.same++;
    else counts.accepted++;
    if (changed.refused !== undefined) say(`refused when it is carried out: ${changed.refused}`);
    const replaced = replacedRoles(base, after);
    for (const each of ROLES) {
      const [were, are] = [uidsOf(before, each), uidsOf(changed, each)];
      const isKept = were.every((uid) => are.includes(uid));
      const isToStay = !replaced.has(each) || were.length === 0;
      if (isKept !== isToStay) say(`${each} ${isKept ? 'kept' : 'replaced'}`);
    }
    const differs = nameless(changed) !== nameless(before);
    const shouldDiffer = replaced.has(role) || after.cluster.suspend !== base.cluster.suspend;
    if (differs !== shouldDiffer) say(differs ? 'changes what it is not for' : 'changes nothing');
    if (leftovers(changed).length > 0) say(`leaves ${leftovers(changed).join()}`);

    await write(job, base);
    const back = await settled(job, role);
    expect(underWay(back), `${title}, taken back`).toEqual(underWay(first));
    if (leftovers(back).length > 0) say(`taken back, leaves ${leftovers(back).join()}`);
    for (const each of ROLES) {
      const isAsBefore = canonicalJson(uidsOf(back, each)) === canonicalJson(uidsOf(before, each));
      if (!replaced.has(each) && !isAsBefore) say(`taken back, makes a ${each} anew`);
    }
    before = back;
  }
  return wrong;
}

describe('every change of a live job', () => {
  test.each([
    // Of other kinds the full one has more.
    ['a sparse spec', { set: SPARSE, bins: 2, kinds: /^Add/ }],
    ['a full spec', { set: FULL, bins: 3, kinds: /./ }],
  ])('of %s has its effect or is refused, and can be taken back', async (title, { set, bins, kinds }) => {
    const namespace = await newNamespace();
    await bindClaim(namespace);
    const operator = await operatorFor(namespace, { args: ['--concurrency', '8'] });
    const base = completed((manifestWith(set) as { spec: object }).spec);
    if (base === undefined) throw new Error('the base is refused');
    const changes = changesOf(base, kinds);
    const lanes = ROLES.flatMap((role) => {
      const own = changes.filter(({ after }) => (after === undefined ? 'planner' : homeOf(base, after)) === role);
      return Array.from({ length: LANES[role] }, (_, lane): Lane => ({
        job: new PlayedJob(namespace, `${role}-${lane}`),
        role,
        base,
        changes: own.filter((_, index) => index % LANES[role] === lane),
      }));
    });
    const counts: Counts = { accepted: 0, refused: 0, same: 0 };
    const wrong = await Promise.all(
      lanes.map(async (lane) => {
        await lane.job.apply(set);
        await playTo(lane.job, lane.role, bins);
        return walk(lane, counts);
      }),
    );
    process.stdout.write(`changes of ${title}: ${JSON.stringify(counts)}\n`);
    expect(wrong.flat()).toEqual([]);
    expect(operator.complaints).toEqual([]);
    expect(counts.accepted).toBeGreaterThan(10);
    expect(counts.refused).toBeGreaterThan(5);
  });
});

test('a job that succeeded goes on for another student only, and comes back to the first', async () => {
  const namespace = await newNamespace();
  await bindClaim(namespace);
  const operator = await operatorFor(namespace);
  const job = new PlayedJob(namespace);
  await job.apply(SPARSE);
  await playTo(job, 'finalizer', 2);
  await job.finalize();
  await job.reaches('Succeeded', 'True');
  const first = await job.get();
  const base = completed(first.spec);
  if (base === undefined) throw new Error('the base is refused');
  const children = async (): Promise<unknown> =>
    [...(await job.jobs()), ...(await job.configMaps())].map(({ metadata }) => metadata?.uid).sort();
  const [before, { gpu }] = [await children(), base.cluster];

  // How it would be made is no matter any more.
  await put(job, { ...base, cluster: { ...base.cluster, gpu: { ...gpu, count: 2 } } });
  await until('it is seen', async () => ((await job.get()).status?.observedGeneration === 2 ? true : undefined));
  expect(await children()).toEqual(before);
  expect((await job.get()).status?.result).toEqual(first.status?.result);
  await expect(put(job, { ...base, outputs: { ...base.outputs, path: 'elsewhere' } })).rejects.toThrow(
    'may not change once the job has succeeded',
  );

  await put(job, { ...base, selection: { rule: 'AllTrained' } });
  await job.reaches('Succeeded', 'Unknown');
  await job.finalize();
  await job.reaches('Succeeded', 'True');
  expect((await job.get()).status?.result?.recipe).not.toBe(first.status?.result?.recipe);
  await put(job, base);
  await job.reaches('Succeeded', 'Unknown');
  await job.finalize();
  await job.reaches('Succeeded', 'True');
  expect((await job.get()).status?.result).toEqual(first.status?.result);
  expect(operator.complaints).toEqual([]);
});
