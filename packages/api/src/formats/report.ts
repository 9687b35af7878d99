import { BLOCK_OUTCOMES, MEASURES, RESULT_OUTCOMES } from '../words.ts';
import { failure, timing } from './ledger.ts';
import { backendSignature, binSchedule, keptLayer, planFigures } from './plan.ts';
import { readerOf } from './reading.ts';
import { among, amount, count, flag, listOf, mapOf, number, object, type Of, optional, word } from './shape.ts';

/** Format of `report.json`, from which `report.html` is rendered. What could not be measured is absent, never zero. */

const accuracies = { testAccuracy: optional(amount), validationAccuracy: optional(amount) } as const;

/** Size, speed and accuracy of one network. Accuracies are fractions between 0 and 1. */
export type NetworkFigures = Of<typeof networkFigures>;
const networkFigures = object({
  ...accuracies,
  params: count,
  macs: count,
  /** Bytes as model.json and weight files of a LayersModel, the teacher's too: its own file may hold the state of an optimizer, or be packed. */
  bytes: amount,
  /** Median milliseconds for one batch of `latencyBatch` samples on this machine, teacher and student interleaved. */
  latencyMs: optional(amount),
  latencyBatch: optional(count),
});

export type BlockReport = Of<typeof blockReport>;
const blockReport = object({
  name: word,
  /** The layer that it replaces, where that is not its name. */
  layer: optional(word),
  outcome: among(...BLOCK_OUTCOMES),
  epochs: count,
  attempts: count,
  /** Training loss and held-out loss after each epoch of the last attempt. */
  losses: listOf(number),
  probeLosses: listOf(number),
  /** Held-out loss divided by that of predicting the channel means: 0 is perfect, 1 means that nothing was learnt. */
  unexplained: optional(number),
  /** Accuracy of the teacher with only this layer replaced; absent when it was not measured. */
  accuracy: optional(amount),
  /** Mean Kullback-Leibler divergence from the teacher's output to that of the same network, in nats; absent when not measured. */
  divergence: optional(amount),
  selected: flag,
  /** Why the block was selected or not, in words. */
  reason: word,
  /** With outcome `Failed`. */
  failure: optional(failure),
  params: object({ layer: count, block: count }),
  macs: object({ layer: count, block: count }),
  weightsSha256: optional(word),
});

/** One bar of the Gantt chart: a bin training a block for an epoch (in a pass that several blocks may share). */
export type GanttBar = Of<typeof ganttBar>;
const ganttBar = object({ ...timing, block: word, epoch: count });

export type FineTuneEpoch = Of<typeof fineTuneEpoch>;
const fineTuneEpoch = object({
  epoch: count,
  loss: number,
  validationAccuracy: optional(amount),
  seconds: amount,
});

/** A student as assembled from trained blocks, measured on the split of the selection and not fine-tuned. */
const assemblyFields = {
  /** Names of the blocks in it; none: it is the teacher. */
  blocks: listOf(word),
  params: count,
  macs: count,
  /** Predicted milliseconds for a batch; present under a budget of latency. */
  latencyMs: optional(amount),
  /** Absent without labels. */
  accuracy: optional(amount),
  /** Mean Kullback-Leibler divergence from the teacher's output to the student's, in nats; absent when it is not finite. */
  divergence: optional(amount),
} as const;

/** The best student within a limit on one cost: whole parameters, multiply-accumulates for an image or nanoseconds for a batch. */
export type CurvePoint = Of<typeof curvePoint>;
const curvePoint = object({ measure: among(...MEASURES), limit: count, ...assemblyFields });

/** The latency of the chosen student, as shares of the teacher's. */
const budgetLatency = object({
  /** In which the layers were timed, such as `ONNX Runtime 1.30.0`; on one thread. */
  runtime: word,
  /** Images a batch. */
  batch: count,
  /** Milliseconds of processor time for a batch: the teacher as a whole. */
  teacherMs: amount,
  predicted: amount,
  /** Of the student that was written, when it was timed beside the teacher; absent where it could not be. */
  measured: optional(amount),
});

