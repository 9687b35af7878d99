import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../client/resources.ts';
import { compareVersions, keyOf, Store } from './store.ts';

interface Event {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
}

/** An object whose UID depends on its owner: with another owner it is another object of the same name. */
const object = (name: string, version: number, owner = 'o'): KubeObject => ({
  metadata: {
    namespace: 'n',
    name,
    uid: `${name} of ${owner}`,
    resourceVersion: String(version),
    ownerReferences: [{ apiVersion: 'v1', kind: 'K', name: owner, uid: owner }],
  },
});

const contents = (store: Store<KubeObject>): Record<string, string | undefined> =>
  Object.fromEntries(store.values().map((each) => [keyOf(each), each.metadata?.resourceVersion]));

describe('a store', () => {
  test('reports old and new state of what changed', () => {
    const store = new Store();
    const [first, second] = [object('a', 5), object('a', 6)];
    expect(store.take({ type: 'ADDED', object: first })).toEqual({ key: 'n/a', new: first });
    expect(store.take({ type: 'MODIFIED', object: second })).toEqual({ key: 'n/a', old: first, new: second });
    expect(store.take({ type: 'DELETED', object: object('a', 7) })).toEqual({ key: 'n/a', old: second });
    expect(store.size).toBe(0);
  });

  test('never replaces a newer state by an older one, and ignores duplicates', () => {
    const store = new Store();
    store.take({ type: 'MODIFIED', object: object('a', 10) });
    expect(store.take({ type: 'ADDED', object: object('a', 9) })).toBeUndefined();
    expect(store.take({ type: 'MODIFIED', object: object('a', 10) })).toBeUndefined();
    expect(store.take({ type: 'DELETED', object: object('a', 8) })).toBeUndefined();
    expect(contents(store)).toEqual({ 'n/a': '10' });
  });

  test('a late event does not resurrect a deleted object, until the name is used again', () => {
    const store = new Store();
    store.take({ type: 'ADDED', object: object('a', 1) });
    store.take({ type: 'DELETED', object: object('a', 3) });
    expect(store.take({ type: 'MODIFIED', object: object('a', 2) })).toBeUndefined();
    const again = object('a', 4, 'other');
    expect(store.take({ type: 'ADDED', object: again })).toEqual({ key: 'n/a', new: again });
  });

  test('finds out from a list what was deleted, what was replaced under the same name, and what has not changed', () => {
    const store = new Store();
    const [a, b, c] = [object('a', 1), object('b', 2), object('c', 3)];
    store.replace([a, b, c], '3');
    const other = object('b', 5, 'other');
    expect(store.replace([a, other], '6')).toEqual([
      { key: 'n/b', old: b, new: other },
      { key: 'n/c', old: c },
    ]);
    expect(store.take({ type: 'MODIFIED', object: object('c', 4) })).toBeUndefined();
  });

  test('accepts a list with lower versions: etcd was restored from a backup', () => {
    const store = new Store();
    store.replace([object('a', 800)], '800');
    store.take({ type: 'DELETED', object: object('b', 900) });
    store.replace([object('a', 50)], '60');
    expect(contents(store)).toEqual({ 'n/a': '50' });
    store.take({ type: 'MODIFIED', object: object('a', 61) });
    store.take({ type: 'ADDED', object: object('b', 62) });
    expect(contents(store)).toEqual({ 'n/a': '61', 'n/b': '62' });
  });

  test('finds objects by owner, also after the owner has changed', () => {
    const store = new Store();
    store.take({ type: 'ADDED', object: object('a', 1, 'x') });
    store.take({ type: 'ADDED', object: object('b', 2, 'x') });
    store.take({ type: 'MODIFIED', object: object('a', 3, 'y') });
    store.take({ type: 'DELETED', object: object('b', 4, 'x') });
    expect(store.ownedBy('x')).toEqual([]);
    expect(store.ownedBy('y').map(keyOf)).toEqual(['n/a']);
  });

  test('uses the order of arrival where versions are not numbers', () => {
    const store = new Store();
    const opaque = (version: string): KubeObject => ({ metadata: { name: 'a', resourceVersion: version } });
    store.take({ type: 'ADDED', object: opaque('zz') });
    store.take({ type: 'MODIFIED', object: opaque('aa') });
    expect(contents(store)).toEqual({ a: 'aa' });
  });
});

