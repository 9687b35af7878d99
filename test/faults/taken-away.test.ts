import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '@distillation/api/errors';
import { LAYOUT } from '@distillation/api/layout';
import type { Plan } from '@distillation/api/plan';
import { scheduleBlocks } from '@distillation/core/schedule';
import { planSummary } from '@distillation/ledger/summaries';
import { encodeEnvelope } from '@distillation/ledger/envelope';
import type { Ledger } from '@distillation/ledger/ledger';
import { type Ended, exists, startPod, writeManifest } from '../support/cli.ts';
import { jobOf, type Made, openForReading } from '../support/local-job.ts';
import { heldSteps } from '../support/pace/pace.ts';
import { tinyVolume } from '../support/tiny-volume.ts';
import { tinyJob } from '../support/tiny-world.ts';
import { until } from '../../tools/kube-harness/access/until.ts';

/**
 * Files that a job depends on are removed from the volume or truncated while it runs: they are written again, and the job ends with
 * the same student.
 */

const volume = tinyVolume();
let reference: Made;
let plan: Plan;

const ledgerOf = (job: string): Ledger => openForReading(volume.root, jobOf(tinyJob(job)));
const cut = (path: string): Promise<void> => truncate(path, 40);

/** A subcommand as a pod runs it: plan and schedule come from files, as they do from the operator's ConfigMap. */
async function pod(job: string, command: 'train' | 'finalize', bin = 0): Promise<Ended> {
  const manifest = await writeManifest(volume.root, job, tinyJob(job));
  const given = await writeManifest(volume.root, `${job}-plan`, planSummary(plan));
  const schedule = scheduleBlocks(plan.blocks, plan.epochs, { bins: 2, policy: 'RoundRobin', passes: 'Fused' });
  const followed = await writeManifest(volume.root, `${job}-schedule`, schedule);
  const args = [command, '--job', manifest, '--volume', volume.root, '--plan', given, '--schedule', followed];
  const env = { DISTILL_TERMINATION_LOG: join(volume.root, `${job}.termination`) };
  return volume.add(startPod([...args, ...(command === 'train' ? ['--bin', String(bin)] : [])], env)).ended;
}

beforeAll(async () => {
  reference = await volume.reference();
  const made = await ledgerOf('reference').readPlan();
  if (made === undefined) throw new Error('there is no plan');
  plan = made;
});

it('a local run whose plan, schedule, recipe, manifest, claims and signs of life are taken away goes on as if nothing was', async () => {
  const run = await volume.begin('local', { env: heldSteps(500) });
  await volume.untilOnRecord('local', 1);
  const taken = [LAYOUT.plan, LAYOUT.schedule, LAYOUT.recipe, LAYOUT.manifest];
  // Again where a worker makes a file in a folder that is being removed.
  const removal = { recursive: true, maxRetries: 10 } as const;
  for (const name of [...taken, 'claims', 'holders']) await rm(volume.path('local', name), removal);
  await until('plan, recipe and schedule to be back', async () => {
    const back = await Promise.all(taken.slice(0, 3).map((name) => exists(volume.path('local', name))));
    return !back.includes(false);
  });
  // Once more with a truncated file: what is damaged is set aside and counts as missing.
  for (const name of [LAYOUT.plan, LAYOUT.schedule]) await cut(volume.path('local', name));
  expect(await run.ended).toMatchObject({ code: EXIT.ok });
  expect(await volume.made('local')).toEqual(reference);
  expect(await ledgerOf('local').readPlan()).toEqual(plan);
  // None was taken for one that never began: a bin has one process, whatever its parent can read of the schedule.
  for (const role of ['bin-0', 'bin-1']) {
    const log = await readFile(volume.path('local', LAYOUT.log(role)), 'utf8');
    expect(log.match(/computing with/g), role).toHaveLength(1);
  }
});

describe('a pod', () => {
  it.each([
    ['no plan', (job: string) => rm(volume.path(job, LAYOUT.plan))],
    ['a cut plan', (job: string) => cut(volume.path(job, LAYOUT.plan))],
    [
      'neither plan nor recipe nor schedule',
      async (job: string) => {
        for (const name of [LAYOUT.plan, LAYOUT.recipe, LAYOUT.schedule]) await rm(volume.path(job, name));
      },
    ],
  ])('that finds %s makes the very plan again from what the operator gives it, and goes on', async (what, take) => {
    const job = `pod-${what.replaceAll(' ', '-')}`;
    await volume.copyTrained('reference', job);
    // The last epoch of a block has to be trained again.
    await rm(volume.path(job, LAYOUT.epochRecord('conv3', 0, 3)));
    await take(job);
    for (const bin of [0, 1]) {
      const { code, stderr } = await pod(job, 'train', bin);
      expect({ code, stderr }).toMatchObject({ code: EXIT.ok });
    }
    expect(await ledgerOf(job).readPlan()).toEqual(plan);
    await take(job);
    const { code, stderr } = await pod(job, 'finalize');
    expect({ code, stderr }).toMatchObject({ code: EXIT.ok });
    expect(await ledgerOf(job).readPlan()).toEqual(plan);
    expect(await volume.made(job)).toEqual(reference);
  });
});

it.each([
  [LAYOUT.plan, () => ({ ...plan, version: 2 })],
  [LAYOUT.schedule, () => ({ version: 2, queues: [] })],
  [LAYOUT.result, () => ({ recipe: 'r', report: { version: 2 } })],
])('a file of another version is told so, with the way out: %s', async (name, body) => {
  const job = `version-${name.replaceAll('/', '-')}`;
  await volume.copy('reference', job);
  await writeFile(volume.path(job, name), encodeEnvelope(body()));
  const { code, stderr } = await volume.run(job);
  expect({ code, stderr }).toMatchObject({ code: EXIT.input });
  expect(stderr).toContain(`DISTILL_E_VOLUME_VERSION: ${volume.path(job, name)} is of version 2 of its format`);
  expect(stderr).toContain('delete the file');
  // Following the suggested fix works.
  await rm(volume.path(job, name));
  await volume.finish(job);
  expect(await volume.made(job)).toEqual(reference);
});

it('a file that is whole but not of its format is set aside as damaged, and made again', async () => {
  await volume.copy('reference', 'shape');
  const odd = { ...plan, blocks: [{ name: 'conv2' }] };
  await writeFile(volume.path('shape', LAYOUT.plan), encodeEnvelope(odd));
  await volume.finish('shape');
  expect((await volume.files('shape')).some((name) => name.startsWith(`${LAYOUT.plan}.corrupt-`))).toBe(true);
  expect(await volume.made('shape')).toEqual(reference);
});

it('trained blocks of which nothing tells whose they are, are not used and not overwritten', async () => {
  await volume.copyTrained('reference', 'whose');
  for (const name of [LAYOUT.plan, LAYOUT.recipe]) await rm(volume.path('whose', name));
  const before = await readFile(volume.path('whose', LAYOUT.epochData('conv2', 0, 3)));
  const { code, stderr } = await volume.run('whose');
  expect({ code, stderr }).toMatchObject({ code: EXIT.input });
  expect(stderr).toContain('holds trained blocks, and neither recipe.json nor plan.json');
  expect(await readFile(volume.path('whose', LAYOUT.epochData('conv2', 0, 3)))).toEqual(before);
});
