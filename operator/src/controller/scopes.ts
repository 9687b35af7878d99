import type { Claim, ClaimState } from '@distillation/kube/claim';
import type { ForeignClaims } from './foreign-claims.ts';

/** All of the cluster, as a scope. */
export const EVERYWHERE = '*';

/** A namespace that the operator watches, or all: each is served by itself, whatever becomes of the others. */
export interface ScopeView {
  /** Name of the namespace, or `*`. */
  readonly scope: string;
  /** The same in words. */
  readonly title: string;
  /** Whether this replica could run its jobs, as leader: yes, not known yet, no. */
  readonly state: 'Available' | 'Pending' | 'Barred';
  /** A clause that says more. */
  readonly detail: string;
}

type Judgement = Pick<ScopeView, 'state' | 'detail'>;

/** What the caches know of a scope. */
export interface CacheState {
  readonly scope: string;
  readonly synced: boolean;
  /** Why the API server lets nothing be read there. */
  readonly refusal?: string;
}

export interface ScopesParts {
  readonly caches: () => readonly CacheState[];
  /** The claim on each scope. */
  readonly claims: ReadonlyMap<string, Claim>;
  /** Of a cluster-wide operator: claims of others on single namespaces. */
  readonly foreign?: ForeignClaims;
  /** A scope became available, or is no more. */
  readonly onChange: (view: ScopeView) => void;
  /** A job that was held back may be looked at. */
  readonly onReleased: (key: string) => void;
  /** What a scope is judged by changes with time too. */
  readonly tickMs: number;
}

/** Decides which jobs this operator runs: those that it can see all of, and that no other operator claims. */
export class Scopes {
  readonly #parts: ScopesParts;
  /** Keys of jobs that were to be looked at while their namespace was not served. */
  readonly #heldBack = new Set<string>();
  readonly #waiters: (() => void)[] = [];
  readonly #told = new Map<string, ScopeView['state']>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(parts: ScopesParts) {
    this.#parts = parts;
  }

  start(): void {
    for (const claim of this.#parts.claims.values()) claim.start();
    this.#parts.foreign?.start();
    this.#timer ??= setInterval(() => {
      this.update();
    }, this.#parts.tickMs);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#wake();
    await Promise.all([...[...this.#parts.claims.values()].map((claim) => claim.stop()), this.#parts.foreign?.stop()]);
  }

  /** Resolves when jobs of some scope are served, or when this is stopped before; claims are looked at at once. */
  async served(): Promise<void> {
    await Promise.all([...this.#parts.claims.values()].map((claim) => claim.look()));
    this.update();
    if (this.#stopped || this.#servesAny()) return;
    await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  /** Whether the job with this key may be looked at. One that may not is told of once it may. */
  admits(key: string): boolean {
    const namespace = key.split('/', 1)[0] ?? '';
    if (this.#serves(namespace)) return true;
    this.#heldBack.add(key);
    return false;
  }

  views(): readonly ScopeView[] {
    return this.#parts.caches().map((cache) => ({
      scope: cache.scope,
      title: cache.scope === EVERYWHERE ? 'all namespaces' : `namespace ${cache.scope}`,
      ...this.#judge(cache),
    }));
  }

  /** Namespaces of a cluster-wide operator that others claim. */
  get left(): readonly string[] {
    return this.#parts.foreign?.namespaces() ?? [];
  }

  /** Something that scopes are judged by has changed. */
  update(): void {
    if (this.#stopped) return;
    for (const view of this.views()) {
      if (view.state === 'Pending' || this.#told.get(view.scope) === view.state) continue;
      this.#told.set(view.scope, view.state);
      this.#parts.onChange(view);
    }
    for (const key of this.#heldBack) {
      if (!this.#serves(key.split('/', 1)[0] ?? '')) continue;
      this.#heldBack.delete(key);
      this.#parts.onReleased(key);
    }
    if (this.#servesAny()) this.#wake();
  }

  #serves(namespace: string): boolean {
    const cache = this.#parts.caches().find(({ scope }) => scope === namespace || scope === EVERYWHERE);
    if (cache === undefined || !this.#servesScope(cache)) return false;
    return cache.scope !== EVERYWHERE || this.#parts.foreign?.holderIn(namespace) === undefined;
  }

  #servesScope(cache: CacheState): boolean {
    return this.#judge(cache).state === 'Available' && (this.#parts.claims.get(cache.scope)?.isHeld ?? true);
  }

  #servesAny(): boolean {
    return this.#parts.caches().some((cache) => this.#servesScope(cache));
  }

  #judge({ scope, synced, refusal }: CacheState): Judgement {
    const foreign = scope === EVERYWHERE ? this.#parts.foreign : undefined;
    const why = refusal ?? foreign?.refusal;
    if (why !== undefined) return { state: 'Barred', detail: `the API server refuses: ${why}` };
    if (!synced || foreign?.hasSynced === false) return { state: 'Pending', detail: 'not all of it is read yet' };
    const claim = this.#parts.claims.get(scope);
    const doubt = claim === undefined ? undefined : doubtOf(claim.state);
    if (doubt !== undefined) return doubt;
    const left = scope === EVERYWHERE ? this.left : [];
    const but = left.length === 0 ? '' : `, but for namespaces that other operators claim: ${left.join(', ')}`;
    return { state: 'Available', detail: `${claim?.isHeld === true ? 'served' : 'can be served'}${but}` };
  }

  #wake(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}

function doubtOf(state: ClaimState): Judgement | undefined {
  switch (state.type) {
    case 'Unknown':
      return { state: 'Pending', detail: 'it is not known yet whether another operator claims it' };
    case 'Foreign':
      return {
        state: 'Barred',
        detail:
          `another operator claims it, the one that elects its leader by the Lease ${state.holder}: ` +
          'remove one of the two, or let them watch different namespaces',
      };
    case 'Refused':
      return { state: 'Barred', detail: `it cannot be claimed: ${state.why}` };
    case 'Ours':
      return undefined;
  }
}
