import type { KubeObject, Resource } from '@distillation/kube/resources';
import { type Amounts, amountOf, goesInto, ONE } from './amounts.ts';
import type { Demand } from './demand.ts';

/** What the quotas of a namespace leave for the pods of a job. Pure. */

interface ScopeRule {
  readonly scopeName: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** What is read of a ResourceQuota. */
export interface WireQuota extends KubeObject {
  readonly spec?: {
    readonly scopes?: readonly string[];
    readonly scopeSelector?: { readonly matchExpressions?: readonly ScopeRule[] };
  };
  readonly status?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly used?: Readonly<Record<string, string>>;
  };
}

export const QUOTAS: Resource<WireQuota> = {
  group: '',
  version: 'v1',
  plural: 'resourcequotas',
  kind: 'ResourceQuota',
  namespaced: true,
};

/** One line of a quota, against the pods of the role that asks for the most of it. */
export interface QuotaLine {
  readonly quota: string;
  /** As the quota names it: `requests.cpu`, `pods`. */
  readonly key: string;
  /** Of what: `cpu`. */
  readonly resource: string;
  readonly hard: bigint;
  readonly left: bigint;
  /** Of each pod of the role; undefined where the quota demands a limit that the pods do not have. */
  readonly each: bigint | undefined;
  readonly role: Demand['role'];
  readonly pods: number;
  /** How many of these pods have room. */
  readonly places: number;
}

/** Each line of each quota that counts these pods, for each role. */
export function quotaLines(quotas: readonly WireQuota[], demands: readonly Demand[]): QuotaLine[] {
  return quotas.flatMap((quota) =>
    demands.filter((demand) => counts(quota, demand)).flatMap((demand) => linesFor(quota, demand)),
  );
}

function linesFor({ metadata, status }: WireQuota, { role, pods, requests, limits }: Demand): QuotaLine[] {
  const { hard = {}, used = {} } = status ?? {};
  return Object.entries(hard).flatMap(([key, quantity]) => {
    const most = amountOf(quantity);
    const [kind, resource] = meaningOf(key, requests);
    if (most === undefined || kind === undefined) return [];
    const each = { pods: ONE, requests: requests.get(resource) ?? 0n, limits: limits.get(resource) }[kind];
    if (each === 0n) return [];
    const left = most - (amountOf(used[key]) ?? 0n);
    const places = each === undefined ? 0 : goesInto(each, left, pods);
    return [{ quota: metadata?.name ?? '', key, resource, hard: most, left, each, role, pods, places }];
  });
}

/** What a key of a quota counts of pods, and of which resource; nothing of what is no matter of pods. */
function meaningOf(key: string, requests: Amounts): readonly ['pods' | 'requests' | 'limits' | undefined, string] {
  if (key === 'pods' || key === 'count/pods') return ['pods', 'pods'];
  if (key.startsWith('limits.')) return ['limits', key.slice('limits.'.length)];
  if (key === 'requests.storage') return [undefined, key];
  const resource = key.replace(/^requests\./, '');
  return [requests.has(resource) ? 'requests' : undefined, resource];
}

/** Whether a quota counts the pods: they have requests and no deadline of their own, and may have a priority class. */
function counts({ spec }: WireQuota, { template }: Demand): boolean {
  const { scopes = [], scopeSelector } = spec ?? {};
  const rules = [
    ...scopes.map((scopeName): ScopeRule => ({ scopeName, operator: 'Exists' })),
    ...(scopeSelector?.matchExpressions ?? []),
  ];
  return rules.every((rule) => {
    switch (rule.scopeName) {
      case 'NotBestEffort':
      case 'NotTerminating':
        return true;
      case 'PriorityClass':
        return hasClass(rule, template.priorityClassName);
      default:
        return false;
    }
  });
}

function hasClass({ operator, values = [] }: ScopeRule, name: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return name !== undefined && values.includes(name);
    case 'NotIn':
      return name === undefined || !values.includes(name);
    case 'DoesNotExist':
      return name === undefined;
    default:
      return name !== undefined;
  }
}
