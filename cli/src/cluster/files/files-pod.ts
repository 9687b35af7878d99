import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DistillError } from '@distillation/api/errors';
import { ApiError } from '@distillation/kube/api-error';
import { EVENTS, PODS, VOLUME_CLAIMS, type WireEvent } from '@distillation/kube/resources';
import type { WirePod } from '@distillation/kube/wire';
import type { ClusterAccess } from '../access.ts';
import { attempt } from '../api-errors.ts';
import { rightsFix } from '../rights.ts';
import { execIn } from './exec.ts';
import {
  type ContainerResources,
  COPYING,
  FILES_LABELS,
  filesPod,
  isLeftOver,
  type Mounts,
  type PodSettings,
} from './pod.ts';
import type { OpenSession } from './session.ts';
import { troubleOf } from './trouble.ts';

const POLL_MS = 500;

export interface FilesPodOptions {
  readonly settings: PodSettings;
  readonly mounts: Mounts;
  /** Nothing is written. */
  readonly readOnly: boolean;
  /** Of the container, where it does more than copy. */
  readonly resources?: ContainerResources;
  /** What to say when Ctrl-C stops it; by default that the same command goes on with a copy. */
  readonly stopped?: { readonly message: string; readonly fix: string };
  readonly timeoutSeconds: number;
  /** One line a change of what it waits for. */
  readonly log: (line: string) => void;
  /** Of `interruption`. */
  readonly signal: AbortSignal;
}

/**
 * Runs something with a pod that mounts the claims, and deletes the pod whatever happens. One whose command line is killed (SIGKILL) ends by
 * itself within a minute if it runs; what is left of such pods, and what waits for longer than anybody waits for it, is cleared away by the
 * next one.
 * @throws DistillError DISTILL_E_CLAIM_NOT_FOUND, DISTILL_E_FILES_POD, DISTILL_E_CLUSTER_FORBIDDEN, DISTILL_E_STOPPED, those of `attempt`
 * and those of `use`
 */
