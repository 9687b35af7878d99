import type { Report } from '@distillation/api/report';
import type { Plan } from '@distillation/api/plan';
import { SAMPLE } from '../../../../worker/test/report.ts';
import { describe, expect, it } from 'vitest';
import { endTable } from './end-table.ts';
import { planTable } from './plan-table.ts';

describe('endTable', () => {
  it('puts teacher and student side by side and says where the results lie', () => {
    expect(endTable(SAMPLE, 'volume/jobs/vgg16').split('\n')).toEqual([
      '                         teacher  student',
      'test accuracy            77.83 %  75.76 %  −2.07 points',
      'parameters               922,074  391,210  2.36×',
      'multiply-accumulates      19.9 M   7.33 M  2.72×',
      'size on disk             3.70 MB  1.58 MB  2.34×',
      'TensorFlow, batch of 64  48.2 ms  25.9 ms  1.86×',
      '',
      '9 of 12 blocks in the student; test accuracy as assembled 62.41 %, before 6 epochs of fine-tuning.',
      "Tested on 10,000 images: the standard error of the student's accuracy is 0.43 points.",
      'block5_conv3 failed to train, its layer stays: not trained: DISTILL_E_DEAD_BLOCK: its output is constant after 1 epoch, twice.',
      'Blocks trained in 2 min 28 s, finalized in 2 min 51 s.',
      'Computed with TensorFlow 2.20.0 on the CPU, 1 thread a process.',
      '',
      'student  volume/jobs/vgg16/student',
      'report   volume/jobs/vgg16/report.html',
    ]);
  });

  it('counts layers where several blocks were candidates for one', () => {
    const [first, ...others] = SAMPLE.blocks;
    if (first === undefined) throw new Error('the sample has blocks');
    const candidates = ['LowRank-0.25', 'LowRank-0.5'].map((name) => ({
      ...first,
      name: `${first.name}@${name}`,
      layer: first.name,
      selected: name === 'LowRank-0.5',
    }));
    expect(endTable({ ...SAMPLE, blocks: [...candidates, ...others] }, 'out')).toMatch(
      /^\d+ of 12 layers \(13 candidates\) in the student/m,
    );
  });

  it('shows the control beside the student', () => {
    const control = { testAccuracy: 0.8, validationAccuracy: 0.81, epochs: [], keptEpoch: 2 };
    const student = { ...SAMPLE.student, testAccuracy: 0.79 };
    expect(endTable({ ...SAMPLE, student, control }, 'out')).toMatch(
      /^the teacher fine-tuned as long +80\.00 % +79\.00 % +−1\.00 points?$/m,
    );
    expect(endTable(SAMPLE, 'out')).not.toContain('fine-tuned as long');
    const inVain = endTable({ ...SAMPLE, control: { testAccuracy: 0.8, epochs: [], keptEpoch: 0 } }, 'out');
    expect(inVain).not.toContain('fine-tuned as long');
    expect(inVain).toContain('The control shows nothing: no epoch made the teacher better than it was.');
  });

  it('shows the latency that a budget was kept by, predicted and measured', () => {
    const latency = { runtime: 'ONNX Runtime 1.30.0', batch: 64, teacherMs: 40, predicted: 0.4 };
    const selection = { budget: { latency: '0.5' }, split: 'Validation', considered: [], curve: [] };
    const text = (measured?: number): string =>
      endTable(
        {
          ...SAMPLE,
          selection: { ...selection, latency: { ...latency, ...(measured !== undefined && { measured }) } },
        },
        'out',
      );
    expect(text(0.424)).toContain("Latency of the student: 40.0 % of the teacher's as predicted, measured 42.4 %.");
    expect(text()).toContain('as predicted, not measured.');
  });

  it('shows the speed in ONNX Runtime, or why it is not known', () => {
    const rows = [
      { threads: 1, batch: 64, teacherMs: 40, studentMs: 16 },
      {
        threads: 2,
        batch: 64,
        teacherMs: 24,
        studentMs: 2,
        speedup: { median: 12.5, lowerQuartile: 9.5, upperQuartile: 13 },
      },
    ];
    const text = endTable({ ...SAMPLE, onnx: { runtime: 'ONNX Runtime 1.30.0', rows } }, 'out');
    expect(text).toMatch(/^ONNX Runtime, 1 thread, batch of 64 +40\.0 ms +16\.0 ms +2\.50×$/m);
    expect(text).toMatch(/2 threads, batch of 64 +24\.0 ms +2\.00 ms +12\.5× \(9\.50 to 13\.0\)$/m);
    const absent = endTable({ ...SAMPLE, onnx: { rows: [], absent: 'There is no binary.' } }, 'out');
    expect(absent).toContain('The speed in ONNX Runtime was not measured: There is no binary.');
  });

  it('does not say that the layer of a failed block stays where another block replaces it', () => {
    const failed = SAMPLE.blocks.find(({ outcome }) => outcome === 'Failed');
    const other = SAMPLE.blocks.find(({ selected }) => selected);
    if (failed === undefined || other === undefined)
      throw new Error('the sample has a failed block and a selected one');
    const blocks = [...SAMPLE.blocks, { ...other, name: `${failed.name}@TwoLayer`, layer: failed.name }];
    expect(endTable({ ...SAMPLE, blocks }, 'out')).toContain(`${failed.name} failed to train: `);
  });

  it('says where fine-tuning was in vain, and what to do', () => {
    const kept = { ...SAMPLE, fineTuning: { ...SAMPLE.fineTuning, keptEpoch: 0 } };
    expect(endTable(kept, 'out')).toMatch(/as assembled [\d.]+ %, and no better after \d+ epochs of fine-tuning\./);
    expect(endTable(kept, 'out')).toContain(
      'No epoch of fine-tuning was better than the student as it was assembled, which is kept. A lower spec.fineTuning.optimizer.learningRate may help.',
    );
    const diverged = { code: 'DISTILL_E_FINE_TUNE_DIVERGED', message: 'Fine-tuning stopped in epoch 1.' };
    const told = endTable({ ...kept, warnings: [diverged] }, 'out');
    expect(told).toContain('Fine-tuning stopped in epoch 1. Lower spec.fineTuning.optimizer.learningRate');
    expect(told).not.toContain('No epoch of fine-tuning');
    expect(endTable(SAMPLE, 'out')).not.toContain('No epoch of fine-tuning');
  });

  it('leaves out what was not measured, and never calls it zero', () => {
    const { params, macs, bytes } = SAMPLE.student;
    const bare: Report = {
      ...SAMPLE,
      teacher: { params, macs, bytes },
      student: { params, macs, bytes },
      assembled: {},
      outcome: 'NoBlockSelected',
      blocks: [],
      time: { finalizeSeconds: 20, usefulSeconds: 0 },
      warnings: [{ code: 'X', message: 'Fine-tuning stopped in epoch 2.' }],
    };
    const text = endTable(bare, 'out');
    expect(text).toMatch(/test accuracy +not measured +not measured\n/);
    expect(text).toMatch(/time of a batch +not measured +not measured\n/);
    expect(text).toContain('None of the 0 blocks was good enough: the network returned is the teacher, unchanged.');
    expect(text).toContain('Fine-tuning stopped in epoch 2.');
    expect(text).toContain('Blocks trained in a time not measured, finalized in 20 s.');
    expect(text).not.toContain('standard error');
    expect(text).not.toMatch(/\b0\.00|NaN|undefined/);
  });
});

