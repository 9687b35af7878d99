import type { DatasetSummary } from '@distillation/api/plan';
import type { LeftOutTally } from './folders/left-out.ts';
import type { Part } from './types.ts';

/**
 * The result of a format's reader: the samples as they lie on disk, before splitting. Each format has one reader, chosen by
 * `spec.dataset.format`.
 */
export interface FormatData {
  readonly train: Part;
  /** The format's own validation split; most have none. */
  readonly validation?: Part;
  /** Absent when the folder has no test split. */
  readonly test?: Part;
  /** In the order of the labels. */
  readonly classNames: readonly string[];
  /** Names of the files and folders in the data folder that are read. Everything else there is reported. */
  readonly used: readonly string[];
  /** SHA-256 of each file that was read whole, in hexadecimal; empty for image files, which are read one by one. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Of image folders. */
  readonly places?: Pick<DatasetSummary, 'folders' | 'nested'>;
  /** How a validation split is taken from `train`: its last samples, or every n-th file of each class. */
  readonly cut: 'Last' | 'EveryNth';
}

export interface FormatOptions {
  /** Whether labels are read and checked. */
  readonly labelled: boolean;
  /** Number of classes of the teacher, if known. */
  readonly classes?: number;
  /** Counts what is not read inside the folders that are read. */
  readonly tally: LeftOutTally;
}

/** Reads the files of `folder`. @throws DistillError DISTILL_E_DATASET_* */
export type FormatReader = (folder: string, options: FormatOptions) => Promise<FormatData>;