export async function withFilesPod<T>(
  access: ClusterAccess,
  options: FilesPodOptions,
  use: (open: OpenSession) => Promise<T>,
): Promise<T> {
  const { namespace } = access;
  const {
    signal,
    settings,
    mounts,
    readOnly,
    resources = COPYING,
    stopped: told = COPY_STOPPED,
    timeoutSeconds,
  } = options;
  await clearLeftOvers(access);
  const node = await nodeOfClaims(access, mounts);
  const name = `distillation-files-${randomBytes(4).toString('hex')}`;
  const stopped = new Promise<never>((_, reject) => {
    const stop = (): void => {
      reject(new DistillError('DISTILL_E_STOPPED', told.message, { fix: told.fix }));
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  // Nobody may be waiting for it at the moment.
  stopped.catch(() => undefined);
  try {
    const pod = filesPod({ name, namespace, settings, mounts, readOnly, resources, node, timeoutSeconds });
    await Promise.race([create(access, pod, resources), stopped]);
    await Promise.race([untilRunning(access, name, options), stopped]);
    return await Promise.race([use((args) => execIn(access, name, args)), stopped]);
  } finally {
    await remove(access, name, options.log);
  }
}

const COPY_STOPPED = {
  message: 'The copy was stopped.',
  fix: 'Run the same command to go on: what has arrived whole is not copied a second time.',
};

async function create(access: ClusterAccess, pod: WirePod, resources: ContainerResources): Promise<void> {
  try {
    await access.client.create(PODS, pod);
  } catch (thrown) {
    const refused = refusal(thrown, access.namespace, resources);
    if (refused !== undefined) throw refused;
    await attempt(access, 'create a pod', () => Promise.reject(asError(thrown)));
  }
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** In our words, where the API server refuses the pod itself. */
export function refusal(
  thrown: unknown,
  namespace: string,
  resources: ContainerResources = COPYING,
): DistillError | undefined {
  if (!(thrown instanceof ApiError) || !thrown.isForbidden) return undefined;
  const { message } = thrown;
  const told = (fix: string): DistillError =>
    new DistillError('DISTILL_E_FILES_POD', `The namespace ${namespace} takes no pod of this command: ${message}`, {
      fix,
      cause: thrown,
    });
  if (/PodSecurity|security context constraint/i.test(message)) {
    return told(
      'Give the operator a user that the namespace allows (`worker.runAsUser`, `worker.fsGroup` of the chart); this pod has the same.',
    );
  }
  if (/exceeded quota|limitranges?|maximum (?:cpu|memory)/i.test(message)) {
    return told(`Free or raise the quota: the pod asks for ${wordsOf(resources)}.`);
  }
  return new DistillError(
    'DISTILL_E_CLUSTER_FORBIDDEN',
    `Cannot create a pod in the namespace ${namespace}: ${message}`,
    {
      fix: `The command works through a pod that is made for it and deleted. ${rightsFix(403, message)}`,
      cause: thrown,
    },
  );
}

/** Such as "100m cpu, 128Mi memory, limits of 512Mi memory". */
function wordsOf({ requests = {}, limits = {} }: ContainerResources): string {
  const listed = (amounts: Readonly<Record<string, string>>): string =>
    Object.entries(amounts)
      .map(([name, amount]) => `${amount} ${name}`)
      .join(', ');
  const [asks, most] = [listed(requests), listed(limits)];
  return [asks, most === '' ? '' : `limits of ${most}`].filter((part) => part !== '').join(', ');
}

async function untilRunning(
  access: ClusterAccess,
  name: string,
  { timeoutSeconds, log }: FilesPodOptions,
): Promise<void> {
  const { client, namespace } = access;
  const until = Date.now() + timeoutSeconds * 1000;
  let said = '';
  for (;;) {
    const pod = await attempt(access, `read the pod ${name}`, () => client.get(PODS, { namespace, name }));
    if (pod.status?.containerStatuses?.[0]?.state?.running !== undefined) return;
    const trouble = troubleOf(pod, await eventsOf(access, name));
    const over = Date.now() > until;
    if (trouble?.final === true || over) {
      const message = trouble?.message ?? `It has not started in ${timeoutSeconds} s; give it longer by --timeout.`;
      throw new DistillError('DISTILL_E_FILES_POD', `The pod ${name} does not run. ${message}`, {
        subject: name,
        ...(trouble && { fix: trouble.fix }),
      });
    }
    const line = trouble?.message ?? '';
    if (line !== said && line !== '') log(`waiting: ${line}`);
    said = line;
    await sleep(POLL_MS);
  }
}

/** None where they may not be read: they only make a message better. */
async function eventsOf({ client, namespace }: ClusterAccess, name: string): Promise<readonly WireEvent[]> {
  const fieldSelector = `regarding.kind=Pod,regarding.name=${name}`;
  return (await client.list(EVENTS, { namespace, fieldSelector }).catch(() => ({ items: [] }))).items;
}

/** The node on which a running pod holds one of the claims that a single node may mount. @throws DistillError DISTILL_E_CLAIM_NOT_FOUND */
async function nodeOfClaims(access: ClusterAccess, mounts: Mounts): Promise<string | undefined> {
  const { client, namespace } = access;
  const single = new Set<string>();
  for (const claimName of new Set(Object.values(mounts).map((claim) => claim.claimName))) {
    const claim = await attempt(access, `read the claim ${claimName}`, () =>
      client.find(VOLUME_CLAIMS, { namespace, name: claimName }),
    );
    if (claim === undefined) {
      const message = `There is no claim ${claimName} in the namespace ${namespace}.`;
      throw new DistillError('DISTILL_E_CLAIM_NOT_FOUND', message, { subject: claimName });
    }
    const modes = claim.spec?.accessModes ?? [];
    if (!modes.includes('ReadWriteMany') && !modes.includes('ReadOnlyMany')) single.add(claimName);
  }
  if (single.size === 0) return undefined;
  const { items } = await attempt(access, 'list pods', () => client.list(PODS, { namespace }));
  return items.find((pod) => isRunning(pod) && claimsOf(pod).some((claim) => single.has(claim)))?.spec?.nodeName;
}

const isRunning = ({ status }: WirePod): boolean => status?.phase === 'Running';
const claimsOf = ({ spec }: WirePod): string[] =>
  (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);

/** Deletes pods whose command line has been killed. */
async function clearLeftOvers(access: ClusterAccess): Promise<void> {
  const { client, namespace } = access;
  const labelSelector = Object.entries(FILES_LABELS)
    .map(([key, value]) => `${key}=${value}`)
    .join();
  const { items } = await attempt(access, 'list pods', () => client.list(PODS, { namespace, labelSelector }));
  const now = new Date();
  for (const pod of items) {
    const name = pod.metadata?.name;
    if (name === undefined || !isLeftOver(pod, now)) continue;
    await client.delete(PODS, { namespace, name }).catch(() => undefined);
  }
}

/** A pod that cannot be deleted is named; what came before is what the user has to know. */
async function remove({ client, namespace }: ClusterAccess, name: string, log: (line: string) => void): Promise<void> {
  try {
    await client.delete(PODS, { namespace, name }, { gracePeriodSeconds: 0 });
  } catch (thrown) {
    if (thrown instanceof ApiError && thrown.isNotFound) return;
    log(
      `The pod ${name} could not be deleted (${asError(thrown).message}): \`kubectl delete pod ${name} -n ${namespace}\`.`,
    );
  }
}
