import { execFileSync } from 'node:child_process';
import { mkdirSync, rmdirSync } from 'node:fs';
import { cp, mkdtemp, open, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TinyVolume } from '../support/tiny-volume.ts';

/** A volume that is full or read-only, as the kernel tells it of a small tmpfs. Needs the right to mount. */

const mount = (...args: readonly string[]): void => {
  execFileSync('mount', args, { stdio: 'pipe' });
};

function canMount(): boolean {
  const probe = join(tmpdir(), `distill-mount-${process.pid}`);
  mkdirSync(probe);
  try {
    mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe);
    execFileSync('umount', [probe]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(probe);
  }
}

/** Writes until nothing more fits. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (;;) await file.write(Buffer.alloc(4096));
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  } finally {
    await file.close();
  }
}

describe.skipIf(!canMount())('a small volume (skipped where this user may not mount a tmpfs)', () => {
  let roomy: TinyVolume;
  let small: TinyVolume;

  beforeAll(async () => {
    roomy = new TinyVolume();
    await roomy.make();
    await roomy.finish('job');
    const root = await mkdtemp(join(tmpdir(), 'distill-small-'));
    mount('-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', root);
    small = new TinyVolume(root);
    for (const name of ['data', 'teacher']) await cp(join(roomy.root, name), join(root, name), { recursive: true });
  });

  afterAll(async () => {
    roomy.killPrograms();
    small.killPrograms();
    execFileSync('umount', [small.root]);
    await rmdir(small.root);
    await roomy.remove();
  });

  it('that fills up while training keeps what is finished; with room again the job ends with the same student', async () => {
    const change = { cluster: { backoffLimit: 0 } };
    const run = await small.begin('job', { change });
    await small.untilOnRecord('job', 1);
    await fill(join(small.root, 'filler'));
    const { code, stderr } = await run.ended;
    expect({ code, stderr }).toMatchObject({ code: 75 });
    expect(stderr).toContain('DISTILL_E_DISK_FULL');
    expect(stderr).toContain('Free space on the volume');
    const before = await small.epochsOnRecord('job');

    const still = await small.run('job', { change });
    expect(still).toMatchObject({ code: 75 });
    expect(still.stderr).toContain('DISTILL_E_DISK_FULL');

    mount('-o', 'remount,size=64m', small.root);
    expect(await small.epochsOnRecord('job')).toBe(before);
    await small.finish('job', { change });
    expect(await small.made('job')).toEqual(await roomy.made('job'));
  });

  it('that is read-only is refused by name, and nothing is lost', async () => {
    mount('-o', 'remount,ro', small.root);
    try {
      const { code, stderr } = await roomy.run('job', { args: ['--volume', small.root] });
      expect({ code, stderr }).toMatchObject({ code: 65 });
      expect(stderr).toContain(`DISTILL_E_VOLUME_NOT_WRITABLE: Cannot write to ${join(small.root, 'job')}`);
    } finally {
      mount('-o', 'remount,rw', small.root);
    }
    expect(await small.made('job')).toEqual(await roomy.made('job'));
  });
});
