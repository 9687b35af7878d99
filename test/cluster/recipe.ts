import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DistillationJob } from '@distillation/api/job';
import { LABEL } from '@distillation/api/labels';
import { readManifest } from '../../cli/src/commands/manifest.ts';
import { runLocal } from '../../cli/src/local/run.ts';
import { type Made, jobOf, madeBy, silent } from '../support/local-job.ts';
import { ROOT } from './operator.ts';
import { type Pool, QUIET } from './shared-cluster.ts';
import { CLAIM, alone, clusterFolder } from './support.ts';

/** The one recipe of these tests: the sample job on real images, of which it takes few, with one block for each of its thirteen layers. */

/** What tests may ask for otherwise; none of it changes the student. */
export interface Ways {
  readonly scheduling?: object;
  readonly cluster?: object;
  readonly workerTemplate?: object;
  /** Where its pods may run; by default where nothing happens to nodes. */
  readonly pool?: Pool;
}

const SAMPLE = join(ROOT, 'manifests/samples/cifar10-vgg16.yaml');
/** Few enough not to wait for, and enough for a block to be trained for as long as a test takes to interrupt it. */
const LIMITS = { train: 512, validation: 64, test: 128 };
const run = promisify(execFile);
const HOSTNAME = 'kubernetes.io/hostname';

/** The pods of workers go to different nodes of the pool as long as there is room. */
const spreadOver = ({ nodes }: Pool): object => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: HOSTNAME, operator: 'In', values: nodes }] }],
      },
    },
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 100,
          podAffinityTerm: {
            topologyKey: HOSTNAME,
            labelSelector: { matchLabels: { [LABEL.role]: 'worker' } },
          },
        },
      ],
    },
  },
});

/** The sample job with less data; more epochs than one, so that an interruption may fall between two. */
export async function recipe(ways: Ways = {}): Promise<DistillationJob> {
  const { scheduling = {}, cluster = {}, workerTemplate = {}, pool = QUIET } = ways;
  const { apiVersion, kind, metadata, spec } = await readManifest(SAMPLE);
  return jobOf({
    apiVersion,
    kind,
    metadata,
    spec: {
      ...spec,
      dataset: { ...spec.dataset, limits: LIMITS, batchSize: 64 },
      blocks: { architecture: 'LowRank', ratio: '0.375' },
      training: { ...spec.training, epochs: 3 },
      selection: { maxAccuracyDrop: '0.15' },
      fineTuning: { ...spec.fineTuning, epochs: 1, cpuThreads: 1 },
      scheduling: { ...spec.scheduling, ...scheduling },
      cluster: {
        ...spec.cluster,
        volume: { claimName: CLAIM },
        workerTemplate: { ...spreadOver(pool), ...workerTemplate },
        ...cluster,
      },
    },
  });
}

/** A job of seconds: one block, which learns enough not to count as dead, no fine-tuning, no GPU. */
export async function smallest(): Promise<DistillationJob> {
  const { spec, ...rest } = await recipe({ scheduling: { bins: 1 }, cluster: { gpu: { count: 0 } } });
  return jobOf({
    ...rest,
    spec: {
      ...spec,
      dataset: { ...spec.dataset, limits: { train: 512, validation: 64, test: 64 } },
      blocks: { ...spec.blocks, include: ['block3_conv2'] },
      fineTuning: { epochs: 0 },
    },
  });
}

/** Where local mode has run the recipe. */
const referenceVolume = (): string => join(clusterFolder(), 'volumes', 'reference');

/** What local mode makes of the recipe, on this machine and without any cluster; computed once for all files. */
export function reference(): Promise<Made> {
  return alone('the reference', async () => {
    const [volume, job] = [referenceVolume(), await recipe()];
    if (!existsSync(volume)) {
      await mkdir(volume, { recursive: true });
      await run('cp', ['--archive', '--link', `${join(clusterFolder(), 'material')}/.`, volume]);
      await runLocal({ job, volume, display: silent, signal: new AbortController().signal });
    }
    return madeBy(volume, job);
  });
}
