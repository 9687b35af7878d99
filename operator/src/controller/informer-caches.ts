import type { DistillationJobObject } from '../objects/snapshot.ts';
import type { WireConfigMap, WireJob, WirePod } from '@distillation/kube/wire';
import { LABEL, MANAGED_BY } from '@distillation/api/labels';
import type { KubeClient } from '@distillation/kube/client';
import { Reflector } from '@distillation/kube/reflector';
import type { ReflectorTiming, RestartReason } from '@distillation/kube/reflector-options';
import { CONFIG_MAPS, JOBS, type KubeObject, PODS, type Resource } from '@distillation/kube/resources';
import { DISTILLATION_JOBS } from '../objects/distillation-jobs.ts';
import { type Change } from '@distillation/kube/store';
import { type CacheState, EVERYWHERE } from './scopes.ts';

/** A job's children as the caches hold them. */
export interface Children {
  readonly jobs: readonly WireJob[];
  readonly pods: readonly WirePod[];
  readonly configMaps: readonly WireConfigMap[];
}

interface InformerCachesOptions {
  readonly client: KubeClient;
  /** Empty for all namespaces. */
  readonly namespaces: readonly string[];
  /** Something of the job with this key (`namespace/name`) changed. */
  readonly onJob: (key: string) => void;
  /** Whether a change of a job is only the operator's own write coming back, which needs no reconcile. */
  readonly isEcho: (change: Change<DistillationJobObject>) => boolean;
  /** The job is gone, or another one has taken its name. */
  readonly onGone: (uid: string) => void;
  readonly onRestart?: (resource: string, reason: RestartReason) => void;
  /** A namespace has synced for the first time, or the API server began or ceased to refuse access. */
  readonly onStanding?: () => void;
  readonly onError?: (resource: string, error: unknown) => void;
  readonly timing?: Partial<ReflectorTiming>;
}

/** The reflectors of one namespace, or of the whole cluster. */
interface Watched {
  /** Undefined for the whole cluster. */
  readonly namespace: string | undefined;
  readonly distillationJobs: Reflector<DistillationJobObject>;
  readonly jobs: Reflector<WireJob>;
  readonly pods: Reflector<WirePod>;
  readonly configMaps: Reflector<WireConfigMap>;
}

/** The operator's view of the cluster: every DistillationJob, and the Jobs, pods and ConfigMaps that it created for them. */
export class InformerCaches {
  readonly #options: InformerCachesOptions;
  readonly #watched: readonly Watched[];
  /** Key of each known job by UID, since a child's label names its job by UID alone. */
  readonly #keys = new Map<string, string>();
  /** Pods by UID of their DistillationJob. Their owner reference names a Job, which may be deleted before they are. */
  readonly #pods = new Map<string, Map<string, WirePod>>();

