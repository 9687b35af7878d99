import type { ChildIdentity } from './labels.ts';

/** Length of a DNS label, which the host name `<job>-<index>` of an Indexed Job's pod must be. */
const LABEL_LIMIT = 63;

/**
 * Suffix `-<index>-<5 random>` that the Job controller adds in pod names, for up to 1024 bins. With room for it no pod name is truncated.
 */
const POD_SUFFIX = '-1023-abcde'.length;

/** Longest name of a child. */
const NAME_LIMIT = LABEL_LIMIT - POD_SUFFIX;

/**
 * Name of a child: `<job>-<role>-<revision>[-<attempt>]`. It is deterministic, so a repeated create finds the object that exists already. A
 * long job name is truncated; the revision, which includes the job's UID, keeps the name unique.
 */
export function childName(jobName: string, { role, revision, attempt }: ChildIdentity): string {
  const tail = `-${role}-${revision}${attempt === undefined ? '' : `-${attempt}`}`;
  return `${jobName.slice(0, NAME_LIMIT - tail.length).replace(/-+$/, '')}${tail}`;
}
