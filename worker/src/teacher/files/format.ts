import type { Stats } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TeacherSpec } from '@distillation/api/job';
import { DistillError } from '@distillation/api/errors';
import { plural } from '@distillation/api/format';
import { listed, nearWords } from '../../data/near.ts';

/** Finds the file of a teacher and its format. */

export type TeacherFormat = Exclude<TeacherSpec['format'], 'Auto'>;

/** What is taken for the teacher in a folder, in order of preference. */
const MODEL_JSON = 'model.json';

/**
 * The file at `path`, or the `model.json` in the folder there.
 * @throws DISTILL_E_TEACHER_MISSING, DISTILL_E_TEACHER_FORMAT for a folder of another kind.
 */
export async function resolveFile(path: string): Promise<string> {
  if (!(await isFolder(path))) return path;
  const names = await readdir(path);
  if (names.includes(MODEL_JSON)) return join(path, MODEL_JSON);
  const kind = names.includes('saved_model.pb')
    ? 'a TensorFlow SavedModel: its layers are not visible. Load it in Keras and save it as a .keras file'
    : names.includes('model.weights.h5')
      ? 'a .keras archive that is unpacked. Save it as one file, or zip its files'
      : undefined;
  if (kind !== undefined) {
    throw new DistillError('DISTILL_E_TEACHER_FORMAT', `The teacher ${path} is ${kind}.`, { subject: path });
  }
  throw new DistillError(
    'DISTILL_E_TEACHER_MISSING',
    `There is no teacher at ${join(path, MODEL_JSON)}. ${listed(path, names)}`,
    {
      subject: path,
    },
  );
}

async function isFolder(path: string): Promise<boolean> {
  const found = await statusOf(path);
  if (found.isDirectory() || found.isFile()) return found.isDirectory();
  // Opening a pipe would wait for its writer.
  throw new DistillError('DISTILL_E_TEACHER_FORMAT', `The teacher ${path} is neither a file nor a folder.`, {
    subject: path,
  });
}

async function statusOf(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const absent = code === 'ENOENT' || code === 'ENOTDIR';
    const problem = absent
      ? `There is no teacher at ${path}.${await nearWords(path)}`
      : `The teacher at ${path} cannot be read: ${String(code)}.`;
    throw new DistillError('DISTILL_E_TEACHER_MISSING', problem, { subject: path, cause });
  }
}

const SIGNATURES: Readonly<Record<TeacherFormat, string>> = {
  KerasH5: '\x89HDF\r\n\x1a\n',
  Keras: 'PK\x03\x04',
  TfjsLayers: '{',
};

const WORDS: Readonly<Record<TeacherFormat, string>> = {
  KerasH5: 'an HDF5 file',
  Keras: 'a zip archive',
  TfjsLayers: 'JSON',
};

/**
 * The format of a file by its first bytes.
 * @throws DISTILL_E_TEACHER_FORMAT when it is not a known one, or not the one that the job names.
 */
export async function detectFormat(path: string, expected: TeacherSpec['format']): Promise<TeacherFormat> {
  const { start, size } = await beginning(path);
  const text = start.toString('latin1').trimStart();
  const formats: readonly TeacherFormat[] = ['KerasH5', 'Keras', 'TfjsLayers'];
  const found = formats.find((format) => text.startsWith(SIGNATURES[format]));
  const problem =
    found === undefined
      ? `starts like no known format (${plural(size, 'byte')}, first ${start.subarray(0, 8).toString('hex')})`
      : expected !== 'Auto' && expected !== found
        ? `is ${WORDS[found]}, and spec.teacher.format is ${expected}`
        : undefined;
  if (found !== undefined && problem === undefined) return found;
  throw new DistillError('DISTILL_E_TEACHER_FORMAT', `The teacher ${path} ${problem ?? ''}.`, { subject: path });
}

async function beginning(path: string): Promise<{ readonly start: Buffer; readonly size: number }> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return { start: buffer.subarray(0, bytesRead), size: (await handle.stat()).size };
  } finally {
    await handle.close();
  }
}
