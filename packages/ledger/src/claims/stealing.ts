import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { LAYOUT } from '@distillation/api/layout';
import { count, listOf, object, type Of, word } from '@distillation/api/shape';
import { readerOf } from '@distillation/api/reading';
import { createExclusive } from '../files/atomic.ts';
import { type Claim, type Claims, holderShape } from './claims.ts';
import { encodeEnvelope, readBody, writeJson } from '../files/envelope.ts';

/**
 * How an idle worker gets blocks from a busy one. The thief asks through a file; the victim answers at an epoch boundary by
 * releasing claims and naming the blocks. The answer is only a hint: any worker may claim a released block, so no block is lost
 * whoever dies at whatever point, and the thief must still claim what it was given.
 */

/** A thief's request to a victim; each victim has at most one at a time. */
export type WorkRequest = Of<typeof workRequest>;
const workRequest = object({ id: word, victimBin: count, thief: holderShape });
const readRequest = readerOf(workRequest);

type Grant = Of<typeof grantShape>;
const grantShape = object({ id: word, blocks: listOf(word) });
const readGrantBody = readerOf(grantShape);

/**
 * `Open`: no answer yet. `Gone`: there will be none, because the request was withdrawn or its answer replaced. No blocks: the
 * victim keeps all.
 */
type GrantState =
  | { readonly state: 'Open' }
  | { readonly state: 'Gone' }
  | { readonly state: 'Granted'; readonly blocks: readonly string[] };

/** Asks a bin for blocks; undefined when another thief is asking it already. */
export async function requestWork(claims: Claims, victimBin: number): Promise<WorkRequest | undefined> {
  const request: WorkRequest = { id: randomUUID(), victimBin, thief: claims.holder };
  const path = join(claims.folder, LAYOUT.request(victimBin));
  const made = await createExclusive(claims.files, path, { bytes: encodeEnvelope(request), writer: writerOf(claims) });
  return made ? request : undefined;
}

/** The request waiting for this worker, if any; a request whose thief has ended is dropped. For the victim, at an epoch boundary. */
export async function takeRequest(claims: Claims): Promise<WorkRequest | undefined> {
  const path = join(claims.folder, LAYOUT.request(claims.holder.bin));
  if ((await claims.files.stat(path)) === undefined) return undefined;
  const request = await readBody(claims.files, path, readRequest);
  if (request !== undefined && !(await claims.hasEnded(request.thief))) return request;
  await claims.files.unlink(path);
  return undefined;
}

/** Releases these claims and answers the thief; without claims it is a refusal. */
export async function grant(claims: Claims, request: WorkRequest, given: readonly Claim[]): Promise<void> {
  for (const claim of given) await claims.release(claim);
  const body: Grant = { id: request.id, blocks: given.map(({ block }) => block) };
  await writeJson(claims.files, join(claims.folder, LAYOUT.grant(request.victimBin)), {
    body,
    writer: writerOf(claims),
  });
  await claims.files.unlink(join(claims.folder, LAYOUT.request(request.victimBin)));
}

/** The current answer to a request. A dead victim never answers, so try to claim its blocks between two reads. */
export async function readGrant(claims: Claims, request: WorkRequest): Promise<GrantState> {
  // The request is read first: once it is gone, the answer must be there.
  const open = await readBody(claims.files, join(claims.folder, LAYOUT.request(request.victimBin)), readRequest);
  const answer = await readBody(claims.files, join(claims.folder, LAYOUT.grant(request.victimBin)), readGrantBody);
  if (answer?.id === request.id) return { state: 'Granted', blocks: answer.blocks };
  return { state: open?.id === request.id ? 'Open' : 'Gone' };
}

/** Withdraws a request, for a thief that has found work elsewhere. */
export async function withdrawRequest(claims: Claims, request: WorkRequest): Promise<void> {
  const path = join(claims.folder, LAYOUT.request(request.victimBin));
  const waiting = await readBody(claims.files, path, readRequest);
  if (waiting?.id === request.id) await claims.files.unlink(path);
}

const writerOf = (claims: Claims): string => `bin-${claims.holder.bin}`;
