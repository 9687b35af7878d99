import type { DatasetSummary } from '@distillation/api/plan';
import type { LeftOutTally } from './folders/left-out.ts';
import type { Part } from './types.ts';

/** What a format's reader gives: the samples as they lie on disk, before splitting. One reader a file, chosen by `spec.dataset.format`. */
export interface FormatData {
  readonly train: Part;
  /** The format's own validation split; most have none. */
  readonly validation?: Part;
  /** Absent when the folder holds no test split. */
  readonly test?: Part;
  /** In the order of the labels. */
  readonly classNames: readonly string[];
  /** What of the data folder itself is read: names of files and of folders. Whatever else lies there is told. */
  readonly used: readonly string[];
  /** SHA-256 of each file that was read whole, in hexadecimal; of image files, which are read one by one, none. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Of image folders. */
  readonly places?: Pick<DatasetSummary, 'folders' | 'nested'>;
  /** How a validation split is cut from `train`: its last samples, or every n-th file of each class. */
  readonly cut: 'Last' | 'EveryNth';
}

export interface FormatOptions {
  /** Whether labels are read and checked. */
  readonly labelled: boolean;
  /** Classes the teacher knows, when known. */
  readonly classes?: number;
  /** Counts what is not read in the folders that are. */
  readonly tally: LeftOutTally;
}

/** Reads the files of `folder`. @throws DistillError DISTILL_E_DATASET_* */
export type FormatReader = (folder: string, options: FormatOptions) => Promise<FormatData>;
