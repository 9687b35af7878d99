import { stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** File by whose time a pod knows when its last session was alive. */
const SIGN = 'distill-files-session';
const SIGN_EVERY_MS = 5_000;

/** How long a pod waits without a session: for the first one, and for whoever was cut off to come back. */
const IDLE_SECONDS = 60;

const signIn = (folder: string): string => join(folder, SIGN);

async function give(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now).catch(() => writeFile(file, ''));
}

/** How often a session says that it is alive, in milliseconds: proxies in between end connections that are silent for a minute. */
export const ALIVE_MS = 10_000;

/** Tells the pod that a session is alive, until it is called off. */
export async function signOfLife(folder = tmpdir()): Promise<() => void> {
  const file = signIn(folder);
  await give(file);
  const timer = setInterval(() => void give(file).catch(() => undefined), SIGN_EVERY_MS);
  return () => {
    clearInterval(timer);
  };
}

/**
 * `files hold`: what keeps a pod running through which files are copied. It ends by itself when no session has been alive for a while: the
 * command line that made the pod was killed, and nobody else deletes it.
 */
export async function hold({ idleSeconds = IDLE_SECONDS, folder = tmpdir(), pollMs = 1000 } = {}): Promise<void> {
  const began = Date.now();
  for (;;) {
    await sleep(pollMs);
    const last = await stat(signIn(folder)).catch(() => undefined);
    if (Date.now() - Math.max(began, last?.mtimeMs ?? 0) > idleSeconds * 1000) return;
  }
}
