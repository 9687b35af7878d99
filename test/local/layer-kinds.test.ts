import { readFile } from 'node:fs/promises';
import type { LayersModel } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { LAYOUT } from '@distillation/api/layout';
import { decodeEnvelope } from '@distillation/ledger/envelope';
import type { Report } from '@distillation/api/report';
import { openBackend } from '../../worker/src/backend/select.ts';
import { loadTeacher } from '../../worker/src/teacher/load.ts';
import type { Made } from '../support/local-job.ts';
import { type Change, tinyVolume } from '../support/tiny-volume.ts';
import { TINY, writeTeacher } from '../support/tiny-world.ts';

/** Whole jobs that replace 1x1 convolutions and dense layers, with a teacher whose weights are mostly in a dense one. */

const volume = tinyVolume();
const { tf } = await openBackend({ cpuThreads: 1 });

function teacher(): LayersModel {
  const start = (seed: number): ReturnType<typeof tf.initializers.heNormal> => tf.initializers.heNormal({ seed });
  const { size, classes } = TINY;
  const common = { padding: 'same', activation: 'relu' } as const;
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        ...common,
        name: 'first',
        filters: 24,
        kernelSize: 3,
        strides: 2,
        inputShape: [size, size, 1],
        kernelInitializer: start(1),
      }),
      tf.layers.conv2d({ ...common, name: 'point', filters: 32, kernelSize: 1, kernelInitializer: start(2) }),
      tf.layers.conv2d({ ...common, name: 'second', filters: 16, kernelSize: 3, kernelInitializer: start(3) }),
      tf.layers.flatten({ name: 'flat' }),
      tf.layers.dense({ name: 'hidden', units: 64, activation: 'relu', kernelInitializer: start(4) }),
      tf.layers.dense({ name: 'gate', units: 64, activation: 'softmax', kernelInitializer: start(5) }),
      tf.layers.dense({ name: 'scores', units: classes, activation: 'softmax', kernelInitializer: start(6) }),
    ],
  });
}

const withLayers = (layers: readonly string[], change: Change = {}): Change => ({
  teacher: { path: 'dense/model.json' },
  training: { epochs: 1, optimizer: {} },
  fineTuning: { epochs: 1, freeze: [] },
  scheduling: { bins: 1 },
  ...change,
  blocks: { architecture: undefined, layers, ...change['blocks'] },
});
const ALL = ['Convolution', 'Pointwise', 'Dense'];

const reportOf = async (job: string): Promise<Report> =>
  JSON.parse(await readFile(volume.path(job, LAYOUT.reportJson), 'utf8')) as Report;
const namesOf = ({ blocks }: Report): string[] => blocks.map(({ name }) => name);

let reference: Made;
let report: Report;

beforeAll(async () => {
  await writeTeacher(tf, volume.path('dense'), teacher());
  const outputs = { formats: ['TfjsLayers', 'Keras', 'Onnx'] };
  await volume.finish('all', { change: withLayers(ALL, { outputs }) });
  reference = await volume.made('all');
  report = await reportOf('all');
});

describe('a job that replaces every kind of layer', () => {
  it('replaces 1x1 convolutions and hidden dense layers, and says of each other one why it stays', () => {
    expect(namesOf(report)).toEqual(['point', 'second', 'hidden']);
    expect(Object.fromEntries(report.kept.map(({ layer, reason }) => [layer.name, reason]))).toEqual({
      first: expect.stringContaining('a block would not be cheaper') as string,
      gate: expect.stringContaining('its activation softmax is not one a block can end in') as string,
      scores: 'gives the class scores',
    });
    expect(report.outcome).toBe('StudentBuilt');
    expect(report.blocks.filter(({ selected }) => selected).map(({ name }) => name)).toContain('hidden');
    expect(report.student.params).toBeLessThan(0.6 * report.teacher.params);
  });

  it('gives a student of two dense layers for one, in every format', async () => {
    const student = await loadTeacher(tf, { path: volume.path('all', LAYOUT.student) });
    const { layers } = student.graph;
    expect(layers.get('hidden_distill_reduce')).toMatchObject({ className: 'Dense', config: { units: 24 } });
    expect(layers.get('hidden_distill_expand')).toMatchObject({ className: 'Dense', config: { units: 64 } });
    expect(layers.get('point_distill_reduce')).toMatchObject({ className: 'Conv2D', config: { filters: 8 } });
    expect(layers.has('hidden')).toBe(false);
    expect(student.params).toBe(report.student.params);
    const keras = await loadTeacher(tf, { path: volume.path('all', LAYOUT.student, 'student.keras') });
    expect(keras.params).toBe(student.params);
    expect((await readFile(volume.path('all', LAYOUT.student, 'student.onnx'))).length).toBeGreaterThan(0);
    expect(report.warnings ?? []).toEqual([]);
    const page = await readFile(volume.path('all', LAYOUT.reportHtml), 'utf8');
    expect(page).toContain('Layers that stayed');
    expect(page).toContain('gives the class scores');
  });

  it('starts near its end: a dense block is close to its layer after one epoch', () => {
    const hidden = report.blocks.find(({ name }) => name === 'hidden');
    expect(hidden?.accuracy).toBeGreaterThan((report.teacher.validationAccuracy ?? 1) - 0.1);
  });

  it('gives the same student however the work is distributed', async () => {
    const scheduling = { bins: 3, passes: 'Independent' };
    await volume.finish('spread', { change: withLayers(ALL, { scheduling }) });
    expect(await volume.made('spread')).toEqual(reference);
  });
});

describe('a job that replaces some kinds of layers', () => {
  it('leaves the others, and keeps a budget of parameters by its dense layers', async () => {
    const selection = { rule: 'Budget', budget: { parameters: '0.6' }, maxAccuracyDrop: undefined };
    const change = withLayers(['Pointwise', 'Dense'], { selection });
    const { stdout } = await volume.finish('some', { change });
    const some = await reportOf('some');
    expect(namesOf(some)).toEqual(['point', 'hidden']);
    expect(some.kept.map(({ layer }) => layer.name)).toContain('second');
    expect(some.student.params).toBeLessThanOrEqual(0.6 * some.teacher.params);
    expect(stdout).toContain('hidden');
    const { hidden, point } = (await volume.made('some')).blocks;
    expect({ hidden, point }).toEqual({ hidden: reference.blocks['hidden'], point: reference.blocks['point'] });
  });

  it('trains of several candidates only those that can replace the layer', async () => {
    const candidates = [{ architecture: 'LowRank' }, { architecture: 'TwoLayer' }];
    const change = withLayers(ALL, { blocks: { candidates } });
    await volume.plan('candidates', change);
    const plan = decodeEnvelope(await readFile(volume.path('candidates', LAYOUT.plan)));
    if (plan === undefined) throw new Error('there is no plan');
    const { blocks, untrained } = plan.body as {
      blocks: { name: string }[];
      untrained: { block: string; reason: string }[];
    };
    expect(blocks.map(({ name }) => name)).toContain('hidden@LowRank-0.375');
    expect(untrained).toContainEqual({
      block: 'hidden@TwoLayer',
      reason: 'separable layers replace only convolutions larger than 1x1',
    });
  });

  it('is refused by the planner where the teacher has no layer of these kinds', async () => {
    const refused = await volume.plan('none', { ...withLayers(['Pointwise']), teacher: {} });
    expect(refused.code).toBe(65);
    expect(refused.stderr + refused.stdout).toMatch(
      /DISTILL_E_NO_CANDIDATE.*No convolution of the teacher can be replaced: conv1 and 4 more: larger than 1x1/s,
    );
  });
});
