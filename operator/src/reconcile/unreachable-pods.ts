import { isOver } from '../observe/pod-status.ts';
import type { WirePod } from '@distillation/kube/wire';

/**
 * Deleted pods whose grace period is long over: their node is unreachable, and Kubernetes would keep them for minutes or for ever. If
 * such a pod is still running unobserved, no harm is done: its claims on the volume expire, and what it writes is identical to what
 * others write.
 */

/** Allowance for a kubelet that is slow to report. */
const PATIENCE_MS = 15_000;

interface UnreachablePods {
  readonly pods: readonly WirePod[];
  /** Milliseconds until the next terminating pod may count as unreachable. */
  readonly nextMs?: number;
}

export function findUnreachablePods(pods: readonly WirePod[], now: Date): UnreachablePods {
  const ending = pods
    .filter((pod) => !isOver(pod))
    .flatMap((pod) => {
      // The API server sets `deletionTimestamp` to the end of the grace period, not its beginning.
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
