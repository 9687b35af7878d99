import type { DistillationJob } from '@distillation/api/job';
import type { EpochMetrics, EpochRecord } from '@distillation/api/ledger';
import type {
  BlockReport,
  BudgetReport,
  FineTuneEpoch,
  NetworkFigures,
  OnnxSpeed,
  Report,
} from '@distillation/api/report';
import type { BackendSignature, BinSchedule, Plan } from '@distillation/api/plan';
import { timesAsFast } from '@distillation/api/report-words';
import { covered } from '../report/spans.ts';
import { blockState } from '@distillation/ledger/block-state';
import { workerSeconds } from '@distillation/ledger/worker-seconds';
import { energyOf } from './measuring/energy.ts';
import type { FineTuneResult } from './fine-tuning/fine-tune.ts';
import { failureOf, type GatheredBlock } from './gather.ts';
import type { BlockVerdict, Score, Threshold } from './select.ts';

/** The results of the finalizer; the report is a function of them. */
interface Findings {
  readonly job: DistillationJob;
  readonly plan: Plan;
  /** Hash of everything that decides the student. */
  readonly recipe: string;
  readonly schedule: BinSchedule | undefined;
  readonly blocks: readonly GatheredBlock[];
  readonly verdicts: readonly BlockVerdict[];
  readonly threshold: Threshold | undefined;
  /** With rule `Budget`. */
  readonly selection: BudgetReport | undefined;
  readonly fineTuning: FineTuneResult | undefined;
  /** Of the teacher; absent without a control. */
  readonly controlTuning: FineTuneResult | undefined;
  /** Sentences about those patterns of `spec.fineTuning.freeze` that match no layer. */
  readonly unmatchedFreeze: readonly string[];
  readonly teacher: NetworkFigures;
  readonly student: NetworkFigures;
  readonly assembled: Report['assembled'];
  /** Accuracies of the control. */
  readonly control: Report['assembled'];
  readonly studentSha256: string;
  readonly onnx: OnnxSpeed | undefined;
  /** About formats of the student that could not be written. */
  readonly formatWarnings: NonNullable<Report['warnings']>;
  readonly signature: BackendSignature;
  readonly versions: Readonly<Record<string, string>>;
  readonly unreadableImages: readonly string[];
  readonly finalizeSeconds: number;
  readonly finalizeGpuJoules: number | undefined;
  /** ISO 8601. */
  readonly finishedAt: string;
}

export const accuracyOf = ({ correct, total }: Score): number => correct / total;

export function buildReport(findings: Findings): Report {
  const { job, plan, schedule, blocks, verdicts, threshold, fineTuning } = findings;
  const records = blocks.flatMap(({ history }) => history);
  const gantt = records
    .map(({ block, epoch, timing }) => ({ block, epoch, ...timing }))
    .sort((a, b) => a.startedAt - b.startedAt || (a.block < b.block ? -1 : 1));
  const seconds = workerSeconds(blocks.map(({ history }) => history));
  const warnings = warningsOf(findings);
  return {
    version: 1,
    job: job.metadata.name,
    outcome: outcomeOf(blocks, verdicts),
    teacher: findings.teacher,
    student: findings.student,
    assembled: findings.assembled,
    ...(threshold !== undefined && {
      threshold: { accuracy: threshold.accuracy, rule: threshold.rule, split: job.spec.selection.split },
    }),
    ...(findings.selection !== undefined && { selection: withMeasured(findings.selection, findings.onnx) }),
    blocks: blocks.map((block, i) => blockReport(block, verdicts[i])),
    kept: plan.kept,
    fineTuning: {
      epochs: (fineTuning?.epochs ?? []).flatMap(fineTuneEpoch),
      ...(fineTuning !== undefined && { keptEpoch: fineTuning.keptEpoch }),
    },
    ...controlReport(findings),
    ...(schedule !== undefined && { schedule }),
    gantt,
    time: {
      ...trainingSeconds(records),
      finalizeSeconds: findings.finalizeSeconds,
      usefulSeconds: seconds.useful,
      ...(seconds.redone > 0 && { redoneSeconds: seconds.redone }),
    },
    ...energyOf(records, findings.finalizeGpuJoules),
    provenance: {
      recipe: findings.recipe,
      seed: job.spec.training.seed,
      teacherSha256: plan.teacher.sha256,
      datasetSha256: plan.dataset.sha256,
      studentSha256: findings.studentSha256,
      backends: distinct([...records.map(({ backend }) => backend), findings.signature]),
      versions: findings.versions,
      finishedAt: findings.finishedAt,
      ...(findings.unreadableImages.length > 0 && { unreadableImages: findings.unreadableImages }),
    },
    ...(findings.onnx !== undefined && { onnx: findings.onnx }),
    ...(warnings.length > 0 && { warnings }),
    plan: {
      costUnit: plan.costUnit,
      costSource: plan.costSource,
      stepsPerEpoch: plan.stepsPerEpoch,
      epochs: plan.epochs,
      dataset: plan.dataset,
    },
  };
}

