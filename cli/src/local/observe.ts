import type { DistillationJob, DistillationJobSpec } from '@distillation/api/job';
import type { FinalizerProgress } from '@distillation/api/ledger';
import type { BinSchedule } from '@distillation/api/plan';
import type { Report } from '@distillation/api/report';
import { plannedInputs, planKey, studentRecipe } from '@distillation/api/recipe';
import { NEVER_STARTED, type ProcessState, type JobState } from '@distillation/core/state';
import { isComplete } from '@distillation/ledger/outputs';
import { intactResult } from '@distillation/ledger/result';
import worker from '@distillation/worker/package.json' with { type: 'json' };
import type { Ledger } from '@distillation/ledger/ledger';
import { type BlockView, type LedgerView, readEverything } from '@distillation/ledger/view';
import type { LocalWorker } from './child.ts';

/** The states of a job's processes by role (`planner`, `bin-0`, `finalizer`). */
export interface ProcessStates {
  /** State of a role, as input of `decide`. */
  state(role: string): ProcessState;
  /** The schedule that they follow, whatever has become of its file. */
  readonly followed?: BinSchedule | undefined;
}

/** The processes of a job that this process has started, with the number of times that each has ended. */
export class Processes implements ProcessStates {
  readonly #workers = new Map<string, { current: LocalWorker | undefined; ended: number }>();
  followed: BinSchedule | undefined;

  state(role: string): ProcessState {
    const entry = this.#workers.get(role);
    if (entry?.current === undefined) return NEVER_STARTED;
    const exit = entry.current.exit();
    if (exit === undefined) return { state: 'Running', ended: entry.ended };
    const { termination } = exit;
    return {
      state: 'Exited',
      ended: entry.ended + 1,
      exitCode: exit.code,
      ...(termination !== undefined && { termination }),
    };
  }

  started(worker: LocalWorker): void {
    const before = this.#workers.get(worker.role);
    this.#workers.set(worker.role, { current: worker, ended: before?.current === undefined ? 0 : before.ended + 1 });
  }

  running(): LocalWorker[] {
    return [...this.#workers.values()].flatMap(({ current }) =>
      current === undefined || current.exit() !== undefined ? [] : current,
    );
  }

  logFile(role: string): string | undefined {
    return this.#workers.get(role)?.current?.logFile;
  }
}

/** The observed state of a job: the input of `decide`, and the view that is shown. */
export interface ObservedJob {
  readonly spec: DistillationJobSpec;
  readonly jobState: JobState;
  readonly view: LedgerView;
  /** Last progress report of the finalizer. */
  readonly finalizer?: FinalizerProgress;
  /** Present for a finished job. */
  readonly report?: Report;
}

/** Reads the volume and the processes. */
export async function observe(job: DistillationJob, ledger: Ledger, processes: ProcessStates): Promise<ObservedJob> {
  const { spec } = job;
  const view = await readEverything(ledger);
  const plan = view.plan?.key === planKey(spec) ? view.plan : undefined;
  // Without it the bins at work would be taken for ones that never were started, and each would get a second process.
  const schedule = view.schedule ?? processes.followed;
  const bins = schedule?.bins ?? [];
  const expected = plan && studentRecipe(spec, plannedInputs(plan));
  // The finalizer has to write again what is gone or damaged, and what is asked for since. The report is read after that is known to be there.
  const isDone = expected !== undefined && (await isComplete(ledger, spec.outputs, worker.version));
  const report = isDone ? await intactResult(ledger, expected) : undefined;
  const jobState: JobState = {
    suspend: false,
    backoffLimit: spec.cluster.backoffLimit,
    scheduling: spec.scheduling,
    planner: processes.state('planner'),
    blocks: view.blocks.map((block) => ({ ...block, ...failureOf(block) })),
    workers: new Map(bins.map(({ index }) => [index, processes.state(`bin-${index}`)])),
    finalizer: processes.state('finalizer'),
    ...(plan !== undefined && { plan }),
    ...(schedule !== undefined && { schedule }),
    ...(report !== undefined && { result: { outcome: report.outcome } }),
  };
  const finalizer = await ledger.readFinalizerProgress();
  return {
    spec,
    jobState,
    view,
    ...(finalizer !== undefined && { finalizer }),
    ...(report !== undefined && { report }),
  };
}

function failureOf({ state, history }: BlockView): { failure?: string } {
  const code = state === 'Failed' ? history.at(-1)?.failure?.code : undefined;
  return code === undefined ? {} : { failure: code };
}
