import { createHash } from 'node:crypto';
import { appendFileSync, closeSync, createReadStream, openSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { DistillError, toDistillError } from '@distillation/api/errors';
import { plural } from '@distillation/api/format';
import { fetchError, httpGet } from './http.ts';
import type { NpmSettings } from './npm-settings.ts';
import type { Progress } from './progress.ts';
import type { Tarball } from './registry.ts';

/** Downloading into a file that a broken connection, or a killed process, leaves to go on from. */

/** Connections in a row that bring nothing before the download is given up. */
const FRUITLESS_ATTEMPTS = 3;

export interface DownloadOptions {
  readonly settings: NpmSettings;
  readonly progress: Progress;
  /** Name for people. */
  readonly label: string;
  /** Pause after a connection that brought nothing, doubled each time. */
  readonly retryDelayMs: number;
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

/** Whole size in bytes of the file that a response is (a part of), or undefined. */
function totalSize({ headers, statusCode }: IncomingMessage): number | undefined {
  const total = statusCode === 206 ? headers['content-range']?.split('/')[1] : headers['content-length'];
  const size = Number(total);
  return total !== undefined && Number.isInteger(size) ? size : undefined;
}

type Outcome = 'Complete' | 'BrokenOff' | 'Refused';

/** A file and its size before the response. */
interface Growing {
  readonly path: string;
  readonly size: number;
}

/**
 * Appends the response to the file, or replaces it when the server sends the whole. Chunks are written as
 * they come, from the first turn of the event loop on, so that nothing received is lost when the connection breaks.
 */
async function receive(response: IncomingMessage, file: Growing, options: DownloadOptions): Promise<Outcome> {
  const resumed = response.statusCode === 206;
  const total = totalSize(response);
  let size = resumed ? file.size : 0;
  const descriptor = openSync(file.path, resumed ? 'a' : 'w');
  try {
    response.on('data', (chunk: Buffer) => {
      try {
        appendFileSync(descriptor, chunk);
        size += chunk.length;
        options.progress.update(options.label, size, total);
      } catch (thrown) {
        response.destroy(toDistillError(thrown));
      }
    });
    await finished(response);
  } finally {
    closeSync(descriptor);
  }
  return total === undefined || size === total ? 'Complete' : 'BrokenOff';
}

/** One connection. @throws DistillError DISTILL_E_FETCH where none comes about or it breaks off with an error */
async function attempt(url: string, part: string, options: DownloadOptions): Promise<Outcome> {
  const start = await sizeOf(part);
  const response = await httpGet(url, options.settings, start === 0 ? {} : { range: `bytes=${start}-` });
  const status = response.statusCode ?? 0;
  if (status === 200 || status === 206) {
    return receive(response, { path: part, size: start }, options);
  }
  response.resume();
  // Nothing lies beyond what is here: complete, or not what it should be, which the digest tells.
  if (status === 416 && start > 0) return 'Complete';
  if (status >= 500 || status === 429) throw fetchError(url, `the server answers ${status}`);
  return 'Refused';
}

/** Errors of this machine, such as a full disk, are not the network's. */
function isLocal(thrown: unknown): boolean {
  return ['DISTILL_E_DISK_FULL', 'DISTILL_E_VOLUME_NOT_WRITABLE', 'DISTILL_E_VOLUME_IO'].includes(
    toDistillError(thrown).code,
  );
}

/** Connects until all has come. */
async function complete(url: string, part: string, options: DownloadOptions): Promise<void> {
  let fruitless = 0;
  let last: unknown;
  while (fruitless < FRUITLESS_ATTEMPTS) {
    const before = await sizeOf(part);
    const outcome = await attempt(url, part, options).catch((thrown: unknown) => {
      if (isLocal(thrown)) throw toDistillError(thrown);
      last = thrown;
      return 'BrokenOff';
    });
    if (outcome === 'Complete') return;
    if (outcome === 'Refused') throw fetchError(url, 'the server does not give the file');
    if ((await sizeOf(part)) > before) fruitless = 0;
    else if (++fruitless < FRUITLESS_ATTEMPTS) await setTimeout(options.retryDelayMs * 2 ** (fruitless - 1));
  }
  throw last instanceof DistillError
    ? last
    : fetchError(url, `the download broke off at ${plural(await sizeOf(part), 'byte')}`, last);
}

/** Tries one address after the other. */
async function completeFromAny(urls: readonly string[], part: string, options: DownloadOptions): Promise<void> {
  const failures: DistillError[] = [];
  for (const url of urls) {
    try {
      await complete(url, part, options);
      return;
    } catch (thrown) {
      const error = toDistillError(thrown);
      if (error.code !== 'DISTILL_E_FETCH') throw error;
      failures.push(error);
    }
  }
  throw failures.at(-1) ?? new DistillError('DISTILL_E_FETCH', `No address to download ${options.label} from.`);
}

/** Whether a file has this subresource integrity; the strongest digest given counts. */
async function hasIntegrity(path: string, integrity: string): Promise<boolean> {
  const digests = integrity.split(/\s+/).map((one) => one.split('?')[0] ?? '');
  const strongest = ['sha512', 'sha384', 'sha256', 'sha1'].find((name) =>
    digests.some((one) => one.startsWith(`${name}-`)),
  );
  if (strongest === undefined) return false;
  const hash = createHash(strongest);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
  return digests.includes(`${strongest}-${hash.digest('base64')}`);
}

/**
 * Downloads to `part`, going on after what it already holds, until the integrity is right.
 * @throws DistillError DISTILL_E_FETCH (the part is kept), DISTILL_E_FETCH_INTEGRITY (it is removed)
 */
export async function download(tarball: Tarball, part: string, options: DownloadOptions): Promise<void> {
  const { urls, integrity } = tarball;
  // A part left by an earlier run may be complete, or damaged: then once more from the start.
  const leftOver = (await sizeOf(part)) > 0;
  if (leftOver && (await hasIntegrity(part, integrity))) return;
  for (let run = leftOver ? 0 : 1; run < 2; run++) {
    await completeFromAny(urls, part, options);
    options.progress.end(options.label);
    if (await hasIntegrity(part, integrity)) return;
    await rm(part, { force: true });
  }
  throw new DistillError(
    'DISTILL_E_FETCH_INTEGRITY',
    `The file from ${urls.join(' or ')} does not match the integrity that the registry gives, ${integrity}.`,
    { subject: options.label },
  );
}
