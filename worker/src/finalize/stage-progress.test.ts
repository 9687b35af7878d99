import { expect, test } from 'vitest';
import type { LabelledBatch } from './measuring/batches.ts';
import { type FinalizeProgress, stageProgress } from './stage-progress.ts';

const BATCH: LabelledBatch = { images: new Float32Array(1), labels: [0] };

/** Simulates batches, each of which takes its consumer this many milliseconds of this clock. */
async function goThrough(batches: AsyncIterable<LabelledBatch>, each: () => void): Promise<number> {
  let count = 0;
  for await (const batch of batches) {
    expect(batch).toBe(BATCH);
    count += 1;
    each();
  }
  return count;
}

async function* passOf(count: number): AsyncGenerator<LabelledBatch> {
  for (let i = 0; i < count; i++) yield await Promise.resolve(BATCH);
}

test('tells of each stage at once, of its batches once a second, and goes on counting in a second pass', async () => {
  let now = 5000;
  const told: FinalizeProgress[] = [];
  const stages = stageProgress(
    (progress) => told.push(progress),
    () => now,
  );
  stages.begin('Measure', { steps: 7 });
  const slowly = (): void => void (now += 600);
  expect(
    await goThrough(
      stages.counted(() => passOf(4)),
      slowly,
    ),
  ).toBe(4);
  expect(
    await goThrough(
      stages.counted(() => passOf(3), 4),
      slowly,
    ),
  ).toBe(3);
  stages.begin('Evaluate', { steps: 2, epochSeconds: 9 });
  stages.begin('Export', { epochSeconds: 9 });
  expect(told).toEqual([
    { stage: 'Measure', step: 0, steps: 7, seconds: 0 },
    { stage: 'Measure', step: 2, steps: 7, seconds: 1.2 },
    { stage: 'Measure', step: 4, steps: 7, seconds: 2.4 },
    { stage: 'Measure', step: 6, steps: 7, seconds: 3.6 },
    { stage: 'Evaluate', step: 0, steps: 2, seconds: 0, epochSeconds: 9 },
    { stage: 'Export', epochSeconds: 9 },
  ]);
});

test('a second pass counts from where the first ended, also when there was none', async () => {
  let now = 0;
  const told: FinalizeProgress[] = [];
  const stages = stageProgress(
    (progress) => told.push(progress),
    () => now,
  );
  stages.begin('Measure', { steps: 7 });
  await goThrough(
    stages.counted(() => passOf(1), 6),
    () => (now += 2000),
  );
  expect(told.at(-1)).toEqual({ stage: 'Measure', step: 7, steps: 7, seconds: 2 });
});
