import { describe, expect, test } from 'vitest';
import { LABEL } from '@distillation/api/labels';
import { isOver } from '../../operator/src/observe/pod-status.ts';
import type { WirePod } from '@distillation/kube/wire';
import type { Termination } from '@distillation/api/termination';
import { operatorFor } from './support/operator.ts';
import { bindClaim } from './support/claim.ts';
import { PlayedJob, nameOf } from './support/played-job.ts';
import { eventually, newNamespace } from './support/support.ts';

/**
 * Pods with an injected container that outlives the worker, as in service meshes: the real Job controller counts them as active as long as
 * they run, and proceeds by its own rules once the operator has ended them.
 */

async function freshJob(): Promise<PlayedJob> {
  const namespace = await newNamespace();
  await bindClaim(namespace);
  return new PlayedJob(namespace);
}

const failuresOf = (pod: WirePod | undefined): string | undefined =>
  pod?.metadata?.annotations?.['batch.kubernetes.io/job-index-failure-count'];

/** Each pod is over, gone or told to end. */
async function leavesNoneRunning(job: PlayedJob): Promise<void> {
  await eventually(async () => {
    const left = (await job.pods()).filter((pod) => !isOver(pod) && pod.metadata?.deletionTimestamp === undefined);
    expect(left.map(nameOf)).toEqual([]);
  });
}

const said = (code: string, reason: string, message: string): Termination => ({
  type: 'Error',
  code,
  reason,
  message,
  fix: 'Put it there.',
});

describe.concurrent('a job whose pods a container outlives', () => {
  // How it ends when it is told to: well, or by the signal.
  test.each([0, 143])('comes to its end, nothing done is done again, and no pod stays: %i', async (proxy) => {
    const job = await freshJob();
    const operator = await operatorFor(job.namespace);
    await job.apply();
    const planner = await job.activePod('planner');
    await job.linger(planner, 0, await job.lastWords('planner'));
    await job.endRest(planner, proxy);

    const [first, second] = await job.activePods('worker', 2);
    if (first === undefined || second === undefined) throw new Error('two workers were expected');
    for (const pod of [first, second]) await job.run(pod);
    await job.reaches('Ready', 'True', 'Training');
    // One dies, and its Job tries it again.
    await job.linger(first, 75, said('DISTILL_E_STOPPED', 'Stopped', 'It was told to stop.'));
    await job.endRest(first, proxy);
    const again = (await job.activePods('worker', 2)).find((pod) => nameOf(pod) !== nameOf(second));
    expect(failuresOf(again)).toBe('1');
    if (again === undefined) throw new Error('no pod took its place');
    // The other one is done: whatever its proxy makes of the pod, it does not run again.
    const words = await job.lastWords('worker');
    if (words.type !== 'NothingLeft') throw new Error('a worker’s words were expected');
    const own = words.blocks.map((block, i) =>
      i % 2 === 1 ? block : ({ ...block, state: 'Pending', epoch: 0 } as const),
    );
    await job.linger(second, 0, { ...words, blocks: own });
    await job.endRest(second, proxy);
    await eventually(async () => {
      const { status } = await job.get();
      expect(status?.progress?.blocks).toBe('2/4');
      expect(status?.bins?.map(({ state, restarts }) => [state, restarts])).toEqual([
        ['Waiting', 1],
        ['Done', 0],
      ]);
      const [child] = await job.jobs('worker');
      expect(child?.status).toMatchObject(proxy === 0 ? { completedIndexes: '1' } : { failedIndexes: '1' });
    });
    expect((await job.activePods('worker')).map(nameOf)).toEqual([nameOf(again)]);
    await job.run(again);
    await job.linger(again, 0, words);
    await job.endRest(again, proxy);

    const finalizer = await job.activePod('finalizer');
    await job.run(finalizer);
    await job.linger(finalizer, 0, await job.lastWords('finalizer'));
    await job.endRest(finalizer, proxy);
    await job.reaches('Succeeded', 'True');
    expect(await job.pods()).toEqual([]);
    const attempts = (await job.jobs()).map(({ metadata }) => metadata?.labels?.[LABEL.attempt]);
    expect(attempts).toEqual(['0', '0', '0']);
    expect(operator.complaints).toEqual([]);
  });

  test.each(['planner', 'worker'] as const)('fails at once when the %s refuses the input', async (role) => {
    const job = await freshJob();
    await operatorFor(job.namespace);
    await job.apply();
    if (role === 'worker') await job.plan();
    const pods = await job.activePods(role, role === 'worker' ? 2 : 1);
    for (const pod of pods) await job.run(pod);
    const [pod] = pods;
    if (pod === undefined) throw new Error('a pod was expected');
    await job.linger(pod, 65, said('DISTILL_E_TEACHER_MISSING', 'TeacherMissing', 'There is no file teacher.h5.'));
    const failed = await job.reaches('Succeeded', 'False', 'TeacherMissing');
    expect(failed.message).toContain('There is no file teacher.h5. Put it there.');
    await leavesNoneRunning(job);
  });

  test('fails when its retries are used up, in the words of the last one', async () => {
    const job = await freshJob();
    await operatorFor(job.namespace);
    await job.apply({ 'spec.cluster.backoffLimit': 1, 'spec.scheduling.bins': 1 });
    await job.plan();
    const dies = async (message: string): Promise<WirePod> => {
      const pod = await job.activePod('worker');
      await job.run(pod);
      await job.linger(pod, 75, said('DISTILL_E_VOLUME_IO', 'VolumeFailed', message));
      return pod;
    };
    await job.endRest(await dies('The volume fails.'), 0);
    await dies('The volume fails again.');
    const failed = await job.reaches('Succeeded', 'False');
    expect(failed.message).toMatch(/Bin 0: The volume fails again\. .*Given up after 2 runs/);
    await leavesNoneRunning(job);
  });
});
