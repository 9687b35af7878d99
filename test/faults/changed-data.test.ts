import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ERRORS } from '@distillation/api/errors';
import { LAYOUT } from '@distillation/api/layout';
import { studentRecipe, trainingRecipe } from '@distillation/api/recipe';
import type { Report } from '@distillation/api/report';
import { writeImages } from '../../worker/test/data-files.ts';
import { openDataset } from '../../worker/src/data/open.ts';
import { openLedger } from '@distillation/ledger/ledger';
import { exists, writeManifest } from '../support/cli.ts';
import { jobOf } from '../support/local-job.ts';
import { type Change, tinyVolume } from '../support/tiny-volume.ts';
import { TINY, tinyJob } from '../support/tiny-world.ts';

/** A student is made from exactly the data that were planned, or not at all: a change in between ends the job and is named. */

const volume = tinyVolume();

/** Images without labels in a folder, with one image that cannot be read and one file that is not an image. */
const PICTURES: Change = {
  // Each of the 55 images that are not held out is read in every epoch, since no partial batch is left over.
  dataset: { path: 'pictures', format: 'UnlabelledFolder', labels: 'None', maxUnreadable: 1, batchSize: 11 },
  blocks: { include: ['conv3'] },
  // Enough training for a block to be better than each channel's mean; a dead block would fail the job.
  training: { epochs: 4 },
  scheduling: { bins: 1 },
  selection: { rule: 'AllTrained', maxAccuracyDrop: undefined },
  fineTuning: { epochs: 1, labels: 'None', teacherLogits: {} },
};
/** As little training as makes a block better than each channel's mean. */
const PACKED: Change = {
  dataset: { batchSize: 8 },
  blocks: { include: ['conv3'] },
  training: { epochs: 1 },
  scheduling: { bins: 1 },
  fineTuning: { epochs: 1 },
};
const NAMES = Array.from({ length: 60 }, (_, index) => `train/${String(index).padStart(2, '0')}.png`);

/** Changes bytes in the middle of a file, keeping its size and both ends. */
async function change(...path: readonly string[]): Promise<Buffer> {
  const file = join(volume.root, ...path);
  const before = await readFile(file);
  const middle = before.length >> 1;
  await writeFile(file, Buffer.from(before).fill(0, middle - 20, middle + 20));
  return before;
}

beforeAll(async () => {
  const folder = join(volume.root, 'pictures');
  await writeImages(folder, NAMES, { height: TINY.size, width: TINY.size, channels: 3 });
  await writeFile(join(folder, 'train/60.png'), '');
  await writeFile(join(folder, 'train/notes.txt'), 'x');
  await mkdir(join(folder, 'eval'));
  await volume.finish('pictures-job', { change: PICTURES });
  await volume.finish('packed-job', { change: PACKED });
});

describe('data that changed after planning', () => {
  it('end the job, naming the file: one that is read whole', async () => {
    await volume.copyTrained('packed-job', 'packed-changed');
    const before = await change('data', 'train-images-idx3-ubyte');
    try {
      const { code, stderr } = await volume.run('packed-changed', { change: PACKED });
      expect({ code, stderr }).toMatchObject({ code: 65 });
      expect(stderr).toContain('DISTILL_E_DATASET_CHANGED: ');
      expect(stderr).toContain('data/train-images-idx3-ubyte is not as it was when the job was planned.');
      expect(stderr).toContain(ERRORS.DISTILL_E_DATASET_CHANGED.fix);
      expect(await exists(volume.path('packed-changed', LAYOUT.student))).toBe(false);
    } finally {
      await writeFile(join(volume.root, 'data/train-images-idx3-ubyte'), before);
    }
    // With the old content restored, the job continues, although the time stamps differ.
    await volume.finish('packed-changed', { change: PACKED });
    expect((await volume.made('packed-changed')).student).toBe((await volume.made('packed-job')).student);
  });

  it('end the job, naming the file: a picture among many', async () => {
    await volume.copyTrained('pictures-job', 'picture-changed');
    // As a worker leaves them that was killed before the end of its first epoch.
    for (const name of [LAYOUT.blocks, 'claims']) {
      await rm(volume.path('picture-changed', name), { recursive: true });
    }
    const before = await change('pictures', 'train/33.png');
    try {
      const { code, stderr } = await volume.run('picture-changed', { change: PICTURES });
      expect({ code, stderr }).toMatchObject({ code: 65 });
      expect(stderr).toContain('DISTILL_E_DATASET_CHANGED: ');
      expect(stderr).toContain('train/33.png is not as it was when the job was planned.');
      expect(await exists(volume.path('picture-changed', LAYOUT.student))).toBe(false);
    } finally {
      await writeFile(join(volume.root, 'pictures/train/33.png'), before);
    }
    await volume.finish('picture-changed', { change: PICTURES });
  });

  it('are not planned by the plan of before: one that is shown again is that of the data', async () => {
    for (const [from, job, file, changes] of [
      ['packed-job', 'packed-planned', ['data', 'train-images-idx3-ubyte'], PACKED],
      ['pictures-job', 'pictures-planned', ['pictures', 'train/33.png'], PICTURES],
    ] as const) {
      await volume.copyTrained(from, job);
      await writeManifest(volume.root, job, tinyJob(job, changes));
      const plan = () => volume.command('plan', job, '--local');
      const whole = await plan();
      expect(whole).toMatchObject({ code: 0 });
      const before = await change(...file);
      try {
        const { code, stdout, stderr } = await plan();
        expect({ code, stdout }).toEqual({ code: 65, stdout: '' });
        expect(stderr).toContain(
          `DISTILL_E_DATASET_CHANGED: ${file[0]}: ${file[1]} is not as it was when the job was planned. `,
        );
        expect(stderr).toContain(ERRORS.DISTILL_E_DATASET_CHANGED.fix);
      } finally {
        await writeFile(join(volume.root, ...file), before);
      }
      expect(await plan()).toMatchObject({ code: 0, stdout: whole.stdout });
    }
  });

  it('do not depend on the record of their hashes, which is made again', async () => {
    await volume.copyTrained('pictures-job', 'no-record');
    const record = await readFile(volume.path('no-record', LAYOUT.dataHashes));
    await rm(volume.path('no-record', LAYOUT.dataHashes));
    await volume.finish('no-record', { change: PICTURES });
    expect(await readFile(volume.path('no-record', LAYOUT.dataHashes))).toStrictEqual(record);
  });
});