  constructor(options: InformerCachesOptions) {
    this.#options = options;
    const scopes = options.namespaces.length === 0 ? [undefined] : options.namespaces;
    this.#watched = scopes.map((namespace) => ({
      namespace,
      distillationJobs: this.#reflect(DISTILLATION_JOBS, { namespace }, (change) => {
        this.#jobChanged(change);
      }),
      jobs: this.#reflect(JOBS, childrenIn(namespace), (change) => {
        this.#childChanged(change);
      }),
      pods: this.#reflect(PODS, childrenIn(namespace), (change) => {
        this.#indexPod(change);
        this.#childChanged(change);
      }),
      configMaps: this.#reflect(CONFIG_MAPS, childrenIn(namespace), (change) => {
        this.#childChanged(change);
      }),
    }));
  }

  start(): void {
    for (const reflector of this.#all()) reflector.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#all().map((reflector) => reflector.stop()));
  }

  /** Sync state of each watched namespace, or of the whole cluster as one. */
  states(): CacheState[] {
    return this.#watched.map((watched) => {
      const all = reflectorsOf(watched);
      const refusal = all.find((reflector) => reflector.refusal !== undefined)?.refusal;
      return {
        scope: watched.namespace ?? EVERYWHERE,
        synced: all.every((reflector) => reflector.hasSynced),
        ...(refusal !== undefined && { refusal }),
      };
    });
  }

  /** The job as last received. */
  jobOf(key: string): DistillationJobObject | undefined {
    return first(this.#watched, ({ distillationJobs }) => distillationJobs.store.get(key));
  }

  jobs(): readonly DistillationJobObject[] {
    return this.#watched.flatMap(({ distillationJobs }) => distillationJobs.store.values());
  }

  /** Children of the job with this UID; a later job of the same name has its own. */
  childrenOf(uid: string): Children {
    return {
      jobs: this.#watched.flatMap(({ jobs }) => jobs.store.ownedBy(uid)),
      pods: [...(this.#pods.get(uid)?.values() ?? [])],
      configMaps: this.#watched.flatMap(({ configMaps }) => configMaps.store.ownedBy(uid)),
    };
  }

  /** Number of cached objects by resource. */
  sizes(): Record<string, number> {
    const sum = (sizeOf: (watched: Watched) => number): number =>
      this.#watched.reduce((total, watched) => total + sizeOf(watched), 0);
    return {
      [DISTILLATION_JOBS.plural]: sum(({ distillationJobs }) => distillationJobs.store.size),
      [JOBS.plural]: sum(({ jobs }) => jobs.store.size),
      [PODS.plural]: sum(({ pods }) => pods.store.size),
      [CONFIG_MAPS.plural]: sum(({ configMaps }) => configMaps.store.size),
    };
  }

  #all(): AnyReflector[] {
    return this.#watched.flatMap(reflectorsOf);
  }

  #reflect<T extends KubeObject>(
    resource: Resource<T>,
    selection: { readonly namespace: string | undefined; readonly labelSelector?: string },
    onChange: (change: Change<T>) => void,
  ): Reflector<T> {
    const { client, onRestart, onStanding, onError, timing } = this.#options;
    return new Reflector<T>({
      client,
      resource,
      selection,
      onChange,
      onRestart: (reason) => onRestart?.(resource.plural, reason),
      onStanding: () => onStanding?.(),
      onError: (error) => onError?.(resource.plural, error),
      ...(timing === undefined ? {} : { timing }),
    });
  }

  #jobChanged(change: Change<DistillationJobObject>): void {
    const { key, old, new: now } = change;
    if (old !== undefined && old.metadata.uid !== now?.metadata.uid) {
      this.#keys.delete(old.metadata.uid);
      this.#options.onGone(old.metadata.uid);
    }
    if (now !== undefined) this.#keys.set(now.metadata.uid, key);
    if (!this.#options.isEcho(change)) this.#options.onJob(key);
  }

  /** A child of a job that is not cached yet is ignored: the arrival of the job itself triggers a reconcile. */
  #childChanged(change: Change<KubeObject>): void {
    for (const uid of new Set([jobUidOf(change.old), jobUidOf(change.new)])) {
      const key = uid === undefined ? undefined : this.#keys.get(uid);
      if (key !== undefined) this.#options.onJob(key);
    }
  }

  #indexPod({ key, old, new: now }: Change<WirePod>): void {
    const [before, after] = [jobUidOf(old), jobUidOf(now)];
    if (before !== undefined) {
      const siblings = this.#pods.get(before);
      siblings?.delete(key);
      if (siblings?.size === 0) this.#pods.delete(before);
    }
    if (now === undefined || after === undefined) return;
    const siblings = this.#pods.get(after) ?? new Map<string, WirePod>();
    siblings.set(key, now);
    this.#pods.set(after, siblings);
  }
}

type AnyReflector = Pick<Reflector<KubeObject>, 'start' | 'stop' | 'hasSynced' | 'refusal'>;

const reflectorsOf = ({ distillationJobs, jobs, pods, configMaps }: Watched): AnyReflector[] => [
  distillationJobs,
  jobs,
  pods,
  configMaps,
];

const childrenIn = (namespace: string | undefined) => ({
  namespace,
  labelSelector: `${LABEL.managedBy}=${MANAGED_BY}`,
});

/** UID of the DistillationJob that a child was created for; a pod's owner reference names only its Job. */
const jobUidOf = (child: KubeObject | undefined): string | undefined => child?.metadata?.labels?.[LABEL.jobUid];

function first<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
