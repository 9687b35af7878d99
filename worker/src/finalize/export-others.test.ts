import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { expect, test } from 'vitest';
import { LAYOUT } from '@distillation/api/layout';
import { type FileLayer, nodeFileLayer } from '@distillation/ledger/file-layer';
import { Ledger, openLedger } from '@distillation/ledger/ledger';
import { isComplete } from '@distillation/ledger/outputs';
import { loadTeacher } from '../teacher/load.ts';
import { TUNING, withFolder } from '../../test/finalize.ts';
import { modelFiles } from './student/export.ts';
import { finalize } from './finalize.ts';
import { type StudentCard, studentDescription } from './student/card.ts';
import { tf, jobOf, commitBlock, openWorld } from '../../test/finalize-world.ts';

test('the student in another format too: written once more when it is named later, or damaged', async () => {
  const fineTuning = { ...TUNING, epochs: 0 };
  const job = jobOf({
    fineTuning,
    outputs: { ...jobOf().spec.outputs, formats: ['Keras'], workingFiles: 'DeleteOnSuccess' },
  });
  await withFolder(async (volume) => {
    const world = await openWorld(volume, job);
    for (const name of ['conv1', 'conv2']) await commitBlock(world, name, { steps: 1, job });
    const plain = {
      ...job,
      spec: { ...job.spec, outputs: { ...job.spec.outputs, formats: ['TfjsLayers' as const] } },
    };
    const { report } = await finalize({ ...world.options, job: plain });
    const student = (name: string): string => join(volume, 'out', LAYOUT.student, name);
    const listed = async (): Promise<StudentCard['files']> =>
      (JSON.parse(await readFile(student('card.json'), 'utf8')) as StudentCard).files;
    expect(await listed()).toBeUndefined();
    expect(await finalize(world.options)).toEqual({ report, alreadyDone: true });
    const written = await readFile(student('student.keras'));
    expect(await listed()).toMatchObject([{ format: 'Keras', file: 'student.keras', bytes: written.length }]);
    expect(await readFile(student('README.md'), 'utf8')).toContain("keras.saving.load_model('student/student.keras')");
    expect(await readFile(student('README.md'), 'utf8')).toContain('```\n\nInput: ');
    const [again, ours] = [
      await loadTeacher(tf, { path: student('student.keras') }),
      await loadTeacher(tf, { path: student('') }),
    ];
    const { plan, dataset } = world.options;
    const description = studentDescription({ job, plan, classNames: dataset.classNames });
    expect(modelFiles(again, { outputs: again.outputs, description }).sha256).toBe(report.provenance.studentSha256);
    expect(ours.sha256).toBe(report.provenance.studentSha256);
    await writeFile(student('student.keras'), written.subarray(1));
    expect((await finalize(world.options)).alreadyDone).toBe(true);
    expect((await readFile(student('student.keras'))).equals(written)).toBe(true);
  });
});

test('a format that is named later leaves a student of an earlier version as it is', async () => {
  const fineTuning = { ...TUNING, epochs: 0 };
  const job = jobOf({ fineTuning, outputs: { ...jobOf().spec.outputs, formats: ['TfjsLayers'] } });
  await withFolder(async (volume) => {
    const world = await openWorld(volume, job);
    for (const name of ['conv1', 'conv2']) await commitBlock(world, name, { steps: 1, job });
    await finalize(world.options);
    const { ledger } = world.options;
    const folder = ledger.path(LAYOUT.student);
    // Earlier versions wrote no description.
    const { userDefinedMetadata, ...rest } = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as {
      readonly userDefinedMetadata: unknown;
    };
    const { plan, dataset } = world.options;
    expect(userDefinedMetadata).toEqual(studentDescription({ job, plan, classNames: dataset.classNames }));
    const earlier = JSON.stringify(rest);
    await writeFile(join(folder, 'model.json'), earlier);
    const { sha256 } = await loadTeacher(tf, { path: folder });
    const record = await ledger.readResult();
    if (record === undefined) throw new Error('There is no result.');
    const provenance = { ...record.report.provenance, studentSha256: sha256 };
    await ledger.writeResult({ ...record, report: { ...record.report, provenance } });
    const named = { ...job, spec: { ...job.spec, outputs: { ...job.spec.outputs, formats: ['Keras' as const] } } };
    expect((await finalize({ ...world.options, job: named })).alreadyDone).toBe(true);
    expect(await readdir(folder)).toContain('student.keras');
    expect(await readFile(join(folder, 'model.json'), 'utf8')).toBe(earlier);
    expect((await finalize({ ...world.options, job: named })).alreadyDone).toBe(true);
  });
});

