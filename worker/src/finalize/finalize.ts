import { cpus } from 'node:os';
import { unmatchedFreeze } from '@distillation/api/unmatched';
import type { Plan, UnreadableFile } from '@distillation/api/plan';
import { plannedInputs, studentRecipe } from '@distillation/api/recipe';
import type { BudgetReport, NetworkFigures, Report } from '@distillation/api/report';
import type { Backend } from '../backend/select.ts';
import manifest from '../../package.json' with { type: 'json' };
import type { Network } from '../teacher/graph/graph.ts';
import { assembleStudent, studentParts } from '../teacher/graph/replace.ts';
import type { LabelledBatch } from './measuring/batches.ts';
import { type ModelFiles, modelFiles } from './student/export.ts';
import { onnxSpeed } from './measuring/onnx-speed.ts';
import { latencies, sizeOf } from './measuring/figures.ts';
import type { FineTuneResult } from './fine-tuning/fine-tune.ts';
import { meanSeconds } from './fine-tuning/fine-tune-progress.ts';
import { type Control, fineTuneControl, fineTuneStudent } from './fine-tuning/fine-tune-networks.ts';
import { failureOf, gatherBlocks, type GatheredBlock, replacementsOf } from './gather.ts';
import { measureOnce } from './measuring/measurements.ts';
import { addFormats, exportOthers } from './export-others.ts';
import { finishedReport, type Outputs, writeOutputs } from './student/outputs.ts';
import { accuracyOf, buildReport } from './report.ts';
import { batchesOf, type FinalizeOptions, labelled, pass, type Run, scoreOn, splitOf } from './run.ts';
import {
  type BlockScore,
  type BlockVerdict,
  oneEachLayer,
  requireSamples,
  type Score,
  selectBlocks,
  type Threshold,
  threshold,
} from './select.ts';
import { assemblyPasses, selectByBudget } from './selection/select-by-budget.ts';
import { stageProgress } from './stage-progress.ts';

export interface FinalizeOutcome {
  readonly report: Report;
  /** True when an earlier run had finished, so that nothing was left to do. */
  readonly alreadyDone: boolean;
}

/**
 * Makes student and report from the trained blocks: gather, measure each block inside the teacher, select, assemble, fine-tune,
 * evaluate, export, report. The result of each stage is on the volume before the next one begins, so a finalizer that was killed is
 * simply run again and ends with the same student.
 *
 * @throws DistillError DISTILL_E_BLOCKS_INCOMPLETE, DISTILL_E_DATASET_EMPTY, DISTILL_E_TEACHER_ACCURACY, DISTILL_E_BUDGET_INFEASIBLE,
 * DISTILL_E_LATENCY_UNMEASURED
 */
