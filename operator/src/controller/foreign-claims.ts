import type { KubeClient } from '@distillation/kube/client';
import { type Clock, systemClock } from '@distillation/kube/clock';
import { LeaseView } from '@distillation/kube/lease';
import type { ReflectorTiming } from '@distillation/kube/reflector-options';
import { Reflector } from '@distillation/kube/reflector';
import { LEASES, type WireLease } from '@distillation/kube/resources';

interface ForeignClaimsOptions {
  readonly client: KubeClient;
  /** Name of the Leases by which operators claim single namespaces. */
  readonly name: string;
  /** Identity of this operator, whose own claims do not count. */
  readonly self: string;
  /** Lease duration to assume where a Lease names none. */
  readonly durationMs: number;
  readonly onChange: () => void;
  readonly onError?: (error: unknown) => void;
  readonly timing?: Partial<ReflectorTiming>;
  readonly clock?: Clock;
}

/** For a cluster-wide operator: the namespaces that single-namespace operators claim. Those operators run the jobs there. */
export class ForeignClaims {
  readonly #options: ForeignClaimsOptions;
  readonly #reflector: Reflector<WireLease>;
  readonly #views = new Map<string, LeaseView>();

  constructor(options: ForeignClaimsOptions) {
    this.#options = options;
    const { client, name, onChange, onError, timing, clock = systemClock } = options;
    this.#reflector = new Reflector<WireLease>({
      client,
      resource: LEASES,
      selection: { fieldSelector: `metadata.name=${name}` },
      onChange: ({ old, new: now }) => {
        const namespace = (now ?? old)?.metadata?.namespace ?? '';
        const view = this.#views.get(namespace) ?? new LeaseView(clock);
        view.take(now);
        if (now === undefined) this.#views.delete(namespace);
        else this.#views.set(namespace, view);
        onChange();
      },
      onStanding: onChange,
      ...(onError === undefined ? {} : { onError }),
      ...(timing === undefined ? {} : { timing }),
    });
  }

  start(): void {
    this.#reflector.start();
  }

  async stop(): Promise<void> {
    await this.#reflector.stop();
  }

  get hasSynced(): boolean {
    return this.#reflector.hasSynced;
  }

  get refusal(): string | undefined {
    return this.#reflector.refusal;
  }

  /** The other operator that claims the namespace; undefined when there is none or its Lease has expired. */
  holderIn(namespace: string): string | undefined {
    const view = this.#views.get(namespace);
    const { self, durationMs } = this.#options;
    if (view?.holder === undefined || view.holder === self || view.isFree(durationMs)) return undefined;
    return view.holder;
  }

  /** Namespaces that others claim now, sorted. */
  namespaces(): string[] {
    return [...this.#views.keys()].filter((namespace) => this.holderIn(namespace) !== undefined).sort();
  }
}