test('a format that could not be written is tried again by another version alone; another input makes another file', async () => {
  const outputs = { ...jobOf().spec.outputs, formats: ['Onnx' as const] };
  const job = jobOf({ fineTuning: { ...TUNING, epochs: 0 }, outputs });
  await withFolder(async (volume) => {
    const world = await openWorld(volume, job);
    for (const name of ['conv1', 'conv2']) await commitBlock(world, name, { steps: 1, job });
    await finalize(world.options);
    const student = (name: string): string => join(volume, 'out', LAYOUT.student, name);
    const names = (): Promise<string[]> => readdir(student(''));
    const cardOf = async (): Promise<StudentCard> =>
      JSON.parse(await readFile(student('card.json'), 'utf8')) as StudentCard;
    const card = await cardOf();
    expect(card.files).toMatchObject([{ format: 'Onnx', file: 'student.onnx' }]);
    expect(card.files?.[0]?.input).toBeUndefined();
    // As if ONNX could not express it.
    const refuse = async (worker: string, input: { readonly input?: 'Pixels' } = {}): Promise<void> => {
      const refused = [{ format: 'Onnx' as const, ...input, code: 'DISTILL_E_EXPORT_LAYER', worker }];
      await writeFile(student('card.json'), JSON.stringify({ ...card, files: [], refused }));
      await rm(student('student.onnx'), { force: true });
      await finalize(world.options);
    };
    await refuse(manifest.version);
    expect(await names()).not.toContain('student.onnx');
    await refuse('0.0.1');
    expect(await names()).toContain('student.onnx');
    // What cannot be had with one input may be had with the other.
    await refuse(manifest.version, { input: 'Pixels' });
    expect(await names()).toContain('student.onnx');
    const prepared = await readFile(student('student.onnx'));
    const pixels = { ...job, spec: { ...job.spec, outputs: { ...outputs, onnxInput: 'Pixels' as const } } };
    expect((await finalize({ ...world.options, job: pixels })).alreadyDone).toBe(true);
    expect((await readFile(student('student.onnx'))).equals(prepared)).toBe(false);
    expect((await cardOf()).files).toMatchObject([{ format: 'Onnx', input: 'Pixels' }]);
    expect(await readFile(student('README.md'), 'utf8')).toContain(
      "np.zeros((1, 8, 8, 1), 'uint8') # 8-bit grey pixels as they are",
    );
    expect(await readFile(student('README.md'), 'utf8')).toContain(', which `student.onnx` does itself. Output: ');
    await finalize(world.options);
    expect((await readFile(student('student.onnx'))).equals(prepared)).toBe(true);
  });
});

/** The same files, and a look at them before each change. */
function watched(look: () => Promise<void>): FileLayer {
  return {
    ...nodeFileLayer,
    create: async (path) => {
      await look();
      return nodeFileLayer.create(path);
    },
    rename: async (from, to) => {
      await look();
      return nodeFileLayer.rename(from, to);
    },
    overwrite: async (path, bytes) => {
      await look();
      await nodeFileLayer.overwrite(path, bytes);
    },
    unlink: async (path) => {
      await look();
      return nodeFileLayer.unlink(path);
    },
  };
}

test('as soon as nothing is left to make of what was named later, the report that was made with it is there', async () => {
  const outputs = { ...jobOf().spec.outputs, formats: ['Onnx' as const] };
  const job = jobOf({ fineTuning: { ...TUNING, epochs: 0 }, outputs });
  const plain = { ...job, spec: { ...job.spec, outputs: { ...outputs, formats: ['TfjsLayers' as const] } } };
  await withFolder(async (volume) => {
    const world = await openWorld(volume, job);
    for (const name of ['conv1', 'conv2']) await commitBlock(world, name, { steps: 1, job });
    const options = { ...world.options, render: () => '</html>' };
    await finalize({ ...options, job: plain });
    const { folder } = world.options.ledger;
    const reader = new Ledger({ folder, writer: 'reader', log: () => undefined });
    let looks = 0;
    const withoutSpeed: number[] = [];
    const look = async (): Promise<void> => {
      looks++;
      if (!(await isComplete(reader, outputs, manifest.version))) return;
      const result = await reader.readResult();
      if (result?.report.onnx === undefined) withoutSpeed.push(looks);
    };
    const layer = watched(look);
    const ledger = await openLedger({ layer, folder, writer: 'finalizer', log: () => undefined });
    expect((await finalize({ ...options, ledger })).alreadyDone).toBe(true);
    expect(looks).toBeGreaterThan(10);
    expect(withoutSpeed).toEqual([]);
    expect(await isComplete(reader, outputs, manifest.version)).toBe(true);
  });
});