export async function finalize(given: FinalizeOptions): Promise<FinalizeOutcome> {
  const { job, plan, ledger, teacher, dataset, log } = given;
  const options: Run = { ...given, stages: stageProgress((progress) => given.onProgress?.(progress)) };
  const started = performance.now();
  const joulesBefore = options.gpuJoules?.();
  const recipe = studentRecipe(job.spec, plannedInputs(plan));
  const outputs: Outputs = {
    ledger,
    job,
    plan,
    recipe,
    classNames: dataset.classNames,
    ...(options.render && { render: options.render }),
  };
  const finished = await finishedReport(outputs);
  if (finished !== undefined) {
    await addFormats(options, outputs, finished);
    log('nothing to do: student and report of this job are complete');
    return { report: finished, alreadyDone: true };
  }
  const blocks = await gatherBlocks(ledger, plan, job.spec.blocks);
  const { verdicts, limit, selection } = await chooseBlocks(options, blocks);
  const selected = new Set(verdicts.filter((verdict) => verdict.selected).map(({ block }) => block));
  for (const { block, selected: kept, reason } of verdicts)
    log(`${block} ${kept ? 'selected' : 'left out'}: ${reason}`);
  const networks: Network[] = [];
  try {
    if (selected.size > 0) {
      const parts = studentParts(teacher, replacementsOf(blocks, selected));
      for (let i = 0; i < 2; i++) networks.push(await assembleStudent(options.backend.tf, parts));
    }
    const [assembled = teacher, student = teacher] = networks;
    if (selected.size === 0) log('no block enters a student: the network returned is the teacher, unchanged');
    const scoring = {
      split: 'validation',
      networks: [teacher, assembled],
      after: selectionSteps(options),
    } as const;
    const before = await scoreOn(options, scoring);
    const missed =
      selected.size === 0 || job.spec.fineTuning.epochs === 0
        ? []
        : unmatchedFreeze(job.spec.fineTuning.freeze, [...student.graph.layers.keys()]);
    for (const line of missed) log(line);
    const fineTuning = selected.size === 0 ? undefined : await fineTuneStudent(options, student, before?.[1]);
    const control = selected.size === 0 ? undefined : await fineTuneControl(options, student, before?.[0]);
    if (control !== undefined) networks.push(control.network);
    // From here on the student does not change; its files are first made in memory, as they will be written.
    const files = modelFiles(student, teacher.outputs);
    const figures = await measureFigures(options, { assembled, student, files, before, fineTuning, control });
    options.stages.begin('Export', meanSeconds(fineTuning?.epochs ?? []));
    const others = await exportOthers(options, { student, outputs: teacher.outputs, sha256: files.sha256 });
    const timed = job.spec.outputs.formats.includes('Onnx') || selection?.latency !== undefined;
    const studentFile = job.spec.outputs.onnxInput === 'Prepared' ? others.files.get('student.onnx') : undefined;
    const speedOf = { teacher, student, batch: job.spec.dataset.batchSize, ...(studentFile && { studentFile }) };
    const onnx = timed ? await onnxSpeed(speedOf) : undefined;
    const resumed = (fineTuning?.resumedSeconds ?? 0) + (control?.fineTuning.resumedSeconds ?? 0);
    const report = buildReport({
      job,
      plan,
      recipe,
      // When the plan was made again from estimates, the costs in the schedule may be in another unit.
      schedule: plan.costSource === job.spec.scheduling.costSource ? await ledger.readSchedule() : undefined,
      blocks,
      verdicts,
      threshold: limit,
      selection,
      fineTuning,
      controlTuning: control?.fineTuning,
      unmatchedFreeze: missed,
      ...figures,
      studentSha256: files.sha256,
      onnx,
      formatWarnings: others.warnings,
      signature: options.signature,
      versions: versions(options.backend),
      unreadableImages: unreadableOf(plan, options.loader.unreadable()),
      finalizeSeconds: (performance.now() - started) / 1000 + resumed,
      finalizeGpuJoules: resumed > 0 ? undefined : energySince(options, joulesBefore),
      finishedAt: new Date().toISOString(),
    });
    await writeOutputs(outputs, report, { ours: files, others });
    return { report, alreadyDone: false };
  } finally {
    for (const { model } of networks) model.dispose();
  }
}

/** Undefined when the energy was not measured from the start. */
function energySince({ gpuJoules }: FinalizeOptions, before: number | undefined): number | undefined {
  const now = gpuJoules?.();
  return now === undefined || before === undefined ? undefined : now - before;
}

/** Steps of the passes in which blocks and, under a budget, students are measured, at most. */
function selectionSteps(options: Run): number {
  const { budget } = options.job.spec.selection;
  return batchesOf(options, splitOf(options.job)) * (1 + (budget === undefined ? 0 : assemblyPasses(budget)));
}

interface Chosen {
  readonly verdicts: BlockVerdict[];
  readonly limit?: Threshold | undefined;
  /** With rule `Budget`. */
  readonly selection?: BudgetReport;
}

