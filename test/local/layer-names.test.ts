import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileName } from '@distillation/api/layout';
import type { Report } from '@distillation/api/report';
import type { StudentCard } from '../../worker/src/finalize/student/card.ts';
import { openBackend } from '../../worker/src/backend/select.ts';
import { loadTeacher } from '../../worker/src/teacher/load.ts';
import { beforeAll, expect, it } from 'vitest';
import { tinyVolume } from '../support/tiny-volume.ts';

/** A whole job by the real program, with layer names that no file name, log line or HTML page can contain unescaped. */

const LONG = '畳み込み層'.repeat(60);
const NAMES: Readonly<Record<string, string>> = {
  conv1: `${LONG}1`,
  conv2: `${LONG}2`,
  conv3: 'a "quoted" \\ line\nand <b>another</b>',
  conv4: 'größer: 50 %/~',
  conv5: 'größer: 50 %:~',
};
const BLOCKS = Object.values(NAMES);

const volume = tinyVolume();
const job = 'names';
const change = {
  teacher: { outputs: 'Logits' },
  dataset: { batchSize: 8 },
  blocks: { whenNotCheaper: 'Train' },
};

/** The teacher's file with other names for its layers and their weights. */
beforeAll(async () => {
  const path = join(volume.root, 'teacher', 'model.json');
  const renamed = (_: string, value: unknown): unknown => {
    if (typeof value !== 'string') return value;
    const [layer = '', ...rest] = value.split('/');
    return [NAMES[layer] ?? layer, ...rest].join('/');
  };
  await writeFile(path, JSON.stringify(JSON.parse(await readFile(path, 'utf8'), renamed)));
});

const namesIn = (folder: string): Promise<string[]> => readdir(volume.path(job, folder)).then((names) => names.sort());

it('trains, goes on after a kill, measures, exports and reports layers of any names', async () => {
  await volume.runUntilKilled(job, 3, { change });
  await volume.finish(job, { change });

  const report = JSON.parse(await readFile(volume.path(job, 'report.json'), 'utf8')) as Report;
  expect(report.blocks.map(({ name }) => name)).toEqual(BLOCKS);
  const trained = report.blocks.filter(({ weightsSha256 }) => weightsSha256 !== undefined).map(({ name }) => name);
  expect(trained).toEqual(BLOCKS);

  const files = BLOCKS.map(fileName).sort();
  expect(new Set(files).size).toBe(BLOCKS.length);
  expect(await namesIn('claims')).toEqual(files);
  expect(await namesIn('finalize/blocks')).toEqual(files.map((name) => `${name}.json`));

  const html = await readFile(volume.path(job, 'report.html'), 'utf8');
  expect(html).not.toContain('<b>another</b>');
  expect(html).toContain('&lt;b&gt;another&lt;/b&gt;');
  // An entry of the log stays one line, whatever the layer's name.
  for (const name of await namesIn('logs')) {
    for (const line of (await readFile(volume.path(job, 'logs', name), 'utf8')).split('\n')) {
      expect(line).not.toMatch(/^and /);
    }
  }
  for (const command of ['report', 'doctor'] as const) {
    expect(await volume.command(command, job), command).toMatchObject({ code: 0 });
  }

  const { tf } = await openBackend({ cpuThreads: 1 });
  const card = JSON.parse(await readFile(volume.path(job, 'student', 'card.json'), 'utf8')) as StudentCard;
  expect(card.blocks.map(({ layer }) => layer)).toEqual(BLOCKS);
  const student = await loadTeacher(tf, { path: volume.path(job, 'student') });
  const kept = report.blocks.filter(({ selected }) => !selected).map(({ name }) => name);
  expect([...student.graph.layers.keys()]).toEqual(expect.arrayContaining(kept));
  // The kind of outputs, which the job states and the last layer does not show, is recorded in the student.
  expect(student.outputs).toBe('Logits');
});
