import { cpus } from 'node:os';
import { unmatchedFreeze } from '@distillation/api/unmatched';
import type { Plan, UnreadableFile } from '@distillation/api/plan';
import { plannedInputs, studentRecipe } from '@distillation/api/recipe';
import type { Report } from '@distillation/api/report';
import type { Backend } from '../backend/select.ts';
import manifest from '../../package.json' with { type: 'json' };
import type { Network } from '../teacher/graph/graph.ts';
import { assembleStudent, studentParts } from '../teacher/graph/rewrite/replace.ts';
import { studentDescription } from './student/card.ts';
import { modelFiles } from './student/export.ts';
import { meanSeconds } from './fine-tuning/fine-tune-progress.ts';
import { fineTuneControl, fineTuneStudent } from './fine-tuning/fine-tune-networks.ts';
import { gatherBlocks, replacementsOf } from './gather.ts';
import { addFormats, exportOthers, speedsOf } from './export-others.ts';
import { finishedReport, type Outputs, writeOutputs } from './student/outputs.ts';
import { buildReport } from './report.ts';
import { type FinalizeOptions, type Run, scoreOn } from './run.ts';
import { chooseBlocks, selectionSteps } from './choose-blocks.ts';
import { measureFigures } from './measuring/measure-figures.ts';
import { stageProgress } from './stage-progress.ts';

export interface FinalizeOutcome {
  readonly report: Report;
  /** True when an earlier run had made the student; at most files in other formats were left to write. */
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
    return { report: await addFormats(options, outputs, finished), alreadyDone: true };
  }
  const blocks = await gatherBlocks(ledger, plan, job.spec.blocks);
  const { verdicts, limit, selection, teacher: measured } = await chooseBlocks(options, blocks);
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
    const scored = await scoreOn(options, {
      split: 'validation',
      networks: measured === undefined ? [teacher, assembled] : [assembled],
      after: selectionSteps(options),
    });
    const before = scored && (measured === undefined ? scored : [measured, ...scored]);
    const missed =
      selected.size === 0 || job.spec.fineTuning.epochs === 0
        ? []
        : unmatchedFreeze(job.spec.fineTuning.freeze, [...student.graph.layers.keys()]);
    for (const line of missed) log(line);
    const fineTuning = selected.size === 0 ? undefined : await fineTuneStudent(options, student, before?.[1]);
    const control = selected.size === 0 ? undefined : await fineTuneControl(options, student, before?.[0]);
    if (control !== undefined) networks.push(control.network);
    // From here on the student does not change; its files are first made in memory, as they will be written.
    const files = modelFiles(student, {
      outputs: teacher.outputs,
      description: studentDescription({ job, plan, classNames: dataset.classNames }),
    });
    const figures = await measureFigures(options, { assembled, student, files, before, fineTuning, control });
    options.stages.begin('Export', meanSeconds(fineTuning?.epochs ?? []));
    const others = await exportOthers(options, { student, outputs: teacher.outputs, ours: files });
    const timed = job.spec.outputs.formats.includes('Onnx') || selection?.latency !== undefined;
    const onnx = timed ? await speedsOf(options, { teacher, student, others }) : undefined;
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
