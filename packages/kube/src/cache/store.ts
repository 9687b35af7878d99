import type { WatchEvent } from '../client/calls.ts';
import type { KubeObject } from '../client/resources.ts';

/** A change of one object. Both states are present when it was modified or replaced by another object of the same name. */
export interface Change<T> {
  /** `namespace/name`, or the name of a cluster-scoped object. */
  readonly key: string;
  readonly old?: T;
  readonly new?: T;
}

/** Maximum number of remembered deletions; a late event of a forgotten one would resurrect its object until the next list. */
const MAX_TOMBSTONES = 10_000;

export const keyOf = (object: KubeObject): string => {
  const { namespace, name } = object.metadata ?? {};
  return namespace === undefined || namespace === '' ? (name ?? '') : `${namespace}/${name ?? ''}`;
};

const versionOf = (object: KubeObject): string => object.metadata?.resourceVersion ?? '';

/**
 * Compares two resourceVersions of one resource: negative if the first is older, 0 if they are equal. Undefined if they are not numbers,
 * since API servers may in principle use any text.
 */
export function compareVersions(a: string, b: string): number | undefined {
  if (a === b) return 0;
  if (!/^\d+$/.test(a) || !/^\d+$/.test(b)) return undefined;
  const [x, y] = [BigInt(a), BigInt(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

const isOlder = (a: string, b: string): boolean => (compareVersions(a, b) ?? 1) < 0;
const isNotNewer = (a: string, b: string): boolean => (compareVersions(a, b) ?? 1) <= 0;

/**
 * The objects of one resource in their last known state. Events may be duplicated, reordered, or lost until the next list: an older state
 * never replaces a newer one, and a list is authoritative. Objects are shared and must not be modified.
 */
export class Store<T extends KubeObject> {
  readonly #objects = new Map<string, T>();
  readonly #byOwner = new Map<string, Map<string, T>>();
  /** Version of the deletion by key, to recognize older events that arrive late. */
  readonly #tombstones = new Map<string, string>();
  /** Version of the last list, which includes all events up to it. */
  #floor = '';

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  /** All objects, in no particular order. */
  values(): readonly T[] {
    return [...this.#objects.values()];
  }

  get size(): number {
    return this.#objects.size;
  }

  /** Objects with an owner reference of this UID, in no particular order. */
  ownedBy(uid: string): readonly T[] {
    return [...(this.#byOwner.get(uid)?.values() ?? [])];
  }

  /** Applies an event; undefined when it changes nothing. */
  take(event: Exclude<WatchEvent<T>, { type: 'BOOKMARK' }>): Change<T> | undefined {
    const { object } = event;
    const [key, version] = [keyOf(object), versionOf(object)];
    const old = this.#objects.get(key);
    const last = old === undefined ? this.#tombstones.get(key) : versionOf(old);
    if (isNotNewer(version, this.#floor) || (last !== undefined && isNotNewer(version, last))) return undefined;
    if (event.type === 'DELETED') {
      this.#bury(key, version);
      if (old === undefined) return undefined;
      this.#remove(key, old);
      return { key, old };
    }
    this.#tombstones.delete(key);
    this.#set(key, object, old);
    return old === undefined ? { key, new: object } : { key, old, new: object };
  }

  /** Replaces the content by a complete list. Returns only the differences. */
  replace(objects: readonly T[], resourceVersion: string): readonly Change<T>[] {
    const changes: Change<T>[] = [];
    const seen = new Set<string>();
    for (const object of objects) {
      const key = keyOf(object);
      seen.add(key);
      const old = this.#objects.get(key);
      if (old !== undefined && versionOf(old) === versionOf(object) && old.metadata?.uid === object.metadata?.uid)
        continue;
      this.#set(key, object, old);
      changes.push(old === undefined ? { key, new: object } : { key, old, new: object });
    }
    for (const [key, old] of this.#objects) {
      if (seen.has(key)) continue;
      this.#remove(key, old);
      changes.push({ key, old });
    }
    // Even if it is lower than before: an etcd restored from a backup continues from an earlier revision.
    this.#floor = resourceVersion;
    this.#tombstones.clear();
    return changes;
  }

  #bury(key: string, version: string): void {
    const earlier = this.#tombstones.get(key);
    if (earlier !== undefined && isOlder(version, earlier)) return;
    this.#tombstones.delete(key);
    this.#tombstones.set(key, version);
    if (this.#tombstones.size <= MAX_TOMBSTONES) return;
    const [oldest] = this.#tombstones.keys();
    if (oldest !== undefined) this.#tombstones.delete(oldest);
  }

  #set(key: string, object: T, old: T | undefined): void {
    if (old !== undefined) this.#unindex(key, old);
    this.#objects.set(key, object);
    for (const { uid } of object.metadata?.ownerReferences ?? []) {
      const owned = this.#byOwner.get(uid) ?? new Map<string, T>();
      owned.set(key, object);
      this.#byOwner.set(uid, owned);
    }
  }

  #remove(key: string, old: T): void {
    this.#unindex(key, old);
    this.#objects.delete(key);
  }

  #unindex(key: string, old: T): void {
    for (const { uid } of old.metadata?.ownerReferences ?? []) {
      const owned = this.#byOwner.get(uid);
      owned?.delete(key);
      if (owned?.size === 0) this.#byOwner.delete(uid);
    }
  }
}
