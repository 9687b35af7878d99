import { percent } from '@distillation/api/format';
import { isStageReason } from '@distillation/api/words';
import { isApiError } from '@distillation/kube/api-error';
import type { WireClaim } from '@distillation/kube/wire';
import { advice, type Check, ok, problem } from '../../present/check.ts';
import type { JobObject } from '../jobs.ts';
import { formerStudentLine } from '../status/result.ts';

/** Checks of one job on a cluster, from its object and the claims that it names. Pure. */

/** What the job is at, or what keeps it from its work, with where to look. */
export function judgeJob({ metadata, status }: JobObject): Check {
  const { name, namespace, generation } = metadata;
  const at = `${name} -n ${namespace}`;
  const summary = status?.conditions?.find(({ type }) => type === 'Succeeded');
  if (summary === undefined) {
    return problem('job', 'no operator has looked at it yet', 'See what is said of the operator above.');
  }
  if ((status?.observedGeneration ?? 0) < generation) {
    return problem(
      'job',
      `the operator has not seen its last change (generation ${generation})`,
      'See what is said of the operator above.',
    );
  }
  const found = `${summary.reason}: ${summary.message}`;
  if (summary.status === 'False') {
    return problem('job', found, `Mend the cause, then: kubectl distill retry ${at}`);
  }
  if (summary.status === 'True') return ok('job', resultOf(status) ?? found);
  if (isStageReason(summary.reason)) return ok('job', found);
  // It goes on by itself: nothing is wrong yet.
  const judge = summary.reason === 'WaitingForInputs' ? advice : problem;
  return judge('job', found, `Its pods: kubectl distill logs ${at}; all it knows: kubectl describe dj ${at}`);
}

function resultOf(status: JobObject['status']): string | undefined {
  const { teacherAccuracy, studentAccuracy, compression } = status?.result ?? {};
  if (compression === undefined) return undefined;
  const accuracy =
    teacherAccuracy === undefined || studentAccuracy === undefined
      ? ''
      : `, accuracy ${percent(Number(studentAccuracy))} (teacher ${percent(Number(teacherAccuracy))})`;
  return `succeeded: ${compression.replace('x', '×')} fewer parameters${accuracy}`;
}

/** That a job which was changed had a student, and the way back to it. */
export function judgeFormer(job: JobObject): Check[] {
  const line = formerStudentLine(job);
  const remedy = `To keep it: \`kubectl apply\` the manifest as it was. To have the next one as well, give that another job with its own spec.outputs.path.`;
  return line === undefined ? [] : [advice('result', line, remedy)];
}

/** Bins that wait or failed, each with what the operator says of it. */
export function judgeBins({ status }: JobObject): Check[] {
  const bins = (status?.bins ?? []).filter(({ message }) => message !== undefined);
  return bins.map(({ index, state, pod, message = '' }) => {
    const where = pod === undefined ? '' : `; kubectl describe pod ${pod}`;
    const found = `${state.toLowerCase()}: ${message}`;
    const check = state === 'Failed' ? problem : advice;
    return check(`bin ${index}`, found, `What to do stands beside the job${where}.`);
  });
}

/** Blocks that failed; the job goes on without them. */
export function judgeBlocks({ status }: JobObject): Check[] {
  const failed = (status?.blocks ?? []).filter(({ state }) => state === 'Failed');
  return failed.map(({ name, failure = 'no cause was told' }) =>
    advice(
      `block ${name}`,
      `failed: ${failure}`,
      'docs/reference/errors.md says what to do; the layer stays as it is.',
    ),
  );
}

/** What was found of a claim: the claim, that it is missing, or why it may not be read. */
type FoundClaim = WireClaim | 'Missing' | 'Forbidden';

/** A claim that the job names. @param use such as `spec.cluster.volume` */
export function judgeClaim(use: string, name: string, claim: FoundClaim): Check {
  if (claim === 'Forbidden') return advice('volume', `claim ${name}: you may not read claims here`, 'Ask who may.');
  if (claim === 'Missing') {
    return problem(
      'volume',
      `there is no claim ${name} (${use})`,
      'Create it in the namespace of the job, or correct its name.',
    );
  }
  const modes = (claim.status?.accessModes ?? claim.spec?.accessModes ?? []).join(', ');
  const phase = claim.status?.phase ?? 'Pending';
  const found = `claim ${name}: ${phase}, ${modes}`;
  if (phase === 'Bound') return ok('volume', found);
  // Classes that wait for the first pod leave a claim Pending until there is one.
  return advice(
    'volume',
    found,
    `It is bound with its first pod, or its storage class cannot: kubectl describe pvc ${name}`,
  );
}

/** Sorts what a read of a claim threw. @throws anything but a refusal */
export function claimRefused(thrown: unknown): 'Forbidden' {
  if (isApiError(thrown, ({ isForbidden }) => isForbidden)) return 'Forbidden';
  throw thrown;
}
