import { join } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import type { DataFile } from '@distillation/api/ledger';
import { otherVersion, type Reader } from '@distillation/api/reading';
import { writeAtomic } from './atomic.ts';
import { giveUp, type Log, readJson, sha256, writeJson } from './envelope.ts';
import { type FileLayer, nodeFileLayer, withVolumeErrors } from './file-layer.ts';
import { type Patience, patientLayer } from './patience.ts';
import { decodeTensors, encodeTensors, type TensorFile } from './tensors.ts';

export interface JobFolderOptions {
  /** The job's folder: `spec.outputs.path` under the root of the volume. */
  readonly folder: string;
  /** Name of the writer, such as `bin-3` or `planner`, without dots; two living processes of a job share it only briefly. */
  readonly writer: string;
  readonly log: Log;
  readonly layer?: FileLayer;
  /** For processes that can wait while a volume fails temporarily; when absent, its failures are thrown at once. */
  readonly patience?: Patience;
  /** Awaited before anything is written by a name of `LAYOUT`. */
  readonly beforeWrite?: () => Promise<void>;
}

/** The files of a job, by their names in `LAYOUT`: JSON with its own hash, and tensors whose hash is in a record. */
export class JobFolder {
  readonly files: FileLayer;
  readonly folder: string;
  protected readonly writer: string;
  protected readonly log: Log;
  readonly #beforeWrite: JobFolderOptions['beforeWrite'];

  /** Does not check the folder, for processes that only read it. Writers use `openLedger`. */
  constructor({ folder, writer, log, patience, layer = nodeFileLayer, beforeWrite }: JobFolderOptions) {
    this.files = withVolumeErrors(patience === undefined ? layer : patientLayer(layer, folder, patience));
    this.folder = folder;
    this.writer = writer;
    this.log = log;
    this.#beforeWrite = beforeWrite;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** The body of a JSON file; undefined when it is absent or was damaged (it is then set aside). */
  readJson(name: string): Promise<unknown> {
    return readJson(this.files, this.path(name), this.log);
  }

  /**
   * The same for a format that is checked first; an intact file of another format counts as damaged.
   * @throws DISTILL_E_VOLUME_VERSION when another version of this project wrote it.
   */
  async readAs<T>(name: string, read: Reader<T>): Promise<T | undefined> {
    const body = await this.readJson(name);
    if (body === undefined) return undefined;
    const found = read(body);
    switch (found.as) {
      case 'Value':
        return found.value;
      case 'OtherVersion':
        throw new DistillError('DISTILL_E_VOLUME_VERSION', `${this.path(name)} ${otherVersion(found)}.`, {
          subject: this.path(name),
        });
      case 'Damaged': {
        const bytes = await this.files.readFile(this.path(name));
        const problem = 'is whole and holds something else than it should';
        if (bytes !== undefined) await giveUp(this.files, this.path(name), { bytes, log: this.log, problem });
        return undefined;
      }
    }
  }

  async writeJson(name: string, body: unknown): Promise<void> {
    await this.#beforeWrite?.();
    await writeJson(this.files, this.path(name), { body, writer: this.writer });
  }

  /** Writes tensors; the result has to go into a record that is written afterwards. */
  async writeData(name: string, { tensors, metadata }: TensorFile): Promise<DataFile> {
    await this.#beforeWrite?.();
    const bytes = encodeTensors(tensors, metadata);
    await writeAtomic(this.files, this.path(name), { bytes, writer: this.writer });
    return { file: name, sha256: sha256(bytes), bytes: bytes.length };
  }

  /** The tensors of a data file; undefined when it is absent or its hash is not that in the record. */
  async readData({ file, sha256: expected, bytes: size }: DataFile): Promise<TensorFile | undefined> {
    const bytes = await this.files.readFile(this.path(file));
    if (bytes?.length !== size || sha256(bytes) !== expected) return undefined;
    return decodeTensors(bytes, file);
  }
}
