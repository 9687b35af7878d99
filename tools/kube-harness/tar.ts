import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';

/** One entry of an archive. Everything belongs to root and is of 1970, so that equal files make equal archives. */
export interface TarEntry {
  /** Without a leading slash. */
  readonly path: string;
  /** Permission bits; default 0644, of folders 0755. */
  readonly mode?: number;
  /** The contents, a file or stream to read them from, what a symbolic link says, or nothing more: a folder. */
  readonly content: Uint8Array | { readonly file: string } | Stream | { readonly link: string } | 'folder';
}

/** Contents that are made as they are read. */
interface Stream {
  /** How many bytes come. */
  readonly size: number;
  readonly read: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

const BLOCK = 512;

/** The archive (POSIX ustar, longer names by pax headers), in pieces as it is read. */
export async function* tar(entries: Iterable<TarEntry>): AsyncGenerator<Uint8Array> {
  for (const entry of entries) yield* entryBlocks(entry);
  yield Buffer.alloc(2 * BLOCK);
}

async function* entryBlocks({ path, mode, content }: TarEntry): AsyncGenerator<Uint8Array> {
  const folder = content === 'folder';
  const name = folder ? `${path}/` : path;
  const link = !folder && 'link' in content ? content.link : '';
  const data = folder || 'link' in content ? undefined : await streamOf(content);
  const size = data?.size ?? 0;
  const type = folder ? '5' : data === undefined ? '2' : '0';
  const long = [...paxRecord('path', name), ...paxRecord('linkpath', link)].join('');
  if (long !== '') {
    const records = Buffer.from(long);
    yield header({ name: 'pax', link: '', mode: 0o644, size: records.length, type: 'x' });
    yield records;
    yield padding(records.length);
  }
  yield header({ name, link, mode: mode ?? (folder ? 0o755 : 0o644), size, type });
  if (data === undefined) return;
  let seen = 0;
  for await (const chunk of data.read()) {
    seen += chunk.length;
    yield chunk;
  }
  if (seen !== size) throw new Error(`${path} changed while it was read`);
  yield padding(size);
}

async function streamOf(content: Uint8Array | { readonly file: string } | Stream): Promise<Stream> {
  if ('read' in content) return content;
  if ('file' in content) {
    const { size } = await stat(content.file);
    // A stream a file is slow where there are thousands of small ones.
    if (size > 1 << 22) return { size, read: () => createReadStream(content.file, { highWaterMark: 1 << 20 }) };
    return streamOf(await readFile(content.file));
  }
  return { size: content.length, read: () => [content] };
}

/** A name that does not fit its 100 bytes goes into a record of its own: `LENGTH KEY=VALUE`, with the length of all of it. */
function paxRecord(key: string, value: string): string[] {
  if (Buffer.byteLength(value) <= 100) return [];
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest);
  while (String(length).length + Buffer.byteLength(rest) !== length)
    length = String(length).length + Buffer.byteLength(rest);
  return [`${length}${rest}`];
}

interface Header {
  readonly name: string;
  readonly link: string;
  readonly mode: number;
  readonly size: number;
  readonly type: string;
}

function header({ name, link, mode, size, type }: Header): Uint8Array {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  Buffer.from(name).copy(block, 0, 0, 100);
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.write(' '.repeat(8), 148);
  block.write(type, 156);
  Buffer.from(link).copy(block, 157, 0, 100);
  block.write('ustar\0' + '00', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function padding(size: number): Uint8Array {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}
