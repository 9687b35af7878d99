import type { DatasetSummary, UnreadableFile } from '@distillation/api/plan';
import { shownName } from '../folders/names.ts';
import type { FormatData } from '../format.ts';
import { UnreadableImages } from '../images/unreadable.ts';
import type { Hashing, PlannedData } from './hashing.ts';
import { changed, changedSince, difference, NOT_AS_PLANNED } from './changed.ts';
import { edgesHash } from './edges.ts';
import { type HashedFile, hashFile } from './hash-file.ts';
import { decodeRecord, encodeRecord, type RecordedFile } from './record.ts';
import {
  chosenFiles,
  countChosen,
  digestOf,
  filesHash,
  samplesHash,
  setDigest,
  type Splits,
  withDigests,
} from './samples.ts';

/**
 * Identifies the data that a job was planned for. Everything that is read is hashed: files of packed formats at every read, image
 * files once by the planner and again whenever one is read (`read.ts`). So no change goes unnoticed, and a copied volume with other
 * time stamps costs nothing.
 */

/** Number of files hashed at the same time: enough to keep a network volume busy. */
const IN_FLIGHT = 16;
/** How often hashes are saved while a large data set is read, in milliseconds, so that a planner that was killed need not start over. */
const KEEP_EVERY_MS = 60_000;

interface Identity {
  /** With the expected hash of each image file. */
  readonly splits: Splits;
  readonly sha256: string;
  readonly hashOf?: DatasetSummary['hashOf'];
  readonly record: Uint8Array | undefined;
  readonly unreadable: readonly UnreadableFile[];
}

interface Opened {
  /** The data folder, and its name in messages. */
  readonly folder: string;
  readonly path: string;
  readonly format: FormatData;
  readonly splits: Splits;
  readonly maxUnreadable: number;
}

/**
 * The hash of the data, or a check that they are those of the plan. @throws DistillError DISTILL_E_DATASET_CHANGED,
 * DISTILL_E_DATASET_UNREADABLE_IMAGES
 */
export async function identify(opened: Opened, hashing: Hashing): Promise<Identity> {
  const { planned } = hashing;
  if (planned === undefined) return hashAll(opened, hashing);
  const { summary } = planned;
  if (summary.hashOf === undefined) return asPlannedBefore(opened, summary);
  const recorded = planned.record && decodeRecord(planned.record, summary.sha256);
  if (recorded === undefined) return samePlan(await hashAll(opened, hashing), opened, planned);
  return opened.format.train.kind === 'packed'
    ? sameFiles(opened, planned, new Map([...recorded].map(({ name, sha256 }) => [name, sha256])))
    : sameListing(opened, planned, recorded);
}

async function hashAll(opened: Opened, hashing: Hashing): Promise<Identity> {
  const { format } = opened;
  if (format.train.kind === 'files') return hashImages(opened, hashing);
  const sha256 = filesHash(format.hashes);
  const files = [...format.hashes].map(([name, digest]) => ({ name, sha256: digest }));
  return { splits: opened.splits, sha256, hashOf: 'Contents', record: encodeRecord(sha256, files), unreadable: [] };
}

async function hashImages(
  { folder, splits, maxUnreadable }: Opened,
  { known, onProgress }: Hashing,
): Promise<Identity> {
  const roomy = withDigests(splits);
  const store = await known?.();
  const unreadable = new UnreadableImages(maxUnreadable);
  const of = countChosen(roomy);
  const ahead: Promise<HashedFile>[] = [];
  const coming = chosenFiles(roomy);
  let [files, bytes, kept] = [0, 0, performance.now()];
  for (const { part, position, name } of chosenFiles(roomy)) {
    while (ahead.length < IN_FLIGHT) {
      const next = coming.next();
      if (next.done === true) break;
      const hashed = hashFile(folder, next.value.name, store);
      // A failure is noticed when its turn comes.
      hashed.catch(() => undefined);
      ahead.push(hashed);
    }
    const hashed = await ahead.shift();
    if (hashed === undefined) break;
    if (hashed.digest !== undefined) setDigest(part, position, hashed.digest);
    if (hashed.unreadable !== undefined) unreadable.add(shownName(name), hashed.unreadable);
    files += 1;
    bytes += hashed.size;
    onProgress?.({ files, of, bytes });
    if (performance.now() - kept < KEEP_EVERY_MS) continue;
    await store?.save();
    kept = performance.now();
  }
  await store?.save();
  const sha256 = samplesHash(roomy);
  const record = encodeRecord(sha256, recordedFiles(roomy));
  return { splits: roomy, sha256, hashOf: 'Contents', record, unreadable: unreadable.list() };
}

function* recordedFiles(splits: Splits): Generator<RecordedFile> {
  for (const { part, position, name } of chosenFiles(splits)) {
    const digest = digestOf(part, position);
    yield { name, sha256: digest && Buffer.from(digest).toString('hex') };
  }
}

/** Reads the data again because the record is missing. */
function samePlan(identity: Identity, { path }: Opened, { summary, record }: PlannedData): Identity {
  if (identity.sha256 === summary.sha256) return identity;
  throw changedSince(path, { record, sha256: summary.sha256 }, identity);
}

/** Packed formats: the files have been read and hashed. */
function sameFiles(
  opened: Opened,
  { summary, record }: PlannedData,
  before: ReadonlyMap<string, string | undefined>,
): Identity {
  const { format, path, splits } = opened;
  const { sha256 } = summary;
  const came = difference(new Set(format.hashes.keys()), new Set(before.keys()));
  if (came !== undefined) throw changed(`${path}: ${came}.`, path);
  for (const [name, digest] of format.hashes) {
    if (before.get(name) !== digest) throw changed(`${path}/${name} ${NOT_AS_PLANNED}.`, name);
  }
  return { splits, sha256, hashOf: 'Contents', record, unreadable: summary.unreadable ?? [] };
}

/** Image folders: the same names in the same order; each file is compared when it is read. */
function sameListing(opened: Opened, { summary, record }: PlannedData, recorded: Iterable<RecordedFile>): Identity {
  const { path } = opened;
  const splits = withDigests(opened.splits);
  const before = recorded[Symbol.iterator]();
  let same = true;
  for (const { part, position, name } of chosenFiles(splits)) {
    const next = before.next();
    same = next.done !== true && next.value.name === name;
    if (!same || next.done === true) break;
    if (next.value.sha256 !== undefined) setDigest(part, position, Buffer.from(next.value.sha256, 'hex'));
  }
  if (!same || before.next().done !== true) {
    const now = new Set([...chosenFiles(splits)].map(({ name }) => name));
    const was = new Set([...recorded].map(({ name }) => name));
    const what = difference(now, was) ?? 'its files are in another order than when the job was planned';
    throw changed(`${path}: ${what}.`, path);
  }
  const sha256 = samplesHash(splits);
  if (sha256 !== summary.sha256) {
    throw changed(`${path}: the classes or splits of its files have changed since the job was planned.`, path);
  }
  return { splits, sha256, hashOf: 'Contents', record, unreadable: summary.unreadable ?? [] };
}

/** Work that an earlier version planned continues under the hash that it was planned with. */
async function asPlannedBefore(
  { folder, path, format, splits }: Opened,
  { sha256, unreadable = [] }: DatasetSummary,
): Promise<Identity> {
  if ((await edgesHash(folder, format)) !== sha256) {
    throw changed(
      `${path} is not as it was when an earlier version planned the job, which read no sub-folders of classes and only .jpg and .png.`,
      path,
    );
  }
  return { splits, sha256, record: undefined, unreadable };
}