/** Measures the blocks if there are labels or a budget is to be kept, and selects those to keep. */
async function chooseBlocks(options: Run, blocks: readonly GatheredBlock[]): Promise<Chosen> {
  const { job, dataset, backend, ledger, teacher, stages } = options;
  const { selection } = job.spec;
  const { budget } = selection;
  const split = splitOf(job);
  requireSamples(selection, dataset.splits[split].count);
  const known = labelled(options);
  const measurable = (known || budget !== undefined) && dataset.splits[split].count > 0;
  const steps = selectionSteps(options) + (known ? batchesOf(options, 'validation') : 0);
  stages.begin('Measure', measurable ? { steps } : {});
  const batches = (): AsyncIterable<LabelledBatch> => stages.counted(pass(options, split));
  const measured = measurable
    ? await measureOnce({ tf: backend.tf, ledger, teacher, labelled: known, blocks, split, batches })
    : undefined;
  const entries = blocks.map((block): BlockScore => {
    const { name } = block.plan;
    if (block.trained === undefined) return { block: name, failure: failureOf(block).message };
    return { block: name, ...measured?.blocks.get(name) };
  });
  // Where no block was trained, this is what the job fails for, not the budget.
  if (budget !== undefined && measured !== undefined && blocks.some(({ trained }) => trained !== undefined)) {
    const chosen = await selectByBudget({ run: options, budget, blocks, entries, measured });
    return { verdicts: chosen.verdicts, selection: chosen.report };
  }
  const limit = threshold(selection, measured?.teacher ?? { correct: 0, total: 0 });
  const planned = blocks.map(({ plan }) => plan);
  return { verdicts: oneEachLayer(selectBlocks(entries, limit), planned), limit };
}

interface Stages {
  readonly assembled: Network;
  readonly student: Network;
  /** Files of the student. */
  readonly files: ModelFiles;
  /** Validation scores of teacher and assembled student. */
  readonly before: readonly Score[] | undefined;
  readonly fineTuning: FineTuneResult | undefined;
  readonly control: Control | undefined;
}

interface Measured {
  readonly teacher: NetworkFigures;
  readonly student: NetworkFigures;
  readonly assembled: Report['assembled'];
  readonly control: Report['assembled'];
}

/**
 * Sizes, accuracies and latencies of the networks. The test split is read only here, once, after all decisions have
 * been made.
 */
async function measureFigures(
  options: Run,
  { assembled, student, files, before, fineTuning, control }: Stages,
): Promise<Measured> {
  const { teacher, backend } = options;
  const steps = labelled(options) ? batchesOf(options, 'test') : 0;
  options.stages.begin('Evaluate', { ...(steps > 0 && { steps }), ...meanSeconds(fineTuning?.epochs ?? []) });
  const networks = [teacher, assembled, student, ...(control === undefined ? [] : [control.network])];
  const test = await scoreOn(options, { split: 'test', networks });
  const kept = (tuned: FineTuneResult | undefined): Score | undefined => tuned?.epochs[tuned.keptEpoch - 1]?.validation;
  const accuracies = (validation: Score | undefined, held: Score | undefined): Report['assembled'] => ({
    ...(validation !== undefined && { validationAccuracy: accuracyOf(validation) }),
    ...(held !== undefined && { testAccuracy: accuracyOf(held) }),
  });
  const sizes = { teacher: sizeOf(teacher, teacher.fileBytes), student: sizeOf(student, files.bytes) };
  const times = await latencies(backend, { teacher: teacher.model, student: student.model }, sizes.teacher.macs);
  return {
    teacher: { ...accuracies(before?.[0], test?.[0]), ...sizes.teacher, ...times.teacher },
    student: { ...accuracies(kept(fineTuning) ?? before?.[1], test?.[2]), ...sizes.student, ...times.student },
    assembled: accuracies(before?.[1], test?.[1]),
    control: accuracies(kept(control?.fineTuning) ?? before?.[0], test?.[3]),
  };
}

/**
 * Unreadable images that were left out. The planner sees all files but decodes none; the loader decodes only those it
 * was asked for.
 */
function unreadableOf({ dataset }: Plan, found: readonly UnreadableFile[]): string[] {
  return [...new Set([...(dataset.unreadable ?? []), ...found].map(({ name }) => name))].sort();
}

function versions({ tf, tfVersion }: Backend): Record<string, string> {
  const processor = cpus()[0]?.model ?? process.arch;
  return {
    worker: manifest.version,
    node: process.versions.node,
    tfjs: tf.version_core,
    tensorflow: tfVersion,
    processor,
  };
}
