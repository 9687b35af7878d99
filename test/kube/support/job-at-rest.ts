import { roleOf } from '@distillation/api/labels';
import { manifestWith } from '../../../packages/api/test/corpus/corpus.ts';
import type { DistillationJobSpec } from '@distillation/api/job';
import { validateJob } from '@distillation/api/validate';
import { FILE } from '../../../operator/src/objects/config-maps.ts';
import { revisionOf } from '../../../operator/src/objects/revision.ts';
import { revisionOfChild } from '../../../operator/src/objects/labels.ts';
import { ROLES, type Role } from '@distillation/api/words';
import { isApiError } from '@distillation/kube/api-error';
import { DISTILLATION_JOBS } from '../../../operator/src/objects/distillation-jobs.ts';
import { reconcile } from '../../../operator/src/reconcile/reconcile.ts';
import type { DistillationJobObject, Snapshot } from '../../../operator/src/objects/snapshot.ts';
import type { WireConfigMap, WireJob } from '@distillation/kube/wire';
import { until } from '../../../tools/kube-harness/access/until.ts';
import { meaningOfRole } from '../../support/field-effects.ts';
import { CHILD_CONFIG } from './operator.ts';
import type { PlayedJob } from './played-job.ts';
import { adminClient } from './support.ts';

/** What a live job's cluster does for it, once it is at rest; and changes of its spec as users make them. */

export interface State {
  readonly object: DistillationJobObject;
  readonly jobs: readonly WireJob[];
  readonly configMaps: readonly WireConfigMap[];
  /** What the API server refuses to make. */
  readonly refused?: string;
}

/** As the operator reads it; undefined for one that the API server refuses. */
export function completed(spec: unknown): DistillationJobSpec | undefined {
  const result = validateJob({ ...manifestWith({}), spec }, 'Cluster');
  return 'job' in result ? result.job.spec : undefined;
}

/** Waits until the operator has seen the spec, has nothing left to do, and all that it deleted is gone; who works before the role is done. */
export function settled(job: PlayedJob, role: Role): Promise<State> {
  const earlier: readonly (Role | undefined)[] = ROLES.slice(0, ROLES.indexOf(role));
  return until(`${job.name} comes to rest`, async () => {
    const object = await job.get();
    const { conditions = [], observedGeneration } = object.status ?? {};
    if (observedGeneration !== object.metadata.generation) throw new Error('its spec has not been seen');
    const jobs = await job.jobs();
    if (jobs.some(({ metadata }) => metadata?.deletionTimestamp !== undefined))
      throw new Error('a Job is being deleted');
    const late = jobs.find((each) => earlier.includes(roleOf(each)) && isUnderWay(each));
    if (late !== undefined) throw new Error(`${late.metadata?.name ?? ''} is not over: ${JSON.stringify(late.status)}`);
    const [pods, configMaps] = await Promise.all([job.pods(), job.configMaps()]);
    const spec = completed(object.spec);
    if (spec === undefined) throw new Error(`stored but not valid: ${JSON.stringify(object.spec)}`);
    const seen = { job: { ...object, spec }, jobs, pods, configMaps, podWarnings: new Map(), now: new Date() };
    const { writes } = reconcile(seen satisfies Snapshot, CHILD_CONFIG);
    const refusal = conditions.find(({ reason }) => reason === 'RequestRefused')?.message;
    if (refusal !== undefined) return { ...seen, object: seen.job, refused: refusal };
    if (writes.length > 0) throw new Error(`to be written is ${JSON.stringify(writes).slice(0, 400)}`);
    return { ...seen, object: seen.job };
  });
}

/** What is done for the job: Jobs under way, and the ConfigMaps that their pods read. */
export function underWay({ jobs, configMaps, refused }: State): object {
  const current = jobs.filter(isUnderWay);
  const roles = current.map(roleOf);
  return {
    jobs: current.map(({ metadata, spec }) => ({
      name: metadata?.name,
      labels: metadata?.labels,
      // Without the labels by which the Job controller knows its pods: they hold a UID.
      spec: { ...spec, selector: undefined, template: { ...ownMetadata(spec), spec: spec?.template.spec } },
    })),
    configMaps: configMaps
      .filter((map) => roles.includes(roleOf(map)))
      .map((map) => [map.metadata?.name, readPart(map)]),
    refused,
  };
}

function ownMetadata(spec: WireJob['spec']): object {
  const { labels = {}, annotations } = spec?.template.metadata ?? {};
  return {
    annotations,
    labels: Object.fromEntries(Object.entries(labels).filter(([key]) => !/(^|\/)controller-uid$/.test(key))),
  };
}

const isUnderWay = ({ status }: WireJob): boolean =>
  status?.conditions?.some(
    ({ type, status: holds }) => (type === 'Complete' || type === 'Failed') && holds === 'True',
  ) !== true;

/** What the pods of a role read. Of the manifest, what is for them: the rest may be of another time. */
function readPart(map: WireConfigMap): object {
  const { [FILE.job]: manifest = '', ...others } = map.data ?? {};
  const { spec } = JSON.parse(manifest) as DistillationJobObject;
  return { ...others, spec: meaningOfRole(roleOf(map), spec) };
}

export const nameless = (state: State): string =>
  ROLES.reduce((text, role) => text.replaceAll(revisionOf(role, state.object), role), JSON.stringify(underWay(state)));

export const uidsOf = ({ jobs }: State, role: Role): (string | undefined)[] =>
  jobs.filter((job) => roleOf(job) === role).map(({ metadata }) => metadata?.uid);

export const leftovers = ({ object, jobs, configMaps }: State): (string | undefined)[] =>
  [...jobs, ...configMaps]
    .filter((child) => revisionOfChild(child) !== revisionOf(roleOf(child) ?? 'planner', object))
    .map(({ metadata }) => metadata?.name);

/** Replaces the spec, whatever its status is by now. @throws ApiError what the API server has against it */
export async function put(job: PlayedJob, spec: object): Promise<void> {
  for (;;) {
    const { metadata } = await job.get();
    try {
      await adminClient().update(DISTILLATION_JOBS, { metadata, spec } as DistillationJobObject);
      return;
    } catch (thrown) {
      if (!isApiError(thrown, ({ status }) => status === 409) && !isLost(thrown)) throw thrown;
    }
  }
}

/** A connection that the server had closed meanwhile: a write may or may not have come through, and the version that was read tells. */
const isLost = (thrown: unknown): boolean => /\b(EPIPE|ECONNRESET|socket hang up)\b/.test(String(thrown));

/** As a user does: what may not be written while the job runs, in the way that the refusal tells. */
export async function write(job: PlayedJob, spec: DistillationJobSpec): Promise<void> {
  try {
    await put(job, spec);
  } catch (thrown) {
    if (!isApiError(thrown, ({ message }) => message.includes('Write `cluster.suspend: true` with the change'))) {
      throw thrown;
    }
    await put(job, { ...spec, cluster: { ...spec.cluster, suspend: true } });
    await put(job, spec);
  }
}
