import { stat } from 'node:fs/promises';

/** Set-group-ID and group-write, as `fsGroup` sets them on a volume's root. */
const SHARED = 0o2020;

/**
 * Lets the group write what this process makes, when the volume's root says that it belongs to a group: a later job under another user
 * id, of the same group, can then go on with the files. Elsewhere the user's own umask stands.
 */
export async function shareWithGroup(volume: string): Promise<void> {
  const status = await stat(volume).catch(() => undefined);
  if (status === undefined || (status.mode & SHARED) !== SHARED) return;
  const before = process.umask(0o077);
  process.umask(before & ~0o070);
}
