import { join } from 'node:path';
import { DistillError, internalError } from '@distillation/api/errors';
import { LAYOUT } from '@distillation/api/layout';
import { type EpochRecord, readStartRecord } from '@distillation/api/ledger';
import { checkWritable, sweep } from '../files/atomic.ts';
import { setAside, sha256 } from '../files/envelope.ts';
import { attemptOn } from '../files/file-layer.ts';
import type { JobFolderOptions } from '../files/job-folder.ts';
import { patientAttempt } from '../files/patience.ts';
import { encodeTensors, type NamedArray } from '../files/tensors.ts';
import { compareRecords, isGapless } from './block-state.ts';
import { JobRecords } from './job-records.ts';
import { currentNames, RECORD_VERSION, recordReader, toStored } from './stored-record.ts';

/** An epoch as its trainer reports it; the ledger adds the file and hash of the checkpoint. */
export type NewEpochRecord = Omit<EpochRecord, 'checkpoint' | 'version'>;

/** A state from which training can resume. */
interface Checkpoint {
  readonly record: EpochRecord;
  /** Absent after a failed attempt that left nothing worth keeping. */
  readonly tensors: readonly NamedArray[] | undefined;
}

const RECORD = /^attempt-(\d+)-epoch-(\d+)\.json$/;
const DATA = /^attempt-(\d+)-epoch-(\d+)\.safetensors$/;

/** Number of data files kept per attempt: the last one, and the one before in case the last is damaged. */
const KEPT_EPOCHS = 2;

/**
 * Opens the job's folder for writing: makes sure that it can be written and removes what dead writers left half-written. With
 * patience it waits, from the start on, for a folder that this job has written to before.
 * @throws DISTILL_E_VOLUME_NOT_WRITABLE, DISTILL_E_VOLUME_IO, DISTILL_E_DISK_FULL.
 */
export async function openLedger(options: JobFolderOptions): Promise<Ledger> {
  const { folder, writer, log, layer, patience } = options;
  const start = new Ledger({ folder, writer, log, ...(layer && { layer }) });
  const check = async (): Promise<void> => {
    const nowMs = await checkWritable(start.files, folder, () => holdsWork(start));
    await sweep(start.files, folder, { writer, nowMs });
  };
  await (patience === undefined ? check() : patientAttempt({ ...patience, passes: isOutage })(check));
  return patience === undefined ? start : new Ledger(options);
}

/** Whether a job has written to the folder before. */
async function holdsWork(ledger: Ledger): Promise<boolean> {
  const marks = [LAYOUT.recipe, LAYOUT.plan, LAYOUT.blocks].map((name) =>
    ledger.files.stat(ledger.path(name)).catch(() => undefined),
  );
  return (await Promise.all(marks)).some((status) => status !== undefined);
}

/** Whether a volume that was usable before is unusable now, as opposed to one that never was usable. */
const isOutage = (error: unknown): boolean =>
  !(error instanceof DistillError) || error.code !== 'DISTILL_E_VOLUME_NOT_WRITABLE';

/** Everything that a job keeps on the volume, in one folder: its blocks, and what is there once. Every method may be called again after a crash at any moment. */
export class Ledger extends JobRecords {
  /** Records that have been read, by block and file name. */
  readonly #known = new Map<string, ReadonlyMap<string, EpochRecord>>();

  /**
   * Records a finished epoch: writes the data, then the record that names it, then removes data that is no longer needed. If the
   * epoch has been recorded already (its first writer was not dead after all), that record stays and is returned.
   * @param tensors everything needed to resume after this epoch; undefined only when the block ends with it.
   */
  async commitEpoch(record: NewEpochRecord, tensors: readonly NamedArray[] | undefined): Promise<EpochRecord> {
    const { block, attempt, epoch, outcome } = record;
    if (tensors === undefined && outcome === undefined) {
      throw internalError(`Epoch ${epoch} of ${block} goes on without a checkpoint.`, {
        subject: block,
      });
    }
    const name = LAYOUT.epochRecord(block, attempt, epoch);
    const standing = await this.readAs(name, recordReader(record));
    const metadata = { block, attempt: String(attempt), epoch: String(epoch) };
    if (standing !== undefined) {
      const ours = tensors && sha256(encodeTensors(tensors, metadata));
      // The bytes of an earlier version hold the same under other names.
      if (standing.version === RECORD_VERSION && standing.checkpoint?.sha256 !== ours) {
        this.log(
          `${block} epoch ${epoch}: ${ours ?? 'nothing'} differs from ${standing.checkpoint?.sha256 ?? 'nothing'} on record, which stands.`,
        );
      }
      return standing;
    }
    const checkpoint =
      tensors && (await this.writeData(LAYOUT.epochData(block, attempt, epoch), { tensors, metadata }));
    const written: EpochRecord = { ...record, version: RECORD_VERSION, ...(checkpoint && { checkpoint }) };
    await this.writeJson(name, toStored(written));
    await this.#prune(record);
    return written;
  }

