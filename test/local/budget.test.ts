import { readFile, rm } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { LAYOUT } from '@distillation/api/layout';
import type { Report } from '@distillation/api/report';
import type { Made } from '../support/local-job.ts';
import { writeManifest } from '../support/cli.ts';
import { type Change, tinyVolume } from '../support/tiny-volume.ts';
import { tinyJob } from '../support/tiny-world.ts';

/** Selection under a budget: the student keeps it, and another budget makes another student of the same blocks and measurements. */

const volume = tinyVolume();

const withBudget = (budget: object, scheduling: object = { bins: 1 }): Change => ({
  blocks: {
    architecture: undefined,
    candidates: [{ architecture: 'LowRank', ratio: '0.5' }, { architecture: 'TwoLayer' }],
  },
  training: { epochs: 1, optimizer: {} },
  selection: { rule: 'Budget', budget, maxAccuracyDrop: undefined },
  fineTuning: { epochs: 1 },
  scheduling,
});

const reportOf = async (job: string): Promise<Report> =>
  JSON.parse(await readFile(volume.path(job, LAYOUT.reportJson), 'utf8')) as Report;

const HALF = { macs: '0.6' };
let reference: Made;
let report: Report;

beforeAll(async () => {
  await volume.finish('half', { change: withBudget(HALF) });
  reference = await volume.made('half');
  report = await reportOf('half');
});

