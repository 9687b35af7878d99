import type { DistillationJobStatus } from '@distillation/api/job';
import { isFinished } from '@distillation/api/words';
import type { ObservedJob } from '../observe/observe.ts';
import { fraction } from '../observe/result.ts';

type StatusBlock = NonNullable<DistillationJobStatus['blocks']>[number];

interface BlocksInput {
  /** Whether what changes all the time is to be told anew, or stays as it was told before. */
  readonly isRefreshed: boolean;
  readonly before: DistillationJobStatus | undefined;
}

/** The state of each block by the ledger, with what the finalizer measured, and the bin that trains it now. */
export function blocksFor(observed: ObservedJob, { isRefreshed, before }: BlocksInput): StatusBlock[] {
  const { knownBlocks, result, resultSummary } = observed;
  const measured = new Map(resultSummary?.blocks.map((block) => [block.block, block]));
  const recorded = new Map(
    result !== undefined && before?.result?.recipe === result.recipe
      ? before.blocks?.map((block) => [block.name, block])
      : [],
  );
  const atWork = binsAtWork(observed, { isRefreshed, before });
  return knownBlocks.blocks.map(({ name, loss, failure, ...known }): StatusBlock => {
    const { accuracy, selected } = measuredOf(measured.get(name), recorded.get(name));
    const worker = isFinished(known.state) ? undefined : atWork.get(name);
    const bin = worker ?? known.bin;
    return {
      name,
      // The ledger knows a block from its first finished epoch on.
      state: worker === undefined ? known.state : 'Training',
      epoch: known.epoch,
      ...(bin !== undefined && { bin }),
      ...(loss !== undefined && Number.isFinite(loss) && { loss: String(Number(loss.toPrecision(4))) }),
      ...(accuracy !== undefined && { accuracy }),
      ...(selected !== undefined && { selected }),
      ...(failure !== undefined && { failure }),
    };
  });
}

/**
 * The bin that has each block in its present pass, as the running workers tell it, or as it was told before: a status is not written for
 * this alone.
 */
function binsAtWork(
  { jobState, knownBlocks: { live } }: ObservedJob,
  { isRefreshed, before }: BlocksInput,
): ReadonlyMap<string, number> {
  const isRunning = (bin: number): boolean => jobState.workers.get(bin)?.state === 'Running';
  if (isRefreshed && live !== undefined) {
    const workers = live.workers.filter(({ bin, state }) => state === 'Training' && isRunning(bin));
    return new Map(workers.flatMap(({ bin, blocks }) => blocks.map((name) => [name, bin] as const)));
  }
  const told = before?.blocks?.filter(({ state }) => state === 'Training') ?? [];
  return new Map(
    told.flatMap(({ name, bin }) =>
      bin !== undefined && (!isRefreshed || isRunning(bin)) ? [[name, bin] as const] : [],
    ),
  );
}

function measuredOf(
  measured: { readonly selected: boolean; readonly accuracy?: number } | undefined,
  recorded: StatusBlock | undefined,
): Pick<StatusBlock, 'accuracy' | 'selected'> {
  if (measured === undefined) return { accuracy: recorded?.accuracy, selected: recorded?.selected };
  const { accuracy, selected } = measured;
  return { selected, ...(accuracy !== undefined && { accuracy: fraction(accuracy) }) };
}
