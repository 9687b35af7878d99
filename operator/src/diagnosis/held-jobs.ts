import { roleOf } from '@distillation/api/labels';
import { sentences } from '@distillation/api/sentences';
import { isHeld, queueOf } from '../objects/labels.ts';
import type { JobProblem } from './diagnose.ts';
import type { WireJob } from '@distillation/kube/wire';
import { finding } from '../problems/finding.ts';
import type { ProblemReason } from '../problems/problems.ts';

/** Jobs that somebody else has suspended or taken over: why, and who can resume them. */

/** Kubernetes' own controller of Jobs. */
const JOB_CONTROLLER = 'kubernetes.io/job-controller';

const UNQUEUED =
  'Set spec.cluster.queueName to a LocalQueue of the namespace, or have Kueue leave Jobs without a queue alone ' +
  '(manageJobsWithoutQueueName, managedJobsNamespaceSelector).';

/** @param hasKueue whether the cluster has Kueue; undefined when that is not known */
export function heldProblem(job: WireJob, hasKueue: boolean | undefined): JobProblem | undefined {
  const name = job.metadata?.name ?? '';
  const manager = job.spec?.managedBy;
  if (manager !== undefined && manager !== JOB_CONTROLLER) {
    return told('HandedOver', job, {
      what: `Job ${name} was handed over to ${manager} (its spec.managedBy), and not by this operator; teacher, data and checkpoints are in this cluster.`,
    });
  }
  if (!isHeld(job)) return undefined;
  const queue = queueOf(job);
  if (queue !== undefined) {
    return hasKueue === false
      ? told('KueueMissing', job, {
          what: `Job ${name} waits for the queue ${queue} of Kueue, and this cluster has no Kueue.`,
        })
      : told('Queued', job, { what: `Job ${name} waits until Kueue admits it to the queue ${queue}.` });
  }
  const what = `Job ${name} was suspended, and not by this operator.`;
  const resume = `\`kubectl patch job ${name} --type merge -p '{"spec":{"suspend":false}}'\``;
  return hasKueue === false
    ? told('SuspendedByOthers', job, { what, fix: `Whoever suspended it has to let it run again: ${resume}.` })
    : told('SuspendedByOthers', job, {
        what: sentences(what, 'Kueue does so with a Job that names no queue.'),
        fix: sentences(UNQUEUED, `If it was suspended by hand: ${resume}.`),
      });
}

interface Words {
  readonly what: string;
  /** Replaces the reason's usual way out. */
  readonly fix?: string;
}

function told(reason: ProblemReason, job: WireJob, { what, fix }: Words): JobProblem {
  const found = finding(reason, what, { role: roleOf(job), fix });
  return { reason, message: sentences(found.what, found.fix), since: job.metadata?.creationTimestamp ?? '' };
}
