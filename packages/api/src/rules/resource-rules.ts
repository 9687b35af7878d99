import { billionths } from '../numbers/quantity.ts';
import { RESOURCE_NAME_LENGTH, RESOURCE_NAME_PATTERN } from '../schema/scalars.ts';
import type { ValueRule } from './value-rule.ts';

/** Rules of requests and limits, which Kubernetes checks only when pods are created. */

type Quantities = Readonly<Record<string, string | number>>;
interface Resources {
  readonly requests?: Quantities;
  readonly limits?: Quantities;
}

export const RESOURCE_NAMES: readonly ValueRule<Quantities>[] = [
  {
    field: '',
    message: 'names what is no resource of a container',
    fix: 'Write cpu, memory, ephemeral-storage, hugepages-SIZE such as hugepages-2Mi, or DOMAIN/NAME of a device plugin.',
    cel: `self.all(k, k.size() <= ${RESOURCE_NAME_LENGTH} && k.matches(r'${RESOURCE_NAME_PATTERN}') && !k.startsWith('requests.'))`,
    holds: (map) =>
      Object.keys(map).every(
        (k) =>
          k.length <= RESOURCE_NAME_LENGTH && new RegExp(RESOURCE_NAME_PATTERN).test(k) && !k.startsWith('requests.'),
      ),
  },
];

const HUGE_PAGES = 'hugepages-';
const HUGE_PAGES_PATTERN = `^${HUGE_PAGES}[1-9][0-9]{0,3}(Ki|Mi|Gi)$`;

/** Whether pods on a node may be given limits that add up to more than the node has. Any other resource has equal request and limit. */
export const isShared = (name: string): boolean =>
  name.includes('/') ? name.includes('kubernetes.io/') : !name.startsWith(HUGE_PAGES);
/** The same for the resource `k`, in CEL. */
export const CEL_IS_SHARED = `(k.contains('/') ? k.contains('kubernetes.io/') : !k.startsWith('${HUGE_PAGES}'))`;

const WHOLE_PATTERN = '^[0-9]+(k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$';
const isWhole = (quantity: string | number): boolean => new RegExp(WHOLE_PATTERN).test(String(quantity));
const CEL_IS_WHOLE = `string(self.limits[k]).matches(r'${WHOLE_PATTERN}')`;

export const RESOURCES: readonly ValueRule<Resources>[] = [
  {
    field: 'requests',
    message: 'asks for more of a resource than limits allows',
    fix: 'Lower the request, or raise or remove the limit.',
    cel: '!has(self.requests) || !has(self.limits) || self.requests.all(k, !(k in self.limits) || !isQuantity(string(self.requests[k])) || !isQuantity(string(self.limits[k])) || quantity(string(self.requests[k])).compareTo(quantity(string(self.limits[k]))) <= 0)',
    holds: ({ requests = {}, limits = {} }) =>
      Object.entries(requests).every(([k, request]) => {
        const limit = limits[k];
        return limit === undefined || billionths(request) <= billionths(limit);
      }),
  },
  {
    field: 'limits',
    message: 'has a part of an extended resource or of huge pages',
    fix: 'Write a whole number, such as 1 or "2Gi".',
    cel: `!has(self.limits) || self.limits.all(k, ${CEL_IS_SHARED} || ${CEL_IS_WHOLE})`,
    holds: ({ limits = {} }) => Object.entries(limits).every(([k, limit]) => isShared(k) || isWhole(limit)),
  },
  {
    field: 'limits',
    message: 'has huge pages that are no multiple of their size',
    fix: 'Write a multiple, such as "64Mi" of hugepages-2Mi.',
    cel: `!has(self.limits) || self.limits.all(k, !k.matches(r'${HUGE_PAGES_PATTERN}') || !${CEL_IS_WHOLE} || quantity(string(self.limits[k])).asInteger() % quantity(k.substring(${HUGE_PAGES.length})).asInteger() == 0)`,
    holds: ({ limits = {} }) =>
      Object.entries(limits).every(([k, limit]) => {
        if (!new RegExp(HUGE_PAGES_PATTERN).test(k) || !isWhole(limit)) return true;
        return billionths(limit) % billionths(k.slice(HUGE_PAGES.length)) === 0n;
      }),
  },
];
