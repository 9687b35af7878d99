import type { BlockCost, BinSchedule } from '@distillation/api/plan';
import { nextPass } from './next-pass.ts';
import { type CostedBlock, binCost, toTask } from './pass-cost.ts';
import { chooseVictim, type QueueView, type RemainingBlock, splitForThief } from './work-stealing.ts';

/**
 * What a schedule will come to: a discrete-event simulation of the workers, pass by pass, with the very decisions that they take. Pure; `kubectl distill plan` shows its makespan, tests use it to try the decisions.
 */

interface SimulationInput {
  readonly blocks: readonly CostedBlock[];
  readonly epochs: number;
  readonly schedule: Pick<BinSchedule, 'policy' | 'passes' | 'bins'>;
  /** Actual costs of blocks per epoch, where they differ from the costs that decisions are based on. */
  readonly actual?: ReadonlyMap<string, BlockCost>;
}

/** One pass of one bin, a bar of the Gantt chart. Times are in the unit of the costs, from the start of training. */
interface SimulatedPass {
  readonly bin: number;
  readonly start: number;
  readonly end: number;
  readonly blocks: readonly string[];
  /** 1-based. */
  readonly epoch: number;
}

interface SimulatedTheft {
  readonly at: number;
  readonly victim: number;
  readonly thief: number;
  readonly blocks: readonly string[];
}

export interface Simulation {
  readonly makespan: number;
  /** When each bin's worker exits, by index; 0 for a bin without one. The sum is the GPU time held. */
  readonly left: readonly number[];
  /** In the order in which they end. */
  readonly passes: readonly SimulatedPass[];
  readonly thefts: readonly SimulatedTheft[];
}

interface Worker {
  readonly bin: number;
  queue: RemainingBlock[];
  pass: SimulatedPass | undefined;
  /** The worker that waits for this one's next epoch boundary to receive blocks. */
  thief: Worker | undefined;
  left: number | undefined;
}

/** Simulates the schedule to its end. Bins without blocks at the start have no worker, so they do not steal. */
export function simulate(input: SimulationInput): Simulation {
  const { epochs, schedule } = input;
  const blocks = new Map(input.blocks.map((block) => [block.name, { ...block, epochsLeft: epochs }]));
  const workers = schedule.bins
    .filter((bin) => bin.blocks.length > 0)
    .map(({ index, blocks: names }): Worker => {
      const queue = names.flatMap((name) => blocks.get(name) ?? []);
      return { bin: index, queue, pass: undefined, thief: undefined, left: undefined };
    });
  const passes: SimulatedPass[] = [];
  const thefts: SimulatedTheft[] = [];
  let now = 0;

  const begin = (worker: Worker): void => {
    const chosen = nextPass(worker.queue, schedule.passes);
    const first = chosen[0];
    if (first === undefined) return;
    const costs = chosen.map(({ name, cost }) =>
      toTask({ name, cost: input.actual?.get(name) ?? cost }, schedule.passes),
    );
    worker.pass = {
      bin: worker.bin,
      start: now,
      end: now + binCost(costs),
      blocks: chosen.map((block) => block.name),
      epoch: epochs - first.epochsLeft + 1,
    };
  };

  const hand = (victim: Worker, thief: Worker, names: readonly string[]): void => {
    thief.queue = names.flatMap((name) => victim.queue.find((block) => block.name === name) ?? []);
    victim.queue = victim.queue.filter((block) => !names.includes(block.name));
    thefts.push({ at: now, victim: victim.bin, thief: thief.bin, blocks: names });
    begin(thief);
  };

  /** An idle worker steals, requests blocks, waits for a bin that has another request, or exits. */
  const seekWork = (thief: Worker): void => {
    const choose = (among: readonly Worker[]) =>
      chooseVictim({ passes: schedule.passes, queues: among.map(viewOf) }, thief.bin);
    const theft =
      schedule.policy === 'WorkStealing' ? choose(workers.filter((other) => other.thief === undefined)) : undefined;
    const victim = workers.find((worker) => worker.bin === theft?.victim);
    if (theft !== undefined && victim !== undefined) {
      if (schedule.passes === 'Fused') victim.thief = thief;
      else hand(victim, thief, theft.blocks);
    } else if (schedule.policy !== 'WorkStealing' || choose(workers) === undefined) thief.left = now;
  };

  workers.forEach(begin);
  for (;;) {
    const running = workers.flatMap((worker) => (worker.pass === undefined ? [] : { worker, pass: worker.pass }));
    const ended = running.toSorted((a, b) => a.pass.end - b.pass.end || a.worker.bin - b.worker.bin)[0];
    if (ended === undefined) break;
    const { worker, pass } = ended;
    now = pass.end;
    passes.push(pass);
    worker.pass = undefined;
    worker.queue = worker.queue
      .map((block) => (pass.blocks.includes(block.name) ? { ...block, epochsLeft: block.epochsLeft - 1 } : block))
      .filter((block) => block.epochsLeft > 0);
    if (worker.thief !== undefined) {
      const given = splitForThief({ remaining: worker.queue, passes: schedule.passes });
      if (given.length > 0) hand(worker, worker.thief, given);
      worker.thief = undefined;
    }
    begin(worker);
    const asking = new Set(workers.map((victim) => victim.thief));
    for (const idle of workers) {
      if (idle.pass === undefined && idle.left === undefined && !asking.has(idle)) seekWork(idle);
    }
  }
  const left = schedule.bins.map(({ index }) => workers.find((worker) => worker.bin === index)?.left ?? 0);
  return { makespan: Math.max(0, ...passes.map((pass) => pass.end)), left, passes, thefts };
}

const viewOf = ({ bin, queue }: Worker): QueueView => ({ bin, owner: 'Working', blocks: queue });
