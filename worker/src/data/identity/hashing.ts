import type { DatasetSummary } from '@distillation/api/plan';
import type { HashStore } from './hash-store.ts';

/** What the job's plan says of the data, which must not have changed. */
export interface PlannedData {
  readonly summary: DatasetSummary;
  /** Contents of `data.sha256` on the volume; when absent, all files are read to hash them again. */
  readonly record?: Uint8Array;
}

export interface HashProgress {
  readonly files: number;
  readonly of: number;
  /** Of the files so far. */
  readonly bytes: number;
}

/** How the files are hashed. */
export interface Hashing {
  readonly planned?: PlannedData;
  /** Opens the hashes known from before; called only when files are to be hashed. */
  readonly known?: () => Promise<HashStore>;
  /** Called for every file. */
  readonly onProgress?: (progress: HashProgress) => void;
}
