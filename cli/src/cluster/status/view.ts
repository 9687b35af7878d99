import type { DistillationJobStatus } from '@distillation/api/job';
import { plural } from '@distillation/api/format';
import { isStageReason } from '@distillation/api/words';
import type { LiveBin, LiveBlock, LiveView } from '../../present/live/view.ts';
import type { JobObject } from '../jobs.ts';
import { stateWords } from './job-table.ts';

/** How long a job may be without any status before that is called a trouble: an operator that runs takes it up within a second. */
const UNSEEN_SECONDS = 20;

/** The live view of a job on a cluster, from its status. */
export function clusterView({ metadata, spec, status }: JobObject, now: Date): LiveView {
  const summary = status?.conditions?.find(({ type }) => type === 'Succeeded');
  const isPlain = summary === undefined || isStageReason(summary.reason);
  const trouble = isPlain ? unseen({ metadata, status }, now) : summary.message;
  const remaining = status?.progress?.remainingSeconds;
  const started = status?.startTime;
  const ended = status?.completionTime === undefined ? now.getTime() : Date.parse(status.completionTime);
  const blocks = (status?.blocks ?? []).map((block) => blockView(block, status?.plan?.epochs ?? spec.training.epochs));
  return {
    stage: stateWords({ ...(status && { status }) }) || 'Waiting for the operator',
    ...(summary?.reason === 'Finalizing' && { doing: summary.message }),
    ...(trouble !== undefined && { trouble }),
    ...(started !== undefined && { elapsedSeconds: Math.max(0, (ended - Date.parse(started)) / 1000) }),
    bins: summary?.reason === 'Finalizing' ? [] : (status?.bins ?? []).map((bin) => binView(bin, { blocks, trouble })),
    blocks,
    progressPercent: status?.progress?.percent ?? 0,
    ...(remaining !== undefined && { etaSeconds: remaining }),
  };
}

function unseen({ metadata, status }: Pick<JobObject, 'metadata' | 'status'>, now: Date): string | undefined {
  if (status?.observedGeneration !== undefined) return undefined;
  const seconds = (now.getTime() - Date.parse(metadata.creationTimestamp)) / 1000;
  return seconds < UNSEEN_SECONDS
    ? undefined
    : 'No operator has taken it up: `kubectl distill doctor` says whether one runs and which namespaces it serves.';
}

type StatusBin = NonNullable<DistillationJobStatus['bins']>[number];
type StatusBlock = NonNullable<DistillationJobStatus['blocks']>[number];

interface BinSurroundings {
  readonly blocks: readonly LiveBlock[];
  /** Of the whole job, which is not repeated for each bin. */
  readonly trouble: string | undefined;
}

function binView(
  { index, state, blocks, node, restarts = 0, imagesPerSecond, message }: StatusBin,
  { blocks: all, trouble }: BinSurroundings,
): LiveBin {
  const note = [
    plural(blocks, 'block'),
    ...(node === undefined ? [] : [`on ${node}`]),
    ...(restarts === 0 ? [] : [`restarted ${restarts === 1 ? 'once' : `${restarts} times`}`]),
    ...(message === undefined || message === trouble ? [] : [message]),
  ].join(', ');
  const rate = Number(imagesPerSecond ?? 0);
  // The blocks of a pass are in the same epoch.
  const inPass = all.find((block) => block.bin === index && block.state === 'Training');
  const epoch = state === 'Running' && inPass !== undefined ? Math.min(inPass.epoch + 1, inPass.epochs) : 0;
  return {
    index,
    state,
    blocks: [],
    note,
    epoch,
    epochs: inPass?.epochs ?? 0,
    step: 0,
    steps: 0,
    imagesPerSecond: rate,
  };
}

const STATES = { Pending: 'Waiting', Training: 'Training', Done: 'Trained', Failed: 'Failed' } as const;

function blockView({ name, state, epoch, bin, loss, failure }: StatusBlock, epochs: number): LiveBlock {
  return {
    name,
    state: STATES[state],
    epoch,
    epochs,
    ...(loss !== undefined && { loss: Number(loss) }),
    ...(bin !== undefined && { bin }),
    ...(failure !== undefined && { reason: failure }),
  };
}
