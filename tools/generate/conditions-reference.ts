import { TROUBLES, type TroubleReason, wayOut } from '../../operator/src/diagnosis/reasons.ts';

/** What each condition is about, with the reasons that are not troubles or errors. */
const CONDITIONS: readonly (readonly [type: string, meaning: string, reasons: string])[] = [
  [
    'Succeeded',
    'The summary: Unknown while the job is active, then True or False for good. `kubectl wait` and Argo CD look here; column STATUS shows its reason.',
    '`Planning`, `Training`, `Finalizing`, `Suspending`, `Suspended`, `Succeeded`; a trouble; at the end an error, `DeadlineExceeded`, `PendingDeadlineExceeded`',
  ],
  ['Ready', 'Workers or the finalizer run without trouble, or the job has succeeded.', 'as `Succeeded`'],
  ['Reconciling', 'It is being set up, or something keeps it from its work. kstatus: InProgress.', 'as `Succeeded`'],
  ['Stalled', 'It failed, and goes on only when the spec changes. kstatus: Failed.', 'as `Succeeded`'],
  [
    'Suspended',
    '`spec.cluster.suspend` is true, and no pod runs any more: `Suspending` until the last one has ended.',
    '`Suspended`, else as `Succeeded`',
  ],
  ['Planned', 'Teacher and data are checked, the blocks are listed.', '`PlanWritten`, `NoPlan`'],
  ['BlocksTrained', 'No block needs more training.', '`AllBlocksFinished`, `AllBlocksFailed`, `BlocksUnfinished`'],
  ['Finalized', 'Student and report are written.', '`StudentBuilt`, `NoBlockSelected`, `NoBlockTrained`, `NoResult`'],
];

const REASONS = Object.keys(TROUBLES) as TroubleReason[];

/** The conditions and the closed set of their reasons. */
export function conditionsReferenceText(): string {
  return [
    '<!-- Generated from operator/src by `npm run generate`. Do not edit. -->',
    '# Conditions',
    'Every job has all of these from the first look on, each with the generation of the spec that it was judged on.',
    [
      '| Condition | What it says | Reasons |',
      '|---|---|---|',
      ...CONDITIONS.map(([type, meaning, reasons]) => `| \`${type}\` | ${meaning} | ${reasons} |`),
    ].join('\n'),
    '## Troubles',
    'What keeps a job from its work stands in `Succeeded`, `Ready` and `Reconciling` within half a minute, in the words of who knows it (scheduler, kubelet, volume plugin, the worker itself), with what to do about it. The gravest first; of several the gravest is shown. Beside these stand the [errors](errors.md) of the worker itself. Of the finalizer’s pods the message names `spec.cluster.finalizerTemplate`; where the words of the scheduler, a quota or a limit range say more, so does the way out.',
    [
      '| Reason | What to do |',
      '|---|---|',
      ...REASONS.map((reason) => `| \`${reason}\` | ${wayOut(reason, 'worker')} |`),
    ].join('\n'),
    '`ApiUnavailable`, `RequestRefused` and `InternalError` say that the operator itself could not go on; the message has the words of the API server. It tries again.',
    '',
  ].join('\n\n');
}
