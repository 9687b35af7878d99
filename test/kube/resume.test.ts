import { describe, expect, test } from 'vitest';
import { JOBS } from '@distillation/kube/resources';
import type { WirePod } from '@distillation/kube/wire';
import { operatorFor } from './support/operator.ts';
import { bindClaim } from './support/claim.ts';
import { PlayedJob, nameOf } from './support/played-job.ts';
import { adminClient, eventually, newNamespace } from './support/support.ts';

/** Who resumes a Job, the operator or whoever suspended it, and with which configuration it continues. */

async function freshJob(): Promise<PlayedJob> {
  const namespace = await newNamespace();
  await bindClaim(namespace);
  return new PlayedJob(namespace);
}

const argumentsOf = (pod: WirePod): readonly string[] => pod.spec?.containers[0]?.args ?? [];

describe.concurrent('an operator that was started anew with other flags', () => {
  test('has a job that is resumed go on with what they say', async () => {
    const job = await freshJob();
    const first = await operatorFor(job.namespace);
    await job.apply();
    await job.plan();
    for (const pod of await job.activePods('worker', 2)) {
      expect(argumentsOf(pod)).toContain('--gpu');
      await job.run(pod);
    }
    await job.reaches('Ready', 'True', 'Training');
    await first.stop();

    const second = await operatorFor(job.namespace, { args: ['--no-require-gpu'] });
    await job.apply({ 'spec.cluster.suspend': true });
    await job.reaches('Suspended', 'True');
    await job.apply({ 'spec.cluster.suspend': false });
    for (const pod of await job.activePods('worker', 2)) expect(argumentsOf(pod)).not.toContain('--gpu');
    await job.train();
    await job.finalize();
    await job.reaches('Succeeded', 'True');
    expect(second.complaints).toEqual([]);
  });

  test('makes Jobs anew none of whose pods has started, and leaves alone those that run', async () => {
    const [waiting, running] = await Promise.all([freshJob(), freshJob()]);
    for (const job of [waiting, running]) {
      const first = await operatorFor(job.namespace);
      await job.apply();
      await job.plan();
      const pods = await job.activePods('worker', 2);
      if (job === running) for (const pod of pods) await job.run(pod);
      await first.stop();
    }
    const before = (await running.pods('worker')).map(nameOf).sort();
    await operatorFor(waiting.namespace, { args: ['--no-require-gpu'] });
    await operatorFor(running.namespace, { args: ['--no-require-gpu'] });
    await eventually(async () => {
      const pods = await waiting.activePods('worker', 2);
      expect(pods.flatMap(argumentsOf)).not.toContain('--gpu');
    });
    await running.reaches('Ready', 'True', 'Training');
    expect((await running.pods('worker')).map(nameOf).sort()).toEqual(before);
  });
});

describe.concurrent('a Job that others keep from running', () => {
  test('is not resumed by the operator; the job reports it, and continues when they resume it', async () => {
    const job = await freshJob();
    const operator = await operatorFor(job.namespace);
    await job.apply();
    // Said once the operator knows of the Job: before that it would make it once more, not suspended.
    await job.reaches('Succeeded', 'Unknown', 'Unschedulable');
    const setSuspend = async (suspend: boolean): Promise<void> => {
      const [planner] = await job.jobs('planner');
      if (planner === undefined) throw new Error('no planner');
      const name = { namespace: job.namespace, name: nameOf(planner) };
      await adminClient().mergePatch(JOBS, { ...name, fieldManager: 'somebody' }, { spec: { suspend } });
    };
    await setSuspend(true);
    const { message } = await job.reaches('Succeeded', 'Unknown', 'SuspendedByOthers');
    expect(message).toContain('was suspended, and not by this operator.');
    expect(message).not.toContain('Kueue');
    const [held] = await job.jobs('planner');
    expect(held?.spec?.suspend).toBe(true);
    // The operator reports what the Job says; its controller deletes the pod when it comes to it.
    await eventually(async () => {
      expect(await job.pods('planner')).toEqual([]);
    });
    await setSuspend(false);
    await job.plan();
    await job.reaches('Planned', 'True');
    expect(operator.complaints).toEqual([]);
  });

  test('waits for a queue without Kueue, and the job reports that there is no Kueue', async () => {
    const job = await freshJob();
    const operator = await operatorFor(job.namespace);
    await job.apply({ 'spec.cluster.queueName': 'team' });
    const { message } = await job.reaches('Succeeded', 'Unknown', 'KueueMissing');
    expect(message).toMatch(/the queue team of Kueue, and this cluster has no Kueue\. Install Kueue, or remove/);
    // The way out.
    await job.apply({ 'spec.cluster.queueName': undefined });
    await job.plan();
    await job.reaches('Planned', 'True');
    expect(operator.complaints).toEqual([]);
  });
});
