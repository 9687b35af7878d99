import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { Header, Pax } from 'tar';

/** One entry of an archive. All entries belong to root and are dated 1970, so that equal files make equal archives. */
export interface TarEntry {
  /** Without a leading slash. */
  readonly path: string;
  /** Permission bits; default 0644, of folders 0755. */
  readonly mode?: number;
  /** The contents, a file or stream to read them from, the target of a symbolic link, or a folder. */
  readonly content: Uint8Array | { readonly file: string } | Stream | { readonly link: string } | 'folder';
}

/** Contents that are produced while they are read. */
interface Stream {
  /** Size in bytes. */
  readonly size: number;
  readonly read: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

const BLOCK = 512;

/**
 * The archive, in pieces as it is read. Headers are the library's; its writer takes files of a folder alone, and here are links that are
 * nowhere, contents in memory, and archives in archives, larger than memory.
 */
export async function* tar(entries: Iterable<TarEntry>): AsyncGenerator<Uint8Array> {
  for (const entry of entries) yield* entryBlocks(entry);
  yield Buffer.alloc(2 * BLOCK);
}

async function* entryBlocks({ path, mode, content }: TarEntry): AsyncGenerator<Uint8Array> {
  const folder = content === 'folder';
  const data = folder || 'link' in content ? undefined : await streamOf(content);
  const size = data?.size ?? 0;
  yield headerOf({
    path: folder ? `${path}/` : path,
    ...(!folder && 'link' in content ? { linkpath: content.link } : {}),
    type: folder ? 'Directory' : data === undefined ? 'SymbolicLink' : 'File',
    mode: mode ?? (folder ? 0o755 : 0o644),
    size,
  });
  if (data === undefined) return;
  let seen = 0;
  for await (const chunk of data.read()) {
    seen += chunk.length;
    yield chunk;
  }
  if (seen !== size) throw new Error(`${path} changed while it was read`);
  yield padding(size);
}

interface Described {
  readonly path: string;
  readonly linkpath?: string;
  readonly type: 'Directory' | 'SymbolicLink' | 'File';
  readonly mode: number;
  readonly size: number;
}

/** The header's block, before it those of a pax header where a name is too long for it. */
function headerOf(described: Described): Uint8Array {
  const header = new Header({ ...described, uid: 0, gid: 0, mtime: new Date(0) });
  const needsPax = header.encode();
  const block = header.block ?? Buffer.alloc(0);
  if (!needsPax) return block;
  const { path, linkpath } = described;
  return Buffer.concat([new Pax({ path, ...(linkpath === undefined ? {} : { linkpath }) }).encode(), block]);
}

async function streamOf(content: Uint8Array | { readonly file: string } | Stream): Promise<Stream> {
  if ('read' in content) return content;
  if ('file' in content) {
    const { size } = await stat(content.file);
    // One stream per file would be slow for thousands of small ones.
    if (size > 1 << 22) return { size, read: () => createReadStream(content.file, { highWaterMark: 1 << 20 }) };
    return streamOf(await readFile(content.file));
  }
  return { size: content.length, read: () => [content] };
}

function padding(size: number): Uint8Array {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}
