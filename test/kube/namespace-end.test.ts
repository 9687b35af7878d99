import { describe, expect, test } from 'vitest';
import type { WirePod } from '@distillation/kube/wire';
import { until } from '../../tools/kube-harness/access/until.ts';
import { NAMESPACES } from '../../tools/kube-harness/access/connect.ts';
import { operatorFor } from './support/operator.ts';
import { bindClaim } from './support/claim.ts';
import { PlayedJob } from './support/played-job.ts';
import { adminClient, newNamespace } from './support/support.ts';

/**
 * Namespaces that are deleted with jobs in them. Kubernetes deletes the pods first and waits for them. A Job with a backoff limit per
 * index keeps the last failed pod of each index until it has created a replacement, which a terminating namespace refuses. So the
 * operator deletes the Jobs.
 */

async function trainingJob(): Promise<{ readonly job: PlayedJob; readonly pods: readonly WirePod[] }> {
  const namespace = await newNamespace();
  await bindClaim(namespace);
  const job = new PlayedJob(namespace);
  await operatorFor(namespace);
  await job.apply({ 'spec.cluster.backoffLimit': 3 });
  await job.plan();
  const pods = await job.activePods('worker', 2);
  for (const pod of pods) await job.run(pod);
  await job.reaches('Ready', 'True', 'Training');
  return { job, pods };
}

/** The worker dies, and its Job has counted it: its pod is kept from now on. */
async function dies(job: PlayedJob, [pod]: readonly WirePod[]): Promise<void> {
  if (pod === undefined) throw new Error('no worker');
  await job.end(pod, 137);
  await until('the Job has counted it', async () => {
    const [found] = await job.jobs('worker');
    return (found?.status?.failed ?? 0) > 0 ? true : undefined;
  });
}

async function ends({ namespace }: PlayedJob): Promise<void> {
  await adminClient().delete(NAMESPACES, { name: namespace });
  await until('the namespace is gone', async () => {
    const found = await adminClient().find(NAMESPACES, { name: namespace });
    if (found !== undefined) throw new Error(JSON.stringify(found.status));
    return true;
  });
}

describe.concurrent('a namespace that is deleted goes', () => {
  test('while workers train', async () => {
    const { job, pods } = await trainingJob();
    await dies(job, pods);
    await ends(job);
    expect(await job.jobs()).toEqual([]);
  });

  test('while a job is suspended', async () => {
    const { job, pods } = await trainingJob();
    await dies(job, pods);
    await job.apply({ 'spec.cluster.backoffLimit': 3, 'spec.cluster.suspend': true });
    await job.reaches('Suspended', 'True');
    await ends(job);
    expect(await job.jobs()).toEqual([]);
  });

  test('after a job has failed', async () => {
    const { job, pods } = await trainingJob();
    await dies(job, pods);
    const [, other] = pods;
    if (other === undefined) throw new Error('two workers were expected');
    await job.end(other, 65, { message: '' });
    await job.reaches('Succeeded', 'False');
    await ends(job);
    expect(await job.jobs()).toEqual([]);
  });
});
