import type { DatasetSummary, Shape3 } from '@distillation/api/plan';

/** Types of the data set modules. Everything in `DatasetData` is passed to the loader threads; its large arrays are shared memory. */

export type Split = 'train' | 'validation' | 'test';
export const SPLITS: readonly Split[] = ['train', 'validation', 'test'];

/** Label of a sample without one. */
export const UNLABELLED = -1;

/** One image: 8-bit pixels, height x width x channels, channels last and in RGB order (one channel: grey). */
export interface Sample {
  readonly pixels: Uint8Array;
  readonly shape: Shape3;
  /** Class index, or `UNLABELLED`. */
  readonly label: number;
}

/** A run of samples from one file, to name a sample in a message. */
interface FileRun {
  readonly name: string;
  readonly count: number;
}

/** Samples of one size, one after another in memory: the binary formats. */
export interface PackedPart {
  readonly kind: 'packed';
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  /** Bytes from one sample to the next, and from a sample's start to its pixels. */
  readonly stride: number;
  readonly pixelOffset: number;
  /** `Planar`: one plane per channel (CIFAR); `Interleaved`: channels last; `Repeated`: one plane that serves as every channel. */
  readonly layout: 'Planar' | 'Interleaved' | 'Repeated';
  readonly shape: Shape3;
  /** One class index per sample; absent without labels. */
  readonly labels?: Int32Array<SharedArrayBuffer>;
  readonly files: readonly FileRun[];
  /** File of the labels, when it differs from that of the pixels. */
  readonly labelsFile?: string;
}

/** Samples that are image files, listed compactly (a million names are one block of UTF-8), decoded when read. */
export interface FilePart {
  readonly kind: 'files';
  readonly root: string;
  /** Bytes of all paths relative to `root`, one after another. */
  readonly names: Uint8Array<SharedArrayBuffer>;
  /** Where each name starts, and the end of the last. */
  readonly offsets: Uint32Array<SharedArrayBuffer>;
  readonly labels?: Int32Array<SharedArrayBuffer>;
  /** Planned SHA-256 of each file, 32 bytes per file, compared whenever one is read; see `identity/samples.ts`. */
  readonly digests?: Uint8Array<SharedArrayBuffer>;
}

export type Part = PackedPart | FilePart;

/** A split: a choice of a part's samples. */
export interface SplitData {
  readonly part: Part;
  /** Position in the part of each sample of the split, in the split's order. */
  readonly samples: Uint32Array<SharedArrayBuffer>;
}

export type Resize = 'None' | 'Stretch' | 'CenterCrop';

export interface DatasetData {
  readonly splits: Readonly<Record<Split, SplitData>>;
  /** Shape every sample is delivered in. */
  readonly imageShape: Shape3;
  readonly resize: Resize;
  readonly maxUnreadable: number;
}

/** An open data set. Splits may be empty (count 0) except for `train`. */
export interface Dataset {
  readonly summary: DatasetSummary;
  /** One name per class, in the order of the labels; digits when the format has no names, empty without labels. */
  readonly classNames: readonly string[];
  readonly splits: Readonly<Record<Split, { readonly count: number }>>;
  /**
   * One sample of a split in the data set's `imageShape`, without augmentation.
   * @throws DistillError DISTILL_E_DATASET_SHAPE for an image of another size that may not be resized,
   *   DISTILL_E_DATASET_UNREADABLE_IMAGES for one that cannot be decoded.
   */
  read(split: Split, index: number): Promise<Sample>;
  /** For the loader threads. */
  readonly data: DatasetData;
  /** Contents of `data.sha256` for the other processes of the job; undefined for data that an earlier version planned. */
  readonly record: Uint8Array | undefined;
  /** The hash by which earlier versions identified the data: over names, sizes and the first and last 4 KiB of each file. */
  edges(): Promise<string>;
}

/** What the caller knows of the network that the data are for; the teacher of a plan fits. */
export interface Expected {
  /** The teacher's input; images are checked against it or resized to it. */
  readonly inputShape?: Shape3;
  readonly classes?: number;
}
