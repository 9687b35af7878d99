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
  /** Every file that matters, relative to the folder, always in the same order: for the fingerprint. */
  readonly files: Iterable<string>;
  /** How a validation split is cut from `train`: its last samples, or every n-th file of each class. */
  readonly cut: 'Last' | 'EveryNth';
}

export interface FormatOptions {
  /** Whether labels are read and checked. */
  readonly labelled: boolean;
  /** Classes the teacher knows, when known. */
  readonly classes?: number;
}

/** Reads the files of `folder`. @throws DistillError DISTILL_E_DATASET_* */
export type FormatReader = (folder: string, options: FormatOptions) => Promise<FormatData>;
