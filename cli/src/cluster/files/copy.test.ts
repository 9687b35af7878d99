import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { workerSession } from '../../../../test/support/worker-session.ts';
import { fetchResults } from './fetch.ts';
import { listFiles, sourcesOf } from './local-files.ts';
import { type CopyProgress, pushFiles, type Pushed } from './push.ts';
import type { OpenSession, Session } from './session.ts';

/** Copies between a folder and volumes that the real worker serves, as a process of this machine instead of one in a pod. */

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

let [here, volumes] = ['', ''];

beforeEach(async () => {
  [here, volumes] = [await mkdtemp(join(tmpdir(), 'here-')), await mkdtemp(join(tmpdir(), 'volumes-'))];
  await mkdir(join(volumes, 'work'));
});
afterEach(async () => {
  for (const folder of [here, volumes]) await rm(folder, { recursive: true });
});

async function put(folder: string, path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

/** Sessions as processes; `watch` sees each, and may end it. */
const sessions =
  (watch: (args: readonly string[], session: Session) => Session = (_, session) => session): OpenSession =>
  (args) => {
    const session = workerSession([...args, '--volumes', volumes]);
    return Promise.resolve(watch(args, session));
  };

const LARGE = Buffer.alloc(3_000_000, 'large ');

async function layOut(): Promise<void> {
  await put(here, 'elsewhere/data/a', 'one');
  await put(here, 'elsewhere/data/deep/large', LARGE);
  await put(here, 'elsewhere/data/empty', '');
  await mkdir(join(here, 'datasets'));
  await symlink('../elsewhere/data', join(here, 'datasets/cifar'));
  await put(here, 'teachers/vgg/model.json', '{}');
  await put(here, 'teachers/vgg/weights.bin', 'weights');
}

const SOURCES = (): { from: string; to: string }[] => [
  { from: join(here, 'teachers/vgg'), to: 'work/teachers/vgg' },
  { from: join(here, 'datasets/cifar'), to: 'work/datasets/cifar' },
];

async function push(open: OpenSession, onProgress?: (at: CopyProgress) => void): Promise<Pushed> {
  const sources = SOURCES();
  return pushFiles(open, { files: await listFiles(sources), coming: sources.map(({ to }) => to) }, onProgress);
}

describe('push', () => {
  it('copies all files, links followed, and the second time none', async () => {
    await layOut();
    const seen: CopyProgress[] = [];
    const first = await push(sessions(), (at) => seen.push(at));
    expect(first).toEqual({ files: 5, bytes: 3_000_000 + 3 + 2 + 7, there: 0 });
    expect((await readFile(join(volumes, 'work/datasets/cifar/deep/large'))).equals(LARGE)).toBe(true);
    expect(await readFile(join(volumes, 'work/teachers/vgg/weights.bin'), 'utf8')).toBe('weights');
    expect(new Set(seen.map(({ stage }) => stage))).toEqual(new Set(['compare', 'copy', 'check']));
    expect(seen.at(-1)).toMatchObject({ stage: 'check', done: first.bytes, total: first.bytes });
    expect(await push(sessions())).toMatchObject({ there: 5 });
    expect(await readdir(join(volumes, 'work/.distillation/incoming'))).toEqual([]);
  });

  it('sends again only what differs, also where the size is the same', async () => {
    await layOut();
    await push(sessions());
    await put(volumes, 'work/datasets/cifar/a', 'two');
    const copied = new Set<string>();
    await push(sessions(), ({ stage, path }) => stage === 'copy' && copied.add(path));
    expect([...copied]).toEqual(['work/datasets/cifar/a']);
    expect(await readFile(join(volumes, 'work/datasets/cifar/a'), 'utf8')).toBe('one');
  });

  it('says what was and was not copied when the connection is lost amid a file, and goes on from there', async () => {
    await layOut();
    const cut = sessions((args, session) => {
      let sent = 0;
      const write = async (chunk: Uint8Array | string): Promise<void> => {
        sent += chunk.length;
        await session.write(chunk);
        if (args[1] === 'receive' && sent > 1_000_000) session.close();
      };
      return { ...session, write };
    });
    const failure = await push(cut).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: 'DISTILL_E_TRANSFER' });
    expect(String(failure)).toMatch(
      /Copied: 3 files .* Not copied: 2 files .*: work\/datasets\/cifar\/deep\/large, work\/datasets\/cifar\/empty/,
    );
    expect(await readdir(join(volumes, 'work/.distillation/incoming'))).toHaveLength(1);
    expect(await push(sessions())).toMatchObject({ there: 3 });
    expect(await readdir(join(volumes, 'work/.distillation/incoming'))).toEqual([]);
  });

  it('says what the far end says', async () => {
    await layOut();
    await put(volumes, 'work/datasets', 'a file where a folder has to be');
    await expect(push(sessions())).rejects.toMatchObject({
      code: 'DISTILL_E_TRANSFER',
      message: expect.stringMatching(/work\/datasets\/cifar\/a cannot be written.*Not copied: 3 files/) as string,
    });
  });

  it('notices a volume that does not keep what it was given', async () => {
    await layOut();
    let looks = 0;
    const open = sessions((args, session) => {
      if (args[1] !== 'look') return session;
      looks += 1;
      return session;
    });
    const spoiling: OpenSession = async (args) => {
      if (args[1] === 'look' && looks === 1) await put(volumes, 'work/teachers/vgg/weights.bin', 'heights');
      return open(args);
    };
    await expect(push(spoiling)).rejects.toMatchObject({
      code: 'DISTILL_E_TRANSFER_INTEGRITY',
      subject: 'work/teachers/vgg/weights.bin',
    });
  });

  it('refuses what is not here, and links that lead in a circle', async () => {
    await expect(listFiles([{ from: join(here, 'none'), to: 'work/none' }])).rejects.toMatchObject({
      code: 'DISTILL_E_USAGE',
    });
    await mkdir(join(here, 'circle'));
    await symlink('.', join(here, 'circle/again'));
    await expect(listFiles([{ from: join(here, 'circle'), to: 'work/x' }])).rejects.toThrow('leads back to a folder');
  });
});

