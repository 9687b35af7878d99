import { namedClaims } from '../objects/volumes.ts';
import type { DistillationJobObject, PodWarning } from '../objects/snapshot.ts';
import type { WireClaim } from '@distillation/kube/wire';
import { isApiError } from '@distillation/kube/api-error';
import type { ListOptions } from '@distillation/kube/calls';
import type { KubeClient } from '@distillation/kube/client';
import { EVENTS, type KubeObject, NAMESPACES, VOLUME_CLAIMS, type WireEvent } from '@distillation/kube/resources';

/** What is read from the API server besides the watches. Each answer is cached for a short time. */

/** A bound volume claim stays bound. */
const BOUND_MS = 300_000;
const UNBOUND_MS = 5000;
const EVENTS_MS = 5000;
const NAMESPACE_MS = 5000;
/** Kueue is rarely installed or removed. */
const KUEUE_MS = 60_000;
const KUEUE = 'kueue.x-k8s.io';
/** Maximum number of cached entries; the oldest are evicted first. */
const MAX_KEPT = 10_000;

interface Kept<T> {
  readonly at: number;
  readonly value: T;
}

export class LiveReads {
  readonly #client: KubeClient;
  readonly #claims = new Map<string, Kept<WireClaim | undefined>>();
  readonly #warnings = new Map<string, Kept<PodWarning | undefined>>();
  readonly #namespaces = new Map<string, Kept<boolean | undefined>>();
  #kueue: Kept<boolean | undefined> | undefined;
  readonly #now: () => number;

  constructor(client: KubeClient, now: () => number = () => performance.now()) {
    this.#client = client;
    this.#now = now;
  }

  /**
   * The volume claims that a job names, by name, with undefined for one that does not exist. Undefined as a whole when the operator may
   * not read claims; they are then not diagnosed.
   */
  async claimsOf(job: DistillationJobObject): Promise<ReadonlyMap<string, WireClaim | undefined> | undefined> {
    const names = new Set(namedClaims(job.spec.cluster).map(({ claimName }) => claimName));
    try {
      const { namespace } = job.metadata;
      return new Map(
        await Promise.all([...names].map(async (name) => [name, await this.#claim(namespace, name)] as const)),
      );
    } catch (error) {
      if (isApiError(error, ({ isForbidden }) => isForbidden)) return undefined;
      throw error;
    }
  }

  /** Whether the namespace is being deleted; undefined when the operator may not read it. */
  async isEnding(name: string): Promise<boolean | undefined> {
    const kept = this.#namespaces.get(name);
    if (kept !== undefined && this.#now() - kept.at < NAMESPACE_MS) return kept.value;
    const value = await allowed(async () => {
      const found = await this.#client.find(NAMESPACES, { name });
      return found === undefined || found.metadata?.deletionTimestamp !== undefined;
    });
    keep(this.#namespaces, name, { at: this.#now(), value });
    return value;
  }

  /** Whether the cluster has Kueue; undefined when that cannot be known. */
  async hasKueue(): Promise<boolean | undefined> {
    if (this.#kueue !== undefined && this.#now() - this.#kueue.at < KUEUE_MS) return this.#kueue.value;
    const value = await allowed(() => this.#client.hasGroup(KUEUE));
    this.#kueue = { at: this.#now(), value };
    return value;
  }

  /** The newest warning of each pod or Job, by UID; those without one are missing. */
  async warningsOf(objects: readonly KubeObject[]): Promise<ReadonlyMap<string, PodWarning>> {
    const found = await Promise.all(
      objects.map(async (object) => {
        const warning = await this.#warning(object);
        return warning === undefined ? [] : [[object.metadata?.uid ?? '', warning] as const];
      }),
    );
    return new Map(found.flat());
  }

  /** Empty when the operator may not read events. */
  async #events(options: ListOptions): Promise<readonly WireEvent[]> {
    try {
      return (await this.#client.list(EVENTS, options)).items;
    } catch (error) {
      if (isApiError(error, ({ isForbidden }) => isForbidden)) return [];
      throw error;
    }
  }

  async #claim(namespace: string, name: string): Promise<WireClaim | undefined> {
    const key = `${namespace}/${name}`;
    const kept = this.#claims.get(key);
    const lifetime = kept?.value?.status?.phase === 'Bound' ? BOUND_MS : UNBOUND_MS;
    if (kept !== undefined && this.#now() - kept.at < lifetime) return kept.value;
    const value = await this.#client.find(VOLUME_CLAIMS, { namespace, name });
    keep(this.#claims, key, { at: this.#now(), value });
    return value;
  }

  async #warning({ metadata }: KubeObject): Promise<PodWarning | undefined> {
    const uid = metadata?.uid ?? '';
    const kept = this.#warnings.get(uid);
    if (kept !== undefined && this.#now() - kept.at < EVENTS_MS) return kept.value;
    const fieldSelector = `regarding.uid=${uid},type=Warning`;
    const items = await this.#events({ namespace: metadata?.namespace, fieldSelector, limit: 50 });
    const newest = [...items].sort((a, b) => timeOf(a) - timeOf(b)).at(-1);
    const value = newest && { reason: newest.reason ?? 'Unknown', message: newest.note ?? '', at: timeOf(newest) };
    keep(this.#warnings, uid, { at: this.#now(), value });
    return value;
  }
}

/** Undefined when the API server answers 403 Forbidden. */
async function allowed<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isApiError(error, ({ isForbidden }) => isForbidden)) return undefined;
    throw error;
  }
}

/** When the event was last seen, from whichever of the four fields its reporter fills in. */
function timeOf({ series, deprecatedLastTimestamp, eventTime, metadata }: WireEvent): number {
  // Contrary to the generated types, a reporter that uses one field leaves the others null.
  const times: readonly (string | null | undefined)[] = [
    series?.lastObservedTime,
    deprecatedLastTimestamp,
    eventTime,
    metadata?.creationTimestamp,
  ];
  const text = times.find((time) => time !== undefined && time !== null);
  return Date.parse(text ?? '') || 0;
}

function keep<T>(map: Map<string, Kept<T>>, key: string, entry: Kept<T>): void {
  map.delete(key);
  map.set(key, entry);
  if (map.size <= MAX_KEPT) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
