import { isLiveProgress, isPlannerProgress, type LiveProgress, type PodProgress } from '@distillation/api/progress';

/**
 * Reads a worker's answer to `GET /progress`. The pod may run an image of the user's, so the answer is untrusted: it is validated, and
 * rejected as a whole if any part is invalid.
 */

/** The answer, or undefined when the text is not a valid one. */
export function parseProgress(body: string): PodProgress | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  return isLiveProgress(value) || isPlannerProgress(value) ? value : undefined;
}

/**
 * Whether an answer differs from the earlier one in anything that the status shows. Changes of losses and speeds do not count, except for
 * the first speed, from which on there is an ETA.
 */
export function differs(earlier: LiveProgress | undefined, later: LiveProgress): boolean {
  return earlier === undefined || relevantPart(earlier) !== relevantPart(later);
}

const relevantPart = ({ planKey, blocks, workers, finalizer: last }: LiveProgress): string =>
  JSON.stringify([
    planKey,
    blocks.map(({ name: block, state, epoch, outcome, bin, failure }) => [block, state, epoch, outcome, bin, failure]),
    workers.map(({ bin, state, epoch }) => [bin, state, epoch]),
    workers.some(({ imagesPerSecond }) => imagesPerSecond > 0),
    last === undefined ? undefined : [last.stage, last.epoch],
  ]);