/** A selection by rule `Budget`. */
export type BudgetReport = Of<typeof budgetReport>;
const budgetReport = object({
  /** As the job gives it: shares of the teacher's. */
  budget: object({ parameters: optional(word), macs: optional(word), latency: optional(word) }),
  split: word,
  /** The students within the budget that were measured, best scores first; one is chosen. */
  considered: listOf(object({ ...assemblyFields, chosen: flag })),
  /** From the smallest feasible limit to the teacher, by measure. */
  curve: listOf(curvePoint),
  /** Under a budget of latency: how the chosen student's was predicted, and what was measured. */
  latency: optional(budgetLatency),
});

/** Median milliseconds for a batch on the CPU of this machine; the two took turns. */
export type OnnxTimes = Of<typeof onnxTimes>;
const onnxTimes = object({
  threads: count,
  batch: count,
  teacherMs: amount,
  studentMs: amount,
  /**
   * How many times as fast the student was as the teacher beside it, turn by turn: the median, which earlier versions did not write, and
   * between what the middle half of the turns lies. Absent where they are the same network.
   */
  speedup: optional(object({ median: optional(amount), lowerQuartile: amount, upperQuartile: amount })),
});

/** Speed of teacher and student where a student is deployed; what could not be measured is absent, and `absent` says why. */
export type OnnxSpeed = Of<typeof onnxSpeed>;
const onnxSpeed = object({
  /** Such as `ONNX Runtime 1.30.0`. */
  runtime: optional(word),
  rows: listOf(onnxTimes),
  absent: optional(word),
});

export type Report = Of<typeof report>;
const report = object({
  version: among(1),
  job: word,
  outcome: among(...RESULT_OUTCOMES),
  teacher: networkFigures,
  student: networkFigures,
  /** The student as assembled, before fine-tuning. */
  assembled: object(accuracies),
  threshold: optional(object({ accuracy: number, rule: word, split: word })),
  /** With rule `Budget`. */
  selection: optional(budgetReport),
  blocks: listOf(blockReport),
  kept: listOf(keptLayer),
  fineTuning: object({ epochs: listOf(fineTuneEpoch), keptEpoch: optional(count) }),
  /** The teacher fine-tuned as the student was, where the job asks for it; epoch 0 is the teacher as it is. */
  control: optional(object({ ...accuracies, epochs: listOf(fineTuneEpoch), keptEpoch: count })),
  schedule: optional(binSchedule),
  gantt: listOf(ganttBar),
  time: object({
    /** Seconds during which at least one bin worked. */
    trainingSeconds: optional(amount),
    finalizeSeconds: amount,
    /** Seconds that workers spent on epochs of attempts that were kept. */
    usefulSeconds: amount,
    /** Seconds that they spent on epochs of failed attempts. */
    redoneSeconds: optional(amount),
  }),
  /** Energy used by the GPUs, from their measured power; absent where that is not measured, as on a CPU. */
  energy: optional(
    object({
      /** For all epochs on record. */
      trainingGpuJoules: optional(amount),
      finalizeGpuJoules: optional(amount),
    }),
  ),
  provenance: object({
    recipe: word,
    seed: number,
    teacherSha256: word,
    datasetSha256: word,
    studentSha256: word,
    backends: listOf(backendSignature),
    versions: mapOf(word),
    finishedAt: word,
    unreadableImages: optional(listOf(word)),
  }),
  /** Present when the job asks for the format `Onnx`, or limits the student's latency. */
  onnx: optional(onnxSpeed),
  /** What went wrong without failing the job, such as fine-tuning that diverged: a code of the error catalogue, or `UnmatchedPattern`. */
  warnings: optional(listOf(failure)),
  plan: object(planFigures),
});

/** The report as `report.json` holds it. */
export const readReport = readerOf(report);

/** The record of a finished job: `finalize/result.json`. */
export type ResultRecord = Of<typeof resultRecord>;
const resultRecord = object({
  /** The student's recipe: with another threshold or fine-tuning the job is finalized again. */
  recipe: word,
  report,
});

/** Its version is that of the report that it holds. */
export const readResultBody = readerOf(resultRecord, { within: 'report' });
