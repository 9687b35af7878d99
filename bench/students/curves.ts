import { internalError } from '@distillation/api/errors';
import type { DistillationJob } from '@distillation/api/job';
import { jobOf, type Variant } from './rows.ts';
import { CURVES_JSON, type CurveRun, readCurveRuns, writeRuns } from '../results.ts';
import { layOut, processor, reportOf } from './volume.ts';

/**
 * `npm run bench -- curves`: the best student within each limit on multiply-accumulates and on latency, as assembled, from low-rank blocks and from
 * the paper's four architectures, of each sample teacher. Written to docs/benchmarks/curves.json; `npm run generate` makes docs/benchmarks.md of it.
 * What is there already is not run again.
 */

const SEED = 7;
/** Any budget gives the whole curve. */
const SELECTION = { selection: { rule: 'Budget', budget: { macs: '0.9', latency: '0.95' } } };
const NOT_TUNED = { fineTuning: { epochs: 0 } };

/** The stem of the ResNet stays, as in its sample. */
const NETWORKS: readonly {
  readonly network: string;
  readonly sample: string;
  readonly exclude: readonly string[] | undefined;
}[] = [
  { network: 'VGG16', sample: 'cifar10-vgg16.yaml', exclude: undefined },
  { network: 'ResNet-20', sample: 'cifar10-resnet20.yaml', exclude: ['stem'] },
];

const LOW_RANK = {
  blocks: {
    candidates: ['0.125', '0.25', '0.375', '0.5', '0.625'].map((ratio) => ({ architecture: 'LowRank', ratio })),
  },
};

const SETS = new Map<string, Variant['changes']>([
  ['low-rank, 1 epoch', LOW_RANK],
  ['low-rank, 2 epochs', { ...LOW_RANK, training: { epochs: 2 } }],
  [
    'the paper’s four, 2 epochs',
    {
      blocks: {
        candidates: ['TwoLayer', 'ThreeLayer', 'TwoLayerSkip', 'ThreeLayerSkip'].map((architecture) => ({
          architecture,
        })),
      },
      training: { epochs: 2, optimizer: { type: 'RMSprop', learningRate: '0.01', schedule: { type: 'Cosine' } } },
    },
  ],
]);

const volume = await layOut();
for (const { network, sample, exclude } of NETWORKS) {
  for (const [candidates, changes] of SETS) {
    const isKnown = (run: CurveRun): boolean => run.network === network && run.candidates === candidates;
    if ((await readCurveRuns()).some(isKnown)) continue;
    const blocks = { ...changes['blocks'], exclude };
    const job = await jobOf({ sample, changes: { ...changes, blocks, ...SELECTION, ...NOT_TUNED } }, SEED);
    const run: CurveRun = { network, candidates, ...(await curveOf(job)) };
    await writeRuns(CURVES_JSON, [...(await readCurveRuns()), run]);
  }
}

async function curveOf(job: DistillationJob): Promise<Omit<CurveRun, 'network' | 'candidates'>> {
  const { teacher, selection, provenance } = await reportOf(job, volume);
  if (selection?.latency === undefined) throw internalError(`The job ${job.metadata.name} has no curve of latency.`);
  const { teacherMs } = selection.latency;
  return {
    seed: SEED,
    processor: processor(),
    finishedAt: provenance.finishedAt,
    teacher: {
      macs: teacher.macs,
      params: teacher.params,
      latencyMs: teacherMs,
      accuracy: teacher.validationAccuracy ?? 0,
    },
    points: selection.curve.map(({ macs, params, latencyMs = teacherMs, accuracy }) => ({
      macs,
      params,
      latencyMs,
      ...(accuracy !== undefined && { accuracy }),
    })),
  };
}
