import { sentences } from '@distillation/api/sentences';
import { containerOf, isAtWork } from '../observe/pod-status.ts';
import { finding } from '../problems/finding.ts';
import type { Snapshot } from '../objects/snapshot.ts';
import type { WirePod } from '@distillation/kube/wire';
import type { JobProblem } from './diagnose.ts';

/**
 * The planner says that teacher or data are not on the volume yet. Until a new planner has been asked, or this operator has asked the one
 * there is, what the status says stands: it would else come and go with every pod and every operator.
 *
 * @param pods of the planner
 */
export function inputsProblem({ job, planner, now }: Snapshot, pods: readonly WirePod[]): JobProblem | undefined {
  const { inputsDeadlineSeconds: seconds = 0 } = job.spec.cluster;
  if (seconds === 0) return undefined;
  const pod = pods.find(({ metadata }) => planner !== undefined && metadata?.uid === planner.podUid);
  if (planner === undefined || pod === undefined || !isAtWork(pod)) return standing(job.status);
  if (planner.awaits === undefined) return undefined;
  const since = containerOf(pod)?.state?.running?.startedAt ?? now.toISOString();
  const until = new Date(Date.parse(since) + 1000 * seconds).toISOString().replace(/\.\d+/, '');
  const { name = '' } = pod.metadata ?? {};
  const { what, fix } = finding(
    'WaitingForInputs',
    sentences(planner.awaits, `Pod ${name} waits for that until ${until} (spec.cluster.inputsDeadlineSeconds)`),
    {
      role: 'planner',
      fix: `The job goes on by itself once all is there. \`kubectl distill push -f MANIFEST --from FOLDER -n ${job.metadata.namespace}\` brings it, and goes on with a copy that was broken off.`,
    },
  );
  return { reason: 'WaitingForInputs', message: sentences(what, fix), since, podName: name };
}

function standing(status: Snapshot['job']['status']): JobProblem | undefined {
  const said = status?.conditions?.find(({ type }) => type === 'Succeeded');
  if (said?.reason !== 'WaitingForInputs') return undefined;
  return { reason: 'WaitingForInputs', message: said.message, since: said.lastTransitionTime };
}