test('versions are compared as numbers of any size', () => {
  expect(compareVersions('9', '10')).toBe(-1);
  expect(compareVersions('18446744073709551617', '18446744073709551616')).toBe(1);
  expect(compareVersions('10', '10')).toBe(0);
  expect(compareVersions('a', '10')).toBeUndefined();
});

/** What really happens: objects are made, changed and deleted one after another, each time with the next version. */
const historyOf = fc
  .array(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      act: fc.constantFrom('set', 'delete'),
      owner: fc.constantFrom('x', 'y'),
    }),
  )
  .map((acts) => {
    const events: Event[] = [];
    const alive = new Set<string>();
    for (const { name, act, owner } of acts) {
      const version = events.length + 1;
      if (act === 'delete' && !alive.has(name)) continue;
      const type = act === 'delete' ? 'DELETED' : alive.has(name) ? 'MODIFIED' : 'ADDED';
      if (act === 'delete') alive.delete(name);
      else alive.add(name);
      events.push({ type, object: object(name, version, owner) });
    }
    return events;
  });

/** The objects alive after the first so many events. */
function stateAfter(events: readonly Event[], count: number): Map<string, KubeObject> {
  const state = new Map<string, KubeObject>();
  for (const { type, object: each } of events.slice(0, count)) {
    if (type === 'DELETED') state.delete(keyOf(each));
    else state.set(keyOf(each), each);
  }
  return state;
}

test('a list repairs duplicated, lost and reordered events, before which no object becomes older than once seen', () => {
  fc.assert(
    fc.property(historyOf, fc.infiniteStream(fc.nat()), fc.nat(), (events, stream, listAt) => {
      const picks = stream[Symbol.iterator]();
      const pick = (below: number): number => (picks.next().value as number) % below;
      const store = new Store();
      const newest = new Map<string, number>();
      const mirror = new Map<string, KubeObject>();
      const follow = (changes: readonly ({ readonly key: string; readonly new?: KubeObject } | undefined)[]): void => {
        for (const change of changes) {
          if (change === undefined) continue;
          if (change.new === undefined) mirror.delete(change.key);
          else mirror.set(change.key, change.new);
        }
      };
      for (let i = 0; i < events.length * 2; i++) {
        const event = events[pick(events.length)];
        if (event === undefined) continue;
        const key = keyOf(event.object);
        const version = Number(event.object.metadata?.resourceVersion);
        follow([store.take(event)]);
        newest.set(key, Math.max(newest.get(key) ?? 0, version));
        // Alive at the newest version seen of it, or dead because that was its deletion. Event number n has version n + 1.
        const latest = events[(newest.get(key) ?? 0) - 1];
        const held = store.get(key)?.metadata?.resourceVersion;
        expect(held).toBe(latest?.type === 'DELETED' ? undefined : String(newest.get(key)));
      }
      const at = listAt % (events.length + 1);
      const version = events[at - 1]?.object.metadata?.resourceVersion ?? '0';
      follow(store.replace([...stateAfter(events, at).values()], version));
      // What comes after the list, in order, with old events in between.
      for (const event of events.slice(at)) {
        follow([store.take(event)]);
        const late = events[pick(events.length)];
        if (
          late !== undefined &&
          compareVersions(late.object.metadata?.resourceVersion ?? '', event.object.metadata?.resourceVersion ?? '') !==
            1
        ) {
          follow([store.take(late)]);
        }
      }
      const truth = stateAfter(events, events.length);
      expect(new Map(store.values().map((each) => [keyOf(each), each]))).toEqual(truth);
      expect(mirror).toEqual(truth);
      for (const owner of ['x', 'y']) {
        const owned = [...truth.values()].filter((each) => each.metadata?.ownerReferences?.[0]?.uid === owner);
        expect(new Set(store.ownedBy(owner))).toEqual(new Set(owned));
      }
    }),
    { numRuns: 500 },
  );
});
