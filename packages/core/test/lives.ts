import fc from 'fast-check';
import type { Life } from './progress.ts';

/** Jobs of all kinds for property tests: costs, bins, passes, data and training settings. */
export const lives: fc.Arbitrary<Life> = fc
  .record({
    costs: fc.array(fc.record({ prefix: fc.integer({ min: 0, max: 100 }), own: fc.integer({ min: 1, max: 100 }) }), {
      minLength: 1,
      maxLength: 6,
    }),
    bins: fc.integer({ min: 1, max: 3 }),
    epochs: fc.integer({ min: 1, max: 4 }),
    passes: fc.constantFrom('Fused', 'Independent'),
    labels: fc.constantFrom('Used', 'None'),
    split: fc.constantFrom('Validation', 'Train'),
    tuning: fc.integer({ min: 0, max: 4 }),
    replacedMacs: fc.option(fc.integer({ min: 0, max: 1000 }), { nil: undefined }),
    speed: fc.double({ min: 0.01, max: 10, noNaN: true }),
    faster: fc.double({ min: 0.2, max: 5, noNaN: true }),
  })
  .map(({ costs, bins, epochs, passes, labels, split, tuning, replacedMacs, speed, faster }): Life => {
    const blocks = costs.map((cost, i) => ({ name: `conv${i}`, cost }));
    return {
      plan: {
        blocks,
        epochs,
        costUnit: 'MAC',
        samples: { train: 1000, validation: 100, test: 200 },
        teacher: { macs: 1000, ...(replacedMacs !== undefined && { replacedMacs }) },
      },
      bins: Array.from({ length: bins }, (_, bin) =>
        blocks.filter((_block, i) => i % bins === bin).map(({ name }) => name),
      ),
      passes,
      spec: { dataset: { labels }, selection: { split }, fineTuning: { epochs: tuning } },
      speed,
      tuningSpeed: speed * faster,
    };
  });
