import type { EpochRecord } from '@distillation/api/ledger';
import { beforeAll, expect, it } from 'vitest';
import { until } from '../../../tools/kube-harness/access/until.ts';
import { type ClusterJob, conditionOf, isOver } from '../cluster-job.ts';
import { signalPod, signalRunning, starve } from '../containers.ts';
import { SYSTEM, aloneWithOperators, operatorPods } from '../operator.ts';
import { kubectl } from '../support.ts';
import { count, endsTheSame, nameOf, prepare, start, uidOf } from './same-student.ts';

/** Pods that are deleted, crash, are suspended or starve, of jobs and of the operator. */

beforeAll(prepare);

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

it('the operator is killed: before it has seen the job, while workers train, and while the student is made', () =>
  aloneWithOperators(async () => {
    const job = await start();
    await killOperators();
    count('all operators killed (SIGKILL)');
    await job.midEpoch();
    await kubectl('--namespace', SYSTEM, 'delete', 'pod', '--all', '--force', '--grace-period=0');
    count('all operator pods deleted by force');
    const workers = await job.pods('worker');
    await job.untilReason('Finalizing');
    const finalizer = await job.untilStatus('there is a finalizer', async () => (await job.pods('finalizer'))[0]);
    await killOperators();
    count('all operators killed (SIGKILL)');
    await endsTheSame(job);
    // The work itself did not notice.
    expect((await job.pods('worker')).map(uidOf)).toEqual(workers.map(uidOf));
    expect((await job.pods('finalizer')).map(uidOf)).toEqual([uidOf(finalizer)]);
  }));

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

/** Between two lives of its container an operator has no process. */
async function killOperators(): Promise<void> {
  for (const pod of await operatorPods()) signalRunning(pod, 'SIGKILL');
}

/** Of the blocks: record of the first epoch, which tells also when it was trained. */
const firstEpochs = async (job: ClusterJob): Promise<EpochRecord[]> =>
  (await job.records()).filter(({ epoch }) => epoch === 1);

it('memory is short: the condition says so and what to do, and with more it goes on', async () => {
  const job = await start({
    cluster: { backoffLimit: 0 },
    workerTemplate: { resources: { limits: { memory: '96Mi' } } },
  });
  // With no run left the job may fail in the same look that finds its pod killed.
  const failed = await job.untilReason('OutOfMemory');
  count('planner short of memory by its limit');
  expect(failed.message).toContain('(OOMKilled)');
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
  // The condition says so only until there is another pod; the event stays.
  await job.untilStatus('it is told', async () => (await job.warnings('OOMKilled')).includes(nameOf(pod)) || undefined);
  await endsTheSame(job);
});
