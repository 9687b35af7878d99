import type { Report } from '@distillation/api/report';
import { shareOf } from '@distillation/api/shares';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderReport } from './page.ts';
import { SAMPLE } from '../../test/report.ts';

/** What a reader sees: the page without style and tags. */
const textOf = (report: Report): string =>
  renderReport(report)
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

const without = <Value extends object>(value: Value, ...keys: (keyof Value)[]): Value =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key as keyof Value))) as Value;

describe('the report page', () => {
  it('says what came out', () => {
    const text = textOf(SAMPLE);
    for (const fact of [
      'vgg16-quarter-cifar10',
      'A student with 2.36× fewer parameters and 2.72× fewer multiply-accumulates than its teacher, 2.07 points below it',
      'Test accuracy 75.76 % teacher 77.83 % −2.07 points',
      'Size on disk 1.58 MB teacher 3.70 MB 2.34× smaller',
      'Batch of 64, TensorFlow 25.9 ms teacher 48.2 ms 1.86× faster',
      'threshold 76.90 %',
      '9 of 12 blocks passed',
      '1 block failed to train and its layer stays the teacher’s: block5_conv3.',
      '5 blocks from block4_conv1 to block5_conv2 (epochs 1–4); block1_conv2 (epoch 4) · busy 2 min 23 s (98 %)',
      'finalizer measured, assembled, fine-tuned (6 epochs) measured, assembled, fine-tuned (6 epochs) · busy 2 min 51 s',
      'a replacement would have 2.8 times as many parameters',
      '36.9 k → 9.47 k · 3.90×',
      SAMPLE.provenance.studentSha256,
    ]) {
      expect(text).toContain(fact);
    }
  });

  it('sets off what a student loses: more than a point, or size and speed', () => {
    const { teacher, student } = SAMPLE;
    const lost = (figures: Partial<Report['student']>): string[] =>
      [
        ...renderReport({ ...SAMPLE, student: { ...student, ...figures } }).matchAll(/class="change worse">([^<]*)</g),
      ].map(([, text = '']) => text);
    const accurate = { testAccuracy: (teacher.testAccuracy ?? 0) - 0.0099 };
    expect(lost({})).toEqual(['−2.07 points']);
    expect(lost(accurate)).toEqual([]);
    expect(lost({ ...accurate, params: 2 * teacher.params })).toEqual(['2.00× more']);
  });

  it('says of a block that is not in the student whether its layer or another candidate is', () => {
    expect(textOf(SAMPLE)).toContain('enters the student the teacher’s layer stays threshold');
    const [chosen] = SAMPLE.blocks.filter(({ selected }) => selected);
    if (chosen === undefined) throw new Error('no block is selected');
    const two = [
      { ...chosen, name: 'a@1', layer: 'a' },
      { ...chosen, name: 'a@2', layer: 'a', selected: false },
    ];
    const text = textOf({ ...SAMPLE, blocks: two });
    expect(text).toContain('enters the student another candidate enters threshold');
    expect(text).toContain('Not chosen: ');
    expect(text).not.toContain('Layer kept: ');
    expect(textOf({ ...SAMPLE, blocks: [...two, { ...chosen, selected: false }] })).toContain(
      'enters the student the teacher’s layer stays, or another candidate enters threshold',
    );
    expect(textOf({ ...SAMPLE, blocks: two.slice(0, 1) })).toContain('enters the student threshold');
  });

  it('gives room to the last column of a table where that holds sentences, in a box that scrolls', () => {
    const rows = [{ threads: 1, batch: 1, teacherMs: 0.7, studentMs: 0.4 }];
    const page = renderReport({ ...SAMPLE, onnx: { runtime: 'ONNX Runtime 1.30.0', rows } });
    expect(page).toContain('<td class="text">1x1 convolutions are not replaced</td>');
    expect(page).toContain('<td class="plain">1.75×</td>');
    expect(page.match(/<table>/g)).toHaveLength(
      (page.match(/<div class="scroll" tabindex="0">\s*<table>/g) ?? []).length,
    );
  });

  it('tells the speed in ONNX Runtime where it was measured, and why where it was not', () => {
    const rows = [
      { threads: 1, batch: 1, teacherMs: 0.7, studentMs: 0.4 },
      { threads: 1, batch: 64, teacherMs: 40, studentMs: 16 },
      { threads: 2, batch: 64, teacherMs: 25, studentMs: 20, speedup: { lowerQuartile: 1.2, upperQuartile: 1.3 } },
    ];
    const text = textOf({ ...SAMPLE, onnx: { runtime: 'ONNX Runtime 1.30.0', rows } });
    expect(text).toContain('Batch of 64, ONNX Runtime, 1 thread 16.0 ms teacher 40.0 ms 2.50× faster');
    expect(text).toContain('ONNX Runtime 1.30.0 2 64 25.0 ms 20.0 ms 1.25× (1.20 to 1.30)');
    expect(text).toMatch(/TensorFlow [\d.]+ \d+ 64 48.2 ms 25.9 ms 1.86×/);
    const absent = textOf({ ...SAMPLE, onnx: { rows: [], absent: 'There is no binary.' } });
    expect(absent).toContain('In ONNX Runtime not measured: There is no binary.');
    expect(absent).toContain('Batch of 64, TensorFlow 25.9 ms');
    expect(textOf(SAMPLE)).not.toContain('Speed where it runs');
  });

  it('has no curves of blocks that were trained for one epoch, but what they left unexplained', () => {
    const blocks = SAMPLE.blocks.map((block) => ({
      ...block,
      epochs: Math.min(block.epochs, 1),
      losses: block.losses.slice(0, 1),
      probeLosses: block.probeLosses.slice(0, 1),
      unexplained: block.outcome === 'Failed' ? undefined : 0.123,
    }));
    const page = renderReport({ ...SAMPLE, blocks, plan: { ...SAMPLE.plan, epochs: 1 } });
    expect(page).not.toContain('class="multiples"');
    expect(page.match(/<span class="number">12\.3 %<\/span>/g)).toHaveLength(
      blocks.filter(({ outcome }) => outcome !== 'Failed').length,
    );
    expect(page).toContain('<span class="text">failed</span>');
    expect(renderReport(SAMPLE)).toContain('class="multiples"');
  });

  it('tells of energy where it was measured only', () => {
    const energy = { trainingGpuJoules: 4_500_000, finalizeGpuJoules: 44_280 };
    const text = textOf({ ...SAMPLE, energy });
    expect(text).toContain('Energy of the GPUs, training 1.25 kWh Energy of the GPUs, finalizing 12.3 Wh');
    expect(textOf(SAMPLE)).not.toContain('Energy');
  });

  it('tells by kind what of the data was not read', () => {
    expect(textOf(SAMPLE)).not.toContain('Data that were not read');
    const text = textOf({
      ...SAMPLE,
      provenance: { ...SAMPLE.provenance, unreadableImages: ['train/a/2.png', 'train/a/3.jpg'] },
      plan: {
        ...SAMPLE.plan,
        dataset: {
          ...SAMPLE.plan.dataset,
          hashOf: 'Contents',
          folders: { train: 'train' },
          leftOut: [
            { kind: 'NoSplit', what: 'eval', count: 30, examples: ['eval/'] },
            { kind: 'OtherFile', what: '.txt', count: 2, examples: ['train/a/x.txt', 'train/b/x.txt'] },
          ],
          unreadable: [{ name: 'train/a/2.png', reason: 'is empty' }],
        },
      },
    });
    for (const fact of [
      'Data that were not read',
      '30 the folder eval/ with 30 files: what is read is',
      '2 2 .txt files (train/a/x.txt, train/b/x.txt)',
      '2 unreadable images: train/a/2.png (is empty), train/a/3.jpg',
      '10 classes; training from train/, validation held out of train/',
      `Data set, SHA-256 ${SAMPLE.provenance.datasetSha256}`,
    ]) {
      expect(text).toContain(fact);
    }
  });

  it('says of an earlier version’s hash of the data what it is of', () => {
    expect(textOf(SAMPLE)).toContain('Data set, SHA-256 of names, sizes and both ends of each file');
  });

  it('shows the control beside the student', () => {
    const epochs = [1, 2].map((epoch) => ({ epoch, loss: 0.1, validationAccuracy: 0.79, seconds: 30 }));
    const control = { testAccuracy: 0.7912, validationAccuracy: 0.79, epochs, keptEpoch: 1 };
    const text = textOf({ ...SAMPLE, control });
    expect(text).toContain('fine-tuned as long 79.12 %');
    expect(text).toContain(
      'than its teacher, on the test split 2.07 points below it, and 3.36 points below the teacher fine-tuned as long.',
    );
    expect(text).toContain('trained in the same way, for 2 epochs (epoch 1 kept): test accuracy 79.12 %');
    expect(textOf({ ...SAMPLE, control: { ...control, keptEpoch: 0 } })).toContain(
      'none of them better than the teacher',
    );
    expect(textOf(SAMPLE)).not.toContain('The control');
  });

  describe('of a selection under a budget', () => {
    const rest = without(SAMPLE, 'threshold');
    const student = (blocks: readonly string[], share: number, accuracy: number) => ({
      blocks,
      params: Math.round(share * SAMPLE.teacher.params),
      macs: Math.round(share * SAMPLE.teacher.macs),
      accuracy,
      divergence: 1 - share,
    });
    const ladder = [
      student(['block2_conv1', 'block3_conv1'], 0.4, 0.612),
      student(['block3_conv1'], 0.7, 0.74),
      student([], 1, 0.7783),
    ];
    const selection: NonNullable<Report['selection']> = {
      budget: { macs: '0.5' },
      split: 'Validation',
      considered: [{ ...student(['block2_conv1', 'block3_conv1'], 0.4, 0.612), chosen: true }],
      curve: (['macs', 'parameters'] as const).flatMap((measure) =>
        ladder.map((figures) => ({ measure, limit: figures.macs, ...figures })),
      ),
    };

    it('shows the accuracy for each budget, and the student that was chosen', () => {
      const text = textOf({ ...rest, selection });
      for (const fact of [
        'Rule: the student that stays closest to the teacher within 0.5 of the multiply-accumulates. 9 of 12 blocks in the student.',
        'that together diverge least from the teacher: 3 students.',
        'Accuracy against multiply-accumulates',
        '61.2 % at 40.0 % of the multiply-accumulates: 2 blocks (block2_conv1, block3_conv1)',
        '77.8 % at 100.0 % of the parameters: the teacher',
      ]) {
        expect(text).toContain(fact);
      }
      const page = renderReport({ ...rest, selection });
      // One budget was given, and the chosen student is ringed in both charts.
      expect(page.match(/class="line-dash"[^>]*y1="20"/g)).toHaveLength(1);
      expect(page.match(/class="ring" r="5.5"/g)).toHaveLength(3);
      expect(textOf(SAMPLE)).not.toContain('What another budget would give');
    });

    it('lists its students, each with the budget that allows it', () => {
      const rows = (report: Report): string[] =>
        [
          ...(/These students in numbers.*?<tbody>(.*?)<\/tbody>/s.exec(renderReport(report))?.[1] ?? '').matchAll(
            /<tr>(.*?)<\/tr>/gs,
          ),
        ].map(([, row = '']) =>
          row
            .replace(/<[^>]*>/g, ' ')
            .replace(/\s+/g, ' ')
            .trim(),
        );
      const { macs, params } = SAMPLE.teacher;
      const [least, middle] = [0.4, 0.7].map((share) =>
        [macs, params].map((whole) => shareOf(Math.round(share * whole), whole)).join(' '),
      );
      expect(rows({ ...rest, selection })).toEqual([
        `${least} 61.20 % 2, chosen`,
        `${middle} 74.00 % 1`,
        '1 1 77.83 % 0, the teacher',
      ]);
      expect(
        rows({ ...rest, selection: { ...selection, considered: [], curve: selection.curve.slice(2, 3) } }),
      ).toEqual([]);
    });

    it('shows the latency that was predicted, and the one that was measured', () => {
      const timed = <T extends { readonly macs: number }>(figures: T): T & { latencyMs: number } => ({
        ...figures,
        latencyMs: (40 * figures.macs) / SAMPLE.teacher.macs,
      });
      const latency = { runtime: 'ONNX Runtime 1.30.0', batch: 64, teacherMs: 40, predicted: 0.4, measured: 0.424 };
      const curve = ladder.map((figures) => ({ measure: 'latency' as const, limit: 1, ...timed(figures) }));
      const timedBy = (times: typeof latency): string =>
        textOf({
          ...rest,
          selection: {
            ...selection,
            budget: { latency: '0.5' },
            considered: selection.considered.map(timed),
            curve,
            latency: times,
          },
        });
      const text = timedBy(latency);
      // Too short to be measured, a time is no share of anything.
      expect(timedBy({ ...latency, teacherMs: 0 })).toContain('macs parameters Accuracy Blocks');
      expect(text).not.toContain('disturbs such times');
      for (const measured of [0.2, 0.6])
        expect(timedBy({ ...latency, measured })).toMatch(
          new RegExp(`predicted to take 40 % [^.]* measured to take ${100 * measured} %: other work`),
        );
      for (const fact of [
        'within 0.5 of the latency',
        'Accuracy against latency',
        '61.2 % at 40.0 % of the latency: 2 blocks (block2_conv1, block3_conv1)',
        'the time of a batch of 64 in ONNX Runtime 1.30.0 on one thread',
        'of the student that was chosen 40.0 % of the teacher’s, measured as a whole 42.4 %.',
        'macs parameters latency Accuracy Blocks',
      ]) {
        expect(text).toContain(fact);
      }
    });

    it('shows divergences where there are no labels', () => {
      const text = textOf({
        ...rest,
        selection: {
          ...selection,
          considered: selection.considered.map((figures) => without(figures, 'accuracy')),
          curve: selection.curve.map((figures) => without(figures, 'accuracy')),
        },
      });
      expect(text).toContain('Divergence from the teacher, nats, against multiply-accumulates');
      expect(text).toContain('0.6 at 40.0 % of the multiply-accumulates: 2 blocks');
    });
  });

  it('needs nothing from outside', () => {
    const page = renderReport(SAMPLE);
    expect(page).not.toMatch(/https?:|<script|\bsrc=|url\(|@import/i);
    expect(page.match(/href="[^"]*"/g)).toEqual(['href="data:,"']);
    expect(page.length).toBeLessThan(120_000);
  });

  it('shows names as they are and runs none of them', () => {
    const name = `a<img src=x onerror="alert('1')">&/b`;
    const report = { ...SAMPLE, job: name, blocks: SAMPLE.blocks.map((block) => ({ ...block, name, reason: name })) };
    const page = renderReport(report);
    expect(page).not.toContain('<img');
    expect(page).toContain('a&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;/b');
  });

  it('says "not measured" where nothing was measured', () => {
    const text = textOf({
      ...without(SAMPLE, 'threshold'),
      teacher: without(SAMPLE.teacher, 'testAccuracy', 'validationAccuracy', 'latencyMs', 'latencyBatch'),
      student: without(SAMPLE.student, 'testAccuracy', 'validationAccuracy', 'latencyMs', 'latencyBatch'),
      assembled: {},
      blocks: SAMPLE.blocks.map((block) => without(block, 'accuracy', 'unexplained')),
      fineTuning: { epochs: SAMPLE.fineTuning.epochs.map((epoch) => without(epoch, 'validationAccuracy')) },
      time: { finalizeSeconds: 1, usefulSeconds: 1 },
    });
    expect(text).toContain('Test accuracy not measured teacher not measured Parameters');
    expect(text).toContain('Time of a batch not measured teacher not measured');
    expect(text).toContain('The blocks’ accuracies: not measured.');
    expect(text).toContain('every block that trained was taken');
    expect(text).toContain('training time not measured · ');
    expect(text.replace('0 % is perfect', '')).not.toMatch(/\b0(\.0+)? (%|ms|points)/);
  });

  it('returns the teacher in words when no block was selected', () => {
    const text = textOf({
      ...SAMPLE,
      outcome: 'NoBlockSelected',
      student: SAMPLE.teacher,
      blocks: SAMPLE.blocks.map((block) => ({ ...block, selected: false })),
      fineTuning: { epochs: [] },
    });
    expect(text).toContain('the network returned is the teacher, unchanged');
    expect(text).toContain('Parameters 922 k teacher 922 k unchanged');
    expect(text).toContain('There was no student to fine-tune.');
  });

  it('passes warnings on', () => {
    const message = 'Fine-tuning stopped in epoch 3: the loss is NaN.';
    expect(textOf({ ...SAMPLE, warnings: [{ code: 'DISTILL_E_FINE_TUNE_DIVERGED', message }] })).toContain(message);
  });

  it('draws no nonsense whatever is absent, zero or infinite', () => {
    const loss = fc.constantFrom(0, 1e-9, 0.3, 7, Number.NaN, Infinity);
    const block = fc.record({
      ...Object.fromEntries(Object.entries(SAMPLE.blocks[0] ?? {}).map(([key, value]) => [key, fc.constant(value)])),
      losses: fc.array(loss, { maxLength: 3 }),
      probeLosses: fc.array(loss, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(block, { maxLength: 3 }),
        fc.record({
          bars: fc.nat({ max: SAMPLE.gantt.length }),
          epochs: fc.nat({ max: SAMPLE.fineTuning.epochs.length }),
          threshold: fc.boolean(),
        }),
        (blocks, { bars, epochs, threshold }) => {
          const page = renderReport({
            ...(threshold ? SAMPLE : without(SAMPLE, 'threshold', 'schedule')),
            blocks: blocks as unknown as Report['blocks'],
            gantt: SAMPLE.gantt.slice(0, bars),
            fineTuning: { epochs: SAMPLE.fineTuning.epochs.slice(0, epochs) },
          });
          expect(page).not.toMatch(/undefined|\[object|Infinity|(?:left|width|points|x|y|cx|cy|x1|y1)[:=]"?[^";]*NaN/);
        },
      ),
      { numRuns: 60 },
    );
  });
});
