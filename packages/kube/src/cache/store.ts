import type { WatchEvent } from '../client/calls.ts';
import type { KubeObject } from '../client/resources.ts';

/** What became of one object; both are there when it changed, or when another object took its name. */
export interface Change<T> {
  /** `namespace/name`, or the name of what has no namespace. */
  readonly key: string;
  readonly old?: T;
  readonly new?: T;
}

/** Deletions remembered between two lists; the oldest are forgotten beyond it, and a late event of theirs is then believed until the next list. */
const MAX_TOMBSTONES = 10_000;

export const keyOf = (object: KubeObject): string => {
  const { namespace, name } = object.metadata ?? {};
  return namespace === undefined || namespace === '' ? (name ?? '') : `${namespace}/${name ?? ''}`;
};

const versionOf = (object: KubeObject): string => object.metadata?.resourceVersion ?? '';

/**
 * Which of two resourceVersions of one resource is older: below 0 the first, 0 neither. Undefined when they are no numbers: API
 * servers may in principle send any text.
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
 * The objects of one resource as last heard of. Events may come twice or in any order, and be lost until the next list: an older state never
 * takes the place of a newer one, and a list is the truth. Objects are shared; nobody may change them.
 */
export class Store<T extends KubeObject> {
  readonly #objects = new Map<string, T>();
  readonly #byOwner = new Map<string, Map<string, T>>();
  /** By key, the version at which it was deleted, for events older than that which come after it. */
  readonly #tombstones = new Map<string, string>();
  /** Version of the last list: whatever an event at or before it says is in that list. */
  #floor = '';

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  /** All objects, in no order. */
  values(): readonly T[] {
    return [...this.#objects.values()];
  }

  get size(): number {
    return this.#objects.size;
  }

  /** Objects with an owner reference of this UID, in no order. */
  ownedBy(uid: string): readonly T[] {
    return [...(this.#byOwner.get(uid)?.values() ?? [])];
  }

  /** Takes an event in; undefined when it tells nothing new. */
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

  /** Takes a whole list in; what it does not hold is deleted. Returns only what differs. */
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
    // Even when it is below what was seen before: an etcd restored from a backup counts from an earlier number.
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
