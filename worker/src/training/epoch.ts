import type { Tensor4D } from '@tensorflow/tfjs';
import type { DistillationJobSpec } from '@distillation/api/job';
import type { EpochMetrics, EpochTiming } from '@distillation/api/ledger';
import type { BackendSignature, Plan, Shape3 } from '@distillation/api/plan';
import { plural } from '@distillation/api/format';
import type { Tf } from '../backend/tf.ts';
import type { Loader } from '../data/loading/loader.ts';
import type { TeacherCut } from '../teacher/graph/cut.ts';
import type { Claims } from '@distillation/ledger/claims';
import type { Ledger } from '@distillation/ledger/ledger';
import type { BlockTrainer } from './step/block-trainer.ts';
import type { Monitor } from '../serve/monitor.ts';
import type { CompiledSteps } from './step/compiled-steps.ts';
import { decide } from './decide.ts';
import { noticeSignals } from '../process/stop.ts';
import type { HeldBlock } from './held-block.ts';
import { type PassTiming, trainPass } from './step/pass.ts';
import { probe } from './step/probe.ts';
import type { ProgressReporter } from './progress.ts';

/** How often the running losses are read back from the device. */
const PEEK_MS = 1000;

export interface EpochEnvironment {
  readonly tf: Tf;
  readonly bin: number;
  readonly spec: DistillationJobSpec;
  readonly plan: Plan;
  readonly signature: BackendSignature;
  readonly cut: (layers: readonly string[]) => TeacherCut;
  /** Absent where steps are not compiled. */
  readonly compiled?: CompiledSteps | undefined;
  readonly loader: Loader;
  readonly imageShape: Shape3;
  /** Held-out images, [count, height, width, channels]. */
  readonly probeImages: Tensor4D;
  readonly ledger: Ledger;
  readonly claims: Claims;
  readonly progress: ProgressReporter;
  readonly monitor: Monitor;
  readonly log: (line: string) => void;
  readonly stopped: () => boolean;
}

/**
 * One pass over the data for blocks at the same epoch: train, probe, decide, commit.
 * @returns the blocks to release: done, failed, to be restarted (then resumed from the ledger), or lost to another
 * holder.
 */
export async function trainEpoch(blocks: readonly HeldBlock[], environment: EpochEnvironment): Promise<string[]> {
  const { plan, spec, cut, loader, progress, monitor, stopped, log, tf, imageShape, compiled } = environment;
  const epoch = blocks[0]?.metrics.length ?? 0;
  const names = blocks.map(({ trainer }) => trainer.block);
  const teacherCut = cut([...new Set(blocks.map(({ trainer }) => trainer.layer))]);
  const trainers = blocks.map(({ trainer }) => trainer);
  progress.update({
    state: 'Training',
    blocks: names,
    epoch: epoch + 1,
    step: 0,
    steps: plan.stepsPerEpoch,
    losses: {},
  });
  const startedAt = Date.now();
  const joulesBefore = monitor.gpuJoules();
  let peeked = performance.now();
  // The first step also sets up graph and memory, so its time says nothing about the following ones.
  let first: { readonly at: number; readonly images: number } | undefined;
  const timing = await trainPass(tf, {
    trainers,
    runCut: (x) => teacherCut.run(x),
    batches: trainingBatches(environment, epoch),
    imageShape,
    firstStep: epoch * plan.stepsPerEpoch,
    steps: plan.stepsPerEpoch,
    ...(compiled !== undefined && { compiled }),
    stopped,
    onStep: (step, images) => {
      const now = performance.now();
      first ??= { at: now, images };
      if (now - peeked >= PEEK_MS || step === plan.stepsPerEpoch) {
        peeked = now;
        progress.update({
          step,
          losses: runningLosses(trainers),
          ...(step > 1 && { imagesPerSecond: (1000 * (images - first.images)) / (now - first.at) }),
        });
      }
    },
  });
  if (timing === undefined) return [];
  const measured = measure(blocks, teacherCut, environment);
  await noticeSignals();
  if (stopped()) return [];
  const joules = difference(monitor.gpuJoules(), joulesBefore);
  const leaving: string[] = [];
  for (const block of blocks) {
    const metrics = measured.get(block.trainer.block);
    if (metrics === undefined) continue;
    block.metrics.push(metrics);
    const times = timingOf(block.trainer.block, timing, {
      bin: environment.bin,
      startedAt,
      passBlocks: blocks.length,
      joules,
    });
    if (await commit(block, times, environment)) leaving.push(block.trainer.block);
  }
  const unreadable = loader.unreadable();
  if (unreadable.length > 0)
    log(`${plural(unreadable.length, 'unreadable image')} left out, the first ${unreadable[0]?.name ?? ''}`);
  log(`epoch ${epoch + 1} of ${spec.training.epochs}: ${describe(measured)}`);
  return leaving;
}

