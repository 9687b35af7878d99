import { DistillError } from '@distillation/api/errors';
import type { DistillationJob } from '@distillation/api/job';
import { LAYOUT } from '@distillation/api/layout';
import {
  type FinalizerProgress,
  readFinalizerProgress,
  readJobBody,
  readRecipe,
  readWorkerProgress,
  type WorkerProgress,
} from '@distillation/api/ledger';
import { type BinSchedule, type Plan, readPlanBody, readScheduleBody } from '@distillation/api/plan';
import { readResultBody, type ResultRecord } from '@distillation/api/report';
import { writeAtomic } from '../files/atomic.ts';
import { encodeEnvelope, readBody } from '../files/envelope.ts';
import { JobFolder } from '../files/job-folder.ts';
import { requireRecipe } from './recipe.ts';

interface RecipeOptions {
  /** Recipe of the work in the folder, from a caller who knows it for certain; used when the volume does not hold it. */
  readonly known?: string;
}

interface PlanOptions extends RecipeOptions {
  /** Hashes of the data that the plan is for; absent when they are not known. */
  readonly dataHashes?: Uint8Array | undefined;
}

/** What is once in the folder of a job: its recipe, manifest, plan, schedule, result and progress. */
export class JobRecords extends JobFolder {
  /** The plan as last read. */
  #plan: Plan | undefined;

  /**
   * Reserves the folder for this recipe. A folder serves one recipe for good, since weights of two must never mix.
   * @throws DISTILL_E_VOLUME_OTHER_JOB naming both recipes.
   */
  async assertSameRecipe(recipe: string, { known }: RecipeOptions = {}): Promise<void> {
    const { written, found = known } = await this.#standingRecipe();
    if (found !== undefined) requireRecipe(this.folder, found, recipe);
    else if ((await this.files.readdir(this.path(LAYOUT.blocks))).length > 0) {
      const message = `${this.folder} holds trained blocks, and neither ${LAYOUT.recipe} nor ${LAYOUT.plan}, which would tell of which job they are.`;
      throw new DistillError('DISTILL_E_VOLUME_OTHER_JOB', message, { subject: this.folder });
    }
    if (written === undefined) await this.writeJson(LAYOUT.recipe, recipe);
  }

  /** The recipe of the folder; undefined when it has none yet. */
  async recipe(): Promise<string | undefined> {
    return (await this.#standingRecipe()).found;
  }

  async #standingRecipe(): Promise<{ written: string | undefined; found: string | undefined }> {
    const written = await this.readAs(LAYOUT.recipe, readRecipe);
    return { written, found: written ?? (await this.readPlan())?.recipe };
  }

  readJob(): Promise<DistillationJob | undefined> {
    return this.readAs(LAYOUT.job, readJobBody);
  }

  writeJob(job: DistillationJob): Promise<void> {
    return this.writeJson(LAYOUT.job, job);
  }

  /**
   * The plan; undefined before there is one. Once read it is kept in memory, since the file may be removed or damaged while the job
   * runs.
   * @throws DISTILL_E_VOLUME_VERSION
   */
  async readPlan(): Promise<Plan | undefined> {
    this.#plan = (await this.readAs(LAYOUT.plan, readPlanBody)) ?? this.#plan;
    return this.#plan;
  }

  /** @throws DISTILL_E_VOLUME_OTHER_JOB when the folder belongs to another recipe. */
  async writePlan(plan: Plan, { dataHashes, known }: PlanOptions = {}): Promise<void> {
    await this.assertSameRecipe(plan.recipe, { ...(known !== undefined && { known }) });
    if (dataHashes !== undefined) await this.writeDataHashes(dataHashes);
    await this.writeJson(LAYOUT.plan, plan);
    this.#plan = plan;
  }

  /** The hashes of the data that the plan is for; undefined when they are missing. */
  readDataHashes(): Promise<Uint8Array | undefined> {
    return this.files.readFile(this.path(LAYOUT.dataHashes));
  }

  writeDataHashes(bytes: Uint8Array): Promise<void> {
    return writeAtomic(this.files, this.path(LAYOUT.dataHashes), { bytes, writer: this.writer });
  }

  /** @throws DISTILL_E_VOLUME_VERSION */
  readSchedule(): Promise<BinSchedule | undefined> {
    return this.readAs(LAYOUT.schedule, readScheduleBody);
  }

  writeSchedule(schedule: BinSchedule): Promise<void> {
    return this.writeJson(LAYOUT.schedule, schedule);
  }

  /** Writes plan and schedule again when they have been removed. The caller must know that both belong to this job. */
  async restore({ plan, schedule }: { readonly plan: Plan; readonly schedule?: BinSchedule }): Promise<void> {
    const files: readonly (readonly [name: string, body: unknown])[] = [
      [LAYOUT.recipe, plan.recipe],
      [LAYOUT.plan, plan],
      [LAYOUT.schedule, schedule],
    ];
    for (const [name, body] of files) {
      if (body === undefined || (await this.files.stat(this.path(name))) !== undefined) continue;
      this.log(`${name} is gone; it is written again.`);
      await this.writeJson(name, body);
    }
  }

  /** The record of the finished job. @throws DISTILL_E_VOLUME_VERSION */
  readResult(): Promise<ResultRecord | undefined> {
    return this.readAs(LAYOUT.result, readResultBody);
  }

  writeResult(result: ResultRecord): Promise<void> {
    return this.writeJson(LAYOUT.result, result);
  }

  /** Replaces a worker's progress. It is not fsynced, since it is written every second and useless after a power failure. */
  writeProgress(progress: WorkerProgress): Promise<void> {
    return this.#writeFleeting(LAYOUT.progress(progress.bin), progress);
  }

  /** Replaces the finalizer's progress in the same way. */
  writeFinalizerProgress(progress: FinalizerProgress): Promise<void> {
    return this.#writeFleeting(LAYOUT.finalizerProgress, progress);
  }

  /** The finalizer's last progress; undefined when there is none that can be read. */
  readFinalizerProgress(): Promise<FinalizerProgress | undefined> {
    return readBody(this.files, this.path(LAYOUT.finalizerProgress), readFinalizerProgress);
  }

  #writeFleeting(name: string, body: unknown): Promise<void> {
    return writeAtomic(this.files, this.path(name), {
      bytes: encodeEnvelope(body),
      writer: this.writer,
      durable: false,
    });
  }

  /** A worker's last progress; undefined when there is none that can be read. */
  readProgress(bin: number): Promise<WorkerProgress | undefined> {
    return readBody(this.files, this.path(LAYOUT.progress(bin)), readWorkerProgress);
  }
}