describe('planTable', () => {
  const [kept] = SAMPLE.kept;
  const layer = kept?.layer;
  if (layer === undefined || SAMPLE.schedule === undefined)
    throw new Error('the sample has a kept layer and a schedule');
  const plan: Plan = {
    ...SAMPLE.plan,
    version: 1,
    recipe: '',
    key: '',
    backend: { name: 'wasm', tensorflow: '4.22.0', cpuThreads: 1 },
    teacher: {
      sha256: '',
      format: 'TfjsLayers',
      outputs: 'Logits',
      inputShape: [32, 32, 3],
      classes: 10,
      params: 922_074,
      macs: 19_910_000,
    },
    blocks: [
      {
        name: 'conv2',
        architecture: 'TwoLayer',
        layer: { ...layer, name: 'conv2', strides: [2, 2] },
        params: 100,
        macs: 12_345,
        cost: { prefix: 2e11, own: 1.5e10 },
      },
    ],
    kept: SAMPLE.kept,
  };
  const schedule = {
    ...SAMPLE.schedule,
    bins: [
      { index: 0, blocks: ['conv2'], cost: 1.17e12 },
      { index: 1, blocks: [], cost: 0 },
    ],
  };

  it('lists layers, costs, bins and what stays', () => {
    expect(planTable(plan, schedule).split('\n')).toEqual([
      'teacher   922,074 parameters, 19.9 M multiply-accumulates an image, validation accuracy not measured',
      'data set  45,000 training, 5,000 validation, 10,000 test images of 32×32×3, 10 classes',
      'backend   TensorFlow.js 4.22.0 in WebAssembly, 1 thread a process, some ten times slower than the native library',
      'training  4 epochs of 176 steps a block',
      "students  from 100.0 % of the teacher's parameters, or 97.8 % of its multiply-accumulates, upwards",
      '',
      'block  kernel  output    parameters   MACs an image  prefix MACs  own MACs  bin',
      'conv2  3×3 /2  32×32×16   448 → 100  442 k → 12.3 k        200 G    15.0 G    0',
      '',
      'Layers that stay',
      'block1_conv1     3×3  32×32×16  a replacement would have 2.8 times as many parameters (1,267 against 448)',
      'shortcut/<proj>  1×1  8×8×64    1x1 convolutions are not replaced',
      '',
      'bin 0  1 block  1.17 T  ████████████████████████',
      '1 more bin stays empty: there is 1 block. 1 bin (spec.scheduling.bins) would do as well.',
      'WorkStealing, fused passes, costs estimated: the longest bin needs 1.17 T (7.3 % above the least that any schedule needs).',
    ]);
  });

  it('says how the teacher sees pixels', () => {
    expect(planTable(plan, schedule, { preprocessing: { mode: 'None' } })).toContain(
      '\npixels    from 0 to 255, as they are (spec.teacher.preprocessing)\n',
    );
    const custom = { mode: 'Custom', scale: '0.5', mean: ['1', '2', '3'] } as const;
    expect(planTable(plan, schedule, { preprocessing: { ...custom, mean: [...custom.mean] } })).toContain(
      '\npixels    prepared: Custom; scale 0.5; mean 1, 2, 3\n',
    );
  });

  it('says how small a student can get: by the smallest candidate of each layer, where that is smaller than the layer', () => {
    const [block] = plan.blocks;
    if (block === undefined) throw new Error('the plan has a block');
    const other = { ...block, layer: { ...block.layer, name: 'conv3' }, name: 'conv3', params: 1000, macs: 342_368 };
    const candidate = { ...block, name: 'conv2@LowRank-0.25', params: 48 };
    const teacher = { ...plan.teacher, params: 1000, macs: 1_000_000 };
    // Of conv2 400 parameters and 430,023 multiply-accumulates less, of conv3 no parameter and 100,000 multiply-accumulates.
    expect(planTable({ ...plan, teacher, blocks: [block, candidate, other] }, schedule)).toContain(
      "students  from 60.0 % of the teacher's parameters, or 47.0 % of its multiply-accumulates, upwards",
    );
  });

  it('keeps to a terminal: texts are wrapped, and costs and shapes left out before the rest', () => {
    for (const width of [72, 80, 120]) {
      const lines = planTable(plan, schedule, { width }).split('\n');
      expect(lines.filter((line) => line.length > width)).toEqual([]);
      expect(lines.some((line) => /^conv2 .* 448 → 100 +442 k → 12.3 k .* 0$/.test(line))).toBe(true);
    }
    expect(planTable(plan, schedule, { width: 80 })).toContain(
      'teacher   922,074 parameters, 19.9 M multiply-accumulates an image, validation\n          accuracy not measured\n',
    );
    expect(planTable(plan, schedule, { width: 72 })).toMatch(
      /^block  kernel +parameters +MACs an image  prefix MACs  own MACs  bin$/m,
    );
  });

  it('sums up the bins that stay empty, and says why', () => {
    const bins = (blocks: readonly string[][]): string[] =>
      planTable(
        { ...plan, blocks: ['a', 'b', 'c'].flatMap((name) => plan.blocks.map((block) => ({ ...block, name }))) },
        { ...schedule, bins: blocks.map((names, index) => ({ index, blocks: names, cost: names.length })) },
      )
        .split('\n')
        .filter((line) => /^bin \d|empty/.test(line));
    const none = Array.from({ length: 37 }, () => []);
    expect(bins([['a'], ['b'], ['c'], ...none]).slice(3)).toEqual([
      '37 more bins stay empty: there are 3 blocks. 3 bins (spec.scheduling.bins) would do as well.',
    ]);
    expect(bins([['a', 'b'], ['c'], []]).slice(2)).toEqual([
      '1 more bin stays empty: blocks that share a prefix end no later together. 2 bins (spec.scheduling.bins) would do as well.',
    ]);
    expect(bins([['a'], ['b'], ['c']])).toHaveLength(3);
  });

  it('says where the data are read from and what of their folder is not read', () => {
    const dataset: Plan['dataset'] = {
      ...plan.dataset,
      folders: { train: 'train', validation: 'valid', test: 'test' },
      nested: 120,
      leftOut: [{ kind: 'Format', what: '.heic', count: 51, examples: ['train/a/1.heic'] }],
      unreadable: [{ name: 'train/a/2.png', reason: 'is a link to a file that is not there' }],
    };
    const lines = planTable({ ...plan, dataset }, schedule).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        '          training from train/, validation from valid/, test from test/, 120 images of these in sub-folders',
        'Data that are not read',
        '  51 .heic files: pictures of a format that is not read; convert them to PNG or JPEG (train/a/1.heic, ...)',
        '  train/a/2.png is a link to a file that is not there: counted as unreadable',
      ]),
    );
  });

  it('says costs in time when they were measured', () => {
    const measured: Plan = {
      ...plan,
      costUnit: 'Second',
      costSource: 'Measured',
      blocks: plan.blocks.map((block) => ({ ...block, cost: { prefix: 4, own: 75 } })),
    };
    const text = planTable(measured, { ...schedule, makespan: 300, lowerBound: 300 });
    expect(text).toContain('prefix time');
    expect(text).toContain('4.0 s  1 min 15 s');
    expect(text).toContain('costs measured: the longest bin needs 5 min 00 s (0.0 % above');
  });
});
