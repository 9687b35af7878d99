import type { LayerInfo } from '@distillation/api/plan';
import type { BlockReport, GanttBar, Report } from '@distillation/api/report';
import { layerInfo } from '../../packages/api/test/testing.ts';

/**
 * An invented report of the size and shape of a real one (quarter-width VGG16 on CIFAR-10, two bins), for tests and for viewing the
 * page.
 */

const WIDTHS = [16, 16, 32, 32, 64, 64, 64, 128, 128, 128, 128, 128, 128] as const;
const SIDES = [32, 32, 16, 16, 8, 8, 8, 4, 4, 4, 2, 2, 2] as const;
const NAMES = [
  'block1_conv1',
  'block1_conv2',
  'block2_conv1',
  'block2_conv2',
  'block3_conv1',
  'block3_conv2',
  'block3_conv3',
  'block4_conv1',
  'block4_conv2',
  'block4_conv3',
  'block5_conv1',
  'block5_conv2',
  'block5_conv3',
] as const;
const ACCURACIES = [
  0, 0.7612, 0.7814, 0.765, 0.7866, 0.7848, 0.7796, 0.789, 0.7874, 0.7902, 0.7886, 0.7894, 0.763,
] as const;
const START = Date.UTC(2026, 10, 22, 18, 0, 0);

const channelsIn = (index: number): number => WIDTHS[index - 1] ?? 3;

function layer(index: number): LayerInfo {
  const side = SIDES[index] ?? 1;
  const channels = WIDTHS[index] ?? 1;
  const weights = 9 * channelsIn(index) * channels;
  return layerInfo({
    name: NAMES[index] ?? '',
    inputShape: [side, side, channelsIn(index)],
    outputShape: [side, side, channels],
    params: weights + channels,
    macs: weights * side * side,
    depth: index,
    prefixMacs: 0,
  });
}

function block(index: number): BlockReport {
  const { name, params, macs, outputShape } = layer(index);
  const [side, , channels] = outputShape;
  const inputs = channelsIn(index);
  const weights = 9 * inputs + inputs * channels + 9 * channels + channels * channels;
  const failed = index === 12;
  const accuracy = ACCURACIES[index];
  const start = 0.4 * 10 ** -(index % 4);
  const losses = [1, 0.34, 0.19, 0.14].map((factor, epoch) => start * factor * (1 + 0.05 * ((index + epoch) % 3)));
  const selected = !failed && (accuracy ?? 0) >= 0.769;
  return {
    name,
    outcome: failed ? 'Failed' : index === 7 ? 'StoppedEarly' : 'Trained',
    epochs: index === 7 ? 3 : failed ? 1 : 4,
    attempts: failed ? 2 : 1,
    losses: losses.slice(0, failed ? 1 : index === 7 ? 3 : 4),
    probeLosses: losses.slice(0, failed ? 1 : index === 7 ? 3 : 4).map((loss) => loss * 1.12),
    ...(!failed && { unexplained: 0.04 + 0.013 * index, accuracy: accuracy ?? 0 }),
    selected,
    reason: failed
      ? 'not trained: DISTILL_E_DEAD_BLOCK: its output is constant after 1 epoch, twice.'
      : `${(100 * (accuracy ?? 0)).toFixed(2)} % alone in the teacher, ${selected ? 'above' : 'below'} the threshold (at most 2 points below the teacher's 78.90 %)`,
    params: { layer: params, block: weights + 2 * channels },
    macs: { layer: macs, block: weights * side * side },
    ...(!failed && { weightsSha256: name.length.toString(16).padStart(64, '0') }),
  };
}

