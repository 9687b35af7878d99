import type { DistillationJobStatus } from '@distillation/api/job';
import type { LiveProgress } from '@distillation/api/progress';
import { type Termination, encodeTermination } from '@distillation/api/termination';
import { describe, expect, it } from 'vitest';
import { LABEL } from '@distillation/api/labels';
import { PLAN, SCHEDULE } from '../../test/children.ts';
import { CONTAINER } from '../objects/pod.ts';
import type { Snapshot } from '../objects/snapshot.ts';
import { createMetrics } from './metrics.ts';
import { record, transitionsOf } from './transitions.ts';

type Block = NonNullable<DistillationJobStatus['blocks']>[number];

const block = (name: string, state: Block['state']): Block => ({ name, state, epoch: 1 });
const condition = (type: 'Succeeded' | 'BlocksTrained', status: 'True' | 'False' | 'Unknown') =>
  ({ type, status, reason: 'R', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' }) as const;

function snapshotOf(status: DistillationJobStatus | undefined, more: Partial<Snapshot> = {}): Snapshot {
  return {
    job: { metadata: { name: 'j', uid: 'u' }, status } as unknown as Snapshot['job'],
    jobs: [],
    pods: [],
    configMaps: [],
    podWarnings: new Map(),
    now: new Date('2026-01-01T01:00:00Z'),
    ...more,
  };
}

const liveOf = (...digests: { name: string; seconds?: number }[]): LiveProgress => ({
  version: 1,
  planKey: 'k',
  blocks: digests.map((digest) => ({ ...digest, state: 'Done', epoch: 1 })),
  workers: [],
  seconds: { useful: 0, redone: 0 },
  at: 0,
});

/** A worker pod that ended with these blocks in its termination message. */
function endedPod(
  { blocks }: Pick<Extract<Termination, { type: 'NothingLeft' }>, 'blocks'>,
  onRead?: () => void,
): Snapshot['pods'][number] {
  const said = encodeTermination({ type: 'NothingLeft', planKey: 'k', blocks, seconds: { useful: 11, redone: 0 } });
  const terminated = {
    exitCode: 0,
    get message() {
      onRead?.();
      return said;
    },
  };
  const container = { name: CONTAINER, image: '', imageID: '', ready: false, restartCount: 0, state: { terminated } };
  return { status: { phase: 'Succeeded', containerStatuses: [container] } };
}

describe('what a status write adds to the metrics', () => {
  it('is the time of each block that became done, once', () => {
    const before = { blocks: [block('a', 'Done'), block('b', 'Training'), block('c', 'Training')] };
    const after = { blocks: [block('a', 'Done'), block('b', 'Done'), block('c', 'Failed')] };
    const live = liveOf({ name: 'a', seconds: 5 }, { name: 'b', seconds: 7 }, { name: 'c', seconds: 9 });
    expect(transitionsOf(snapshotOf(before, { live }), after).blockSeconds).toEqual([7]);
    expect(transitionsOf(snapshotOf(after, { live }), after).blockSeconds).toEqual([]);
  });

  it('leaves out a block whose time no pod reported, and reads termination messages', () => {
    const after = { blocks: [block('a', 'Done'), block('b', 'Done')] };
    const pods = [endedPod({ blocks: [{ name: 'b', state: 'Done', epoch: 1, seconds: 11 }] })];
    expect(transitionsOf(snapshotOf(undefined, { pods }), after).blockSeconds).toEqual([11]);
  });

  it('reads the termination message of each pod once, however many blocks are done', () => {
    const names = Array.from({ length: 100 }, (_, i) => `conv_${i}`);
    let reads = 0;
    const blocks = names.map((name) => ({ name, state: 'Done', epoch: 1, seconds: 3 }) as const);
    const pods = Array.from({ length: 20 }, () => endedPod({ blocks }, () => reads++));
    const after = { blocks: names.map((name) => block(name, 'Done')) };
    expect(transitionsOf(snapshotOf(undefined, { pods }), after).blockSeconds).toEqual(names.map(() => 3));
    expect(reads).toBe(20);
  });

  it('is the increase of GPU-seconds, never a decrease', () => {
    const before = { gpuSeconds: { useful: 10, redone: 4, idle: 5 } };
    const after = { gpuSeconds: { useful: 13, redone: 0, idle: 5 } };
    expect(transitionsOf(snapshotOf(before), after).gpuSeconds).toEqual({ useful: 3, redone: 0, idle: 0 });
    expect(transitionsOf(snapshotOf(undefined), after).gpuSeconds).toEqual({ useful: 13, redone: 0, idle: 5 });
  });

  it('is the end of a job, once', () => {
    const active = { conditions: [condition('Succeeded', 'Unknown')] };
    const done = { conditions: [condition('Succeeded', 'True')] };
    const failed = { conditions: [condition('Succeeded', 'False')] };
    expect(transitionsOf(snapshotOf(active), done).finished).toBe('succeeded');
    expect(transitionsOf(snapshotOf(active), failed).finished).toBe('failed');
    expect(transitionsOf(snapshotOf(done), done).finished).toBeUndefined();
    expect(transitionsOf(snapshotOf(failed), active).finished).toBeUndefined();
  });

  it('is planned and actual makespan of a job that trained without a pause', () => {
    const labels = { [LABEL.role]: 'worker' };
    const configMaps = [
      {
        metadata: { labels },
        data: {
          'plan.json': JSON.stringify({ ...PLAN, costUnit: 'Second' }),
          'schedule.json': JSON.stringify({ ...SCHEDULE, makespan: 3000 }),
        },
      },
    ] as unknown as Snapshot['configMaps'];
    const job = { metadata: { labels }, status: { startTime: '2026-01-01T00:00:00Z' } };
    const jobs = [job] as unknown as Snapshot['jobs'];
    const before = { conditions: [condition('BlocksTrained', 'False')] };
    const after = { conditions: [condition('BlocksTrained', 'True')] };
    const makespan = (more: Partial<Snapshot>) => transitionsOf(snapshotOf(before, more), after).makespan;
    expect(makespan({ configMaps, jobs })).toEqual({ planned: 3000, actual: 3600 });
    expect(makespan({ configMaps, jobs: [...jobs, ...jobs] })).toEqual({});
    const resumed = { ...job, status: { ...job.status, conditions: [{ type: 'Suspended', status: 'False' }] } };
    expect(makespan({ configMaps, jobs: [resumed] })).toEqual({ planned: 3000 });
    expect(transitionsOf(snapshotOf(after, { configMaps, jobs }), after).makespan).toBeUndefined();
  });

  it('arrives in the registry', async () => {
    const metrics = createMetrics({ version: '1' }, () => undefined);
    record(metrics, {
      blockSeconds: [7, 8],
      gpuSeconds: { useful: 3, redone: 1, idle: 0 },
      makespan: { planned: 100, actual: 120 },
      finished: 'succeeded',
    });
    const text = await metrics.registry.metrics();
    expect(text).toContain('distill_block_duration_seconds_count 2');
    expect(text).toContain('distill_gpu_seconds_total{outcome="useful"} 3');
    expect(text).toContain('distill_planned_makespan_seconds_sum 100');
    expect(text).toContain('distill_actual_makespan_seconds_sum 120');
    expect(text).toContain('distill_jobs_finished_total{outcome="succeeded"} 1');
  });
});
