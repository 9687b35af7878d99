import { execFileSync } from 'node:child_process';
import { mkdirSync, rmdirSync } from 'node:fs';
import { cp, mkdtemp, open, readdir, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LAYOUT } from '@distillation/api/layout';
import { scheduleBlocks } from '@distillation/core/schedule';
import { errnoOf, nodeFileLayer } from '@distillation/ledger/file-layer';
import { startPod, writeManifest } from '../support/cli.ts';
import { jobOf, openForReading } from '../support/local-job.ts';
import { heldSteps } from '../support/pace/pace.ts';
import { tinyJob } from '../support/tiny-world.ts';
import { TinyVolume } from '../support/tiny-volume.ts';
import { until } from '../../tools/kube-harness/access/until.ts';

/** A volume that is full or read-only, as the kernel reports it for a small tmpfs. Needs the right to mount. */

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
    const run = await small.begin('job', { change, env: heldSteps(500) });
    await small.untilOnRecord('job', 1);
    await fill(join(small.root, 'filler'));
    const { code, stdout, stderr } = await run.ended;
    expect({ code, stderr }).toMatchObject({ code: 75 });
    // The terminal gives the reason for the delay before the process gives up.
    expect(stdout).toMatch(/^bin-\d: the volume fails, and is tried again for 30 s: /m);
    expect(stderr).toContain('DISTILL_E_DISK_FULL');
    expect(stderr).toContain('Free space on the volume');
    const before = await small.epochsOnRecord('job');

    const still = await small.run('job', { change });
    expect(still).toMatchObject({ code: 75 });
    expect(still.stderr).toContain('DISTILL_E_DISK_FULL');

    mount('-o', 'remount,size=64m', small.root);
    expect(await small.epochsOnRecord('job')).toBe(before);
    await small.finish('job', { change });
    expect(await small.made('job')).toEqual(await roomy.reference());
  });

  it('that is read-only when a run begins is refused by name: for good if the job never wrote there, and nothing is lost', async () => {
    mount('-o', 'remount,ro', small.root);
    try {
      const args = ['--volume', small.root];
      const fresh = await roomy.run('fresh', { args });
      expect(fresh).toMatchObject({ code: 65 });
      expect(fresh.stderr).toContain(`DISTILL_E_VOLUME_NOT_WRITABLE: Cannot write to ${join(small.root, 'fresh')}`);
      // Also when several folders have to be created.
      const deep = nodeFileLayer.mkdir(join(small.root, 'jobs/of/mine'));
      await expect(deep).rejects.toSatisfy((error) => errnoOf(error) === 'EROFS');
      const before = await roomy.run('job', { args });
      expect(before).toMatchObject({ code: 75 });
      expect(before.stderr).toContain(`DISTILL_E_VOLUME_IO: Cannot write to ${join(small.root, 'job')} just now`);
    } finally {
      mount('-o', 'remount,rw', small.root);
    }
    expect(await small.made('job')).toEqual(await roomy.reference());
  });

  it('that becomes read-only while a worker trains is waited for; writable again the worker goes on to its end', async () => {
    await small.copyTrained('job', 'moment');
    for (const block of ['conv2', 'conv3']) {
      const folder = small.path('moment', LAYOUT.blockFolder(block));
      for (const name of await readdir(folder)) if (!name.includes('epoch-0001')) await rm(join(folder, name));
    }
    const manifest = await writeManifest(small.root, 'moment', tinyJob('moment'));
    const args = ['train', '--bin', '0', '--job', manifest, '--volume', small.root];
    const env = { ...heldSteps(1000), DISTILL_TERMINATION_LOG: join(roomy.root, 'moment.termination') };
    const ledger = openForReading(small.root, jobOf(tinyJob('moment')));
    const schedule = scheduleBlocks((await ledger.readPlan())?.blocks ?? [], 3, {
      bins: 1,
      policy: 'RoundRobin',
      passes: 'Fused',
    });
    await ledger.writeSchedule(schedule);
    const worker = small.add(startPod(args, env));
    await until('the worker to train', async () => (await ledger.readProgress(0))?.state === 'Training');
    // The kernel refuses while a file is open for writing, which happens for a moment every second.
    await until('the volume to be read-only', () => {
      try {
        mount('-o', 'remount,ro', small.root);
        return true;
      } catch {
        return false;
      }
    });
    try {
      await until('the worker to wait', () => worker.stderr().includes('the volume fails, and is tried again'));
    } finally {
      mount('-o', 'remount,rw', small.root);
    }
    const { code, stderr } = await worker.ended;
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stderr).toContain('the volume is back');
    await small.finish('moment');
    expect(await small.made('moment')).toEqual(await roomy.reference());
  });
});
