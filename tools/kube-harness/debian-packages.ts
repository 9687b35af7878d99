import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * Installs the Debian packages that are missing here, if that is possible (root on Debian or Ubuntu).
 * @param who what needs them, as the subject of a sentence
 * @param packages each with a program or path that shows that it is installed
 * @throws Error that names those which are still missing
 */
export function ensureDebianPackages(
  who: string,
  packages: Readonly<Record<string, string>>,
  log: (line: string) => void,
): void {
  const missing = lacking(packages);
  if (missing.length === 0) return;
  if (existsSync('/usr/bin/apt-get')) {
    log(`installing ${missing.join(' ')}`);
    // None of the packages' services is needed, and a second containerd would interfere.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    for (const command of [['update'], ['install', '-y', '--no-install-recommends', ...missing]]) {
      spawnSync('apt-get', ['-q', ...command], { env, stdio: 'ignore', timeout: 300_000 });
    }
  }
  const still = lacking(packages);
  if (still.length > 0) {
    throw new Error(`${who} need ${still.join(', ')} (names of Debian packages): install them and run again.`);
  }
}

function lacking(packages: Readonly<Record<string, string>>): string[] {
  const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  const isThere = (proof: string): boolean =>
    proof.startsWith('/') ? existsSync(proof) : folders.some((folder) => existsSync(`${folder}/${proof}`));
  return Object.entries(packages).flatMap(([name, proof]) => (isThere(proof) ? [] : [name]));
}
