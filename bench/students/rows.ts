import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { internalError } from '@distillation/api/errors';
import type { DistillationJob } from '@distillation/api/job';
import { validateJob } from '@distillation/api/validate';

/** The jobs whose students the benchmarks compare: the samples, with a few settings changed. */

export const SAMPLES = fileURLToPath(new URL('../../manifests/samples', import.meta.url));

/** Settings of a section of the spec; undefined takes one away. */
type Section = Readonly<Record<string, unknown>>;

export interface Variant {
  /** File of the sample that it changes. */
  readonly sample: string;
  readonly changes: Readonly<Record<string, Section>>;
}

export const VGG = 'cifar10-vgg16.yaml';
export const RESNET = 'cifar10-resnet20.yaml';
const FLIPPED = { augmentation: 'Flip' } as const;
const CROPPED = { augmentation: 'FlipAndCrop' } as const;
/** As much weight for the divergence from the teacher's outputs as for the labels. */
const TAUGHT = { teacherLogits: { weight: '1', temperature: '4' } } as const;
/** As the sample was before there was normalisation; its rate is the best one without. */
const PLAIN = {
  batchNormalization: 'Disabled',
  optimizer: { type: 'Adam', learningRate: '0.002', clipNorm: '1', schedule: { type: 'Cosine' } },
} as const;
/** A block that is not wholly bad counts: in place of a budget. */
const BY_THRESHOLD = { rule: undefined, budget: undefined, maxAccuracyDrop: '0.15' } as const;
/** One low-rank block for each of the thirteen layers. @param ratio of the channels kept */
export const lowRank = (ratio: string): Variant['changes'] => ({
  blocks: { exclude: undefined, candidates: undefined, architecture: 'LowRank', ratio },
  selection: BY_THRESHOLD,
});
/** The paper's block for each of the thirteen, the one that is not cheaper too. */
export const PAPERS_BLOCK = {
  blocks: { exclude: undefined, candidates: undefined, architecture: 'TwoLayer', whenNotCheaper: 'Train' },
  selection: BY_THRESHOLD,
} as const;
/** The same at the paper's rates; its four epochs are what its student needs. */
const PAPER = {
  ...PAPERS_BLOCK,
  training: { epochs: 4, optimizer: { type: 'RMSprop', learningRate: '0.01', schedule: { type: 'Cosine' } } },
} as const;

/** The same in place of the ResNet's candidates and budget; its stem stays, as in the sample. */
const PAPER_OF_RESNET = {
  ...PAPER,
  blocks: { candidates: undefined, architecture: 'TwoLayer', whenNotCheaper: 'Train' },
} as const;

/**
 * An eighth of the parameters; layers of 16 channels then keep 4. So small a student learns most anew: at twice the rate, which it reaches over
 * 200 steps, and from what the teacher says as well (docs/adr/0024-fine-tuning-defaults.md).
 */
const EIGHTH_OF_RESNET: Variant['changes'] = {
  fineTuning: {
    optimizer: { type: 'Adam', learningRate: '0.006', clipNorm: '1', schedule: { type: 'Cosine', warmupSteps: 200 } },
    teacherLogits: { weight: '0.5', temperature: '1' },
  },
  blocks: {
    candidates: ['0.1875', '0.25', '0.375'].map((ratio) => ({ architecture: 'LowRank', ratio })),
    rankMultiple: 4,
  },
  selection: { budget: { parameters: '0.125', macs: '0.1694' } },
};

/** The VGG16 fine-tuned by the labels alone, and by the teacher's logits as well. */
const pair = (row: string, changes: Variant['changes'], fineTuning: Section): [string, Variant][] => [
  [row, { sample: VGG, changes: { ...changes, fineTuning } }],
  [`${row}, with logits`, { sample: VGG, changes: { ...changes, fineTuning: { ...fineTuning, ...TAUGHT } } }],
];

/** By name of the row. */
export const ROWS: ReadonlyMap<string, Variant> = new Map<string, Variant>([
  ['the sample job', { sample: VGG, changes: {} }],
  ['the sample job, with logits', { sample: VGG, changes: { fineTuning: TAUGHT } }],
  ...['0.375', '0.25'].flatMap((ratio) => [
    ...pair(`ratio ${ratio}, 6 epochs, flipped`, lowRank(ratio), { epochs: 6, ...FLIPPED }),
    ...pair(`ratio ${ratio}, 16 epochs, cropped`, lowRank(ratio), { epochs: 16, ...CROPPED }),
  ]),
  ...pair('ratio 0.375, 6 epochs, flipped, not normalised', lowRank('0.375'), { epochs: 6, ...FLIPPED, ...PLAIN }),
  ...pair('ratio 0.25, 16 epochs, cropped, and its control', lowRank('0.25'), {
    epochs: 16,
    ...CROPPED,
    control: 'Enabled',
  }),
  ...pair('the paper’s block, 6 epochs, flipped', PAPER, { epochs: 6, ...FLIPPED }),
  ['ResNet-20, 6 epochs, flipped', { sample: RESNET, changes: {} }],
  ['ResNet-20, 6 epochs, flipped, with logits', { sample: RESNET, changes: { fineTuning: TAUGHT } }],
  ['ResNet-20, 16 epochs, cropped', { sample: RESNET, changes: { fineTuning: { epochs: 16, ...CROPPED } } }],
  ['ResNet-20, 3 epochs, flipped', { sample: RESNET, changes: { fineTuning: { epochs: 3 } } }],
  ['ResNet-20 to an eighth, 6 epochs, flipped', { sample: RESNET, changes: EIGHTH_OF_RESNET }],
  [
    'ResNet-20 to an eighth, 16 epochs, cropped',
    {
      sample: RESNET,
      changes: { ...EIGHTH_OF_RESNET, fineTuning: { ...EIGHTH_OF_RESNET['fineTuning'], epochs: 16, ...CROPPED } },
    },
  ],
  [
    'ResNet-20, the paper’s block, 3 epochs, flipped',
    { sample: RESNET, changes: { ...PAPER_OF_RESNET, fineTuning: { epochs: 3 } } },
  ],
]);

/**
 * The job of a variant. Those that differ in fine-tuning or selection alone share a folder, and so their trained blocks.
 * @throws DISTILL_E_INTERNAL when the changes make it invalid
 */
export async function jobOf({ sample, changes }: Variant, seed: number): Promise<DistillationJob> {
  const text = await readFile(join(SAMPLES, sample), 'utf8');
  const manifest = load(text) as { readonly spec: Readonly<Record<string, Section>> };
  const names = [...new Set([...Object.keys(manifest.spec), ...Object.keys(changes)])];
  const sections = names.map((name) => [name, { ...manifest.spec[name], ...changes[name] }]);
  const spec = Object.fromEntries(sections) as Record<string, Section>;
  const training = { ...spec['training'], seed };
  const limits = changes['dataset'] === undefined ? [] : [changes['dataset']];
  const trained = JSON.stringify([spec['teacher'], spec['blocks'], training, ...limits]);
  const path = `jobs/${createHash('sha256').update(trained).digest('hex').slice(0, 12)}`;
  const outputs = { ...spec['outputs'], path };
  const checked = validateJob({ ...manifest, spec: { ...spec, training, outputs } });
  if ('problems' in checked)
    throw internalError(`A job on ${sample} is not valid: ${JSON.stringify(checked.problems)}`);
  return checked.job;
}
