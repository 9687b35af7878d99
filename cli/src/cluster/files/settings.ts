import { DistillError } from '@distillation/api/errors';
import type { ClusterSpec } from '@distillation/api/job';
import { DEFAULT_USER, LABEL, MANAGED_BY } from '@distillation/api/labels';
import { isApiError } from '@distillation/kube/api-error';
import { DEPLOYMENTS, JOBS } from '@distillation/kube/resources';
import type { WireDeployment, WireJob } from '@distillation/kube/wire';
import type { ClusterAccess } from '../access.ts';
import { attempt } from '../api-errors.ts';
import { flagValues, OPERATOR_SELECTOR } from '../operators.ts';
import type { PodSettings } from './pod.ts';

/** Where the operator stands when nobody has said otherwise. */
const OPERATOR_NAMESPACE = 'distillation-system';

type Template = ClusterSpec['workerTemplate'];

interface Wanted {
  /** Of the command line. */
  readonly image?: string | undefined;
  /** Of the job, where there is one. */
  readonly job?: { readonly name: string; readonly template: Template } | undefined;
}

/**
 * The image that the pods of jobs run, and what else they are run by: as the command line and the job say, as the job's own pods have it, as
 * other jobs of the namespace have it, as the operator is told.
 * @throws DistillError DISTILL_E_USAGE when none of these can be read, and those of `attempt`
 */
export async function findSettings(access: ClusterAccess, { image, job }: Wanted): Promise<PodSettings> {
  const found = (await fromJobs(access, job?.name)) ?? (await fromOperator(access));
  const { template } = job ?? {};
  const chosen = image ?? template?.image ?? found?.image;
  if (chosen === undefined) {
    throw new DistillError('DISTILL_E_USAGE', 'Which image the worker has is not to be seen in this cluster.', {
      subject: '--image',
      fix: 'Name it by --image: the same as the operator’s --worker-image, which is `worker.image` of the chart.',
    });
  }
  return {
    ...(found ?? { runAsUser: DEFAULT_USER, fsGroup: DEFAULT_USER }),
    image: chosen,
    ...(template?.imagePullSecrets && { imagePullSecrets: template.imagePullSecrets }),
    ...(template?.nodeSelector && { nodeSelector: template.nodeSelector }),
    ...(template?.tolerations && { tolerations: template.tolerations }),
  };
}

async function fromJobs(access: ClusterAccess, name: string | undefined): Promise<PodSettings | undefined> {
  const { client, namespace } = access;
  const labelSelector = `${LABEL.managedBy}=${MANAGED_BY}`;
  const { items } = await attempt(access, 'list jobs.batch', () => client.list(JOBS, { namespace, labelSelector }));
  const own = items.filter(({ metadata }) => metadata?.labels?.[LABEL.job] === name);
  // The newest last: the operator's image may have changed.
  const age = ({ metadata }: WireJob): string => metadata?.creationTimestamp ?? '';
  const newest = [...(own.length > 0 ? own : items)].sort((a, b) => age(a).localeCompare(age(b))).at(-1);
  return newest && settingsOfJob(newest);
}

function settingsOfJob({ spec }: WireJob): PodSettings | undefined {
  const pod = spec?.template.spec;
  const image = pod?.containers[0]?.image;
  if (pod === undefined || image === undefined) return undefined;
  return {
    image,
    imagePullPolicy: pod.containers[0]?.imagePullPolicy,
    runAsUser: pod.securityContext?.runAsUser,
    fsGroup: pod.securityContext?.fsGroup,
    imagePullSecrets: pod.imagePullSecrets,
  };
}

async function fromOperator(access: ClusterAccess): Promise<PodSettings | undefined> {
  const found = await operatorDeployments(access);
  return found.map(settingsOfOperator).find((one) => one !== undefined);
}

/** Deployments of operators: those of the whole cluster where one may look there, else where one usually stands; none where one may not. */
export async function operatorDeployments({ client }: ClusterAccess): Promise<readonly WireDeployment[]> {
  const everywhere = { labelSelector: OPERATOR_SELECTOR };
  for (const where of [everywhere, { ...everywhere, namespace: OPERATOR_NAMESPACE }]) {
    try {
      const { items } = await client.list(DEPLOYMENTS, where);
      if (items.length > 0) return items;
    } catch (thrown) {
      if (!isApiError(thrown, ({ isForbidden }) => isForbidden)) throw thrown;
    }
  }
  return [];
}

/** What the operator's arguments say of the pods of jobs; a flag that is not there has its default. */
export function settingsOfOperator(deployment: WireDeployment): PodSettings | undefined {
  const flag = (name: string): string | undefined => flagValues(deployment, name)[0];
  const image = flag('worker-image');
  if (image === undefined) return undefined;
  const id = (name: string): number | undefined => {
    const said = flag(name);
    if (said === undefined) return DEFAULT_USER;
    return /^\d+$/.test(said) ? Number(said) : undefined;
  };
  return {
    image,
    imagePullPolicy: flag('image-pull-policy'),
    runAsUser: id('run-as-user'),
    fsGroup: id('fs-group'),
  };
}
