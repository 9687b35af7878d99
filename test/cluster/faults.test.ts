import type { EpochRecord } from '@distillation/api/ledger';
import { indexOf } from '../../operator/src/observe/pod-status.ts';
import type { WirePod } from '@distillation/kube/wire';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import type { Made } from '../support/local-job.ts';
import { ClusterJob, conditionOf, isOver, isRunning } from './cluster-job.ts';
import { signalPod, starve } from './containers.ts';
import { SYSTEM, installOperator, operatorPods } from './operator.ts';
import { type Ways, recipe, reference } from './recipe.ts';
import { GPUS_PER_NODE } from './shared-cluster.ts';
import { kubectl, nodes } from './support.ts';

/** Whatever happens to pods, nodes, GPUs and the operator while a job trains, it ends with the same student, to the bit. */

let wanted: Made;
const injected = new Map<string, number>();

/** Notes a fault that has happened, for the record that these tests print. */
function count(kind: string, times = 1): void {
  injected.set(kind, (injected.get(kind) ?? 0) + times);
}

beforeAll(async () => {
  await installOperator();
  wanted = await reference();
});

afterAll(() => {
  for (const [kind, times] of injected) console.log(`faults: ${kind} ${times}`);
});

const start = async (ways?: Ways): Promise<ClusterJob> => ClusterJob.apply(await recipe(ways));

async function endsTheSame(job: ClusterJob): Promise<void> {
  await job.succeeded();
  expect(await job.made()).toEqual(wanted);
}

const nameOf = ({ metadata }: WirePod): string => metadata?.name ?? '';
const uidOf = ({ metadata }: WirePod): string => metadata?.uid ?? '';

/** Waits for another pod of the same bin than the given one. */
function replacementOf(job: ClusterJob, old: WirePod): Promise<WirePod> {
  return job.untilStatus(`another pod does the work of ${nameOf(old)}`, async () => {
    const pods = (await job.pods('worker')).filter((pod) => indexOf(pod) === indexOf(old));
    return pods.find((pod) => uidOf(pod) !== uidOf(old) && (isRunning(pod) || isOver(pod)));
  });
}

it('a worker pod is deleted in mid-epoch, and another one crashes', async () => {
  const job = await start();
  const { pod: deleted } = await job.midEpoch();
  await kubectl('--namespace', job.namespace.name, 'delete', 'pod', nameOf(deleted), '--wait=false');
  count('worker pod deleted in mid-epoch');
  const { pod: crashed } = await job.midEpoch((pod) => uidOf(pod) !== uidOf(deleted));
  signalPod(crashed, 'SIGKILL');
  count('worker killed (SIGKILL) in mid-epoch');
  await endsTheSame(job);
});

it('the operator is killed: before it has seen the job, while workers train, and while the student is made', async () => {
  const job = await start();
  for (const pod of await operatorPods()) signalPod(pod, 'SIGKILL');
  count('all operators killed (SIGKILL)');
  await job.midEpoch();
  await kubectl('--namespace', SYSTEM, 'delete', 'pod', '--all', '--force', '--grace-period=0');
  count('all operator pods deleted by force');
  const workers = await job.pods('worker');
  await job.untilReason('Finalizing');
  const [finalizer] = await job.pods('finalizer');
  for (const pod of (await operatorPods()).filter(isRunning)) signalPod(pod, 'SIGKILL');
  count('all operators killed (SIGKILL)');
  await endsTheSame(job);
  // The work itself did not notice.
  expect((await job.pods('worker')).map(uidOf)).toEqual(workers.map(uidOf));
  expect((await job.pods('finalizer')).map(uidOf)).toEqual(finalizer === undefined ? [] : [uidOf(finalizer)]);
});

it('suspended in mid-epoch it holds no pod and no GPU; resumed, it goes on where it was', async () => {
  const job = await start();
  await job.midEpoch();
  const before = await firstEpochs(job);
  expect(before.length).toBeGreaterThan(0);
  await job.patchCluster({ suspend: true });
  const suspended = await job.untilStatus('it is suspended', (status) => {
    const condition = conditionOf(status, 'Suspended');
    return condition?.status === 'True' ? condition : undefined;
  });
  count('suspended in mid-epoch');
  expect(suspended).toMatchObject({ reason: 'Suspended' });
  await job.untilStatus('no pod is left', async () => (await job.pods()).every(isOver) || undefined);
  expect(await job.status()).toMatchObject({ bins: [{ state: 'Suspended' }, { state: 'Suspended' }] });
  await job.patchCluster({ suspend: false });
  await endsTheSame(job);
  expect((await firstEpochs(job)).filter(({ block }) => before.some((one) => one.block === block))).toEqual(before);
});

