import { isFinished, type BlockOutcome } from '@distillation/api/words';
import type { FinalizerProgress, WorkerProgress } from '@distillation/api/ledger';
import { backendWords } from '@distillation/api/format';
import type { Bin } from '@distillation/api/plan';
import { secondsLeft, secondsOfBins } from '@distillation/core/eta';
import { finalizerWords } from '@distillation/core/finalizer-words';
import { percentDone, type ProgressView } from '@distillation/core/percent';
import type { Decision } from '@distillation/core/decide';
import { planSummary } from '@distillation/ledger/summaries';
import { digestOf } from '@distillation/ledger/digest';
import type { BlockView } from '@distillation/ledger/view';
import type { LiveBin, LiveBlock, LiveView } from '../present/live/view.ts';
import type { ObservedJob } from './observe.ts';

interface Watching {
  /** Time since the run started. */
  readonly elapsedSeconds?: number;
  /** Percentage shown before for the same job: it does not decrease when a block or the finalizer restarts. */
  readonly shownPercent?: number;
}

/** The view of a running job, from one observation. */
export function liveView(
  { spec, jobState, view, finalizer }: ObservedJob,
  decision: Decision,
  { elapsedSeconds, shownPercent = 0 }: Watching = {},
): LiveView {
  const { stage } = decision;
  const running = new Set([...jobState.workers].filter(([, { state }]) => state === 'Running').map(([bin]) => bin));
  const workers = view.workers.filter(({ bin }) => running.has(bin));
  const finalizing = stage === 'Finalizing' && jobState.finalizer.state === 'Running' ? finalizer : undefined;
  const digest = digestOf(view);
  const progress: ProgressView = {
    spec,
    blocks: jobState.blocks,
    workers,
    finished: jobState.result !== undefined,
    ...(jobState.plan !== undefined && view.plan !== undefined && { plan: planSummary(view.plan) }),
    ...(digest !== undefined && { seconds: digest.seconds }),
    ...(jobState.schedule !== undefined && { schedule: jobState.schedule }),
    ...(finalizing !== undefined && { finalizer: finalizing }),
  };
  // Of a finalizer that has not been heard nobody knows how much an earlier one has done.
  const eta = stage === 'Training' || finalizing !== undefined ? secondsLeft(progress) : undefined;
  const binTimes = stage === 'Training' ? secondsOfBins(progress) : undefined;
  const epochs = jobState.plan?.epochs ?? 0;
  const planned = new Set(jobState.plan?.blocks.map(({ name }) => name));
  const unfinished = new Set(
    [...planned].filter((name) => !jobState.blocks.some((block) => block.name === name && isFinished(block.state))),
  );
  const binView = (bin: Bin): LiveBin => {
    const waiting = bin.blocks.filter((name) => unfinished.has(name));
    const worker = workers.find(({ bin: index }) => index === bin.index);
    return worker === undefined
      ? unheardBin(bin.index, { running: running.has(bin.index), blocks: waiting, epochs })
      : liveBin(worker, epochs, binTimes?.get(bin.index));
  };
  return {
    ...(elapsedSeconds !== undefined && { elapsedSeconds }),
    ...(jobState.plan !== undefined && view.plan !== undefined && { backend: backendWords(view.plan.backend) }),
    stage: stageText(decision, finalizing),
    bins: stage === 'Training' ? (jobState.schedule?.bins ?? []).map(binView) : [],
    blocks: view.blocks.filter(({ name }) => planned.has(name)).map((block) => liveBlock(block, workers, epochs)),
    progressPercent: Math.max(shownPercent, percentDone(progress)),
    ...(eta !== undefined && { etaSeconds: eta }),
  };
}

const stageText = ({ stage }: Decision, finalizer: FinalizerProgress | undefined): string =>
  stage !== 'Finalizing' || finalizer === undefined ? stage : finalizerWords(finalizer);

function liveBin(worker: WorkerProgress, epochs: number, etaSeconds: number | undefined): LiveBin {
  const { bin: index, state, blocks, epoch, step, steps, imagesPerSecond } = worker;
  return {
    index,
    state,
    blocks,
    epoch,
    epochs,
    step,
    steps,
    imagesPerSecond,
    ...(etaSeconds !== undefined && { etaSeconds }),
  };
}

/** A bin whose worker has reported no progress: it has just started, or has ended. */
function unheardBin(
  index: number,
  { running, blocks, epochs }: { running: boolean; blocks: readonly string[]; epochs: number },
): LiveBin {
  const state = running ? 'Starting' : blocks.length > 0 ? 'Idle' : 'Done';
  return { index, state, blocks, epoch: 0, epochs, step: 0, steps: 0, imagesPerSecond: 0 };
}

const FINISHED: Readonly<Record<BlockOutcome, LiveBlock['state']>> = {
  Trained: 'Trained',
  StoppedEarly: 'StoppedEarly',
  Failed: 'Failed',
};

function liveBlock(block: BlockView, workers: readonly WorkerProgress[], epochs: number): LiveBlock {
  const { name, state, epoch, outcome, history } = block;
  const last = history.at(-1);
  const worker = workers.find(({ blocks }) => blocks.includes(name));
  const finished = isFinished(state);
  const loss = (finished ? undefined : worker?.losses[name]) ?? last?.metrics.loss;
  const held = last?.metrics;
  return {
    name,
    state: finished && outcome !== undefined ? FINISHED[outcome] : worker === undefined ? 'Waiting' : 'Training',
    epoch,
    epochs,
    ...(loss !== undefined && { loss }),
    // A loss that is not a number is not shown.
    ...(held !== undefined &&
      held.probeBaseline > 0 &&
      Number.isFinite(held.probeLoss) && { probeRatio: held.probeLoss / held.probeBaseline }),
    ...(worker !== undefined && !finished && { bin: worker.bin }),
    ...(state === 'Failed' && last?.failure !== undefined && { reason: last.failure.message }),
  };
}
