import { crc32, inflateRawSync } from 'node:zlib';
import { DistillError } from '@distillation/api/errors';

/**
 * Files of a zip archive in memory, each checked against its CRC-32 (which general zip libraries for JavaScript do not check,
 * although a `.keras` file has no other checksum).
 * @throws DISTILL_E_TEACHER_CORRUPT naming `subject` for a truncated or damaged archive, DISTILL_E_TEACHER_FORMAT for one that is
 * packed in a way that Keras does not use.
 */
export function readZip(archive: Buffer, subject: string): Map<string, Buffer> {
  try {
    return new Map(directory(archive).map((entry) => [entry.name, extract(archive, entry)]));
  } catch (cause) {
    if (cause instanceof Unsupported) {
      throw new DistillError('DISTILL_E_TEACHER_FORMAT', `In the teacher ${subject} ${cause.message}.`, {
        subject,
        cause,
      });
    }
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new DistillError(
      'DISTILL_E_TEACHER_CORRUPT',
      `The teacher ${subject} is a damaged zip archive: ${problem}.`,
      {
        subject,
        cause,
      },
    );
  }
}

/** An intact archive of a kind that is not supported. */
class Unsupported extends Error {}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly checksum: number;
  readonly packedSize: number;
  readonly size: number;
  readonly header: number;
}

const END_OF_DIRECTORY = Buffer.from('PK\x05\x06', 'latin1');
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;

/** The central directory (APPNOTE.TXT 4.3.12, 4.3.16). */
function directory(archive: Buffer): Entry[] {
  const end = archive.lastIndexOf(END_OF_DIRECTORY);
  if (end < 0) throw new Error('its end is missing');
  if (end + 22 + archive.readUInt16LE(end + 20) !== archive.length)
    throw new Error('its end is cut or followed by more');
  const entries: Entry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let count = archive.readUInt16LE(end + 10); count > 0; count--) {
    if (archive.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error('its directory is damaged');
    const nameLength = archive.readUInt16LE(at + 28);
    const size = archive.readUInt32LE(at + 24);
    if (size === 0xffffffff)
      throw new Unsupported('there is a file of 4 GiB or more, which is too large to be read here');
    entries.push({
      name: archive.toString('utf8', at + 46, at + 46 + nameLength),
      method: archive.readUInt16LE(at + 10),
      checksum: archive.readUInt32LE(at + 16),
      packedSize: archive.readUInt32LE(at + 20),
      size,
      header: archive.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}

function extract(archive: Buffer, entry: Entry): Buffer {
  if (archive.readUInt32LE(entry.header) !== LOCAL_HEADER) throw new Error(`${entry.name} has no header`);
  const start = entry.header + 30 + archive.readUInt16LE(entry.header + 26) + archive.readUInt16LE(entry.header + 28);
  const packed = archive.subarray(start, start + entry.packedSize);
  if (entry.method !== 0 && entry.method !== 8)
    throw new Unsupported(
      `the file ${entry.name} is packed by the method ${entry.method}, and only 0 (stored) and 8 (deflated) are read`,
    );
  const content = entry.method === 0 ? packed : inflateRawSync(packed);
  if (content.length !== entry.size || crc32(content) !== entry.checksum) {
    throw new Error(`${entry.name} does not match its checksum`);
  }
  return content;
}
