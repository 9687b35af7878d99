import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type ImageFile } from '../image/stage.ts';
import { tar, type TarEntry } from '../kube-harness/tar.ts';

/** Writes files as a `.tar.gz`, below a folder of that name. The same files give the same bytes. */
export async function writeArchive(file: string, folder: string, files: readonly ImageFile[]): Promise<void> {
  const entries = files.map(({ path, source, content, link, executable }): TarEntry => ({
    path: `${folder}/${path}`,
    mode: executable === true ? 0o755 : 0o644,
    content: content ?? (link === undefined ? { file: source ?? '' } : { link }),
  }));
  // gzip's header has a time, which Node leaves zero.
  await pipeline(Readable.from(tar(entries)), createGzip(), createWriteStream(file));
}

/** SHA-256 of a file, in hexadecimal digits. */
export async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