  /** Deletes the attempt's data files that are older than the kept ones. Their records stay, since they are the loss curve. */
  async #prune({ block, attempt, epoch }: NewEpochRecord): Promise<void> {
    const folder = this.path(LAYOUT.blockFolder(block));
    for (const { name } of await this.files.readdir(folder)) {
      const match = DATA.exec(name);
      if (match === null || Number(match[1]) !== attempt || Number(match[2]) > epoch - KEPT_EPOCHS) continue;
      await this.files.unlink(join(folder, name));
    }
  }

  /** The initial weights that were computed for a block; undefined when there are none, or none that are whole. */
  async readStart(block: string): Promise<readonly NamedArray[] | undefined> {
    const record = await this.readAs(LAYOUT.startRecord(block), readStartRecord);
    return record && (await this.readData(record.weights))?.tensors;
  }

  /** Keeps a block's initial weights. Whoever computes them computes the same, so it does not matter who wrote last. */
  async writeStart(block: string, tensors: readonly NamedArray[]): Promise<void> {
    const weights = await this.writeData(LAYOUT.startData(block), { tensors, metadata: { block } });
    await this.writeJson(LAYOUT.startRecord(block), { block, weights });
  }

  /** All intact records of a block, of every attempt, sorted. */
  async history(block: string): Promise<EpochRecord[]> {
    this.#known.delete(block);
    return this.knownHistory(block);
  }

  /** The same for observers: a record that has been read is not read again while its file exists. */
  async knownHistory(block: string): Promise<EpochRecord[]> {
    const folder = LAYOUT.blockFolder(block);
    const before = this.#known.get(block);
    const known = new Map<string, EpochRecord>();
    for (const { name } of await this.files.readdir(this.path(folder))) {
      const [, attempt, epoch] = RECORD.exec(name) ?? [];
      if (attempt === undefined || epoch === undefined) continue;
      const read = recordReader({ block, attempt: Number(attempt), epoch: Number(epoch) });
      const record = before?.get(name) ?? (await this.readAs(`${folder}/${name}`, read));
      if (record !== undefined) known.set(name, record);
    }
    this.#known.set(block, known);
    return [...known.values()].sort(compareRecords);
  }

  /**
   * The state from which to resume: that of the last record whose data is intact and, unless the block ends with it, before which
   * no record of its attempt is missing (early stopping depends on them). Later records are set aside with their data, so that
   * `history` ends with what this returns. Undefined when the block starts anew. For the holder of the block's claim.
   * @param fresh the block's `freshHistory`, if the caller has just read it
   */
  async latest(block: string, fresh?: readonly EpochRecord[]): Promise<Checkpoint | undefined> {
    let history = fresh ?? (await this.freshHistory(block));
    for (let last = history.at(-1); last !== undefined; last = history.at(-1)) {
      const whole = last.outcome !== undefined || isGapless(history);
      if (whole && last.checkpoint === undefined) return { record: last, tensors: undefined };
      const data = whole && last.checkpoint && (await this.readData(last.checkpoint));
      if (data) return { record: last, tensors: currentNames(last, data.tensors) };
      // Data of an old record is deleted on purpose; it is missing only if no later record has been written meanwhile.
      history = await this.freshHistory(block);
      const now = history.at(-1);
      if (now === undefined || compareRecords(now, last) > 0) continue;
      await this.#setAside(now);
      history = await this.history(block);
    }
    return undefined;
  }

  /** The up-to-date `history`: an NFS client may list a folder as it was half a minute ago, until it has itself created a file in it. */
  async freshHistory(block: string): Promise<EpochRecord[]> {
    await attemptOn(this.files, () =>
      checkWritable(this.files, this.path(LAYOUT.blockFolder(block)), () => Promise.resolve(true)),
    );
    return this.history(block);
  }

  async #setAside({ block, attempt, epoch }: EpochRecord): Promise<void> {
    // The record is set aside first: a record without data is never resumed from, and data without a record is simply overwritten.
    for (const name of [LAYOUT.epochRecord(block, attempt, epoch), LAYOUT.epochData(block, attempt, epoch)]) {
      const bytes = await this.files.readFile(this.path(name));
      if (bytes !== undefined) await setAside(this.files, this.path(name), bytes);
    }
    this.log(
      `Nothing can go on from attempt ${attempt}, epoch ${epoch} of ${block}, damaged or after a gap: set aside.`,
    );
  }
}
