import type { Claim, ClaimState } from '@distillation/kube/claim';
import type { ForeignClaims } from './foreign-claims.ts';

/** The scope that is the whole cluster. */
export const EVERYWHERE = '*';

/** A namespace that the operator watches, or the whole cluster. Each is served independently of the others. */
export interface ScopeView {
  /** Name of the namespace, or `*`. */
  readonly scope: string;
  /** The same for people. */
  readonly title: string;
  /** Whether this replica, as leader, could run its jobs: yes, not known yet, no. */
  readonly state: 'Available' | 'Pending' | 'Barred';
  /** An explanation, as a clause. */
  readonly detail: string;
}

type Judgement = Pick<ScopeView, 'state' | 'detail'>;

/** Sync state of a scope's caches. */
export interface CacheState {
  readonly scope: string;
  readonly synced: boolean;
  /** Why the API server refuses to let it be read. */
  readonly refusal?: string;
}

interface ScopesParts {
  readonly caches: () => readonly CacheState[];
  /** The claim on each scope. */
  readonly claims: ReadonlyMap<string, Claim>;
  /** For a cluster-wide operator: claims of others on single namespaces. */
  readonly foreign?: ForeignClaims;
  /** A scope has become available or unavailable. */
  readonly onChange: (view: ScopeView) => void;
  /** A job that was held back may now be reconciled. */
  readonly onReleased: (key: string) => void;
  /** Interval of re-evaluation: a scope's state changes with time too, since Leases expire. */
  readonly tickMs: number;
}

/** Decides which jobs this operator runs: those whose objects it can read in full and which no other operator claims. */
export class Scopes {
  readonly #parts: ScopesParts;
  /** Keys of jobs that were due while their namespace was not served. */
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

  /** Resolves when some scope is served, or when this is stopped; checks the claims immediately. */
  async served(): Promise<void> {
    await Promise.all([...this.#parts.claims.values()].map((claim) => claim.look()));
    this.update();
    if (this.#stopped || this.#servesAny()) return;
    await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  /** Whether the job with this key may be reconciled. If not, `onReleased` is called once it may. */
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

  /** Re-evaluates all scopes; to be called when a cache or a claim has changed. */
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
