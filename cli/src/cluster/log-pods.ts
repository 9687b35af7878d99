import { COMPLETION_INDEX, roleOf } from '@distillation/api/labels';
import { ROLES, type Role } from '@distillation/api/words';
import type { WirePod } from '@distillation/kube/wire';
import type { JobObject } from './jobs.ts';

/** The pods of a job whose logs are asked for. Pure. */

/** Which pods: all when nothing is said. */
export interface Selection {
  readonly planner?: boolean;
  readonly finalizer?: boolean;
  readonly bin?: number;
}

/** A pod of a job, with what people call it. */
export interface NamedPod {
  readonly pod: WirePod;
  /** `planner`, `bin 3` or `finalizer`. */
  readonly title: string;
  /** Whether its worker has begun, so that there is a log. */
  readonly hasLog: boolean;
}

/** The container that does the work; others may have been injected. */
export const WORKER = 'worker';

/** The selected pods in the order of the work, of one role the older first. */
export function podsOf(job: JobObject, pods: readonly WirePod[], selection: Selection = {}): NamedPod[] {
  const known = pods
    .map((pod) => ({ pod, role: roleOf(pod), bin: binOf(job, pod) }))
    .filter((one): one is typeof one & { role: Role } => one.role !== undefined && isSelected(one, selection));
  const started = ({ pod }: (typeof known)[number]): string => pod.metadata?.creationTimestamp ?? '';
  return known
    .sort(
      (a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || a.bin - b.bin || (started(a) < started(b) ? -1 : 1),
    )
    .map(({ pod, role, bin }) => ({ pod, title: role === 'worker' ? `bin ${bin}` : role, hasLog: hasBegun(pod) }));
}

/** The bins of a job, if it is known which it has and this is none of them. */
export function binsInstead({ status }: JobObject, wanted: number | undefined): number[] | undefined {
  const bins = status?.bins?.map(({ index }) => index) ?? [];
  return wanted === undefined || bins.length === 0 || bins.includes(wanted) ? undefined : bins;
}

/** The bin of a worker pod: as the operator says, else its completion index, which is the same as long as no bin is left out. */
function binOf({ status }: JobObject, { metadata }: WirePod): number {
  const told = status?.bins?.find(({ pod }) => pod !== undefined && pod === metadata?.name);
  return told?.index ?? Number(metadata?.annotations?.[COMPLETION_INDEX] ?? 0);
}

function isSelected(
  { role, bin }: { role: Role | undefined; bin: number },
  { planner = false, finalizer = false, bin: wanted }: Selection,
): boolean {
  if (!planner && !finalizer && wanted === undefined) return true;
  return (
    (planner && role === 'planner') || (finalizer && role === 'finalizer') || (role === 'worker' && bin === wanted)
  );
}

function hasBegun({ status }: WirePod): boolean {
  const state = status?.containerStatuses?.find(({ name }) => name === WORKER)?.state;
  return state?.running !== undefined || state?.terminated !== undefined;
}
