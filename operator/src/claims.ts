import type { Logger } from 'pino';
import type { InformerCaches } from './controller/informer-caches.ts';
import { ForeignClaims } from './controller/foreign-claims.ts';
import { EVERYWHERE, Scopes } from './controller/scopes.ts';
import { Claim } from '@distillation/kube/claim';
import type { KubeClient } from '@distillation/kube/client';
import type { ReflectorTiming } from '@distillation/kube/reflector-options';
import type { OperatorOptions } from './options.ts';

/**
 * Several operators in one cluster must not run the same jobs, so each claims what it watches by a Lease: an operator of single namespaces
 * by one Lease in each of them, a cluster-wide one by a single Lease in a namespace that every cluster has. The second to claim does
 * nothing and says so; a cluster-wide operator leaves out the namespaces that others claim.
 */

/** Name of the Lease in each namespace of an operator of single namespaces. */
export const NAMESPACE_CLAIM = 'distillation-operator-claim';
/** The Lease of a cluster-wide operator. */
export const CLUSTER_CLAIM = { namespace: 'default', name: 'distillation-operator-cluster-claim' } as const;

interface ClaimingParts {
  readonly options: OperatorOptions;
  readonly client: KubeClient;
  /** Leader election Lease of this operator's replicas. No two operators share it, so it serves as this operator's identity. */
  readonly lease: { readonly namespace: string; readonly name: string };
  readonly caches: Pick<InformerCaches, 'states'>;
  readonly mayHold: () => boolean;
  readonly onReleased: (key: string) => void;
  readonly log: Logger;
  readonly watchTiming?: Partial<ReflectorTiming>;
}

export function scopesOf(parts: ClaimingParts): Scopes {
  const { options, client, lease, caches, mayHold, onReleased, log, watchTiming } = parts;
  const { leaseDurationMs, renewDeadlineMs } = options.leaderElection;
  const self = `${lease.namespace}/${lease.name}`;
  // Slower than leader election: there may be many claims, and taking over from a removed operator is not urgent.
  const timing = { durationMs: 2 * leaseDurationMs, deadlineMs: 2 * renewDeadlineMs, lookMs: renewDeadlineMs / 2 };
  const onChange = (): void => {
    scopes.update();
  };
  const onError = (error: unknown): void => {
    log.debug({ err: error }, 'could not read or write a claim, retrying');
  };
  const claimOf = (scope: string): Claim =>
    new Claim({
      client,
      lease: scope === EVERYWHERE ? CLUSTER_CLAIM : { namespace: scope, name: NAMESPACE_CLAIM },
      holder: self,
      mayHold,
      ...timing,
      onChange,
      onError,
    });
  const isClusterWide = options.namespaces.length === 0;
  const names = isClusterWide ? [EVERYWHERE] : options.namespaces;
  const foreign = new ForeignClaims({
    client,
    name: NAMESPACE_CLAIM,
    self,
    durationMs: timing.durationMs,
    onChange,
    onError,
    ...(watchTiming !== undefined && { timing: watchTiming }),
  });
  const scopes = new Scopes({
    caches: () => caches.states(),
    claims: new Map(names.map((name) => [name, claimOf(name)])),
    ...(isClusterWide && { foreign }),
    onChange: ({ scope, state, detail }) => {
      const namespace = scope === EVERYWHERE ? 'all' : scope;
      if (state === 'Available') log.info({ namespace }, 'jobs of this namespace can be run');
      else log.warn({ namespace, why: detail }, 'jobs of this namespace cannot be run');
    },
    onReleased,
    tickMs: timing.lookMs,
  });
  return scopes;
}
