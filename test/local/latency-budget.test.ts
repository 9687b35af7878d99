import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { LAYOUT } from '@distillation/api/layout';
import type { Report } from '@distillation/api/report';
import { openLedger } from '@distillation/ledger/ledger';
import type { Made } from '../support/local-job.ts';
import { type Change, tinyVolume } from '../support/tiny-volume.ts';

/** A budget of latency: what was timed is timed once, and decides the student from then on. */

const volume = tinyVolume();

const withLatency = (latency: string, scheduling: object = { bins: 1 }): Change => ({
  blocks: {
    architecture: undefined,
    candidates: [{ architecture: 'LowRank', ratio: '0.5' }, { architecture: 'TwoLayer' }],
  },
  training: { epochs: 1, optimizer: {} },
  selection: { rule: 'Budget', budget: { latency }, maxAccuracyDrop: undefined },
  outputs: { formats: ['Onnx'] },
  fineTuning: { epochs: 1 },
  scheduling,
});

const reportOf = async (job: string): Promise<Report> =>
  JSON.parse(await readFile(volume.path(job, LAYOUT.reportJson), 'utf8')) as Report;
const textOf = (job: string): Promise<string> => readFile(volume.path(job, LAYOUT.latencies), 'utf8');

interface Table {
  readonly layers: readonly { readonly blocks: readonly { readonly time: number }[] }[];
}
const tableOf = async (job: string): Promise<Table> => (JSON.parse(await textOf(job)) as { readonly body: Table }).body;

/** Gives a job a table by which each low-rank block saves 6 and each separable one 8 hundredths of the teacher's time. */
async function writeTable(job: string): Promise<void> {
  const ledger = await openLedger({ folder: volume.path(job), writer: 'test', log: () => undefined });
  const table = await tableOf(job);
  await ledger.writeJson(LAYOUT.latencies, {
    ...table,
    teacher: 1_000_000,
    layers: table.layers.map(({ blocks, ...layer }) => ({
      ...layer,
      time: 100_000,
      blocks: blocks.map((block, i) => ({ ...block, time: i === 0 ? 40_000 : 20_000 })),
    })),
  });
}

const KEPT = '0.8';
let reference: Made;
let report: Report;

beforeAll(async () => {
  // The teacher itself keeps this budget, so that no measured time decides whether the job succeeds.
  await volume.finish('measured', { change: withLatency('1') });
  await volume.copyTrained('measured', 'fixed');
  await mkdir(dirname(volume.path('fixed', LAYOUT.latencies)), { recursive: true });
  await cp(volume.path('measured', LAYOUT.latencies), volume.path('fixed', LAYOUT.latencies));
  await writeTable('fixed');
  await volume.finish('fixed', { change: withLatency(KEPT) });
  reference = await volume.made('fixed');
  report = await reportOf('fixed');
});

describe('a job with a budget of latency', () => {
  it('times layers and candidates, and says what was predicted and what was measured', async () => {
    const { selection, blocks, onnx } = await reportOf('measured');
    const table = await tableOf('measured');
    expect(table.layers.flatMap((layer) => layer.blocks)).toHaveLength(blocks.length);
    expect(selection?.latency?.runtime).toMatch(/^ONNX Runtime /);
    expect(selection?.latency?.predicted).toBeGreaterThan(0);
    expect(selection?.latency?.predicted).toBeLessThanOrEqual(1);
    expect(selection?.latency?.measured).toBeGreaterThan(0);
    expect(onnx?.rows.length).toBeGreaterThan(0);
  });

  it('makes a student within it, by the table on the volume', async () => {
    const { selection, outcome } = report;
    expect(outcome).toBe('StudentBuilt');
    const chosen = selection?.considered.find((student) => student.chosen);
    const saved = (chosen?.blocks ?? []).map((name) => (name.includes('LowRank') ? 0.06 : 0.08));
    const predicted = 1 - saved.reduce((sum, part) => sum + part, 0);
    expect(selection?.latency?.predicted).toBeCloseTo(predicted, 9);
    expect(selection?.latency?.predicted).toBeLessThanOrEqual(Number(KEPT));
    expect(chosen?.latencyMs).toBeCloseTo(predicted, 9);
    const points = (selection?.curve ?? []).filter(({ measure }) => measure === 'latency');
    expect(points.length).toBeGreaterThanOrEqual(8);
    for (const { latencyMs = Infinity, limit } of points) expect(1e6 * latencyMs).toBeLessThanOrEqual(limit + 1e-6);
    const page = await readFile(volume.path('fixed', LAYOUT.reportHtml), 'utf8');
    expect(page).toContain('Accuracy against latency');
  });

  it('makes the same student again by the same table, on other workers too', async () => {
    await volume.copy('fixed', 'again');
    for (const name of [LAYOUT.result, LAYOUT.student]) await rm(volume.path('again', name), { recursive: true });
    await volume.finish('again', { change: withLatency(KEPT) });
    expect(await volume.made('again')).toEqual(reference);
    expect(await textOf('again')).toBe(await textOf('fixed'));

    await mkdir(dirname(volume.path('spread', LAYOUT.latencies)), { recursive: true });
    await cp(volume.path('fixed', LAYOUT.latencies), volume.path('spread', LAYOUT.latencies));
    await volume.finish('spread', { change: withLatency(KEPT, { bins: 3, passes: 'Independent' }) });
    expect(await volume.made('spread')).toEqual(reference);
    const { considered, curve } = (await reportOf('spread')).selection ?? {};
    expect({ considered, curve }).toEqual({ considered: report.selection?.considered, curve: report.selection?.curve });
  });

  it('fails when nothing is so fast, and goes on with the smallest budget that it names, by the same table', async () => {
    await volume.copy('measured', 'fast');
    const failed = await volume.run('fast', { change: withLatency('0.01') });
    const said = failed.stderr + failed.stdout;
    expect(failed.code).toBe(65);
    expect(said).toContain('DISTILL_E_BUDGET_INFEASIBLE');
    const [, least = ''] = /of the teacher's latency: the smallest has (\S+) of it\./.exec(said) ?? [];
    await volume.finish('fast', { change: withLatency(least) });
    expect((await reportOf('fast')).selection?.latency?.predicted).toBeLessThanOrEqual(Number(least));
    expect(await textOf('fast')).toBe(await textOf('measured'));
    expect((await volume.made('fast')).blocks).toEqual(reference.blocks);
  });
});
