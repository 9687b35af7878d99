import { join } from 'node:path';
import type { DistillationJob } from '@distillation/api/job';
import { readManifest } from '../../cli/src/commands/manifest.ts';
import { type Made, jobOf } from '../support/local-job.ts';
import { ROOT } from './operator.ts';
import { type Ways, clusterSection, madeLocally } from './recipe.ts';

/** The sample job on real images, of which it takes few, with one block for each of its thirteen layers. */

const SAMPLE = join(ROOT, 'manifests/samples/cifar10-vgg16.yaml');
const LIMITS = { train: 256, validation: 64, test: 128 };

/** The sample job with less data. */
export async function sampleRecipe({ scheduling = {}, ...ways }: Ways = {}): Promise<DistillationJob> {
  const { apiVersion, kind, metadata, spec } = await readManifest(SAMPLE);
  return jobOf({
    apiVersion,
    kind,
    metadata,
    spec: {
      ...spec,
      dataset: { ...spec.dataset, limits: LIMITS, batchSize: 64 },
      blocks: { architecture: 'LowRank', ratio: '0.375' },
      training: { ...spec.training, epochs: 2 },
      selection: { maxAccuracyDrop: '0.15' },
      fineTuning: { ...spec.fineTuning, epochs: 1, cpuThreads: 1 },
      scheduling: { ...spec.scheduling, ...scheduling },
      cluster: { ...spec.cluster, ...clusterSection(ways) },
    },
  });
}

/** The sample with one block, on as few images as it takes to train that, and no fine-tuning. */
export async function shortSample(ways: Ways = {}): Promise<DistillationJob> {
  const { spec, ...rest } = await sampleRecipe({ scheduling: { bins: 1 }, ...ways });
  return jobOf({
    ...rest,
    spec: {
      ...spec,
      dataset: { ...spec.dataset, limits: { ...LIMITS, test: 64 } },
      blocks: { ...spec.blocks, include: ['block3_conv2'] },
      fineTuning: { epochs: 0 },
    },
  });
}

/** What local mode makes of `sampleRecipe`, on this machine and without any cluster. */
export const sampleReference = async (): Promise<Made> => madeLocally('sample-reference', await sampleRecipe());
