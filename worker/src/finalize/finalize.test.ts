import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LAYOUT } from '@distillation/api/layout';
import { loadTeacher } from '../teacher/load.ts';
import { openLedger } from '@distillation/ledger/ledger';
import { digestOf } from '@distillation/ledger/digest';
import { readEverything } from '@distillation/ledger/view';
import { batchesOf, patchSamples, TUNING, withFolder } from '../../test/finalize.ts';
import { evaluate } from './measuring/evaluate.ts';
import { type FileLayer, nodeFileLayer } from '@distillation/ledger/file-layer';
import { modelFiles } from './student/export.ts';
import { finalize, type FinalizeOutcome } from './finalize.ts';
import type { FinalizeProgress } from './stage-progress.ts';
import { gatherBlocks } from './gather.ts';
import type { StudentCard } from './student/card.ts';
import { studentReadme } from './student/readme.ts';
import { tf, SCALE, jobOf, commitBlock, record, type World, openWorld } from '../../test/finalize-world.ts';

describe('finalize', () => {
  test('makes student and report, the same to the bit wherever it was killed', async () => {
    const job = jobOf({ selection: { rule: 'Accuracy', split: 'Validation', maxAccuracyDrop: '0.7' } });
    const whole = await withFolder(async (volume) => {
      const world = await openWorld(volume, job);
      await commitBlock(world, 'conv1', { steps: 40, job });
      await commitBlock(world, 'conv2', { steps: 40, job });
      const tensors = tf.memory().numTensors;
      const told: FinalizeProgress[] = [];
      const outcome = await finalize({ ...world.options, onProgress: (progress) => told.push(progress) });
      expect(tf.memory().numTensors).toBe(tensors);
      checkTold(told, outcome.report);
      await checkOutputs(world, outcome);
      await checkDone(world, outcome);
      return outcome.report;
    });
    expect(whole.blocks.map(({ selected }) => selected)).toEqual([true, true]);
    expect(whole.fineTuning.keptEpoch).toBeGreaterThan(0);
    expect(whole.student.validationAccuracy).toBeGreaterThan(whole.assembled.validationAccuracy ?? 1);
    for (const stage of ['Measure', 'FineTune', 'Evaluate', 'Export'] as const) {
      await withFolder(async (volume) => {
        const world = await openWorld(volume, job);
        await commitBlock(world, 'conv1', { steps: 40, job });
        await commitBlock(world, 'conv2', { steps: 40, job });
        const killed = finalize({
          ...world.options,
          onProgress: ({ stage: at, epoch = 2 }) => {
            if (at === stage && epoch === 2) throw new Error('killed');
          },
        });
        await expect(killed).rejects.toThrow('killed');
        const { report, alreadyDone } = await finalize(world.options);
        expect(alreadyDone).toBe(false);
        expect(report.provenance.studentSha256).toBe(whole.provenance.studentSha256);
        expect(report.blocks).toEqual(whole.blocks);
        expect(report.student.testAccuracy).toBe(whole.student.testAccuracy);
      });
    }
  });

  test('a block that fails and one below the threshold stay the teacher’s; with none left the teacher is the student', async () => {
    const job = jobOf({ selection: { rule: 'Accuracy', split: 'Validation', minAccuracy: '0.99' } });
    await withFolder(async (volume) => {
      const world = await openWorld(volume, job);
      const failure = { code: 'DISTILL_E_DEAD_BLOCK', message: 'The block gives the same output for every image.' };
      await world.ledger.commitEpoch({ ...record('conv1'), outcome: 'Failed', failure }, undefined);
      await commitBlock(world, 'conv2', { steps: 1, job });
      const { report } = await finalize(world.options);
      expect(report.outcome).toBe('NoBlockSelected');
      expect(report.blocks.map(({ outcome, selected }) => ({ outcome, selected }))).toEqual([
        { outcome: 'Failed', selected: false },
        { outcome: 'Trained', selected: false },
      ]);
      expect(report.blocks[0]?.reason).toContain('the same output for every image');
      expect(report.blocks[1]?.reason).toContain(
        'below the threshold (accuracy of at least 99.00 %, that is 64 of 64 validation images)',
      );
      const student = await loadTeacher(tf, { path: join(volume, 'out', LAYOUT.student) });
      expect(modelFiles(student).sha256).toBe(modelFiles(world.teacher).sha256);
      expect(report.student.testAccuracy).toBe(report.teacher.testAccuracy);
      // What is told beside the layers is no difference between the two.
      expect(report.student.bytes).toBe(report.teacher.bytes);
      // The epoch of the failed block produced nothing that was kept; the operator counts in the same way.
      expect(report.time).toMatchObject({ usefulSeconds: 2, redoneSeconds: 2 });
      const { blocks } = await readEverything(world.ledger);
      expect(digestOf({ plan: world.plan, blocks })?.seconds).toEqual({ useful: 2, redone: 2 });
    });
  });

  test('a fine-tuning that diverges costs a warning, not the job', async () => {
    const sgd = { type: 'SGD', learningRate: '1e20', schedule: { type: 'Constant', warmupSteps: 0 } } as const;
    const job = jobOf({
      selection: { rule: 'Accuracy', split: 'Train', maxAccuracyDrop: '1' },
      fineTuning: { ...TUNING, optimizer: sgd },
    });
    await withFolder(async (volume) => {
      const world = await openWorld(volume, job);
      for (const name of ['conv1', 'conv2']) await commitBlock(world, name, { steps: 40, job });
      const { report } = await finalize(world.options);
      expect(report.warnings).toMatchObject([{ code: 'DISTILL_E_FINE_TUNE_DIVERGED' }]);
      expect(report.warnings?.[0]?.message).toMatch(/in epoch 1: the loss became .*not fine-tuned/);
      expect(report.fineTuning).toEqual({ epochs: [], keptEpoch: 0 });
      expect(report.student.testAccuracy).toBe(report.assembled.testAccuracy);
      expect(report.threshold?.split).toBe('Train');
    });
  });

  test('without labels every trained block is kept, learns from the teacher, and no accuracy is claimed', async () => {
    const job = jobOf({
      dataset: { ...jobOf().spec.dataset, labels: 'None' },
      selection: { rule: 'AllTrained', split: 'Validation' },
      fineTuning: { ...TUNING, labels: 'None', teacherLogits: { weight: '1', temperature: '2' } },
      outputs: { ...jobOf().spec.outputs, formats: ['TfjsLayers'], workingFiles: 'DeleteOnSuccess' },
    });
    await withFolder(async (volume) => {
      const world = await openWorld(volume, job);
      for (const name of ['conv1', 'conv2']) await commitBlock(world, name, { steps: 40, job });
      const { report } = await finalize(world.options);
      expect(report.blocks.map(({ reason }) => reason)).toEqual(Array(2).fill('every trained block is kept'));
      expect(report.fineTuning.keptEpoch).toBe(TUNING.epochs);
      for (const { testAccuracy, validationAccuracy } of [report.teacher, report.student, report.assembled]) {
        expect([testAccuracy, validationAccuracy]).toEqual([undefined, undefined]);
      }
      const left = await readdir(join(volume, 'out'), { recursive: true });
      expect(left.filter((name) => name.endsWith('.safetensors'))).toEqual([]);
      expect((await finalize(world.options)).alreadyDone).toBe(true);
    });
  });

  test('reads each epoch record and each checkpoint once, and what is remembered of them reads none again', async () => {
    const job = jobOf({ fineTuning: { ...TUNING, epochs: 0 } });
    await withFolder(async (volume) => {
      const world = await openWorld(volume, job);
      for (const name of ['conv1', 'conv2']) await commitBlock(world, name, { steps: 1, job });
      const read: string[] = [];
      const layer: FileLayer = {
        ...nodeFileLayer,
        readFile: (path) => {
          read.push(path);
          return nodeFileLayer.readFile(path);
        },
      };
      const ledger = await openLedger({
        folder: join(volume, 'out'),
        writer: 'finalizer',
        log: () => undefined,
        layer,
      });
      await gatherBlocks(ledger, world.plan, job.spec.blocks);
      for (const { name } of world.plan.blocks) expect(await ledger.knownHistory(name)).toHaveLength(1);
      const expected = ['conv1', 'conv2'].flatMap((name) =>
        [LAYOUT.epochRecord(name, 0, 1), LAYOUT.epochData(name, 0, 1)].map((file) => ledger.path(file)),
      );
      expect(read.filter((path) => path.startsWith(ledger.path(LAYOUT.blocks))).sort()).toEqual(expected.sort());
    });
  });

  test('says what is not finished', async () => {
    const job = jobOf();
    await withFolder(async (volume) => {
      const world = await openWorld(volume, job);
      await commitBlock(world, 'conv1', { steps: 1, job });
      await expect(finalize(world.options)).rejects.toMatchObject({
        code: 'DISTILL_E_BLOCKS_INCOMPLETE',
        message: '1 of 2 blocks is not finished: conv2 (not begun).',
      });
      // A block whose checkpoint has one flipped bit is not finished either.
      await commitBlock(world, 'conv2', { steps: 1, job });
      const data = join(volume, 'out', LAYOUT.epochData('conv1', 0, 1));
      const bytes = await readFile(data);
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
      await writeFile(data, bytes);
      await expect(finalize(world.options)).rejects.toMatchObject({ code: 'DISTILL_E_BLOCKS_INCOMPLETE' });
    });
  });

  test('refuses a teacher that guesses', async () => {
    const job = jobOf();
    await withFolder(async (volume) => {
      const world = await openWorld(volume, job);
      for (const name of ['conv1', 'conv2']) await commitBlock(world, name, { steps: 1, job });
      const dense = world.teacher.model.getLayer('scores');
      tf.tidy(() => {
        for (const weight of dense.weights) weight.write(tf.zerosLike(weight.read()));
      });
      await expect(finalize(world.options)).rejects.toMatchObject({ code: 'DISTILL_E_TEACHER_ACCURACY' });
    });
  });
});

