import { DistillError } from '@distillation/api/errors';
import { planKey } from '@distillation/api/recipe';
import type { PlanSummary } from '@distillation/api/termination';
import { plannerConfigMap, workerConfigMap } from '../../../operator/src/objects/config-maps.ts';
import { FIELD_MANAGER } from '../../../operator/src/objects/labels.ts';
import { CONFIG, jobObject, PLAN } from '../../../operator/test/children.ts';
import { DISTILLATION_JOBS } from '../../../operator/src/objects/distillation-jobs.ts';
import { reconcile } from '../../../operator/src/reconcile/reconcile.ts';
import type { WirePod } from '@distillation/kube/wire';
import {
  childJob,
  endedPod,
  errorOf,
  failedJob,
  snapshotOf,
} from '../../../operator/test/simulated-cluster/objects.ts';
import { scheduleBlocks } from '@distillation/core/schedule';
import { encodeShort, errorTermination } from '../../../worker/src/process/termination.ts';
import { randomStream } from '@distillation/core/random';
import { describe, expect, test } from 'vitest';
import { looksOf } from '../support/metrics.ts';
import { operatorFor } from '../support/operator.ts';
import { bindClaim } from '../support/claim.ts';
import { PlayedJob } from '../support/played-job.ts';
import { adminClient, eventually, newNamespace } from '../support/support.ts';
import { isWrite } from '../support/calls.ts';

/** One job as large as they get: what is told, kept and written of it must pass through every limit of Kubernetes, or be refused in words. */

const BLOCKS = 1000;
const BINS = 200;

/** As long as names of nested Keras models get. */
const nameOf = (i: number): string =>
  `backbone_stage${1 + Math.floor(i / 250)}_residual_branch_separable_conv2d_${String(i).padStart(4, '0')}`.padEnd(
    64,
    'x',
  );

/** A network of four stages of equal layers. */
const regular: PlanSummary['blocks'] = Array.from({ length: BLOCKS }, (_, i) => {
  const stage = Math.floor(i / 250);
  return { name: nameOf(i), cost: { prefix: 1_000_000 * (stage + 1), own: 12_345_678 * (4 - stage) } };
});

/** Nobody can make these costs shorter. */
function irregular(): PlanSummary['blocks'] {
  const stream = randomStream('costs');
  const cost = (): number => Number((stream.next() * 1e-4).toPrecision(4));
  return regular.map(({ name }) => ({ name, cost: { prefix: cost(), own: cost() } }));
}

async function largeJob(blocks: PlanSummary['blocks']): Promise<PlayedJob> {
  const namespace = await newNamespace();
  await bindClaim(namespace);
  return new PlayedJob(namespace, 'large', blocks);
}

const sizeOf = (value: unknown): number => JSON.stringify(value).length;

/** Side by side, a few at a time. */
async function eachOf(pods: readonly WirePod[], play: (pod: WirePod) => Promise<void>): Promise<void> {
  const waiting = [...pods];
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let pod = waiting.shift(); pod !== undefined; pod = waiting.shift()) await play(pod);
    }),
  );
}