/** Of the blocks: record of the first epoch, which tells also when it was trained. */
const firstEpochs = async (job: ClusterJob): Promise<EpochRecord[]> =>
  (await job.records()).filter(({ epoch }) => epoch === 1);

it('memory is short: the condition says so and what to do, and with more it goes on', async () => {
  const job = await start({
    cluster: { workerTemplate: { resources: { limits: { memory: '200Mi' } } }, backoffLimit: 0 },
  });
  const failed = await job.untilReason('OOMKilled');
  count('planner short of memory by its limit');
  expect(failed.message).toContain('resources.limits.memory');
  const stalled = await job.untilStatus('it failed', (status) => {
    const condition = conditionOf(status, 'Stalled');
    return condition?.status === 'True' ? condition : undefined;
  });
  expect(stalled.message).toContain('resources.limits.memory');
  await job.patchCluster({ workerTemplate: { resources: { limits: { memory: '3Gi' } } }, backoffLimit: 3 });

  const { pod } = await job.midEpoch();
  await until(`the kernel ends ${nameOf(pod)}`, () => starve(pod) || undefined);
  count('worker OOM-killed in mid-epoch');
  expect((await job.untilReason('OOMKilled')).message).toContain(nameOf(pod));
  await endsTheSame(job);
});

it('with more bins than GPUs the rest waits, and says for what', async () => {
  const job = await start({ scheduling: { bins: 6 } });
  const { message } = await job.untilReason('Unschedulable');
  count('bins without a GPU', 2);
  expect(message).toMatch(/nvidia\.com\/gpu.*lower spec\.scheduling\.bins/);
  const { bins = [] } = await job.status();
  expect(bins).toHaveLength(6);
  expect(bins.filter(({ state }) => state === 'Waiting').length).toBeGreaterThanOrEqual(2);
  await endsTheSame(job);
});

it('GPUs are broken before a bin is placed, and one breaks under a worker', async () => {
  const { node1, node2 } = nodes();
  const all = Array.from({ length: GPUS_PER_NODE }, (_, gpu) => gpu);
  try {
    await node1.setUnhealthyGpus(all);
    await node2.setUnhealthyGpus(all.slice(1));
    count('GPU unhealthy before scheduling', 2 * GPUS_PER_NODE - 1);
    // Nobody steals: the bin itself must go on.
    const job = await start({ scheduling: { policy: 'BinPacking' } });
    expect((await job.untilReason('Unschedulable')).message).toContain('nvidia.com/gpu');
    const { pod } = await job.midEpoch();
    expect(pod.spec?.nodeName).toBe('node2');
    // It hangs, then ends: as a program does whose GPU is lost.
    signalPod(pod, 'SIGSTOP');
    await node1.setUnhealthyGpus([]);
    await node2.setUnhealthyGpus(all);
    count('GPU unhealthy under its worker');
    signalPod(pod, 'SIGKILL');
    expect((await replacementOf(job, pod)).spec?.nodeName).toBe('node1');
    await endsTheSame(job);
  } finally {
    await node1.setUnhealthyGpus([]);
    await node2.setUnhealthyGpus([]);
  }
});

it('a node is cut off in mid-epoch: its worker is evicted and its bin goes on elsewhere, beside the one that nobody can stop', async () => {
  const { node2 } = nodes();
  // Nobody steals: the bin itself must go on.
  const job = await start({ scheduling: { policy: 'BinPacking' } });
  const { pod } = await job.midEpoch(({ spec }) => spec?.nodeName === 'node2');
  try {
    // Its volume is as far away as all else: it hangs.
    signalPod(pod, 'SIGSTOP');
    await node2.cutNetwork();
    count('node cut off in mid-epoch');
    const replacement = await replacementOf(job, pod);
    expect(replacement.spec?.nodeName).toBe('node1');
    signalPod(pod, 'SIGCONT');
    count('worker given up that wakes and writes on');
    await endsTheSame(job);
  } finally {
    await node2.healNetwork();
  }
});

it('a node loses its power in mid-epoch', async () => {
  const { node2 } = nodes();
  const job = await start();
  await job.midEpoch(({ spec }) => spec?.nodeName === 'node2');
  try {
    await node2.kill();
    count('node without power in mid-epoch');
    await endsTheSame(job);
  } finally {
    await node2.start();
  }
});
