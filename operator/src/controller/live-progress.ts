import { isLiveProgress, type LiveProgress } from '@distillation/api/progress';

/**
 * Reads a worker's answer to `GET /progress`. The pod runs the user's image, so nothing in it is believed before it is checked: what
 * is no such answer is refused whole.
 */

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
