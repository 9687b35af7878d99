import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordedCosts } from '@distillation/api/layout';
import { layerInfo } from '../../../api/test/testing.ts';
import type { EpochRecord } from '@distillation/api/ledger';
import type { Plan } from '@distillation/api/plan';
import { costsFromRecords } from '@distillation/core/recorded-costs';
import { addCosts, type CostFileOptions, readCosts } from './cost-file.ts';
import { writeJson } from '../files/envelope.ts';
import { nodeFileLayer } from '../files/file-layer.ts';

const BACKEND = { name: 'tensorflow', tensorflow: '2.20.0', cpuThreads: 1 };

/** One block `a` behind 100 multiply-accumulates of prefix, ten samples. */
const PLAN: Plan = {
  version: 1,
  recipe: 'R',
  key: 'K',
  teacher: { sha256: 'T', format: 'Keras', outputs: 'Logits', inputShape: [8, 8, 3], classes: 2, params: 9, macs: 9 },
  dataset: { sha256: 'D', train: 10, validation: 1, test: 1, classes: 2, imageShape: [8, 8, 3], labelled: true },
  stepsPerEpoch: 1,
  epochs: 1,
  costUnit: 'MAC',
  costSource: 'Recorded',
  blocks: [
    {
      name: 'a',
      architecture: 'TwoLayer',
      layer: layerInfo({ name: 'a', macs: 100, prefixMacs: 100 }),
      params: 10,
      macs: 10,
      cost: { prefix: 100, own: 10 },
    },
  ],
  kept: [],
  backend: BACKEND,
};

const record = (ownSeconds: number): EpochRecord => ({
  block: 'a',
  epoch: 1,
  attempt: 0,
  metrics: { loss: 1, probeLoss: 1, probeBaseline: 2, probeOutputVariance: 1 },
  backend: BACKEND,
  timing: { bin: 0, startedAt: 1, finishedAt: 2, ownSeconds, prefixSeconds: 40, passBlocks: 1 },
});

describe('the file of block times', () => {
  let volume = '';
  const said: string[] = [];
  const options = (): CostFileOptions => ({
    files: nodeFileLayer,
    volume,
    teacherSha256: 'T',
    log: (line) => said.push(line),
  });

  beforeEach(async () => {
    volume = await mkdtemp(join(tmpdir(), 'costs-'));
    said.length = 0;
  });
  afterEach(async () => {
    await rm(volume, { recursive: true });
  });

  it('is read by the next job’s planner as it was written', async () => {
    expect(await readCosts(options())).toBeUndefined();
    await addCosts(options(), { job: 'one', plan: PLAN, records: [record(20)] });
    await addCosts(options(), { job: 'two', plan: PLAN, records: [record(40)] });
    const costs = costsFromRecords(await readCosts(options()), PLAN);
    expect(costs.get('a')).toEqual({ prefix: 4, own: 3 });
  });

  it('is not made by a job without a whole epoch', async () => {
    await addCosts(options(), { job: 'one', plan: PLAN, records: [] });
    expect(await readdir(volume)).toEqual([]);
  });

  it('is not used when an earlier version of this program wrote it, and says so', async () => {
    const body = { version: 1, teacherSha256: 'T', jobs: [] };
    await mkdir(dirname(join(volume, recordedCosts('T'))), { recursive: true });
    await writeJson(nodeFileLayer, join(volume, recordedCosts('T')), { body, writer: 'finalizer' });
    expect(await readCosts(options())).toBeUndefined();
    expect(said.join()).toMatch(/is of version 1 of its format, and version 2 is read here: it is not used/);
  });

  it('is begun anew when it was damaged, and says so', async () => {
    await addCosts(options(), { job: 'one', plan: PLAN, records: [record(20)] });
    await writeFile(join(volume, recordedCosts('T')), '{"body":{"version":1},"sha256":"no"}');
    expect(await readCosts(options())).toBeUndefined();
    expect(said.join()).toMatch(/damaged/);
    await addCosts(options(), { job: 'two', plan: PLAN, records: [record(50)] });
    expect(costsFromRecords(await readCosts(options()), PLAN).get('a')?.own).toBe(5);
  });
});
