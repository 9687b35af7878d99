import { wayOut } from '../../operator/src/problems/problems.ts';
import { CONDITION_REASONS, type ConditionType, SUMMARY_REASONS } from '../../operator/src/status/reasons.ts';

/** Meaning of each condition. */
const MEANINGS: Readonly<Record<ConditionType, string>> = {
  Succeeded:
    'The summary: Unknown while the job is active, then True or False for good. `kubectl wait` and Argo CD look here; the columns STATUS (`status.stage`) and REASON (`status.reason`) of `kubectl get` say the same in two words.',
  Ready: 'Workers or the finalizer run without a problem, or the job has succeeded.',
  Reconciling: 'It is being set up, or something keeps it from its work. kstatus: InProgress.',
  Stalled: 'It failed, and goes on only when the spec changes. kstatus: Failed.',
  Suspended:
    '`spec.cluster.suspend` is true, and no pod runs any more; the reason is `Suspending` until the last one has ended.',
  Planned: 'Teacher and data are checked, the blocks are listed.',
  BlocksTrained: 'No block needs more training.',
  Finalized: 'Student and report are written.',
};

const TYPES = Object.keys(MEANINGS) as ConditionType[];
const code = (reasons: readonly string[]): string => reasons.map((reason) => `\`${reason}\``).join(', ');

function reasonsOf(type: ConditionType): string {
  const reasons = CONDITION_REASONS[type];
  if (reasons !== CONDITION_REASONS.Succeeded) return code(reasons);
  return type === 'Succeeded' ? 'what the job is at, a problem, or why it failed; all below' : 'as `Succeeded`';
}

/** The conditions and the closed set of their reasons. */
export function conditionsReferenceText(): string {
  const { stages, problems, operator, deadlines, newer, errors } = SUMMARY_REASONS;
  return [
    '<!-- Generated from operator/src by `npm run generate`. Do not edit. -->',
    '# Conditions',
    'Every job has all of these from the first look on, each with the generation of the spec that it was judged on. Their reasons are a closed set: all of them stand on this page.',
    [
      '| Condition | What it says | Reasons |',
      '|---|---|---|',
      ...TYPES.map((type) => `| \`${type}\` | ${MEANINGS[type]} | ${reasonsOf(type)} |`),
    ].join('\n'),
    '## What a job is at',
    `${code(stages)}.`,
    '## Problems',
    'What keeps a job from its work stands in `Succeeded`, `Ready` and `Reconciling` within half a minute, in the words of who knows it (scheduler, kubelet, volume plugin, the worker itself), with what to do about it. The gravest first; of several the gravest is shown. Of the finalizer’s pods the message names `spec.cluster.finalizerTemplate`; where the words of the scheduler, a quota or a limit range say more, so does the way out.',
    [
      '| Reason | What to do |',
      '|---|---|',
      ...problems.map((reason) => `| \`${reason}\` | ${wayOut(reason, 'worker')} |`),
    ].join('\n'),
    `${code(operator)} say that the operator itself could not go on; the message has the words of the API server. It tries again.`,
    '## Why a job failed',
    `${code(deadlines)}: the deadline of this name in \`spec.cluster\` has passed. ${code(newer)}: a worker of a newer version refuses the input, by an error that this operator does not know; the message is the worker’s. Otherwise a reason of the [errors](errors.md), which a worker that is tried again gives as well:`,
    `${code(errors)}.`,
    '',
  ].join('\n\n');
}
