import type { Changes } from '../../../packages/api/test/corpus/corpus.ts';
import { LABEL, roleOf } from '@distillation/api/labels';
import type { Call } from '@distillation/kube/transport';
import { describe, expect, test } from 'vitest';
import { looksOf } from '../support/metrics.ts';
import { operatorFor } from '../support/operator.ts';
import { eventually } from '../support/support.ts';
import { atEveryWrite } from './every-write.ts';
import { Frozen } from './inject.ts';
import { Life, liveThrough } from './life.ts';
import { tally } from './tally.ts';

/**
 * An operator with frozen caches while the job is deleted and another one with the same name and another spec is created: what it still
 * writes for the old job does not affect the new one, and nothing of the old one remains.
 */

const THREE_BINS: Changes = { 'spec.scheduling.bins': 3 };
const undisturbed = liveThrough({}, THREE_BINS);

interface Swap {
  /** The write that is held while the jobs are swapped. */
  readonly at: (call: Call, write: number) => boolean;
  readonly old?: Changes;
  /** What happens to the old job besides. */
  readonly meanwhile?: (life: Life) => Promise<unknown>;
}

/** @returns whether the write came that was to be held */
async function swap({ at, old = {}, meanwhile }: Swap): Promise<boolean> {
  const frozen = new Frozen(at);
  const life = await Life.begin();
  const operator = await operatorFor(life.job.namespace, { wrap: frozen.wrap, args: ['--resync', '300ms'] });
  const { uid } = (await life.apply(old)).metadata;
  const disturbed = meanwhile?.(life);
  const cameTo = await Promise.race([frozen.held.then(() => 'held'), disturbed ?? life.succeeds()]);
  await disturbed;
  if (disturbed !== undefined) await frozen.held;
  else if (cameTo !== 'held') {
    await operator.stop();
    await life.stop();
    return false;
  }
  life.leaveAlone(undefined);
  await life.job.delete();
  await life.when('the old job and all of its own are gone', ({ object, children }) =>
    [object, ...children].every((each) => each === undefined),
  );
  const { metadata } = await life.apply(THREE_BINS);
  expect(metadata.uid).not.toBe(uid);
  const before = await looksOf(operator);
  frozen.release();
  tally('reconcile on a stale cache, job made again');
  await eventually(async () => {
    expect(await looksOf(operator)).toBeGreaterThan(before + 3);
  });
  // It has worked on, and touched nothing of the new job.
  expect((await life.job.get()).metadata).toEqual(metadata);
  frozen.thaw();
  await life.succeeds();
  await life.when('nothing of the old job is left', ({ children }) =>
    children.every((child) => child.metadata?.labels?.[LABEL.jobUid] === metadata.uid),
  );
  await eventually(async () => {
    const maps = await life.job.configMaps();
    expect(new Set(maps.map((map) => map.metadata?.labels?.[LABEL.jobUid]))).toEqual(new Set([metadata.uid]));
  });
  await operator.stop();
  await life.stop();
  expect(await life.endState()).toEqual((await undisturbed).end);
  return true;
}

describe('a job made again under the name of the one that the caches still show', () => {
  test('at the k-th write for the old one, for every k', async () => {
    await atEveryWrite((write) => swap({ at: (_, n) => n === write }), 8);
  });

  test.concurrent('at the deletion of the old one when its time to live is over', async () => {
    const at = ({ verb, resource }: Call): boolean => verb === 'delete' && resource === 'distillationjobs';
    const old = { 'spec.cluster.ttlSecondsAfterFinished': 1 };
    expect(await swap({ at, old, meanwhile: (life) => life.succeeds() })).toBe(true);
  });

  test.concurrent('when a Job of the old one is to be suspended', async () => {
    const at = ({ verb, resource }: Call): boolean => verb === 'patch' && resource === 'jobs';
    const meanwhile = async (life: Life): Promise<void> => {
      await life.when('the planner is there', ({ children }) => children.length > 1);
      await life.apply({ 'spec.cluster.suspend': true });
    };
    expect(await swap({ at, meanwhile })).toBe(true);
  });

  test.concurrent('when a Job of another spec is to be deleted', async () => {
    const at = ({ verb, resource }: Call): boolean => verb === 'delete' && resource === 'jobs';
    const meanwhile = async (life: Life): Promise<void> => {
      life.leaveAlone('worker');
      await life.when('the workers are there', ({ children }) => children.some((child) => roleOf(child) === 'worker'));
      await life.apply({ 'spec.scheduling.bins': 1 });
    };
    expect(await swap({ at, meanwhile })).toBe(true);
  });
});
