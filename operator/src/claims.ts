import type { Logger } from 'pino';
import type { InformerCaches } from './controller/informer-caches.ts';
import { ForeignClaims } from './controller/foreign-claims.ts';
import { EVERYWHERE, Scopes } from './controller/scopes.ts';
import { Claim } from '@distillation/kube/claim';
import type { KubeClient } from '@distillation/kube/client';
import type { ReflectorTiming } from '@distillation/kube/reflector-options';
import type { OperatorOptions } from './options.ts';

/**
 * Several operators in one cluster must not run the same jobs. Each claims what it watches by a Lease: an operator of single namespaces
 * one in each of them, a cluster-wide one a single one in a namespace that every cluster has. Who comes second does nothing and says
 * so; a cluster-wide operator leaves the namespaces that others claim to them.
 */

/** Name of the Lease in a namespace that is watched by name. */
export const NAMESPACE_CLAIM = 'distillation-operator-claim';
/** The Lease of whoever watches all namespaces. */
export const CLUSTER_CLAIM = { namespace: 'default', name: 'distillation-operator-cluster-claim' } as const;

interface ClaimingParts {
  readonly options: OperatorOptions;
  readonly client: KubeClient;
  /** By which the replicas of this operator elect their leader: no two operators share it, so it names this one. */
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
  // Slower than the election: there is one for each namespace, and taking over from an operator that is gone for good has time.
  const timing = { durationMs: 2 * leaseDurationMs, deadlineMs: 2 * renewDeadlineMs, lookMs: renewDeadlineMs / 2 };
  const onChange = (): void => {
    scopes.update();
  };
  const onError = (error: unknown): void => {
    log.debug({ err: error }, 'a claim could not be read or written, tried again');
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