describe('a job of a thousand blocks on two hundred bins', () => {
  test('goes from apply to Succeeded', async () => {
    const job = await largeJob(regular);
    const operator = await operatorFor(job.namespace);
    await job.apply({ 'spec.scheduling.bins': BINS });
    await job.plan();
    const pods = await job.activePods('worker', BINS);
    const bins = pods[0]?.spec?.containers[0]?.env?.find(({ name }) => name === 'DISTILL_BINS')?.value;
    expect(bins?.split(',')).toHaveLength(BINS);
    await eachOf(pods, (pod) => job.run(pod));
    await eventually(async () => {
      const { status } = await job.get();
      expect(status?.bins?.map(({ state }) => state)).toEqual(pods.map(() => 'Running'));
    });
    // Every worker says the same of the thousand blocks: compressed once.
    const words = encodeShort(await job.lastWords('worker'));
    expect(words).toBeDefined();
    await eachOf(pods, (pod) => job.end(pod, 0, { message: words ?? '' }));
    await job.finalize();
    await job.reaches('Succeeded', 'True');
    const object = await job.get();
    expect(object.status?.blocks?.map(({ name, selected }) => [name, selected])).toEqual(
      regular.map(({ name }) => [name, true]),
    );
    const [map] = await job.configMaps('worker');
    process.stdout.write(
      `A job of ${BLOCKS} blocks on ${BINS} bins: object ${sizeOf(object)} bytes, of them managedFields ` +
        `${sizeOf(object.metadata)}; ConfigMap ${sizeOf(map)}; writes ${operator.calls.filter(isWrite).length}\n`,
    );
    expect(operator.complaints).toEqual([]);
    expect(operator.calls.filter((call) => isWrite(call) && call.status >= 400)).toEqual([]);
  });

  test('fails at once, and for good, when its plan does not fit into a termination message', async () => {
    const job = await largeJob(irregular());
    const operator = await operatorFor(job.namespace, { args: ['--resync', '200ms'] });
    await job.apply({ 'spec.scheduling.bins': BINS });
    // As the planner does (worker/src/commands/plan.ts).
    expect(encodeShort({ type: 'Planned', plan: await job.planSummary() })).toBeUndefined();
    const error = new DistillError('DISTILL_E_PLAN_TOO_LARGE', `${BLOCKS} blocks do not fit into 4096 bytes.`);
    await job.say(await job.activePod('planner'), error.exitCode, errorTermination(error));
    const failed = await job.reaches('Succeeded', 'False', 'PlanTooLarge');
    expect(failed.message).toContain(`${BLOCKS} blocks do not fit into 4096 bytes. Leave layers out by spec.blocks`);
    const seen = await looksOf(operator, 'success');
    const untilLooks = (more: number): Promise<void> =>
      eventually(async () => {
        expect(await looksOf(operator, 'success')).toBeGreaterThan(seen + more);
      });
    // The status is seen before the operator has the answer to the write of it.
    await untilLooks(2);
    const calls = operator.calls.length;
    await untilLooks(7);
    expect(operator.calls.slice(calls).filter((call) => isWrite(call) && call.resource !== 'events')).toEqual([]);
    expect(await job.pods()).toHaveLength(1);
    expect(operator.complaints).toEqual([]);
  });
});

test('the largest status there can be is taken by the API server', async () => {
  const most = 1024;
  const job = jobObject({ 'spec.scheduling.bins': most, 'spec.cluster.backoffLimit': 0 });
  const blocks = Array.from({ length: most }, (_, i) => ({ name: nameOf(i), cost: { prefix: 1, own: 10 } }));
  const plan = { ...PLAN, key: planKey(job.spec), blocks };
  const schedule = scheduleBlocks(blocks, plan.epochs, job.spec.scheduling);
  const workers = childJob('worker', {
    job,
    bins: schedule.bins.map(({ index }) => index),
    status: failedJob('FailedIndexes', { failedIndexes: `0-${most - 1}`, failed: most }),
  });
  const said = errorOf('DISTILL_E_INTERNAL', 'What was seen. '.repeat(200));
  const pods = schedule.bins.map((_, index) =>
    endedPod(workers, 70, { index, said, node: `node-${index}`.padEnd(63, 'x') }),
  );
  const configMaps = [plannerConfigMap(job, plan), workerConfigMap(job, { plan, schedule })];
  const { status } = reconcile(snapshotOf({ job, jobs: [workers], pods, configMaps }), CONFIG);
  expect(status?.bins?.filter(({ state, message }) => state === 'Failed' && message !== undefined)).toHaveLength(most);
  expect(status?.blocks).toHaveLength(most);

  // Made by nobody's operator: the namespace has none.
  const stored = await (await largeJob(blocks)).apply();
  const { name, namespace } = stored.metadata;
  const options = { fieldManager: FIELD_MANAGER, force: true, subresource: 'status' } as const;
  const object = { metadata: { name, namespace }, status };
  const taken = await adminClient().apply(DISTILLATION_JOBS, object, options);
  expect(taken.status?.bins).toEqual(status?.bins);
  process.stdout.write(`The largest status: object ${sizeOf(taken)} bytes, managedFields ${sizeOf(taken.metadata)}\n`);
});
