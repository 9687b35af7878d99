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

const VGG = 'cifar10-vgg16.yaml';
const FLIPPED = { augmentation: 'Flip' } as const;
const CROPPED = { augmentation: 'FlipAndCrop' } as const;
/** The paper's block and rates; its four epochs are what its student needs. */
const PAPER = {
  blocks: { architecture: 'TwoLayer', ratio: undefined, whenNotCheaper: 'Train' },
  training: { epochs: 4, optimizer: { type: 'RMSprop', learningRate: '0.01', schedule: { type: 'Cosine' } } },
} as const;

/** By name of the row. */
export const ROWS: ReadonlyMap<string, Variant> = new Map<string, Variant>([
  ['the sample job', { sample: VGG, changes: {} }],
  ['5 epochs, flipped', { sample: VGG, changes: { fineTuning: { epochs: 5, ...FLIPPED } } }],
  ['6 epochs, flipped', { sample: VGG, changes: { fineTuning: { epochs: 6, ...FLIPPED } } }],
  ['16 epochs, cropped', { sample: VGG, changes: { fineTuning: { epochs: 16, ...CROPPED } } }],
  [
    'ratio 0.25, 6 epochs, flipped',
    { sample: VGG, changes: { blocks: { ratio: '0.25' }, fineTuning: { epochs: 6, ...FLIPPED } } },
  ],
  [
    'ratio 0.25, 16 epochs, cropped',
    { sample: VGG, changes: { blocks: { ratio: '0.25' }, fineTuning: { epochs: 16, ...CROPPED } } },
  ],
  [
    'the paper’s block, 6 epochs, flipped',
    { sample: VGG, changes: { ...PAPER, fineTuning: { epochs: 6, ...FLIPPED } } },
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
  const trained = JSON.stringify([spec['teacher'], spec['blocks'], training]);
  const path = `jobs/${createHash('sha256').update(trained).digest('hex').slice(0, 12)}`;
  const outputs = { ...spec['outputs'], path };
  const checked = validateJob({ ...manifest, spec: { ...spec, training, outputs } });
  if ('problems' in checked)
    throw internalError(`A job on ${sample} is not valid: ${JSON.stringify(checked.problems)}`);
  return checked.job;
}