/** The selection with the measured latency beside the predicted one. */
function withMeasured(selection: BudgetReport, onnx: OnnxSpeed | undefined): BudgetReport {
  const { latency } = selection;
  const row = onnx?.rows.find(({ threads, batch }) => threads === 1 && batch === latency?.batch);
  if (latency === undefined || row === undefined || !(timesAsFast(row) > 0)) return selection;
  return { ...selection, latency: { ...latency, measured: 1 / timesAsFast(row) } };
}

function warningsOf(findings: Findings): NonNullable<Report['warnings']> {
  const { plan, fineTuning, controlTuning, unmatchedFreeze, formatWarnings } = findings;
  const [diverged, control] = [fineTuning?.diverged, controlTuning?.diverged];
  return [
    ...[...(plan.unmatched ?? []), ...unmatchedFreeze].map((message) => ({ code: 'UnmatchedPattern', message })),
    ...(diverged === undefined
      ? []
      : [
          {
            code: 'DISTILL_E_FINE_TUNE_DIVERGED',
            message: `Fine-tuning stopped in epoch ${fineTuning?.epochs.length ?? 0}: ${diverged}. The student is that of ${keptName(fineTuning?.keptEpoch)}.`,
          },
        ]),
    ...(control === undefined
      ? []
      : [
          {
            code: 'DISTILL_E_FINE_TUNE_DIVERGED',
            message: `Fine-tuning of the control stopped in epoch ${controlTuning?.epochs.length ?? 0}: ${control}. The student is not affected.`,
          },
        ]),
    ...formatWarnings,
  ];
}

function controlReport({ control, controlTuning }: Findings): Pick<Report, 'control'> {
  if (controlTuning === undefined) return {};
  return {
    control: {
      ...control,
      epochs: controlTuning.epochs.flatMap(fineTuneEpoch),
      keptEpoch: controlTuning.keptEpoch,
    },
  };
}

function outcomeOf(blocks: readonly GatheredBlock[], verdicts: readonly BlockVerdict[]): Report['outcome'] {
  if (verdicts.some(({ selected }) => selected)) return 'StudentBuilt';
  return blocks.some(({ trained }) => trained !== undefined) ? 'NoBlockSelected' : 'NoBlockTrained';
}

const keptName = (epoch = 0): string => (epoch === 0 ? 'the assembly, not fine-tuned' : `epoch ${epoch}`);

function blockReport(block: GatheredBlock, verdict: BlockVerdict | undefined): BlockReport {
  const { plan, history, trained } = block;
  const { attempt, epoch, outcome = 'Failed' } = blockState(history);
  const last = history.filter((record) => record.attempt === attempt).map(({ metrics }) => metrics);
  const end = last.at(-1);
  return {
    name: plan.name,
    ...(plan.layer.name !== plan.name && { layer: plan.layer.name }),
    outcome,
    epochs: epoch,
    attempts: attempt + 1,
    // The curve of a failed block ends before the first loss that is not finite; the reason explains it.
    losses: last.map(({ loss }) => loss).filter(Number.isFinite),
    probeLosses: last.map(({ probeLoss }) => probeLoss).filter(Number.isFinite),
    ...unexplained(end),
    ...(verdict?.accuracy !== undefined && { accuracy: verdict.accuracy }),
    ...(verdict?.divergence !== undefined && { divergence: verdict.divergence }),
    selected: verdict?.selected ?? false,
    reason: verdict?.reason ?? failureOf(block).message,
    ...(trained === undefined && { failure: failureOf(block) }),
    params: { layer: plan.layer.params, block: plan.params },
    macs: { layer: plan.layer.macs, block: plan.macs },
    ...(trained !== undefined && { weightsSha256: trained.sha256 }),
  };
}

function unexplained(end: EpochMetrics | undefined): { unexplained?: number } {
  if (end === undefined || end.probeBaseline <= 0 || !Number.isFinite(end.probeLoss)) return {};
  return { unexplained: end.probeLoss / end.probeBaseline };
}

/** An epoch that diverged has no loss to report; the warning explains it. */
function fineTuneEpoch({ epoch, loss, validation, seconds }: FineTuneResult['epochs'][number]): FineTuneEpoch[] {
  if (loss === undefined) return [];
  return [{ epoch, loss, seconds, ...(validation !== undefined && { validationAccuracy: accuracyOf(validation) }) }];
}

/**
 * Seconds during which at least one bin worked on an epoch that is on record; the time between a kill and the next start does not
 * count.
 */
function trainingSeconds(records: readonly EpochRecord[]): { trainingSeconds?: number } {
  if (records.length === 0) return {};
  return { trainingSeconds: covered(records.map(({ timing }) => timing)) / 1000 };
}

function distinct(signatures: readonly BackendSignature[]): BackendSignature[] {
  return [...new Map(signatures.map((s) => [`${s.name} ${s.tensorflow} ${s.cpuThreads}`, s])).values()];
}
