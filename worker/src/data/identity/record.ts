import { decodeName, encodeName } from '../folders/names.ts';

/**
 * The record of a job's data on the volume: `data.sha256`, in the format of `sha256sum`, which `sha256sum -c` can check, with the
 * hash of the whole data set in the first line. Files that could not be opened when the job was planned are listed in comments.
 */

export interface RecordedFile {
  /** Path in the data folder. */
  readonly name: string;
  /** SHA-256 in hexadecimal; undefined for a file that could not be opened. */
  readonly sha256: string | undefined;
}

const HEAD = '# data set ';
const NOT_OPENED = '# could not be opened: ';

const NEWLINE = 0x0a;

/** A name as `sha256sum` writes it, and whether it was escaped. */
function escaped(name: string): string {
  return name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

function unescaped(name: string): string {
  return name.replace(/\\([\\nr])/g, (_, code: string) => ({ n: '\n', r: '\r' })[code] ?? '\\');
}

function line({ name, sha256 }: RecordedFile): Buffer {
  const written = escaped(name);
  const mark = written === name ? '' : '\\';
  const before = sha256 === undefined ? NOT_OPENED : `${mark}${sha256}  `;
  return Buffer.concat([Buffer.from(before), encodeName(written), Buffer.of(NEWLINE)]);
}

/** @param sha256 of the whole data set */
export function encodeRecord(sha256: string, files: Iterable<RecordedFile>): Uint8Array {
  const lines: Uint8Array[] = [Buffer.from(`${HEAD}${sha256}\n`)];
  for (const file of files) lines.push(line(file));
  return Buffer.concat(lines);
}

/** The files of a record, in its order; undefined when the record is not that of the data set with this hash. */
export function decodeRecord(bytes: Uint8Array, sha256: string): Iterable<RecordedFile> | undefined {
  const record = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = Buffer.from(`${HEAD}${sha256}\n`);
  if (!record.subarray(0, head.length).equals(head)) return undefined;
  return { [Symbol.iterator]: () => filesOf(record, head.length) };
}

function* filesOf(record: Buffer, start: number): Generator<RecordedFile> {
  let at = start;
  for (let end = record.indexOf(NEWLINE, at); end >= 0; end = record.indexOf(NEWLINE, at)) {
    const text = decodeName(record.subarray(at, end));
    at = end + 1;
    if (text.startsWith(NOT_OPENED)) {
      yield { name: unescaped(text.slice(NOT_OPENED.length)), sha256: undefined };
      continue;
    }
    const match = /^(\\?)([0-9a-f]{64}) {2}(.+)$/s.exec(text);
    if (match !== null) {
      const [, mark, sha256 = '', name = ''] = match;
      yield { name: mark === '' ? name : unescaped(name), sha256 };
    }
  }
}
