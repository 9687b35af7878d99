import type { EpochTiming } from './ledger.ts';
import type { BackendSignature, BinSchedule, KeptLayer, Plan } from './plan.ts';

/** Format of `report.json`, from which `report.html` is drawn. What could not be measured is absent, never zero. */

/** What one network costs and is worth. Accuracies are fractions of 1. */
export interface NetworkFigures {
  readonly testAccuracy?: number;
  readonly validationAccuracy?: number;
  readonly params: number;
  readonly macs: number;
  /** Bytes on disk: of the teacher's file or files as they were given, of the student's model.json and weight files as written. */
  readonly bytes: number;
  /** Median milliseconds for one batch of `latencyBatch` samples on this machine, teacher and student interleaved. */
  readonly latencyMs?: number;
  readonly latencyBatch?: number;
}

/**
 * What came of a job. `NoBlockSelected`: blocks were trained and none was good enough; `NoBlockTrained`: every block failed to train, and the
 * job with it. Both return the teacher.
 */
export const RESULT_OUTCOMES = ['StudentBuilt', 'NoBlockSelected', 'NoBlockTrained'] as const;

export type ResultOutcome = (typeof RESULT_OUTCOMES)[number];

export interface BlockReport {
  readonly name: string;
  readonly outcome: 'Trained' | 'StoppedEarly' | 'Failed';
  readonly epochs: number;
  readonly attempts: number;
  /** Training loss and held-out loss after each epoch, last attempt. */
  readonly losses: readonly number[];
  readonly probeLosses: readonly number[];
  /** Held-out loss over that of predicting the channel means: 0 is perfect, 1 is nothing learnt. */
  readonly unexplained?: number;
  /** Accuracy of the teacher with only this layer replaced; absent when it was not measured. */
  readonly accuracy?: number;
  readonly selected: boolean;
  /** Why it was kept or not, in words. */
  readonly reason: string;
  /** With outcome `Failed`: code of the error catalogue and what was seen. */
  readonly failure?: { readonly code: string; readonly message: string };
  readonly params: { readonly layer: number; readonly block: number };
  readonly macs: { readonly layer: number; readonly block: number };
  readonly weightsSha256?: string;
}

/** One bar of the Gantt chart: a bin training a block (or passes of several) for an epoch. */
export interface GanttBar extends EpochTiming {
  readonly block: string;
  readonly epoch: number;
}

export interface FineTuneEpoch {
  readonly epoch: number;
  readonly loss: number;
  readonly validationAccuracy?: number;
  readonly seconds: number;
}

export interface Report {
  readonly version: 1;
  readonly job: string;
  readonly outcome: ResultOutcome;
  readonly teacher: NetworkFigures;
  readonly student: NetworkFigures;
  /** The student as assembled, before fine-tuning. */
  readonly assembled: { readonly testAccuracy?: number; readonly validationAccuracy?: number };
  readonly threshold?: { readonly accuracy: number; readonly rule: string; readonly split: string };
  readonly blocks: readonly BlockReport[];
  readonly kept: readonly KeptLayer[];
  readonly fineTuning: { readonly epochs: readonly FineTuneEpoch[]; readonly keptEpoch?: number };
  readonly schedule?: BinSchedule;
  readonly gantt: readonly GanttBar[];
  readonly time: {
    /** Seconds in which at least one bin worked. */
    readonly trainingSeconds?: number;
    readonly finalizeSeconds: number;
    /** Seconds that workers spent on the epochs of attempts that were kept: those of a failed attempt were for nothing. */
    readonly usefulSeconds: number;
    /** And on epochs of attempts that failed. */
    readonly redoneSeconds?: number;
  };
  /** What the GPUs took, by their measured power; absent where that is not measured, as on a CPU. */
  readonly energy?: {
    /** All epochs on record. */
    readonly trainingGpuJoules?: number;
    readonly finalizeGpuJoules?: number;
  };
  readonly provenance: {
    readonly recipe: string;
    readonly seed: number;
    readonly teacherSha256: string;
    readonly datasetSha256: string;
    readonly studentSha256: string;
    readonly backends: readonly BackendSignature[];
    readonly versions: Readonly<Record<string, string>>;
    readonly finishedAt: string;
    readonly unreadableImages?: readonly string[];
  };
  /** What went wrong without failing the job, such as a fine-tuning that diverged: code of the error catalogue, or `UnmatchedPattern`. */
  readonly warnings?: readonly { readonly code: string; readonly message: string }[];
  readonly plan: Pick<Plan, 'costUnit' | 'costSource' | 'stepsPerEpoch' | 'epochs' | 'dataset'>;
}
