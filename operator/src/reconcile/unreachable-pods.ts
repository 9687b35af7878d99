import { isOver } from '../observe/pod-status.ts';
import type { WirePod } from '@distillation/kube/wire';

/**
 * Pods that were told to end and should have long since: their node does not answer, and nobody else would give them up for minutes or
 * for ever. Should such a pod go on in secret, its claims on the volume expire and what it writes is what others write.
 */

/** For a kubelet that is slow to report. */
const PATIENCE_MS = 15_000;

export interface UnreachablePods {
  readonly pods: readonly WirePod[];
  /** Until the next one may be found, in milliseconds. */
  readonly nextMs?: number;
}

export function findUnreachablePods(pods: readonly WirePod[], now: Date): UnreachablePods {
  const ending = pods
    .filter((pod) => !isOver(pod))
    .flatMap((pod) => {
      // The API server sets it to the end of the grace period, not to its beginning.
      const { deletionTimestamp } = pod.metadata ?? {};
      return deletionTimestamp === undefined
        ? []
        : [{ pod, left: Date.parse(deletionTimestamp) + PATIENCE_MS - now.getTime() }];
    });
  const waiting = ending.filter(({ left }) => left > 0);
  return {
    pods: ending.filter(({ left }) => left <= 0).map(({ pod }) => pod),
    ...(waiting.length > 0 && { nextMs: Math.min(...waiting.map(({ left }) => left)) }),
  };
}
