import { join } from 'node:path';
import type { DistillationJob, DistillationJobSpec } from '@distillation/api/job';
import type { BackendSignature } from '@distillation/api/plan';
import { planKey } from '@distillation/api/recipe';
import { type Backend, openBackend } from '../backend/select.ts';
import { openHashStore } from '../data/identity/hash-store.ts';
import { openDataset } from '../data/open.ts';
import type { Dataset } from '../data/types.ts';
import type { PlannedData } from '../data/identity/hashing.ts';
import { nodeFileLayer, withVolumeErrors } from '@distillation/ledger/file-layer';
import type { Ledger } from '@distillation/ledger/ledger';
import { loadTeacher, type Teacher } from '../teacher/load.ts';
import type { Monitor } from '../serve/monitor.ts';
import { logHashing } from './data-lines.ts';
import type { Invocation } from '../process/options.ts';
import { log, remark } from '../process/log.ts';

/** What every subcommand opens first: job, backend, teacher, data. */
export interface JobContext {
  readonly job: DistillationJob;
  readonly spec: DistillationJobSpec;
  /** Root of the volume for working files. */
  readonly volume: string;
  /** The job's folder: `spec.outputs.path` on the volume. */
  readonly folder: string;
  readonly backend: Backend;
  readonly signature: BackendSignature;
  readonly teacher: Teacher;
  readonly dataset: Dataset;
}

interface OpenOptions {
  readonly cpuThreads: number;
  /** The data of the plan, which the opened data must match; absent in the planner. */
  readonly planned?: PlannedData;
  /** Stores the hashes of the data when they are missing from the volume and had to be computed again. */
  readonly keepHashes?: (hashes: Uint8Array) => Promise<void>;
  readonly monitor: Monitor;
}

/** Opens everything that a job needs, the cheap checks before the slow ones. @throws DistillError for whatever is wrong with it. */
export async function openContext(
  call: Invocation,
  job: DistillationJob,
  { cpuThreads, planned, keepHashes, monitor }: OpenOptions,
): Promise<JobContext> {
  const { spec } = job;
  const backend = await openBackend({ cpuThreads, requireGpu: call.gpuRequired, log });
  log(`computing with ${backend.description}`);
  const signature = { name: backend.name, tensorflow: backend.tfVersion, cpuThreads: backend.cpuThreads };
  monitor.send({ type: 'Backend', backend: signature });
  monitor.alive();
  const teacher = await loadTeacher(backend.tf, {
    path: join(call.teacherVolume, spec.teacher.path),
    format: spec.teacher.format,
    outputs: spec.teacher.outputs,
  });
  monitor.alive();
  const files = withVolumeErrors(nodeFileLayer);
  const data = join(call.datasetVolume, spec.dataset.path);
  const onHashed = logHashing(remark);
  const dataset = await openDataset(call.datasetVolume, spec.dataset, {
    inputShape: teacher.inputShape,
    classes: teacher.classes,
    ...(planned !== undefined && { planned }),
    known: async () => {
      const store = await openHashStore({ files, volume: call.volume, folder: data, log });
      return call.dryRun === true ? { ...store, save: () => Promise.resolve() } : store;
    },
    onProgress: (progress) => {
      monitor.alive();
      onHashed(progress);
    },
  });
  if (dataset.record !== undefined && dataset.record !== planned?.record) await keepHashes?.(dataset.record);
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

/** The data of the plan on the volume, if the plan was made from the same fields of the job. */
export async function plannedData(
  ledger: Ledger,
  spec: DistillationJobSpec,
): Promise<Pick<OpenOptions, 'planned' | 'keepHashes'>> {
  const plan = await ledger.readPlan();
  if (plan?.key !== planKey(spec)) return {};
  const record = await ledger.readDataHashes();
  return {
    planned: { summary: plan.dataset, ...(record !== undefined && { record }) },
    keepHashes: (hashes) => ledger.writeDataHashes(hashes),
  };
}
