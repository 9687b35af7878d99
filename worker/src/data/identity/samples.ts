import { createHash } from 'node:crypto';
import { fileName } from '../folders/listing.ts';
import { encodeName } from '../folders/names.ts';
import { sharedBytes } from '../shared.ts';
import { type FilePart, type Split, type SplitData, SPLITS } from '../types.ts';

/** The image files that a job reads, and their hashes, in memory shared with the loader threads. */

export const DIGEST_BYTES = 32;

export type Splits = Readonly<Record<Split, SplitData>>;

interface ChosenFile {
  readonly split: Split;
  readonly part: FilePart;
  readonly position: number;
  readonly name: string;
}

/** The files of all splits after limits, in order; none for packed formats. */
export function* chosenFiles(splits: Splits): Generator<ChosenFile> {
  for (const split of SPLITS) {
    const { part, samples } = splits[split];
    if (part.kind !== 'files') continue;
    for (const position of samples) yield { split, part, position, name: fileName(part, position) };
  }
}

export const countChosen = (splits: Splits): number =>
  SPLITS.reduce((sum, split) => sum + (splits[split].part.kind === 'files' ? splits[split].samples.length : 0), 0);

/** The splits with room for the hash of each file; all zeros mark a file that could not be opened. */
export function withDigests(splits: Splits): Splits {
  const made = new Map<FilePart, FilePart>();
  const withRoom = ({ part, samples }: SplitData): SplitData => {
    if (part.kind !== 'files') return { part, samples };
    const roomy = made.get(part) ?? { ...part, digests: sharedBytes((part.offsets.length - 1) * DIGEST_BYTES) };
    made.set(part, roomy);
    return { part: roomy, samples };
  };
  return { train: withRoom(splits.train), validation: withRoom(splits.validation), test: withRoom(splits.test) };
}

/** The planned hash of a file; undefined when it could not be opened then, or when there are no hashes. */
export function digestOf({ digests }: FilePart, position: number): Uint8Array | undefined {
  const digest = digests?.subarray(position * DIGEST_BYTES, (position + 1) * DIGEST_BYTES);
  return digest?.some((byte) => byte !== 0) === true ? digest : undefined;
}

export function setDigest({ digests }: FilePart, position: number, digest: Uint8Array): void {
  digests?.set(digest, position * DIGEST_BYTES);
}

/** SHA-256 over split, name (which contains the class) and content of every sample: all that a result depends on in image folders. */
export function samplesHash(splits: Splits): string {
  const hash = createHash('sha256');
  const nothing = new Uint8Array(DIGEST_BYTES);
  for (const { split, part, position, name } of chosenFiles(splits)) {
    hash.update(`${split} `).update(encodeName(name)).update('\0');
    hash.update(digestOf(part, position)?.slice() ?? nothing);
  }
  return hash.digest('hex');
}

/** The same for formats whose files are read whole. */
export function filesHash(hashes: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const [name, digest] of hashes) hash.update(encodeName(name)).update('\0').update(digest, 'hex');
  return hash.digest('hex');
}
