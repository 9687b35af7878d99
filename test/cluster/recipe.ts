import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DistillationJob } from '@distillation/api/job';
import { LABEL } from '@distillation/api/labels';
import { runLocal } from '../../cli/src/local/run.ts';
import { type Made, jobOf, madeBy, silent } from '../support/local-job.ts';
import { heldSteps } from '../support/pace/pace.ts';
import { tinyJob } from '../support/tiny-world.ts';
import { HELD_WORKER, type Pool, QUIET } from './shared-cluster.ts';
import { CLAIM, alone, clusterFolder } from './support.ts';

/** The one recipe of most of these tests: the job of the tiny world, whose steps compute for little and last for long. */

/** What tests may ask for otherwise; none of it changes the student. */
export interface Ways {
  readonly scheduling?: object;
  readonly cluster?: object;
  readonly workerTemplate?: object;
  /** Where its pods may run; by default where nothing happens to nodes. */
  readonly pool?: Pool;
}

const OUTPUT = 'jobs/tiny';
/** So long lasts a step, in milliseconds: an epoch is long enough to be interrupted by what a busy machine does in seconds. */
const STEP_MS = { worker: 800, finalizer: 200 };
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

/** The section `cluster` of a job. */
export const clusterSection = ({ cluster = {}, workerTemplate = {}, pool = QUIET }: Ways): object => ({
  volume: { claimName: CLAIM },
  workerTemplate: { ...spreadOver(pool), ...workerTemplate },
  ...cluster,
});

/** The tiny job with all its blocks. */
export const recipe = ({ scheduling = {}, ...ways }: Ways = {}): DistillationJob =>
  jobOf(tinyJob(OUTPUT, { scheduling, cluster: clusterSection(ways) }));

/** The tiny job whose steps last, so that what happens to it happens amid them. */
export const heldRecipe = ({ workerTemplate = {}, cluster = {}, ...ways }: Ways = {}): DistillationJob =>
  recipe({
    ...ways,
    workerTemplate: { image: HELD_WORKER, env: environment(STEP_MS.worker), ...workerTemplate },
    cluster: { finalizerTemplate: { env: environment(STEP_MS.finalizer) }, ...cluster },
  });

const environment = (ms: number): object[] => Object.entries(heldSteps(ms)).map(([name, value]) => ({ name, value }));

/** A job of seconds: one block, no fine-tuning, no GPU. */
export const smallest = (): DistillationJob =>
  jobOf(
    tinyJob(OUTPUT, {
      blocks: { include: ['conv3'] },
      scheduling: { bins: 1 },
      fineTuning: { epochs: 0 },
      cluster: clusterSection({ cluster: { gpu: { count: 0 } } }),
    }),
  );

/** What local mode makes of a job, on this machine and without any cluster; computed once for all files. */
export function madeLocally(name: string, job: DistillationJob): Promise<Made> {
  const volume = join(clusterFolder(), 'volumes', name);
  return alone(`the ${name}`, async () => {
    if (!existsSync(volume)) {
      await mkdir(volume, { recursive: true });
      await run('cp', ['--archive', '--link', `${join(clusterFolder(), 'material')}/.`, volume]);
      await runLocal({ job, volume, display: silent, signal: new AbortController().signal });
    }
    return madeBy(volume, job);
  });
}

/** What local mode makes of `recipe`. */
export const reference = (): Promise<Made> => madeLocally('reference', recipe());
