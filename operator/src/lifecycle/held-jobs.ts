import { isHeld, queueOf, roleOf } from '../children/labels.ts';
import type { Trouble } from './diagnose.ts';
import type { WireJob } from './snapshot.ts';
import { symptom, type TroubleReason } from './troubles.ts';

/** Jobs that others keep from running: why, and who lifts it. */

const UNQUEUED =
  'Set spec.cluster.queueName to a LocalQueue of the namespace, or have Kueue leave Jobs without a queue alone ' +
  '(manageJobsWithoutQueueName, managedJobsNamespaceSelector).';

/** @param hasKueue whether the cluster has Kueue; undefined when that is not known */
export function heldTrouble(job: WireJob, hasKueue: boolean | undefined): Trouble | undefined {
  if (!isHeld(job)) return undefined;
  const name = job.metadata?.name ?? '';
  const queue = queueOf(job);
  const resume = `Who has suspended it lifts that: \`kubectl patch job ${name} --type merge -p '{"spec":{"suspend":false}}'\`.`;
  if (queue !== undefined) {
    return hasKueue === false
      ? told('KueueMissing', `Job ${name} waits in queue ${queue} of Kueue, which this cluster does not have`, job)
      : told('Queued', `Job ${name} waits until Kueue admits it to the queue ${queue}`, job);
  }
  return hasKueue === false
    ? told('SuspendedByOthers', `Job ${name} was suspended, and not by this operator`, job, resume)
    : told(
        'SuspendedByOthers',
        `Job ${name} was suspended, and not by this operator: Kueue does so with a Job that names no queue`,
        job,
        `${UNQUEUED} If it was suspended by hand: \`kubectl patch job ${name} --type merge -p '{"spec":{"suspend":false}}'\`.`,
      );
}

function told(reason: TroubleReason, what: string, job: WireJob, fix?: string): Trouble {
  const found = symptom(reason, what, { role: roleOf(job), fix });
  return { reason, message: `${found.what} ${found.fix}`, since: job.metadata?.creationTimestamp ?? '' };
}
