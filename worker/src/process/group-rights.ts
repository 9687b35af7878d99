import { stat } from 'node:fs/promises';

/** Set-group-ID and group-write, as `fsGroup` sets them on a volume's root. */
const SHARED = 0o2020;

/**
 * Lets the group write what this process creates, if the volume's root is shared with a group: a later job that runs under another
 * user id of the same group can then resume from the files. Elsewhere the user's own umask stays in force.
 */
export async function shareWithGroup(volume: string): Promise<void> {
  const status = await stat(volume).catch(() => undefined);
  if (status === undefined || (status.mode & SHARED) !== SHARED) return;
  const before = process.umask(0o077);
  process.umask(before & ~0o070);
}