describe('a job with a budget', () => {
  it('makes a student within it, of the best blocks for it, and says of each why', async () => {
    expect(report.outcome).toBe('StudentBuilt');
    expect(report.student.macs).toBeLessThanOrEqual(0.6 * report.teacher.macs);
    const chosen = report.selection?.considered.find((student) => student.chosen);
    expect(chosen).toMatchObject({ params: report.student.params, macs: report.student.macs });
    expect(chosen?.accuracy).toBe(report.assembled.validationAccuracy);
    expect(chosen?.accuracy).toBe(
      Math.max(...(report.selection?.considered ?? []).map(({ accuracy }) => accuracy ?? 0)),
    );
    expect(report.blocks.filter(({ selected }) => selected).map(({ name }) => name)).toEqual(chosen?.blocks);
    const page = await readFile(volume.path('half', LAYOUT.reportHtml), 'utf8');
    expect(page).toContain('within the budget of 0.6 of the multiply-accumulates');
  });

  it('shows the accuracy for each budget, from the smallest to the teacher', () => {
    for (const measure of ['parameters', 'macs'] as const) {
      const points = (report.selection?.curve ?? []).filter((point) => point.measure === measure);
      expect(points.length).toBeGreaterThanOrEqual(8);
      for (const point of points) {
        expect(measure === 'macs' ? point.macs : point.params).toBeLessThanOrEqual(point.limit);
        expect(point.accuracy).toBeGreaterThan(0);
      }
      expect(points.at(-1)).toMatchObject({ blocks: [], divergence: 0, macs: report.teacher.macs });
    }
  });

  it('gives the same student and the same curve however the work is distributed', async () => {
    await volume.finish('spread', { change: withBudget(HALF, { bins: 3, passes: 'Independent' }) });
    expect(await volume.made('spread')).toEqual(reference);
    expect((await reportOf('spread')).selection).toEqual(report.selection);
  });

  it('makes another student for another budget without training or measuring again what was', async () => {
    await volume.copy('half', 'other');
    const before = await Promise.all((await measured('other')).map(readText('other')));
    const ended = await volume.finish('other', { change: withBudget({ parameters: '0.8' }) });
    const other = await reportOf('other');
    expect(other.selection?.budget).toEqual({ parameters: '0.8' });
    expect(other.student.params).toBeLessThanOrEqual(0.8 * other.teacher.params);
    expect(other.selection?.curve).toEqual(report.selection?.curve);
    expect((await volume.made('other')).blocks).toEqual(reference.blocks);
    const after = await Promise.all((await measured('half')).map(readText('other')));
    expect(after).toEqual(before);
    expect(ended.code).toBe(0);
  });

  it('is measured again where a measurement is lost, with the same result', async () => {
    await volume.copy('half', 'lost');
    const [first = ''] = (await measured('lost')).filter((name) => name.includes('assemblies'));
    for (const name of [first, LAYOUT.result, LAYOUT.student]) await rm(volume.path('lost', name), { recursive: true });
    await volume.finish('lost', { change: withBudget(HALF) });
    expect(await volume.made('lost')).toEqual(reference);
    expect((await reportOf('lost')).selection).toEqual(report.selection);
    expect(await readText('lost')(first)).toBe(await readText('half')(first));
  });

  it('is refused by the planner when nothing is so small, and the smallest budget that it names is accepted', async () => {
    const refused = await volume.plan('small', withBudget({ macs: '0.001' }));
    expect(refused.code).toBe(65);
    const [, least = ''] = /the smallest has (\S+) of them/.exec(refused.stderr + refused.stdout) ?? [];
    expect(refused.stderr + refused.stdout).toContain('DISTILL_E_BUDGET_INFEASIBLE');
    expect((await volume.plan('least', withBudget({ macs: least }))).code).toBe(0);
    // On a plan that stands, as well.
    await writeManifest(volume.root, 'least', tinyJob('least', withBudget({ macs: '0.001' })));
    const { code, stderr } = await volume.command('plan', 'least', '--local');
    expect(code).toBe(65);
    expect(stderr).toContain(`the smallest has ${least} of them`);
    await writeManifest(volume.root, 'least', tinyJob('least', withBudget({ macs: least })));
    expect(await volume.command('plan', 'least', '--local')).toMatchObject({ code: 0 });
  });

  it('fails when the blocks that it would take did not train, and goes on with the smallest budget that is left', async () => {
    const planned = await volume.plan('planned', withBudget({ macs: '0.001' }));
    const [, least = ''] = /the smallest has (\S+) of them/.exec(planned.stderr + planned.stdout) ?? [];
    await volume.copy('half', 'failed');
    const failed = await volume.run('failed', { change: withBudget({ macs: least }) });
    const said = failed.stderr + failed.stdout;
    expect(failed.code).toBe(65);
    expect(said).toContain('DISTILL_E_BUDGET_INFEASIBLE');
    expect(said).toMatch(/since their training failed: .*conv4@TwoLayer/);
    const [, left = ''] = /the smallest has (\S+) of them/.exec(said) ?? [];
    expect(Number(left)).toBeGreaterThan(Number(least));
    await volume.finish('failed', { change: withBudget({ macs: left }) });
    expect((await volume.made('failed')).blocks).toEqual(reference.blocks);
    expect((await reportOf('failed')).selection?.curve).toEqual(report.selection?.curve);
  });

  it('needs no labels', async () => {
    const { selection, ...rest } = withBudget(HALF);
    await volume.finish('unlabelled', {
      change: { ...rest, ...(selection && { selection }), dataset: { labels: 'None' }, fineTuning: { epochs: 0 } },
    });
    const unlabelled = await reportOf('unlabelled');
    expect(unlabelled.student.macs).toBeLessThanOrEqual(0.6 * unlabelled.teacher.macs);
    expect(unlabelled.selection?.considered[0]).not.toHaveProperty('accuracy');
    // Of the same blocks, the student closest to the teacher is the one with the smallest divergence.
    const divergences = (unlabelled.selection?.considered ?? []).map(({ divergence }) => divergence);
    expect(divergences).toEqual([...divergences].sort((a = 0, b = 0) => a - b));
    expect(unlabelled.blocks.map(({ divergence }) => divergence)).toEqual(
      report.blocks.map(({ divergence }) => divergence),
    );
  });
});

/** The records of what was measured, blocks and students. */
const measured = async (job: string): Promise<string[]> =>
  (await volume.files(job, LAYOUT.finalize)).filter((name) => /(blocks|assemblies)\/.*\.json$/.test(name));

const readText =
  (job: string) =>
  (name: string): Promise<string> =>
    readFile(volume.path(job, name), 'utf8');
