import type { ChildIdentity } from './labels.ts';

/** A DNS label: the host name of an Indexed Job's pod, `<job>-<index>`, must be one. */
const LABEL_LIMIT = 63;

/** What Kubernetes adds to a Job's name in the names of its pods: `-<index>-<5 random>`, with up to 1024 bins. Uncut, pods keep their Job's name. */
const POD_SUFFIX = '-1023-abcde'.length;

/** Longest name of a child. */
export const NAME_LIMIT = LABEL_LIMIT - POD_SUFFIX;

/**
 * Name of a child: `<job>-<role>-<revision>[-<attempt>]`. The same child has the same name whenever it is asked for, so a create that is repeated
 * finds what it made. A long job name is cut; the revision, which hashes the job's UID, keeps the rest unique.
 */
export function childName(jobName: string, { role, revision, attempt }: ChildIdentity): string {
  const tail = `-${role}-${revision}${attempt === undefined ? '' : `-${attempt}`}`;
  return `${jobName.slice(0, NAME_LIMIT - tail.length).replace(/-+$/, '')}${tail}`;
}
