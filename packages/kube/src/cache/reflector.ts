import { ApiError } from '../client/api-error.ts';
import { Backoff } from '../client/backoff.ts';
import { type Clock, sleep, systemClock } from '../clock.ts';
import { type Random, systemRandom } from '../client/random.ts';
import { type ReflectorOptions, type ReflectorTiming, type RestartReason, TIMING } from './reflector-options.ts';
import type { KubeObject } from '../client/resources.ts';
import { type Change, compareVersions, Store } from './store.ts';

/** Drops `managedFields`, which makes up half of many objects and is not used here. */
function withoutManagedFields<T extends KubeObject>(object: T): T {
  if (object.metadata?.managedFields === undefined) return object;
  const metadata = { ...object.metadata };
  delete metadata.managedFields;
  return { ...object, metadata };
}

/** Keeps a store in sync with a resource, like client-go's reflector: lists once, then watches, and lists again when history is lost. */
export class Reflector<T extends KubeObject> {
  readonly store = new Store<T>();
  readonly #options: ReflectorOptions<T>;
  readonly #timing: ReflectorTiming;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #backoff: Backoff;
  readonly #stop = new AbortController();
  readonly #waiters: (() => void)[] = [];
  #running: Promise<void> | undefined;
  #synced = false;
  #refusal: string | undefined;
  #version: string | undefined;
  #listedAt = 0;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#timing = { ...TIMING, ...options.timing };
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? systemRandom;
    this.#backoff = new Backoff({
      firstMs: this.#timing.firstRetryMs,
      maxMs: this.#timing.maxRetryMs,
      random: this.#random,
    });
  }

  /** Starts list and watch; further calls have no effect. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Whether the store has received a complete list. */
  get hasSynced(): boolean {
    return this.#synced;
  }

  /**
   * Why the API server refuses access (no permission, no such resource), which is retried; undefined when it does not refuse.
   */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  /** Resolves when the store holds a complete list, or when the reflector is stopped. */
  synced(): Promise<void> {
    if (this.#synced || this.#stop.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** Stops list and watch; resolves when all requests have ended. No change is reported after the call. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    // A function, since the compiler would otherwise narrow the property and assume that it stays false.
    const stopped = (): boolean => this.#stop.signal.aborted;
    while (!stopped()) {
      let [reason, askedMs]: [RestartReason, number] = ['Ended', 0];
      let watching: number | undefined;
      try {
        const version = this.#version ?? (await this.#list());
        watching = this.#clock.now();
        await this.#watch(version);
      } catch (error) {
        if (stopped()) return;
        reason = reasonOf(error);
        const refused = error instanceof ApiError && (error.isForbidden || error.isNotFound);
        // After a refusal list again: a list shows at once that access is restored, while a watch of a quiet resource stays silent.
        if (refused) this.#version = undefined;
        this.#stand(refused ? error.message : this.#refusal);
        this.#options.onError?.(error);
        askedMs = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
      }
      if (stopped()) return;
      const now = this.#clock.now();
      if (reason === 'Ended' && now - this.#listedAt >= this.#timing.resyncMs) reason = 'Resync';
      // A broken watch is resumed at its last version; a new list is needed only if events may have been missed.
      if (reason === 'Gone' || reason === 'Silent' || reason === 'Resync') this.#version = undefined;
      this.#options.onRestart?.(reason);
      const healthy = watching !== undefined && now - watching >= this.#timing.healthyMs;
      if (healthy) this.#backoff.reset();
      await sleep(Math.max(askedMs, healthy ? 0 : this.#backoff.nextMs()), this.#stop.signal, this.#clock);
    }
  }

  async #list(): Promise<string> {
    const { pageSize } = this.#timing;
    const began = this.#clock.now();
    const [objects, version] = await this.#pages(pageSize).catch((error: unknown) => {
      // The continue token expired between two pages: list again without paging.
      if (error instanceof ApiError && error.isGone) return this.#pages(undefined);
      throw error;
    });
    if (this.#stop.signal.aborted) return version;
    this.#listedAt = began;
    this.#version = version;
    const kept = objects.map((object) => this.#keep(object));
    for (const change of this.store.replace(kept, version)) this.#report(change);
    const first = !this.#synced;
    this.#synced = true;
    this.#wake();
    if (first && this.#refusal === undefined) this.#options.onStanding?.();
    this.#stand(undefined);
    return version;
  }

  async #pages(limit: number | undefined): Promise<[T[], string]> {
    const { client, resource, selection } = this.#options;
    const objects: T[] = [];
    let token: string | undefined;
    let version = '';
    do {
      const { signal } = this.#stop;
      const page = await client.list(resource, { ...selection, limit, continue: token, signal });
      objects.push(...page.items);
      // All pages show the resource at the version of the first one.
      version ||= page.resourceVersion;
      token = page.continue;
    } while (token !== undefined);
    return [objects, version];
  }

  async #watch(version: string): Promise<void> {
    const { client, resource, selection } = this.#options;
    const { watchSeconds, silenceMs } = this.#timing;
    const { signal } = this.#stop;
    const timeoutSeconds = Math.ceil(watchSeconds * (1 + this.#random() / 4));
    const options = { ...selection, resourceVersion: version, timeoutSeconds, silenceMs, signal };
    for await (const event of client.watch(resource, options)) {
      if (signal.aborted) return;
      this.#advance(event.object.metadata?.resourceVersion);
      if (event.type === 'BOOKMARK') continue;
      const change = this.store.take({ type: event.type, object: this.#keep(event.object) });
      if (change !== undefined) this.#report(change);
    }
  }

  #stand(refusal: string | undefined): void {
    const changed = refusal !== this.#refusal;
    this.#refusal = refusal;
    if (changed) this.#options.onStanding?.();
  }

  #advance(version: string | undefined): void {
    if (version === undefined) return;
    if (this.#version === undefined || compareVersions(version, this.#version) !== -1) this.#version = version;
  }

  #keep(object: T): T {
    return (this.#options.transform ?? withoutManagedFields)(object);
  }

  #report(change: Change<T>): void {
    try {
      this.#options.onChange(change);
    } catch (error) {
      this.#options.onError?.(error);
    }
  }

  #wake(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}

function reasonOf(error: unknown): RestartReason {
  if (!(error instanceof ApiError)) return 'Failed';
  if (error.isGone) return 'Gone';
  return error.isSilence ? 'Silent' : 'Failed';
}
