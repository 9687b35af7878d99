import { beforeAll, expect, it } from 'vitest';
import { NODES } from '../../../cli/src/cluster/nodes.ts';
import { until } from '../../../tools/kube-harness/access/until.ts';
import { signalPod, signalRunning } from '../containers.ts';
import { aloneWithOperators } from '../operator.ts';
import { TROUBLED } from '../shared-cluster.ts';
import { adminClient, troubledNodes } from '../support.ts';
import { count, endsTheSame, prepare, replacementOf, start } from './same-student.ts';

/** Too few or broken GPUs, nodes that are cut off or lose power; one of the nodes also runs an operator's pod. */

beforeAll(prepare);

const pool = TROUBLED;
const [NODE1, NODE2] = pool.nodes;
const IMPATIENT = {
  key: 'node.kubernetes.io/unreachable',
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 2,
};

async function readyIs(node: string, wanted: string): Promise<void> {
  await until(`${node} is ready: ${wanted}`, async () => {
    const { status } = await adminClient().get(NODES, { name: node });
    return status?.conditions?.find(({ type }) => type === 'Ready')?.status === wanted || undefined;
  });
}

const gpusOf = async (node: string): Promise<number> =>
  Number((await adminClient().get(NODES, { name: node })).status?.allocatable?.['nvidia.com/gpu']);

it('with more bins than GPUs the rest waits, and says for what', async () => {
  // By costs fewer bins are as fast, and the others stay empty.
  const scheduling = { bins: 4, policy: 'RoundRobin', passes: 'Independent' };
  const oneNode = { ...pool, nodes: [NODE1] };
  const job = await start({ pool: oneNode, scheduling });
  const { message } = await job.untilReason('Unschedulable');
  const without = scheduling.bins - oneNode.gpusPerNode;
  count('bins without a GPU', without);
  expect(message).toMatch(/nvidia\.com\/gpu.*lower spec\.scheduling\.bins/);
  await job.untilStatus('the others run', ({ bins = [] }) => {
    expect(bins).toHaveLength(scheduling.bins);
    return bins.filter(({ state }) => state === 'Waiting').length === without || undefined;
  });
  await endsTheSame(job);
});

it('GPUs are broken before a bin is placed, and one breaks under a worker', async () => {
  const [node1, node2] = troubledNodes();
  const all = Array.from({ length: pool.gpusPerNode }, (_, gpu) => gpu);
  try {
    await node1.setUnhealthyGpus(all);
    await node2.setUnhealthyGpus(all.slice(1));
    count('GPU unhealthy before scheduling', 2 * all.length - 1);
    expect([await gpusOf(NODE1), await gpusOf(NODE2)]).toEqual([0, 1]);
    // Nobody steals: the bin itself must go on.
    const job = await start({ pool, scheduling: { policy: 'BinPacking' } });
    expect((await job.untilReason('Unschedulable')).message).toContain('nvidia.com/gpu');
    const { pod } = await job.midEpoch();
    expect(pod.spec?.nodeName).toBe(NODE2);
    // It hangs, then ends: as a program does whose GPU is lost.
    signalPod(pod, 'SIGSTOP');
    await node1.setUnhealthyGpus([]);
    await node2.setUnhealthyGpus(all);
    count('GPU unhealthy under its worker');
    signalPod(pod, 'SIGKILL');
    expect((await replacementOf(job, pod)).spec?.nodeName).toBe(NODE1);
    await endsTheSame(job);
  } finally {
    await node1.setUnhealthyGpus([]);
    await node2.setUnhealthyGpus([]);
  }
  expect([await gpusOf(NODE1), await gpusOf(NODE2)]).toEqual([all.length, all.length]);
});

it('a node is cut off in mid-epoch: its worker is evicted and its bin goes on elsewhere, beside the one that nobody can stop', () =>
  aloneWithOperators(async () => {
    const [, node2] = troubledNodes();
    // Nobody steals: the bin itself must go on. It is given up sooner than by default.
    const job = await start({
      pool,
      scheduling: { policy: 'BinPacking' },
      workerTemplate: { tolerations: [IMPATIENT] },
    });
    const { pod } = await job.midEpoch(({ spec }) => spec?.nodeName === NODE2);
    try {
      // Its volume is as far away as all else: it hangs.
      signalPod(pod, 'SIGSTOP');
      await node2.cutNetwork();
      count('node cut off in mid-epoch');
      await readyIs(NODE2, 'Unknown');
      const replacement = await replacementOf(job, pod);
      expect(replacement.spec?.nodeName).toBe(NODE1);
      // Its node knows that it does not answer, and ends it in time.
      if (signalRunning(pod, 'SIGCONT')) count('worker given up that wakes and writes on');
      await endsTheSame(job);
    } finally {
      await node2.healNetwork();
    }
    await readyIs(NODE2, 'True');
  }));

it('a node loses its power in mid-epoch', () =>
  aloneWithOperators(async () => {
    const [, node2] = troubledNodes();
    const job = await start({ pool });
    await job.midEpoch(({ spec }) => spec?.nodeName === NODE2);
    try {
      await node2.kill();
      count('node without power in mid-epoch');
      await readyIs(NODE2, 'Unknown');
      await endsTheSame(job);
    } finally {
      await node2.start();
    }
    await readyIs(NODE2, 'True');
    expect(await gpusOf(NODE2)).toBe(pool.gpusPerNode);
  }));
