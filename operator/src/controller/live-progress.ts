import type { LiveProgress } from '@distillation/api/progress';
import { amount, among, listOf, object, optional, text } from '@distillation/api/shape';
import { blockDigest, workerSeconds } from '@distillation/api/termination';
import { finalizerPlace, workerPlace } from '@distillation/api/working-formats';

/**
 * Reads a worker's answer to `GET /progress`. The pod runs the user's image, so nothing in it is believed before it is checked: what
 * is no such answer is refused whole.
 */

const LIMIT = { blocks: 1024, name: 256, text: 2048 } as const;

/** The answer, or undefined when the text is none. */
export function parseLiveProgress(body: string): LiveProgress | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  return isLiveProgress(value) ? value : undefined;
}

const name = text(LIMIT.name);

const worker = object({
  ...workerPlace,
  blocks: listOf(name, LIMIT.blocks),
  losses: (value) =>
    typeof value === 'object' && value !== null && Object.values(value).every((loss) => typeof loss === 'number'),
  imagesPerSecond: amount,
  updatedAt: amount,
  error: optional(text(LIMIT.text)),
});

const finalizer = object({ ...finalizerPlace, updatedAt: amount });

const isShaped = object({
  version: among(1),
  planKey: name,
  blocks: listOf(blockDigest, LIMIT.blocks),
  workers: listOf(worker, LIMIT.blocks),
  finalizer: optional(finalizer),
  seconds: workerSeconds,
  at: amount,
});

const isLiveProgress = (value: unknown): value is LiveProgress => isShaped(value);

/**
 * Whether an answer tells something that a status shows and the earlier one did not: other than losses and speeds, of which only the
 * first is news, since there is an ETA from then on.
 */
export function differs(earlier: LiveProgress | undefined, later: LiveProgress): boolean {
  return earlier === undefined || essence(earlier) !== essence(later);
}

const essence = ({ planKey, blocks, workers, finalizer: last }: LiveProgress): string =>
  JSON.stringify([
    planKey,
    blocks.map(({ name: block, state, epoch, outcome, bin, failure }) => [block, state, epoch, outcome, bin, failure]),
    workers.map(({ bin, state, epoch }) => [bin, state, epoch]),
    workers.some(({ imagesPerSecond }) => imagesPerSecond > 0),
    last === undefined ? undefined : [last.stage, last.epoch],
  ]);
