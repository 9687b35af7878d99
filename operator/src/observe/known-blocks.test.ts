import type { DistillationJobStatus } from '@distillation/api/job';
import type { BlockDigest, LiveProgress } from '@distillation/api/progress';
import type { Termination } from '@distillation/api/termination';
import { describe, expect, it } from 'vitest';
import { scheduleBlocks } from '@distillation/core/schedule';
import { childJobsOf } from './child-jobs.ts';
import { type KnownBlocks, knownBlocksOf } from './known-blocks.ts';
import type { Snapshot } from '../objects/snapshot.ts';
import type { WirePod } from '@distillation/kube/wire';
import {
  ago,
  childJob,
  complete,
  endedPod,
  errorOf,
  JOB,
  NOW,
  PLAN,
  snapshotOf,
} from '../../test/simulated-cluster/objects.ts';

const schedule = scheduleBlocks(PLAN.blocks, PLAN.epochs, JOB.spec.scheduling);

function recordFrom(changes: Partial<Snapshot>): KnownBlocks {
  const snapshot = snapshotOf(changes);
  return knownBlocksOf(snapshot, { plan: PLAN, schedule, childJobs: childJobsOf(snapshot) });
}

const block = (name: string, state: BlockDigest['state'], epoch: number): BlockDigest => ({ name, state, epoch });
const standings = ({ blocks }: KnownBlocks): Record<string, string> =>
  Object.fromEntries(
    blocks.filter(({ state }) => state !== 'Pending').map(({ name, state, epoch }) => [name, `${state} ${epoch}`]),
  );

const seconds = { useful: 10, redone: 0 };
const said = (blocks: BlockDigest[], planKey = PLAN.key): Termination => ({
  type: 'NothingLeft',
  planKey,
  blocks,
  seconds,
});
const live = (blocks: BlockDigest[], changes: Partial<LiveProgress> = {}): LiveProgress => ({
  version: 1,
  planKey: PLAN.key,
  blocks,
  workers: [],
  seconds,
  at: NOW.getTime(),
  ...changes,
});
const status = (blocks: BlockDigest[], key = PLAN.key): DistillationJobStatus => ({
  plan: { key, blocks: 5, kept: 0, epochs: 2 },
  blocks: blocks.map(({ loss, ...rest }) => ({ ...rest, ...(loss !== undefined && { loss: String(loss) }) })),
});
const job = childJob('worker', { created: ago(100), status: complete(60, { completedIndexes: '0-1' }) });
const before = (blocks: BlockDigest[], key?: string) => ({ job: { ...JOB, status: status(blocks, key) } });

describe('what is known of the blocks', () => {
  it('is nothing at first: all are pending, in the order of the plan', () => {
    const { blocks } = recordFrom({});
    expect(blocks).toEqual(PLAN.blocks.map(({ name }) => ({ name, state: 'Pending', epoch: 0 })));
  });

  it('is the most advanced of status, termination messages and a live answer', () => {
    const record = recordFrom({
      ...before([block('a', 'Training', 1), { ...block('b', 'Done', 2), loss: 0.5 }]),
      jobs: [job],
      pods: [endedPod(job, 0, { index: 0, said: said([block('a', 'Training', 1), block('c', 'Failed', 0)]) })],
      live: live([block('a', 'Done', 2), block('b', 'Training', 1), block('d', 'Training', 0)]),
    });
    expect(standings(record)).toEqual({ a: 'Done 2', b: 'Done 2', c: 'Failed 0', d: 'Training 0' });
    expect(record.blocks[1]).toEqual({ name: 'b', state: 'Done', epoch: 2, loss: 0.5 });
    expect(record.live).toBeDefined();
    expect(record.seconds).toEqual(seconds);
  });

  it('does not include what belongs to another plan', () => {
    const record = recordFrom({
      ...before([block('a', 'Done', 2)], 'other'),
      jobs: [job],
      pods: [endedPod(job, 0, { index: 0, said: said([block('b', 'Done', 2)], 'other') })],
      live: live([block('c', 'Done', 2)], { planKey: 'other' }),
    });
    expect(standings(record)).toEqual({});
    expect(record.live).toBeUndefined();
  });

  it('includes, after a while, that a bin is done when all workers succeeded without readable messages', () => {
    const own = schedule.bins[0]?.blocks ?? [];
    const one = childJob('worker', { bins: [0], status: complete(60, { completedIndexes: '0' }) });
    expect(Object.keys(standings(recordFrom({ jobs: [one] }))).sort()).toEqual(own.toSorted());
    const justNow = childJob('worker', { bins: [0], status: complete(3, { completedIndexes: '0' }) });
    expect(standings(recordFrom({ jobs: [justNow] }))).toEqual({});
    const readable = endedPod(one, 0, { index: 0, said: said([]) });
    expect(standings(recordFrom({ jobs: [one], pods: [readable] }))).toEqual({});
  });
});

describe('when the finalizer finds files missing on the volume', () => {
  const finalizer = childJob('finalizer', { created: ago(50) });
  const doubting = endedPod(finalizer, 75, { created: ago(40), said: errorOf('DISTILL_E_BLOCKS_INCOMPLETE') });
  const done = PLAN.blocks.map(({ name }) => block(name, 'Done', 2));
  const speaking = (created: string): WirePod => endedPod(job, 0, { index: 0, created, said: said(done) });
  const at = (secondsAgo: number) => live(done, { at: NOW.getTime() - 1000 * secondsAgo });
  const doubted = { ...before(done), jobs: [job, finalizer] };

  it('what was known by then is no longer trusted', () => {
    const record = recordFrom({ ...doubted, pods: [doubting, speaking(ago(90))], live: at(45) });
    expect(standings(record)).toEqual({});
  });

  it('a pod that was created later is trusted', () => {
    const record = recordFrom({ ...doubted, pods: [doubting, speaking(ago(30))] });
    expect(Object.keys(standings(record))).toHaveLength(5);
  });

  it('and so is a later answer', () => {
    expect(Object.keys(standings(recordFrom({ ...doubted, pods: [doubting], live: at(10) })))).toHaveLength(5);
  });
});
