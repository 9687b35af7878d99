import { createHash } from 'node:crypto';
import { canonicalJson } from '@distillation/api/canonical';
import { plural } from '@distillation/api/format';
import { type Reader, valueOf } from '@distillation/api/reading';
import { DENIED, errnoOf, type FileLayer } from './file-layer.ts';
import { writeAtomic, type WriteOptions } from './atomic.ts';

/** JSON files with their own hash: `{ "body": ..., "sha256": ... }`, the hash of the body's canonical JSON. */

/** Receives a message about each damaged file that is found. */
export type Log = (message: string) => void;

/** SHA-256 in hexadecimal of contents one after the other. */
export function sha256(...contents: readonly (Uint8Array | string)[]): string {
  const hash = createHash('sha256');
  for (const content of contents) hash.update(content);
  return hash.digest('hex');
}

export function encodeEnvelope(body: unknown): Uint8Array {
  const text = canonicalJson(body);
  return new TextEncoder().encode(`{"body":${text},"sha256":"${sha256(text)}"}\n`);
}

/** The body, or undefined when the bytes are not an intact envelope. */
export function decodeEnvelope(bytes: Uint8Array): { readonly body: unknown } | undefined {
  try {
    const envelope: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof envelope !== 'object' || envelope === null || !('body' in envelope) || !('sha256' in envelope))
      return undefined;
    return sha256(canonicalJson(envelope.body)) === envelope.sha256 ? { body: envelope.body } : undefined;
  } catch {
    return undefined;
  }
}

export async function writeJson(
  layer: FileLayer,
  path: string,
  { body, ...options }: WriteOptions & { readonly body: unknown },
): Promise<void> {
  await writeAtomic(layer, path, { ...options, bytes: encodeEnvelope(body) });
}

/** Renames a damaged file to `<name>.corrupt-<hash8>`, so that its work is done again. */
export async function setAside(layer: FileLayer, path: string, bytes: Uint8Array): Promise<string> {
  const aside = `${path}.corrupt-${sha256(bytes).slice(0, 8)}`;
  await layer.rename(path, aside);
  return aside;
}

/** The body; undefined when the file is absent or damaged. A damaged file is set aside and logged. */
export async function readJson(layer: FileLayer, path: string, log: Log): Promise<unknown> {
  const bytes = await layer.readFile(path);
  if (bytes === undefined) return undefined;
  const envelope = decodeEnvelope(bytes);
  if (envelope === undefined) await giveUp(layer, path, { bytes, log });
  return envelope?.body;
}

/** The value in a format; undefined when the file is absent, incomplete or of another format. The file is left in place. */
export async function readBody<T>(layer: FileLayer, path: string, read: Reader<T>): Promise<T | undefined> {
  const bytes = await layer.readFile(path);
  const envelope = bytes && decodeEnvelope(bytes);
  return envelope && valueOf(read(envelope.body));
}

/** Sets aside a file that holds nothing usable, and logs it. */
export async function giveUp(
  layer: FileLayer,
  path: string,
  { bytes, log, problem = 'is damaged' }: { readonly bytes: Uint8Array; readonly log: Log; readonly problem?: string },
): Promise<void> {
  try {
    log(`${path} ${problem} (${plural(bytes.length, 'byte')}); set aside as ${await setAside(layer, path, bytes)}.`);
  } catch (error) {
    // A process with read-only access cannot set anything aside; to it, a damaged file counts as absent as well.
    if (!DENIED.includes(errnoOf(error) ?? '')) throw error;
    log(`${path} ${problem} (${plural(bytes.length, 'byte')}) and cannot be set aside: ${messageOf(error)}.`);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