it('teacher and data go to the volumes that the job has for them', () => {
  const dataset = { path: 'datasets/cifar' };
  const of = (path: string, cluster: object): string[] =>
    sourcesOf({ teacher: { path }, dataset, cluster }, '/data').map(({ from, to }) => `${from} > ${to}`);
  expect(of('teachers/vgg/model.json', {})).toEqual([
    '/data/teachers/vgg > work/teachers/vgg',
    '/data/datasets/cifar > work/datasets/cifar',
  ]);
  const own = { teacherVolume: { claimName: 'a' }, datasetVolume: { claimName: 'b' } };
  expect(of('vgg.keras', own)).toEqual([
    '/data/vgg.keras > teacher/vgg.keras',
    '/data/datasets/cifar > dataset/datasets/cifar',
  ]);
});

describe('fetch', () => {
  const model = JSON.stringify({ weightsManifest: [{ paths: ['weights.bin'], weights: [] }] });
  const studentSha256 = createHash('sha256').update(model).update('weights').digest('hex');
  const results = { job: 'tiny', folder: 'work/jobs/tiny', studentSha256 };
  const to = (): string => join(here, 'tiny');

  async function finishedJob(): Promise<void> {
    const folder = join(volumes, 'work/jobs/tiny');
    await put(folder, 'student/model.json', model);
    await put(folder, 'student/weights.bin', 'weights');
    await put(folder, 'student/model.onnx', 'onnx');
    await put(folder, 'student/card.json', JSON.stringify({ files: [{ file: 'model.onnx', sha256: sha256('onnx') }] }));
    await put(folder, 'report.json', JSON.stringify(REPORT(studentSha256)));
    await put(folder, 'report.html', '<html>');
  }

  it('brings student and report, and the second time nothing', async () => {
    await finishedJob();
    expect(await fetchResults(sessions(), { results, to: to() })).toMatchObject({ files: 6, report: { job: 'tiny' } });
    expect(await readFile(join(to(), 'student/model.onnx'), 'utf8')).toBe('onnx');
    expect((await readdir(to())).sort()).toEqual(['report.html', 'report.json', 'student']);
    const copied: string[] = [];
    await fetchResults(sessions(), { results, to: to() }, ({ path }) => copied.push(path));
    expect(copied).toEqual([]);
  });

  it.each([
    ['the weights', 'student/weights.bin', 'heights'],
    ['another format', 'student/model.onnx', 'none'],
  ])('keeps what is here when %s on the volume are not what they were', async (_, path, content) => {
    await finishedJob();
    await fetchResults(sessions(), { results, to: to() });
    await put(volumes, `work/jobs/tiny/${path}`, content);
    const failure = fetchResults(sessions(), { results, to: to() });
    await expect(failure).rejects.toMatchObject({ code: 'DISTILL_E_TRANSFER_INTEGRITY' });
    expect(await readFile(join(to(), 'student/weights.bin'), 'utf8')).toBe('weights');
    expect(await readFile(join(to(), 'student/model.onnx'), 'utf8')).toBe('onnx');
  });

  it('never leaves less than there was, and says when there is nothing', async () => {
    await expect(fetchResults(sessions(), { results, to: to() })).rejects.toMatchObject({
      code: 'DISTILL_E_NO_RESULT',
    });
    await finishedJob();
    await put(to(), 'student/model.keras', 'of another job');
    await expect(fetchResults(sessions(), { results, to: to() })).rejects.toMatchObject({
      code: 'DISTILL_E_USAGE',
      message: expect.stringContaining('model.keras') as string,
    });
    expect(await readdir(join(to(), 'student'))).toEqual(['model.keras']);
  });
});

const figures = { params: 1, macs: 1, bytes: 1 };
const REPORT = (studentSha256: string): object => ({
  version: 1,
  job: 'tiny',
  outcome: 'StudentBuilt',
  teacher: figures,
  student: figures,
  assembled: {},
  blocks: [],
  kept: [],
  fineTuning: { epochs: [] },
  gantt: [],
  time: { finalizeSeconds: 1, usefulSeconds: 1 },
  provenance: {
    recipe: '1',
    seed: 1,
    teacherSha256: '1',
    datasetSha256: '1',
    studentSha256,
    backends: [],
    versions: {},
    finishedAt: '',
  },
  plan: {
    dataset: { sha256: '1', train: 1, validation: 1, test: 1, classes: 10, imageShape: [32, 32, 3], labelled: true },
    stepsPerEpoch: 1,
    epochs: 1,
    costUnit: 'MAC',
    costSource: 'Estimated',
  },
});