/** Bin 0 trains the deep half in fused passes, bin 1 the shallow half, until it hands one block over. */
function bars(): GanttBar[] {
  const bins = [NAMES.slice(7, 12), NAMES.slice(1, 7)];
  return bins.flatMap((blocks, bin) =>
    [0, 1, 2, 3].flatMap((epoch) => {
      const seconds = bin === 0 ? 31 : epoch === 3 ? 30 : 36;
      const startedAt = START + 1000 * (2 * bin + epoch * (bin === 0 ? 31.5 : 36.5));
      const kept = bin === 1 && epoch === 3 ? blocks.slice(1) : blocks;
      const pass = kept.map((name, index) => ({
        block: name,
        epoch: epoch + 1,
        bin,
        startedAt,
        finishedAt: startedAt + 1000 * seconds + 7 * index,
        ownSeconds: (0.6 * seconds) / kept.length,
        prefixSeconds: (0.4 * seconds) / kept.length,
        passBlocks: kept.length,
      }));
      const stolen = {
        block: NAMES[1],
        epoch: 4,
        bin: 0,
        startedAt: START + 1000 * 127,
        finishedAt: START + 1000 * 146,
        ownSeconds: 16,
        prefixSeconds: 2,
        passBlocks: 1,
      };
      return bin === 0 && epoch === 3 ? [...pass, stolen] : pass;
    }),
  );
}

export const SAMPLE: Report = {
  version: 1,
  job: 'vgg16-quarter-cifar10',
  outcome: 'StudentBuilt',
  teacher: {
    testAccuracy: 0.7783,
    validationAccuracy: 0.789,
    params: 922_074,
    macs: 19_910_000,
    bytes: 3_703_400,
    latencyMs: 48.2,
    latencyBatch: 64,
  },
  student: {
    testAccuracy: 0.7576,
    validationAccuracy: 0.7664,
    params: 391_210,
    macs: 7_330_000,
    bytes: 1_581_022,
    latencyMs: 25.9,
    latencyBatch: 64,
  },
  assembled: { testAccuracy: 0.6241, validationAccuracy: 0.631 },
  threshold: { accuracy: 0.769, rule: "at most 2 points below the teacher's 78.90 %", split: 'Validation' },
  blocks: NAMES.map((_, index) => block(index)).slice(1),
  kept: [
    { layer: layer(0), reason: 'a replacement would have 2.8 times as many parameters (1,267 against 448)' },
    {
      layer: { ...layer(5), name: 'shortcut/<proj>', kernel: [1, 1], params: 4160, macs: 262_144 },
      reason: '1x1 convolutions are not replaced',
    },
  ],
  fineTuning: {
    epochs: [0.711, 0.738, 0.7495, 0.7601, 0.7664, 0.7652].map((validationAccuracy, index) => ({
      epoch: index + 1,
      loss: 0.93 * 0.8 ** index + 0.1,
      validationAccuracy,
      seconds: 21,
    })),
    keptEpoch: 5,
  },
  schedule: {
    version: 1,
    policy: 'WorkStealing',
    passes: 'Fused',
    bins: [
      { index: 0, blocks: NAMES.slice(7, 12), cost: 1.02e12 },
      { index: 1, blocks: NAMES.slice(1, 7), cost: 1.17e12 },
    ],
    makespan: 1.17e12,
    lowerBound: 1.09e12,
  },
  gantt: bars(),
  time: { trainingSeconds: 148, finalizeSeconds: 171, usefulSeconds: 277 },
  provenance: {
    recipe: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
    seed: 0,
    teacherSha256: '7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730',
    datasetSha256: 'bf07a7fbb825fc0aae7bf4a1177b2b31fcf8a3feeaf7092761e18c859ee52a9c',
    studentSha256: '7b54b66836c1fbdd13d2441d9e1434dc62ca677fb68f5fe66a464baadecdbd00',
    backends: [{ name: 'native-cpu', tensorflow: '2.20.0', cpuThreads: 1 }],
    versions: { distillation: '0.1.0', node: '22.23.3', tfjs: '4.22.0' },
    finishedAt: '2026-11-22T18:05:24.000Z',
  },
  plan: {
    costUnit: 'MAC',
    costSource: 'Estimated',
    stepsPerEpoch: 176,
    epochs: 4,
    dataset: {
      sha256: 'bf07a7fbb825fc0aae7bf4a1177b2b31fcf8a3feeaf7092761e18c859ee52a9c',
      train: 45_000,
      validation: 5000,
      test: 10_000,
      classes: 10,
      imageShape: [32, 32, 3],
      labelled: true,
    },
  },
};
