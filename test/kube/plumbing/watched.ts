import type { Observation } from '@distillation/kube/calls';
import type { KubeClientOptions } from '@distillation/kube/client';
import { Reflector } from '@distillation/kube/reflector';
import type { ReflectorOptions, RestartReason } from '@distillation/kube/reflector-options';
import { CONFIG_MAPS } from '@distillation/kube/resources';
import type { Change } from '@distillation/kube/store';
import type { WireConfigMap } from '@distillation/kube/wire';
import { onTestFinished } from 'vitest';

export const PATIENCE = { interval: 50 };

export interface Watched {
  readonly reflector: Reflector<WireConfigMap>;
  readonly changes: Change<WireConfigMap>[];
  readonly restarts: RestartReason[];
  /** Value of each ConfigMap by name, from the store. */
  readonly values: () => Values;
  /** The same from the changes alone. */
  readonly followed: () => Values;
}

type Values = Readonly<Record<string, string | undefined>>;

export function valuesOf(configMaps: readonly WireConfigMap[]): Values {
  const values: Record<string, string | undefined> = {};
  for (const { metadata, data } of configMaps) values[metadata?.name ?? ''] = data?.['value'];
  return values;
}

/** A reflector of the ConfigMaps of one namespace that these tests make, stopped with the test. */
export function reflect(
  namespace: string,
  options: Pick<ReflectorOptions<WireConfigMap>, 'client' | 'timing'>,
): Watched {
  const changes: Change<WireConfigMap>[] = [];
  const restarts: RestartReason[] = [];
  const reflector = new Reflector<WireConfigMap>({
    resource: CONFIG_MAPS,
    selection: { namespace, labelSelector: 'distillation.dev/test=plumbing' },
    onChange: (change) => changes.push(change),
    onRestart: (reason) => restarts.push(reason),
    ...options,
    timing: { firstRetryMs: 20, maxRetryMs: 500, ...options.timing },
  });
  onTestFinished(() => reflector.stop());
  return {
    reflector,
    changes,
    restarts,
    values: () => valuesOf(reflector.store.values()),
    followed: () => {
      const last = new Map(changes.map((change) => [change.key, change.new]));
      return valuesOf([...last.values()].filter((each) => each !== undefined));
    },
  };
}

export const counting = (): { options: KubeClientOptions; count: (verb: string) => number } => {
  const seen: Observation[] = [];
  return {
    options: { onRequest: (each) => seen.push(each) },
    count: (verb) => seen.filter((each) => each.verb === verb).length,
  };
};
