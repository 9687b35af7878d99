import { describe, expect, it } from 'vitest';
import type { EpochRecord, EpochTiming } from '@distillation/api/ledger';
import type { BackendSignature, BlockPlan, Plan } from '@distillation/api/plan';
import { layerInfo } from '../../../api/test/testing.ts';
import { costsFromRecords, recordCosts, type RecordedCosts } from './recorded-costs.ts';

const BACKEND: BackendSignature = { name: 'tensorflow-cpu', tensorflow: '2.20.0', cpuThreads: 1 };

const block = (name: string, prefixMacs: number): BlockPlan => ({
  name,
  architecture: 'TwoLayer',
  layer: layerInfo({ name, depth: prefixMacs, prefixMacs }),
  params: 100,
  macs: 100,
  cost: { prefix: prefixMacs, own: 100 },
});

const planFor = (train: number): Pick<Plan, 'blocks' | 'teacher' | 'dataset' | 'backend'> => ({
  blocks: [block('a', 100), block('b', 400)],
  teacher: {
    sha256: 'T',
    format: 'LayersModel',
    outputs: 'Logits',
    inputShape: [8, 8, 3],
    classes: 2,
    params: 9,
    macs: 9,
  },
  dataset: { sha256: 'D', train, validation: 1, test: 1, classes: 2, imageShape: [8, 8, 3], labelled: true },
  backend: BACKEND,
});

const record = (name: string, epoch: number, timing: Partial<EpochTiming>): EpochRecord => ({
  block: name,
  epoch,
  attempt: 0,
  metrics: { loss: 1, probeLoss: 1, probeBaseline: 2, probeOutputVariance: 1 },
  backend: BACKEND,
  timing: {
    bin: 0,
    startedAt: epoch,
    finishedAt: epoch + 1,
    ownSeconds: 0,
    prefixSeconds: 0,
    passBlocks: 1,
    ...timing,
  },
});

/** One fused pass of both blocks over the samples of the plan; times are totals of the pass. */
const fused = (epoch: number, own: { a: number; b: number }, prefix: number): EpochRecord[] => [
  record('a', epoch, { ownSeconds: own.a, prefixSeconds: prefix / 2, passBlocks: 2 }),
  record('b', epoch, { ownSeconds: own.b, prefixSeconds: prefix / 2, passBlocks: 2 }),
];

const costs = (file: RecordedCosts | undefined) => Object.fromEntries(costsFromRecords(file, planFor(1)));

describe('recorded costs', () => {
  it('keeps seconds a sample: the prefix of a fused pass is that of its deepest block', () => {
    const file = recordCosts(undefined, { job: 'j', plan: planFor(10), records: fused(1, { a: 20, b: 30 }, 80) });
    expect(costs(file)).toEqual({ a: { prefix: 2, own: 2 }, b: { prefix: 8, own: 3 } });
  });

  it('tells the same from independent passes', () => {
    const records = [
      record('a', 1, { startedAt: 1, ownSeconds: 20, prefixSeconds: 20 }),
      record('b', 1, { startedAt: 2, ownSeconds: 30, prefixSeconds: 80 }),
    ];
    const file = recordCosts(undefined, { job: 'j', plan: planFor(10), records });
    expect(costs(file)).toEqual({ a: { prefix: 2, own: 2 }, b: { prefix: 8, own: 3 } });
  });

  it('takes the median of epochs and of jobs, so that one slow pass does not count', () => {
    const slow = [...fused(1, { a: 2, b: 3 }, 8), ...fused(2, { a: 200, b: 300 }, 800), ...fused(3, { a: 2, b: 3 }, 8)];
    const job = (name: string, records: EpochRecord[]) => ({ job: name, plan: planFor(1), records });
    const first = recordCosts(undefined, job('1', slow));
    expect(costs(first)).toEqual({ a: { prefix: 2, own: 2 }, b: { prefix: 8, own: 3 } });
    const second = recordCosts(first, job('2', fused(1, { a: 900, b: 900 }, 900)));
    const third = recordCosts(second, job('3', fused(1, { a: 4, b: 5 }, 16)));
    expect(costs(third)).toEqual({ a: { prefix: 4, own: 4 }, b: { prefix: 16, own: 5 } });
  });

  it('replaces a job recorded before, and forgets the oldest', () => {
    let file: RecordedCosts | undefined;
    for (let i = 0; i < 12; i++) {
      file = recordCosts(file, { job: `j${i}`, plan: planFor(1), records: fused(1, { a: i, b: i }, 8) });
    }
    const again = recordCosts(file, { job: 'j11', plan: planFor(1), records: fused(1, { a: 7, b: 7 }, 8) });
    expect(again.jobs.map(({ job }) => job)).toEqual(['j3', 'j4', 'j5', 'j6', 'j7', 'j8', 'j9', 'j10', 'j11']);
    expect(again.jobs.at(-1)?.blocks[0]?.ownSeconds).toBe(7);
  });

  it('learns nothing from half a pass', () => {
    const half = fused(1, { a: 2, b: 3 }, 8).slice(0, 1);
    expect(recordCosts(undefined, { job: 'j', plan: planFor(1), records: half }).jobs).toEqual([]);
  });

  it('does not mix teachers, backends, thread counts or architectures', () => {
    const file = recordCosts(undefined, { job: 'j', plan: planFor(1), records: fused(1, { a: 2, b: 3 }, 8) });
    const plan = planFor(1);
    const known = (changed: Partial<typeof plan>): number => costsFromRecords(file, { ...plan, ...changed }).size;
    expect(known({})).toBe(2);
    expect(known({ teacher: { ...plan.teacher, sha256: 'other' } })).toBe(0);
    expect(known({ backend: { ...BACKEND, name: 'wasm' } })).toBe(0);
    expect(known({ backend: { ...BACKEND, cpuThreads: 2 } })).toBe(0);
    expect(known({ blocks: plan.blocks.map((b) => (b.name === 'a' ? { ...b, architecture: 'ThreeLayer' } : b)) })).toBe(
      1,
    );
    const other = { ...plan, teacher: { ...plan.teacher, sha256: 'other' } };
    expect(recordCosts(file, { job: 'k', plan: other, records: fused(1, { a: 9, b: 9 }, 9) })).toBe(file);
  });

  it('survives its way through a file', () => {
    const file = recordCosts(undefined, { job: 'j', plan: planFor(3), records: fused(1, { a: 1, b: 2 }, 8) });
    expect(JSON.parse(JSON.stringify(file))).toEqual(file);
  });
});
