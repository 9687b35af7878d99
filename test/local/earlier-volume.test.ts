import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DistillationJob } from '@distillation/api/job';
import { LAYOUT } from '@distillation/api/layout';
import { validateJob } from '@distillation/api/validate';
import { decodeTensors, type NamedArray } from '@distillation/ledger/tensors';
import { runLocal } from '../../cli/src/local/run.ts';
import { openBackend } from '../../worker/src/backend/select.ts';
import { readWeights } from '../../worker/src/teacher/build.ts';
import { readZip } from '../../worker/src/teacher/files/zip.ts';
import { loadTeacher } from '../../worker/src/teacher/load.ts';
import { openForReading, silent } from '../support/local-job.ts';

/**
 * A volume that version 0.1.0 wrote before a block's arrays had the names of the exported model (epoch records of version 1),
 * packed unchanged: teacher, data, and a job in which conv1 is finished and conv2 has finished one of its two epochs.
 */
const FIXTURE = fileURLToPath(new URL('../../worker/test/fixtures/volumes/version-1.zip', import.meta.url));

const packed = readZip(await readFile(FIXTURE), FIXTURE);
let volume: string;
let job: DistillationJob;

beforeAll(async () => {
  volume = await mkdtemp(join(tmpdir(), 'distill-earlier-'));
  for (const [name, bytes] of packed) {
    await mkdir(dirname(join(volume, name)), { recursive: true });
    await writeFile(join(volume, name), bytes);
  }
  const { body } = JSON.parse(String(packed.get('job/job.json'))) as { body: DistillationJob };
  // The weights that the blocks were trained to are then in the student unchanged. What its version did not know has its default.
  const spec = { ...body.spec, fineTuning: { ...body.spec.fineTuning, epochs: 0 } };
  const read = validateJob({ ...body, spec }, 'Local');
  if (!('job' in read)) throw new Error(`${FIXTURE} holds a job that is no longer valid`);
  job = read.job;
});

afterAll(async () => {
  await rm(volume, { recursive: true, force: true });
});

const arraysOf = (bytes: Uint8Array): ReadonlyMap<string, NamedArray['data']> =>
  new Map(decodeTensors(bytes).tensors.map(({ name, data }) => [name, data]));

const earlier = (file: string): ReadonlyMap<string, NamedArray['data']> => {
  const bytes = packed.get(`job/blocks/${file}`);
  if (bytes === undefined) throw new Error(`There is no ${file} in ${FIXTURE}.`);
  return arraysOf(bytes);
};

it('gives its arrays by the names of today', async () => {
  const raw = earlier('conv2/attempt-0-epoch-0001.safetensors');
  const checkpoint = await openForReading(volume, job).latest('conv2');
  const found = new Map(checkpoint?.tensors?.map(({ name, data }) => [name, data]));
  const both = [
    ['sep1/depthwise_kernel', 'sep1/depthwise_kernel'],
    ['sep1/pointwise_kernel', 'sep1/pointwise_kernel'],
    ['sep1/bias', 'sep1/bias'],
    ['sep1/gamma', 'sep1_bn/gamma'],
    ['sep1/beta', 'sep1_bn/beta'],
    ['sep1/moving_mean', 'sep1_bn/moving_mean'],
    ['sep1/moving_variance', 'sep1_bn/moving_variance'],
    ['sep2/depthwise_kernel', 'sep2/depthwise_kernel'],
    ['sep2/pointwise_kernel', 'sep2/pointwise_kernel'],
    ['sep2/bias', 'sep2/bias'],
    ['optimizer/@step', 'optimizer:@step'],
    ['optimizer/sep1/bias/v', 'optimizer:sep1/bias/v'],
    ['optimizer/sep1/gamma/m', 'optimizer:sep1_bn/gamma/m'],
    ['optimizer/sep1/beta/v', 'optimizer:sep1_bn/beta/v'],
  ] as const;
  for (const [before, now] of both) expect(found.get(now), now).toEqual(raw.get(before));
  expect(found.size).toBe(raw.size);
});

it('is brought to its end: finished blocks stand, the other goes on from its weights and its optimizer', async () => {
  const { report } = await runLocal({ job, volume, display: silent, signal: new AbortController().signal });
  expect(report.outcome).toBe('StudentBuilt');
  expect(report.blocks).toMatchObject([
    { name: 'conv1', selected: true, epochs: 2, attempts: 1 },
    { name: 'conv2', selected: true, epochs: 2, attempts: 1 },
  ]);
  for (const [name, bytes] of packed) {
    if (!name.startsWith('job/blocks/')) continue;
    const now = await readFile(join(volume, name));
    expect(createHash('sha256').update(now).digest('hex'), name).toBe(createHash('sha256').update(bytes).digest('hex'));
  }
  const { tf } = await openBackend({ cpuThreads: 1 });
  const student = await loadTeacher(tf, { path: join(volume, 'job', LAYOUT.student) });
  const weights = new Map(readWeights(student).map(({ name, data }) => [name, data]));
  const done = earlier('conv1/attempt-0-epoch-0002.safetensors');
  expect(weights.get('conv1_distill_sep1_bn/gamma')).toEqual(done.get('sep1/gamma'));
  expect(weights.get('conv1_distill_sep1_bn/moving_variance')).toEqual(done.get('sep1/moving_variance'));
  expect(weights.get('conv1_distill_sep2/pointwise_kernel')).toEqual(done.get('sep2/pointwise_kernel'));
  const steps = earlier('conv2/attempt-0-epoch-0001.safetensors').get('optimizer/@step')?.[0] ?? NaN;
  const went = arraysOf(await readFile(join(volume, 'job', LAYOUT.epochData('conv2', 0, 2))));
  expect(went.get('optimizer:@step')?.[0]).toBe(2 * steps);
  expect(went.get('sep1_bn/gamma')).not.toEqual(earlier('conv2/attempt-0-epoch-0001.safetensors').get('sep1/gamma'));
  expect(weights.get('conv2_distill_sep1_bn/gamma')).toEqual(went.get('sep1_bn/gamma'));
});