describe('what is not read of the data', () => {
  it('is told by the planner’s log, the report and its page', async () => {
    const log = await readFile(volume.path('pictures-job', 'logs/planner.log'), 'utf8');
    expect(log).toContain('the data: training from train/, validation held out of train/');
    expect(log).toContain('not read: the folder eval/ with 0 files');
    expect(log).toContain('not read: 1 .txt file (train/notes.txt)');
    expect(log).toContain('unreadable, left out: train/60.png is empty');
    const report = JSON.parse(await readFile(volume.path('pictures-job', LAYOUT.reportJson), 'utf8')) as Report;
    expect(report.plan.dataset).toMatchObject({
      hashOf: 'Contents',
      leftOut: [
        { kind: 'NoSplit', what: 'eval', count: 0 },
        { kind: 'OtherFile', what: '.txt', count: 1, examples: ['train/notes.txt'] },
      ],
      unreadable: [{ name: 'train/60.png', reason: 'is empty' }],
    });
    expect(report.provenance.unreadableImages).toStrictEqual(['train/60.png']);
    const page = await readFile(volume.path('pictures-job', LAYOUT.reportHtml), 'utf8');
    expect(page).toContain('1 .txt file (train/notes.txt)');
    expect(page).toContain('train/60.png (is empty)');
  });
});

describe('a volume that an earlier version planned', () => {
  /** Rewrites a job's records as a version that hashed the ends of files wrote them; returns its hash of the data. */
  async function asEarlier(job: string): Promise<string> {
    const { spec } = jobOf(tinyJob(job, PACKED));
    const ledger = await openLedger({ folder: volume.path(job), writer: 'test', log: () => undefined });
    const plan = await ledger.readPlan();
    if (plan === undefined) throw new Error(`${job} has no plan`);
    const edges = await (await openDataset(volume.root, spec.dataset, { inputShape: plan.teacher.inputShape })).edges();
    const { sha256, train, validation, test, classes, imageShape, labelled } = plan.dataset;
    expect(edges).not.toBe(sha256);
    const recipe = trainingRecipe(spec, { teacherSha256: plan.teacher.sha256, datasetSha256: edges });
    const dataset = { sha256: edges, train, validation, test, classes, imageShape, labelled };
    await ledger.writeJson(LAYOUT.plan, { ...plan, recipe, dataset });
    await ledger.writeJson(LAYOUT.recipe, recipe);
    await rm(ledger.path(LAYOUT.dataHashes));
    return edges;
  }

  async function expectContinued(job: string, edges: string): Promise<void> {
    const before = await volume.epochsOnRecord(job);
    await volume.finish(job, { change: PACKED });
    expect(await volume.epochsOnRecord(job)).toBe(before);
    expect(await volume.made(job)).toEqual(await volume.made('packed-job'));
    const report = JSON.parse(await readFile(volume.path(job, LAYOUT.reportJson), 'utf8')) as Report;
    expect(report.plan.dataset.hashOf).toBeUndefined();
    const { recipe, teacherSha256, datasetSha256 } = report.provenance;
    expect(datasetSha256).toBe(edges);
    expect(recipe).toBe(studentRecipe(jobOf(tinyJob(job, PACKED)).spec, { teacherSha256, datasetSha256 }));
  }

  it('goes on with its plan', async () => {
    await volume.copyTrained('packed-job', 'earlier');
    await expectContinued('earlier', await asEarlier('earlier'));
  });

  it('goes on when it is planned again, and says so', async () => {
    await volume.copyTrained('packed-job', 'earlier-again');
    const edges = await asEarlier('earlier-again');
    await rm(volume.path('earlier-again', LAYOUT.plan));
    await expectContinued('earlier-again', edges);
    const log = await readFile(volume.path('earlier-again', 'logs/planner.log'), 'utf8');
    expect(log).toContain('begun by an earlier version');
  });

  it('does not go on with other data', async () => {
    await volume.copyTrained('packed-job', 'earlier-changed');
    await asEarlier('earlier-changed');
    const file = join(volume.root, 'data/t10k-labels-idx1-ubyte');
    const before = await readFile(file);
    try {
      await writeFile(file, Buffer.from(before).fill(0, 20, 24));
      const { code, stderr } = await volume.run('earlier-changed', { change: PACKED });
      expect({ code, stderr }).toMatchObject({ code: 65 });
      expect(stderr).toContain('data is not as it was when an earlier version planned the job');
    } finally {
      await writeFile(file, before);
    }
  });
});