/** Leaves out losses that are not finite: JSON has no number for a block that diverged. */
function runningLosses(trainers: readonly BlockTrainer[]): Record<string, number> {
  const losses = trainers.map((trainer) => [trainer.block, trainer.peekLoss()] as const);
  return Object.fromEntries(losses.filter(([, loss]) => Number.isFinite(loss)));
}

async function* trainingBatches(
  { loader, spec }: EpochEnvironment,
  epoch: number,
): AsyncGenerator<{ images: Float32Array; count: number }> {
  const { batchSize, augmentation } = spec.dataset;
  const training = { seed: spec.training.seed, epoch, augmentation };
  for await (const { images, labels } of loader.batches({ split: 'train', batchSize, training })) {
    yield { images, count: labels.length };
  }
}

/** Takes each trainer's mean loss and probes it on the held-out images. */
function measure(
  blocks: readonly HeldBlock[],
  cut: TeacherCut,
  { tf, probeImages }: EpochEnvironment,
): Map<string, EpochMetrics> {
  const measured = new Map<string, EpochMetrics>();
  tf.tidy(() => {
    const pairs = cut.run(probeImages);
    for (const { trainer } of blocks) {
      const pair = pairs.get(trainer.layer);
      if (pair === undefined) continue;
      const held = probe(tf, { target: pair.target, output: trainer.infer(pair.input) });
      measured.set(trainer.block, { loss: trainer.takeLoss(), ...held });
    }
  });
  return measured;
}

function timingOf(
  block: string,
  { ownSeconds, prefixSeconds }: PassTiming,
  pass: { bin: number; startedAt: number; passBlocks: number; joules: number | undefined },
): EpochTiming {
  const own = ownSeconds.get(block) ?? 0;
  const prefix = prefixSeconds / pass.passBlocks;
  const all = prefixSeconds + [...ownSeconds.values()].reduce((sum, seconds) => sum + seconds, 0);
  return {
    bin: pass.bin,
    startedAt: pass.startedAt,
    finishedAt: Date.now(),
    ownSeconds: own,
    prefixSeconds: prefix,
    passBlocks: pass.passBlocks,
    ...(pass.joules !== undefined && all > 0 && { gpuJoules: (pass.joules * (own + prefix)) / all }),
  };
}

/** Difference of two readings of a counter; undefined when either is missing. */
const difference = (after: number | undefined, before: number | undefined): number | undefined =>
  after === undefined || before === undefined ? undefined : after - before;

/** Commits the epoch if the claim is still valid; returns whether to release the block. */
async function commit(block: HeldBlock, timing: EpochTiming, environment: EpochEnvironment): Promise<boolean> {
  const { claims, ledger, spec, signature, monitor, log } = environment;
  const { trainer, metrics, claim } = block;
  const last = metrics.at(-1);
  if (last === undefined) return false;
  if (!(await claims.stillHeld(claim))) {
    log(`lost ${trainer.block} to another worker`);
    return true;
  }
  const decision = decide(metrics, trainer.attempt, spec.training);
  const failed = decision.outcome === 'Failed';
  const record = {
    block: trainer.block,
    attempt: trainer.attempt,
    epoch: metrics.length,
    metrics: last,
    ...decision,
    backend: signature,
    timing,
  };
  await ledger.commitEpoch(record, failed ? undefined : trainer.snapshot());
  monitor.alive();
  monitor.send({ type: 'Epoch' });
  if (decision.failure !== undefined) {
    log(
      `${trainer.block}: ${decision.failure.message}${decision.restart === true ? ' Starting it again, slower.' : ' Given up.'}`,
    );
  }
  if (decision.outcome === undefined) return false;
  if (decision.restart !== true) {
    const records = await ledger.knownHistory(trainer.block);
    const seconds = records.reduce(
      (sum, { timing: { ownSeconds, prefixSeconds } }) => sum + ownSeconds + prefixSeconds,
      0,
    );
    monitor.send({ type: 'Block', outcome: decision.outcome, seconds });
  }
  await claims.release(claim);
  return true;
}

function describe(measured: ReadonlyMap<string, EpochMetrics>): string {
  return [...measured].map(([block, { loss }]) => `${block} ${loss.toPrecision(4)}`).join(', ');
}