async function checkOutputs({ volume, teacher }: World, { report }: FinalizeOutcome): Promise<void> {
  const read = (name: string): Promise<string> => readFile(join(volume, 'out', name), 'utf8');
  expect(JSON.parse(await read(LAYOUT.reportJson))).toEqual(report);
  const student = await loadTeacher(tf, { path: join(volume, 'out', LAYOUT.student) });
  expect(student.sha256).toBe(report.provenance.studentSha256);
  const card = JSON.parse(await read(LAYOUT.card)) as StudentCard;
  expect(card.sha256).toBe(student.sha256);
  expect(card.accuracy.student.test).toBe(report.student.testAccuracy);
  expect(await read('student/README.md')).toBe(studentReadme(card));
  // The accuracies in the report are those of the exported files, on the data as our reader decodes them.
  const samples = patchSamples('t10k', 120);
  const quantized = {
    ...samples,
    images: samples.images.map((v) => Math.round(Math.max(-3, Math.min(3, v)) / SCALE + 127.5) * SCALE - 3),
  };
  const [own, taught] = await evaluate(tf, [student.model, teacher.model], batchesOf(quantized, 60));
  expect(report.student.testAccuracy).toBeCloseTo((own?.correct ?? 0) / 120, 2);
  expect(report.teacher.testAccuracy).toBeCloseTo((taught?.correct ?? 0) / 120, 2);
  expect(report.fineTuning.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
  expect(report.blocks.every((block) => block.unexplained === 0.25 && block.losses.length === 1)).toBe(true);
  expect(report.time).toMatchObject({ trainingSeconds: 4, usefulSeconds: 4 });
  expect(report.student.params).toBe(student.params);
  // The size is that of the files, not one computed from the number of parameters.
  expect(report.student.bytes).toBe(await networkBytes(join(volume, 'out', LAYOUT.student)));
  expect(report.teacher.bytes).toBe(await networkBytes(join(volume, 'teacher')));
  expect(report.student.bytes).toBeGreaterThan(4 * student.params);
  student.model.dispose();
}

/** Size of a LayersModel in a folder. */
async function networkBytes(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name === 'model.json' || name.endsWith('.bin'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * Each stage is reported when it begins, with its number of steps: twice 64 validation, 256 training and 120 test
 * samples, in batches of 32.
 */
function checkTold(told: readonly FinalizeProgress[], { fineTuning }: FinalizeOutcome['report']): void {
  const begun = told.filter(({ step = 0 }) => step === 0);
  for (const { seconds = 0 } of begun) expect(seconds).toBeLessThan(0.5);
  const [first = NaN, second = NaN] = fineTuning.epochs.map(({ seconds }) => seconds);
  expect(begun).toMatchObject([
    { stage: 'Measure', step: 0, steps: 4 },
    { stage: 'FineTune', epoch: 1, step: 0, steps: 8 },
    { stage: 'FineTune', epoch: 2, step: 0, steps: 8, epochSeconds: first },
    { stage: 'Evaluate', step: 0, steps: 4, epochSeconds: (first + second) / 2 },
    { stage: 'Export', epochSeconds: (first + second) / 2 },
  ]);
}

async function checkDone(
  { options, volume }: Awaited<ReturnType<typeof openWorld>>,
  { report }: FinalizeOutcome,
): Promise<void> {
  const again = await finalize({ ...options, onProgress: () => expect.unreachable('nothing is to be done') });
  expect(again).toEqual({ report, alreadyDone: true });
  // A student that has been damaged is written again from what is on the volume.
  await rm(join(volume, 'out', LAYOUT.student, 'model.json'));
  const repaired = await finalize(options);
  expect(repaired.alreadyDone).toBe(false);
  expect(repaired.report.provenance.studentSha256).toBe(report.provenance.studentSha256);
}
