import { expect, test } from 'vitest';
import type { BlockDigest } from '@distillation/api/progress';
import type { Plan } from '@distillation/api/plan';
import {
  decodeTermination,
  encodeTermination,
  type Termination,
  TERMINATION_LIMIT,
} from '@distillation/api/termination';
import { randomStream } from '@distillation/core/random';
import { planSummary } from './summaries.ts';

/** A termination message holds 4096 bytes; this measures how much of it large networks need. */

const SHA = 'c0ffee'.padEnd(64, '0123456789abcdef');

/** Block names in the style of Keras' ResNets and DenseNets. */
function layerNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `conv${2 + Math.floor(i / 40)}_block${1 + (i % 40)}_2_conv`);
}

/** Costs of layers that grow towards the output: whole multiply-accumulates, or seconds with the digits that are kept. */
function plan(blocks: number, costUnit: Plan['costUnit']): Plan {
  const stream = randomStream('costs', costUnit);
  let prefix = costUnit === 'MAC' ? 118_013_952 : 0.001;
  return {
    version: 1,
    recipe: SHA,
    key: SHA.replace('c', 'd'),
    teacher: { sha256: SHA, params: 60_419_944, macs: 11_558_837_248, validationAccuracy: 0.76543 },
    dataset: { sha256: SHA, train: 1_281_167, validation: 25_000, test: 25_000 },
    stepsPerEpoch: 20_018,
    epochs: 10,
    costUnit,
    costSource: costUnit === 'MAC' ? 'Estimated' : 'Measured',
    kept: [],
    blocks: layerNames(blocks).map((name) => {
      const own = costUnit === 'MAC' ? 3136 * (4096 + stream.below(9000)) : (1 + stream.below(8999)) / 1e8;
      prefix += 4 * own;
      return {
        name,
        layer: { macs: 115_605_504 },
        cost: { prefix: Number(prefix.toPrecision(costUnit === 'MAC' ? 15 : 4)), own },
      };
    }),
  } as unknown as Plan;
}

const planned = (blocks: number, unit: Plan['costUnit']): Termination => ({
  type: 'Planned',
  plan: planSummary(plan(blocks, unit)),
});

test.each(['MAC', 'Second'] as const)('the plan of 150 blocks, costs in %ss, fits and is read back', (unit) => {
  const termination = planned(150, unit);
  const text = encodeTermination(termination);
  expect(Buffer.byteLength(text ?? '')).toBeLessThanOrEqual(TERMINATION_LIMIT);
  expect(decodeTermination(text ?? '')).toEqual(termination);
});

test('the operator learns what part of the teacher blocks replace', () => {
  expect(planSummary(plan(3, 'MAC')).teacher).toMatchObject({ macs: 11_558_837_248, replacedMacs: 346_816_512 });
});

test('a plan that does not fit is said to be so, not cut', () => {
  expect(encodeTermination(planned(1000, 'Second'))).toBeUndefined();
});

test('the ledger of 150 blocks fits', () => {
  const stream = randomStream('ledger');
  const blocks = layerNames(150).map((name): BlockDigest => ({
    name,
    state: 'Done',
    epoch: 10,
    outcome: 'Trained',
    bin: stream.below(8),
    loss: Number((stream.below(1e6) / 1e7).toPrecision(6)),
    seconds: Number((stream.below(1e6) / 17).toPrecision(6)),
  }));
  const termination: Termination = {
    type: 'NothingLeft',
    planKey: SHA,
    blocks,
    seconds: { useful: 123456, redone: 12.5 },
  };
  expect(decodeTermination(encodeTermination(termination) ?? '')).toEqual(termination);
});

test('the result of 150 blocks fits', () => {
  const stream = randomStream('result');
  const network = { testAccuracy: 0.7654, params: 60_419_944, macs: 11_558_837_248 };
  const termination: Termination = {
    type: 'Finalized',
    result: {
      recipe: SHA,
      outcome: 'StudentBuilt',
      teacher: network,
      student: network,
      studentSha256: SHA,
      speedup: 2.34567,
      blocks: layerNames(150).map((block) => ({
        block,
        selected: stream.below(2) === 0,
        accuracy: Number((0.7 + stream.below(25_000) / 250_000).toPrecision(6)),
      })),
      seconds: { training: 12345.6, finalize: 345.67 },
    },
  };
  expect(decodeTermination(encodeTermination(termination) ?? '')).toEqual(termination);
});
