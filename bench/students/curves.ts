import { internalError } from '@distillation/api/errors';
import { jobOf, type Variant } from './rows.ts';
import { CURVES_JSON, type CurveRun, readCurveRuns, writeRuns } from '../results.ts';
import { layOut, processor, reportOf } from './volume.ts';

/**
 * `npm run bench -- curves`: the best student within each limit on multiply-accumulates and on latency, as assembled, from low-rank blocks and from
 * the paper's four architectures. Written to docs/benchmarks/curves.json; `npm run generate` makes docs/benchmarks.md of it.
 */

const SEED = 7;
/** Any budget gives the whole curve. */
const SELECTION = { selection: { rule: 'Budget', budget: { macs: '0.9', latency: '0.95' } } };
const NOT_TUNED = { fineTuning: { epochs: 0 } };

const SETS = new Map<string, Variant['changes']>([
  [
    'low-rank, 1 epoch',
    {
      blocks: {
        exclude: undefined,
        candidates: ['0.125', '0.25', '0.375', '0.5', '0.625'].map((ratio) => ({ architecture: 'LowRank', ratio })),
      },
    },
  ],
  [
    'the paper’s four, 2 epochs',
    {
      blocks: {
        exclude: undefined,
        candidates: ['TwoLayer', 'ThreeLayer', 'TwoLayerSkip', 'ThreeLayerSkip'].map((architecture) => ({
          architecture,
        })),
      },
      training: { epochs: 2, optimizer: { type: 'RMSprop', learningRate: '0.01', schedule: { type: 'Cosine' } } },
    },
  ],
]);

const volume = await layOut();
for (const [candidates, blocks] of SETS) {
  if ((await readCurveRuns()).some((run) => run.candidates === candidates)) continue;
  const changes = { ...blocks, ...SELECTION, ...NOT_TUNED };
  const job = await jobOf({ sample: 'cifar10-vgg16.yaml', changes }, SEED);
  const { teacher, selection, provenance } = await reportOf(job, volume);
  if (selection?.latency === undefined) throw internalError(`The job of ${candidates} has no curve of latency.`);
  const { teacherMs } = selection.latency;
  const run: CurveRun = {
    candidates,
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
  await writeRuns(CURVES_JSON, [...(await readCurveRuns()), run]);
}
