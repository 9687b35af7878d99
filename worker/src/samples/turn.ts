import { randomInt } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import { sampleClaims } from '@distillation/api/layout';
import { type Claim, type Claims, openClaims } from '@distillation/ledger/claims';

/**
 * One process at a time lays samples out on a volume: two would write the same part of a download. It is a claim as on a block, so a process
 * that was killed is recognised at once on its own machine, and by its silence on another.
 */

/** What is claimed. */
const WORK = 'samples';

interface Turn {
  readonly volume: string;
  readonly say: (line: string) => void;
  /** Silence after which a process counts as dead, in milliseconds. */
  readonly leaseMs?: number;
}

/**
 * Waits until no other process is at work, then works.
 * @throws DistillError DISTILL_E_STOPPED when another process has taken over, those of the claims' files, and what `work` throws
 */
export async function inTurn(turn: Turn, work: () => Promise<void>): Promise<void> {
  const { volume, say, leaseMs = 30_000 } = turn;
  const folder = join(volume, sampleClaims);
  // As bins have only one life at a time, each process is a bin of its own.
  const claims = await openClaims({ folder, bin: randomInt(2 ** 32), leaseMs });
  const ended = new AbortController();
  // Often enough that one beat may be late.
  const everyMs = leaseMs / 6;
  const beating = beat(claims, everyMs, ended.signal);
  let isOurs = false;
  try {
    const claim = await claimed(claims, everyMs, say);
    isOurs = true;
    const lost = untilLost(claims, claim, { everyMs, signal: ended.signal });
    try {
      isOurs = await Promise.race([work().then(() => true), lost]);
    } catch (thrown) {
      // Its files may be gone because they are another's now.
      isOurs = await claims.stillHeld(claim);
      if (isOurs) throw thrown;
    }
    if (!isOurs) throw takenOver(volume);
  } finally {
    ended.abort();
    await beating;
    await (isOurs ? giveUp(folder) : claims.leave().catch(() => undefined));
  }
}

const takenOver = (volume: string): DistillError =>
  new DistillError(
    'DISTILL_E_STOPPED',
    `Another process took over the samples of ${volume}, since this one was silent for too long.`,
    { subject: volume },
  );

/** Says that this process is alive. A beat that cannot be written is missed: that the volume fails is seen by the work. */
async function beat(claims: Claims, everyMs: number, signal: AbortSignal): Promise<void> {
  while (await passed(everyMs, signal)) await claims.renew().catch(() => undefined);
}

async function claimed(claims: Claims, everyMs: number, say: (line: string) => void): Promise<Claim> {
  const atOnce = await claims.tryClaim(WORK);
  if (atOnce !== undefined) return atOnce;
  const host = (await claims.holderOf(WORK))?.host;
  say(`Waiting for the process${host === undefined ? '' : ` on ${host}`} that lays samples out on this volume`);
  for (;;) {
    await sleep(Math.min(everyMs, 1000));
    const claim = await claims.tryClaim(WORK);
    if (claim !== undefined) return claim;
  }
}

/** @returns false once the claim is another's; true when it was called off before */
async function untilLost(
  claims: Claims,
  claim: Claim,
  { everyMs, signal }: { readonly everyMs: number; readonly signal: AbortSignal },
): Promise<boolean> {
  while (await passed(everyMs, signal)) {
    // Unknown while the volume cannot be read.
    if (!(await claims.stillHeld(claim).catch(() => true))) return false;
  }
  return true;
}

/** Waits; false when it was called off. */
const passed = (ms: number, signal: AbortSignal): Promise<boolean> => sleep(ms, true, { signal }).catch(() => false);

/**
 * Removes all claims, those of the dead too, in one step: who waits finds either the claim or none. What cannot be removed is a dead claim soon,
 * and goes in the next turn.
 */
async function giveUp(folder: string): Promise<void> {
  const gone = `${folder}.gone`;
  const clear = (): Promise<void> => rm(gone, { recursive: true, force: true });
  await clear()
    .then(() => rename(folder, gone))
    .then(clear)
    .catch(() => undefined);
}
