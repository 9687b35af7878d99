import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DistillationJob, DistillationJobSpec } from '@distillation/api/job';
import type { BackendSignature, DatasetSummary } from '@distillation/api/plan';
import { planKey } from '@distillation/api/recipe';
import { parseManifest } from '@distillation/api/manifest';
import { type Backend, openBackend } from '../backend/select.ts';
import { openDataset } from '../data/open.ts';
import type { Dataset } from '../data/types.ts';
import type { Ledger } from '../volume/ledger.ts';
import { loadTeacher, type Teacher } from '../teacher/load.ts';
import type { Monitor } from '../serve/monitor.ts';
import type { Invocation } from './invocation.ts';
import { log } from './log.ts';

/** What every subcommand opens first: job, backend, teacher, data. */
export interface JobContext {
  readonly job: DistillationJob;
  readonly spec: DistillationJobSpec;
  /** Root of the volume for working files. */
  readonly volume: string;
  /** `spec.outputs.path` on it. */
  readonly folder: string;
  readonly backend: Backend;
  readonly signature: BackendSignature;
  readonly teacher: Teacher;
  readonly dataset: Dataset;
}

/** Reads and validates the job. */
export async function readJob(path: string): Promise<DistillationJob> {
  return parseManifest(await readFile(path, 'utf8'), path);
}

export interface OpenOptions {
  readonly cpuThreads: number;
  /** The planner's view of the data: the files are then counted, not fingerprinted once more by every worker. */
  readonly planned?: DatasetSummary;
  readonly monitor: Monitor;
}

/** Opens everything for a job, the cheap checks before the slow ones. @throws DistillError of whatever is not as it should be. */
export async function openContext(
  call: Invocation,
  job: DistillationJob,
  { cpuThreads, planned, monitor }: OpenOptions,
): Promise<JobContext> {
  const { spec } = job;
  const backend = await openBackend({ cpuThreads, requireGpu: call.gpuRequired, log });
  log(`computing with ${backend.description}`);
  const signature = { name: backend.name, tensorflow: backend.tfVersion, cpuThreads: backend.cpuThreads };
  monitor.tell({ type: 'Backend', backend: signature });
  monitor.alive();
  const teacher = await loadTeacher(backend.tf, {
    path: join(call.teacherVolume, spec.teacher.path),
    format: spec.teacher.format,
    outputs: spec.teacher.outputs,
  });
  monitor.alive();
  const dataset = await openDataset(call.datasetVolume, spec.dataset, {
    inputShape: teacher.inputShape,
    classes: teacher.classes,
    ...(planned !== undefined && { planned }),
  });
  monitor.alive();
  return {
    job,
    spec,
    volume: call.volume,
    folder: join(call.volume, spec.outputs.path),
    backend,
    signature,
    teacher,
    dataset,
  };
}

/** The data of the plan on the volume, if it was planned from this job's fields. */
export async function plannedData(ledger: Ledger, spec: DistillationJobSpec): Promise<Pick<OpenOptions, 'planned'>> {
  const plan = await ledger.readPlan();
  return plan?.key === planKey(spec) ? { planned: plan.dataset } : {};
}
