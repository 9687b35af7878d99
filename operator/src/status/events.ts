import type { DistillationJobStatus } from '@distillation/api/job';
import { plural } from '@distillation/api/format';
import { sentences } from '@distillation/api/sentences';
import type { EventDraft } from '@distillation/kube/events';

/**
 * Events for the transition from one status to the next. A transition is reported only once, even across operator restarts. If the operator
 * crashes after it has written a status and before it sends the events, they are lost; the conditions still hold the information.
 */

type Status = DistillationJobStatus | undefined;

/** Reasons of the condition `Succeeded` that are stages of an active job rather than problems. */
const STAGES: readonly string[] = ['Planning', 'Training', 'Finalizing', 'Suspending', 'Suspended'];
/** Waits that are meant to be: for a turn, for teacher and data. */
const NO_FAULTS: readonly string[] = ['Queued', 'WaitingForInputs'];
/** Maximum number of failed blocks with an event of their own; the rest share one. */
const MAX_BLOCKS = 5;
const MAX_NOTE = 1000;

export function eventsBetween(before: Status, after: DistillationJobStatus): EventDraft[] {
  return [
    ...suspension(before, after),
    ...planning(before, after),
    ...workers(before, after),
    ...failedBlocks(before, after),
    ...verdict(before, after),
  ].map((event) => ({ ...event, note: event.note.slice(0, MAX_NOTE) }));
}

function suspension(before: Status, after: Status): EventDraft[] {
  const [was, is] = [holds(before, 'Suspended'), holds(after, 'Suspended')];
  if (was === is) return [];
  if (is) return [normal('Suspended', 'Suspending', 'No pod runs any more; the work done is kept.')];
  return [normal('Resumed', 'Resuming', 'Goes on from the last checkpoints.')];
}

function planning(before: Status, after: Status): EventDraft[] {
  const plan = after?.plan;
  if (plan === undefined) return [];
  const { blocks, kept, policy, bins, balance } = plan;
  const last = before?.plan?.key === plan.key ? before.plan : undefined;
  const note = `${plural(blocks, 'block')} to train, ${plural(kept, 'layer stays', 'layers stay')}.`;
  const unmatched =
    plan.unmatched === undefined ? [] : [warning('UnmatchedPattern', 'Planning', sentences(...plan.unmatched))];
  const planned = last === undefined ? [normal('Planned', 'Planning', note), ...unmatched] : [];
  if (policy === undefined || bins === undefined) return planned;
  const quality = balance === undefined ? '' : `, the longest at ${balance} of the least possible`;
  const spread = `${plural(blocks, 'block')} on ${plural(bins, 'bin')} by ${policy}${quality}.`;
  const isScheduled = last?.policy === policy && last.bins === bins;
  return isScheduled ? planned : [...planned, normal('Scheduled', 'Scheduling', spread)];
}

function workers(before: Status, after: Status): EventDraft[] {
  const running = (status: Status): number => status?.bins?.filter(({ state }) => state === 'Running').length ?? 0;
  if (running(before) > 0 || running(after) === 0) return [];
  return [
    normal(
      'WorkersStarted',
      'Training',
      `Of ${plural(after?.bins?.length ?? 0, 'worker')} ${running(after)} ${running(after) === 1 ? 'runs' : 'run'}.`,
    ),
  ];
}

function failedBlocks(before: Status, after: Status): EventDraft[] {
  const known = new Set(before?.blocks?.filter(({ state }) => state === 'Failed').map(({ name }) => name));
  const failed = (after?.blocks ?? []).filter(({ name, state }) => state === 'Failed' && !known.has(name));
  const told = failed.slice(0, MAX_BLOCKS).map(({ name, failure }) => {
    const why = failure === undefined ? '' : ` (${failure})`;
    return warning('BlockFailed', 'Training', `Block ${name} failed${why}; the student keeps the teacher's layer.`);
  });
  const rest = failed.length - told.length;
  return rest > 0
    ? [...told, warning('BlockFailed', 'Training', `${plural(rest, 'more block')} failed; see status.blocks.`)]
    : told;
}

/** The end of the job, its last stage, and problems. */
function verdict(before: Status, after: Status): EventDraft[] {
  const [was, is] = [before, after].map((status) => status?.conditions?.find(({ type }) => type === 'Succeeded'));
  if (is === undefined) return [];
  if (is.status !== 'Unknown') {
    if (is.status === was?.status) return [];
    return [is.status === 'True' ? normal('Succeeded', 'Finalizing', is.message) : failure(is)];
  }
  if (is.reason === was?.reason) return [];
  if (is.reason === 'Finalizing') return [normal('Finalizing', 'Finalizing', is.message)];
  if (STAGES.includes(is.reason)) return [];
  return [(NO_FAULTS.includes(is.reason) ? normal : warning)(is.reason, 'Waiting', is.message)];
}

const failure = ({ reason, message }: { reason: string; message: string }): EventDraft =>
  warning('Failed', 'Failing', `${reason}: ${message}`);

const holds = (status: Status, type: string): boolean =>
  status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;

const normal = (reason: string, action: string, note: string): EventDraft => ({ type: 'Normal', reason, action, note });
const warning = (reason: string, action: string, note: string): EventDraft => ({
  type: 'Warning',
  reason,
  action,
  note,
});
