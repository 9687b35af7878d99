import { brotliCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockDigest } from './progress.ts';
import {
  type PlanSummary,
  type ResultSummary,
  TERMINATION_LIMIT,
  type Termination,
  decodeTermination,
  encodeTermination,
  readTermination,
} from './termination.ts';

const SHA = 'a3'.repeat(32);

const planOf = (names: readonly string[]): PlanSummary => ({
  version: 1,
  key: SHA,
  recipe: SHA,
  epochs: 4,
  stepsPerEpoch: 196,
  costUnit: 'Second',
  costSource: 'Measured',
  samples: { train: 45000, validation: 5000, test: 10000 },
  teacher: { sha256: SHA, params: 25_583_592, macs: 4_089_184_256, validationAccuracy: 0.7612 },
  datasetSha256: SHA,
  kept: 37,
  // Costs that differ in their last digits, as measured ones do.
  blocks: names.map((name, index) => ({ name, cost: { prefix: 1.1 + Math.sin(index), own: 2.2 + Math.cos(index) } })),
});

const digestOf = (name: string, index: number): BlockDigest => ({
  name,
  state: 'Done',
  epoch: 4,
  outcome: 'Trained',
  bin: index % 4,
  loss: 0.001 * (1 + Math.sin(index)),
  seconds: 12.5 + index,
});

const result: ResultSummary = {
  recipe: SHA,
  outcome: 'StudentBuilt',
  teacher: { testAccuracy: 0.786, params: 922_074, macs: 19_910_000 },
  student: { params: 236_000, macs: 4_000_000 },
  studentSha256: SHA,
  speedup: 1.9,
  blocks: [
    { block: 'conv1', selected: true, accuracy: 0.78 },
    { block: 'conv2', selected: false },
  ],
  seconds: { finalize: 41.5 },
};

const resnet = Array.from({ length: 52 }, (_, index) => `conv${Math.floor(index / 9)}_block${index % 9}_2_conv`);
const error = (message: string, fix: string): Termination => ({
  type: 'Error',
  code: 'DISTILL_E_INPUT',
  reason: 'Wrong',
  message,
  fix,
});

describe('a termination message', () => {
  it.each<[string, Termination]>([
    ['a plan', { type: 'Planned', plan: planOf(['conv1', 'conv2']) }],
    ['a plan of 52 blocks', { type: 'Planned', plan: planOf(resnet) }],
    [
      'a ledger',
      { type: 'NothingLeft', planKey: SHA, blocks: resnet.map(digestOf), seconds: { useful: 1, redone: 0 } },
    ],
    ['a result', { type: 'Finalized', result }],
    ['an error', error('The teacher is cut at byte 7 of “model.json”.', 'Copy it again.')],
  ])('carries %s', (_, termination) => {
    const text = encodeTermination(termination);
    expect(Buffer.byteLength(text ?? '')).toBeLessThanOrEqual(TERMINATION_LIMIT);
    expect(decodeTermination(text ?? '')).toEqual(termination);
  });

  it('stays readable where it is short', () => {
    expect(encodeTermination({ type: 'Finalized', result })).toContain('"outcome":"StudentBuilt"');
  });

  it('says when there is no room', () => {
    const names = Array.from({ length: 1000 }, (_, index) => `${index}${SHA.slice(index % 30)}`);
    expect(encodeTermination({ type: 'Planned', plan: planOf(names) })).toBeUndefined();
  });

  it('cuts the words of an error, whatever they are, and keeps its code', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 6000, unit: 'binary' }), fc.string({ maxLength: 6000 }), (message, fix) => {
        const text = encodeTermination(error(message, fix));
        expect(Buffer.byteLength(text ?? '')).toBeLessThanOrEqual(TERMINATION_LIMIT);
        const read = decodeTermination(text ?? '');
        expect(read).toMatchObject({ type: 'Error', code: 'DISTILL_E_INPUT' });
        if (read?.type === 'Error') expect(message.startsWith(read.message.replace(/\.\.\.$/, ''))).toBe(true);
      }),
      { numRuns: 200, examples: [['\u0000'.repeat(5000), '\u0001'.repeat(5000)]] },
    );
  });

  it('leaves out what was no number', () => {
    const blocks = [{ ...digestOf('conv1', 1), loss: Number.NaN }];
    const text = encodeTermination({ type: 'NothingLeft', planKey: SHA, blocks, seconds: { useful: 0, redone: 0 } });
    const read = decodeTermination(text ?? '');
    expect(read?.type === 'NothingLeft' && read.blocks[0]).toEqual({ ...digestOf('conv1', 1), loss: undefined });
  });
});

describe('what is no termination message', () => {
  const compressed = (text: string): string => JSON.stringify({ brotli: brotliCompressSync(text).toString('base64') });

  it.each([
    ['nothing', ''],
    ['the end of a log', 'Error: Cannot find module\n    at Object.<anonymous>'],
    ['another program’s JSON', '{"level":"info"}'],
    ['JSON that is no object', '[1, "Planned", null]'],
    ['a type of nobody', '{"type":"toString"}'],
    ['a type alone', '{"type":"Planned"}'],
    ['a plan without blocks', JSON.stringify({ type: 'Planned', plan: { ...planOf([]), blocks: undefined } })],
    [
      'a plan of blocks without costs',
      JSON.stringify({ type: 'Planned', plan: { ...planOf([]), blocks: [{ name: 'a' }] } }),
    ],
    ['a cost below zero', JSON.stringify({ type: 'Planned', plan: planOf(['a']) }).replace('"prefix":', '"prefix":-')],
    ['a later version', JSON.stringify({ type: 'Planned', plan: { ...planOf(['a']), version: 2 } })],
    [
      'an accuracy in per cent',
      JSON.stringify({ type: 'Finalized', result: { ...result, student: { testAccuracy: 78 } } }),
    ],
    ['what is not compressed', '{"brotli":"bm90IGRlZmxhdGVk"}'],
    ['something compressed twice', compressed(compressed(JSON.stringify({ type: 'Finalized', result })))],
    ['gigabytes in a few bytes', compressed(`{"type":"Error","message":"${'a'.repeat(3_000_000)}"}`)],
  ])('is not read: %s', (_, text) => {
    expect(decodeTermination(text)).toBeUndefined();
  });

  it('is told by its version when another release wrote it', () => {
    const plan = { ...planOf(['a']), version: 2, costs: [] };
    const ofPlan = JSON.stringify({ type: 'Planned', plan });
    const ofMessage = JSON.stringify({ type: 'Finalized', version: 3, student: {} });
    const newer = { as: 'OtherVersion', readable: [1] };
    expect(readTermination(ofPlan)).toEqual({ ...newer, version: 2 });
    expect(readTermination(compressed(ofPlan))).toEqual({ ...newer, version: 2 });
    expect(readTermination(ofMessage)).toEqual({ ...newer, version: 3 });
    expect(readTermination('{"level":"info","version":3}')).toEqual({ as: 'Damaged' });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => decodeTermination(text) === undefined));
  });
});
