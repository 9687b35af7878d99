import { expect } from 'vitest';
import { indexOf } from '../../../operator/src/observe/pod-status.ts';
import type { WirePod } from '@distillation/kube/wire';
import type { Made } from '../../support/local-job.ts';
import { ClusterJob, isOver, isRunning } from '../cluster-job.ts';
import { installOperator } from '../operator.ts';
import { type Ways, heldRecipe, reference } from '../recipe.ts';

/** For tests that disturb a job while it trains: in every case the job ends with the same student, bit for bit. */

let wanted: Made | undefined;
const injected = new Map<string, number>();

/** Notes a fault that has happened, for the record that these tests print. */
export function count(kind: string, times = 1): void {
  injected.set(kind, (injected.get(kind) ?? 0) + times);
}

/** Prints what the file that has ended did. */
export function reportFaults(): void {
  for (const [kind, times] of injected) console.log(`faults: ${kind} ${times}`);
  injected.clear();
}

/** What comes before the first job of a file: an operator, and what the student is to be. */
export async function prepare(): Promise<void> {
  [wanted] = await Promise.all([reference(), installOperator()]);
}

export const start = (ways?: Ways): Promise<ClusterJob> => ClusterJob.apply(heldRecipe(ways), ways?.pool);

export async function endsTheSame(job: ClusterJob): Promise<void> {
  await job.succeeded();
  expect(await job.made()).toEqual(wanted);
}

export const nameOf = ({ metadata }: WirePod): string => metadata?.name ?? '';
export const uidOf = ({ metadata }: WirePod): string => metadata?.uid ?? '';

/** Waits for another pod of the same bin than the given one. */
export function replacementOf(job: ClusterJob, old: WirePod): Promise<WirePod> {
  return job.untilStatus(`another pod does the work of ${nameOf(old)}`, async () => {
    const pods = (await job.pods('worker')).filter((pod) => indexOf(pod) === indexOf(old));
    return pods.find((pod) => uidOf(pod) !== uidOf(old) && (isRunning(pod) || isOver(pod)));
  });
}
