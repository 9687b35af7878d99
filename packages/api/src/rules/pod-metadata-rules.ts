import { LABEL_KEYS } from './label-rules.ts';
import { ANNOTATION_KEY_PATTERN, LABEL_KEY_LENGTH } from '../schema/scalars.ts';
import type { ValueRule } from './value-rule.ts';

/**
 * Labels and annotations that a user may set on the pods. Reserved are the keys that the operator, the Job controller and Kueue use
 * to identify pods, and old annotations that stand for fields of a pod spec, which the operator sets.
 */

type TextMap = Readonly<Record<string, string>>;

/** Which keys are reserved: by prefix, by a part, or as a whole. */
interface Reserved {
  readonly prefixes: readonly string[];
  readonly parts?: readonly string[];
  readonly keys?: readonly string[];
  /** A key with a reserved prefix that is allowed nevertheless. */
  readonly except?: string;
}

const isReserved = (key: string, { prefixes, parts = [], keys = [], except }: Reserved): boolean =>
  keys.includes(key) ||
  parts.some((part) => key.includes(part)) ||
  (prefixes.some((prefix) => key.startsWith(prefix)) && (except === undefined || !key.startsWith(except)));

const celList = (texts: readonly string[]): string => `[${texts.map((text) => `'${text}'`).join(', ')}]`;

/** CEL that holds when key `k` is reserved. */
function celIsReserved({ prefixes, parts = [], keys = [], except }: Reserved): string {
  const begins = prefixes.map((prefix) => `k.startsWith('${prefix}')`).join(' || ');
  return [
    ...(keys.length === 0 ? [] : [`k in ${celList(keys)}`]),
    ...parts.map((part) => `k.contains('${part}')`),
    except === undefined ? begins : `((${begins}) && !k.startsWith('${except}'))`,
  ].join(' || ');
}

const keepsBack = (reserved: Reserved, words: Pick<ValueRule<TextMap>, 'message' | 'fix'>): ValueRule<TextMap> => ({
  field: '',
  ...words,
  cel: `self.all(k, !(${celIsReserved(reserved)}))`,
  holds: (map) => !Object.keys(map).some((key) => isReserved(key, reserved)),
});

const OWN: Reserved = { prefixes: ['distillation.dev/', 'batch.kubernetes.io/'] };

export const POD_LABELS: readonly ValueRule<TextMap>[] = [
  ...LABEL_KEYS,
  keepsBack(
    {
      ...OWN,
      keys: [
        ...['name', 'component', 'part-of', 'managed-by'].map((name) => `app.kubernetes.io/${name}`),
        'job-name',
        'controller-uid',
      ],
    },
    {
      message:
        'has a key by which the operator or Kubernetes’ Jobs know the pods (`distillation.dev/...`, `batch.kubernetes.io/...`, ' +
        '`job-name`, `controller-uid`, `app.kubernetes.io/` with name, component, part-of or managed-by)',
      fix: 'Choose another key, such as "example.com/team".',
    },
  ),
  keepsBack(
    { prefixes: ['kueue.x-k8s.io/'] },
    {
      message: 'has a key of Kueue, which admits the Jobs and not their pods',
      fix: 'Write the name of the queue as `cluster.queueName`.',
    },
  ),
];

/** Limit in bytes. Kubernetes allows 256 KiB in all; the Job controller and injectors of sidecars need some of that. */
const ANNOTATIONS_BYTES = 131_072;
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

export const POD_ANNOTATIONS: readonly ValueRule<TextMap>[] = [
  {
    field: '',
    message: 'has a key that no annotation can have',
    fix: 'Write keys such as "note" or "example.com/note".',
    cel: `self.all(k, k.size() <= ${LABEL_KEY_LENGTH} && k.matches(r'${ANNOTATION_KEY_PATTERN}'))`,
    holds: (map) =>
      Object.keys(map).every((k) => k.length <= LABEL_KEY_LENGTH && new RegExp(ANNOTATION_KEY_PATTERN).test(k)),
  },
  keepsBack(OWN, {
    message:
      'has a key by which the operator or Kubernetes’ Jobs know the pods (`distillation.dev/...`, `batch.kubernetes.io/...`)',
    fix: 'Choose another key, such as "example.com/note".',
  }),
  keepsBack(
    { prefixes: ['kueue.x-k8s.io/'], except: 'kueue.x-k8s.io/podset-' },
    {
      message: 'has a key that Kueue sets itself',
      fix: 'Remove it; of Kueue’s only those of topology (`kueue.x-k8s.io/podset-...`) are for users.',
    },
  ),
  keepsBack(
    {
      prefixes: ['kubernetes.io/config.', 'controller.kubernetes.io/'],
      parts: ['alpha.kubernetes.io/', 'beta.kubernetes.io/'],
    },
    {
      message: 'has a key that stands for a field of the pod or for its controller',
      fix: 'Remove it: security and lifetime of the pods are the operator’s, their place is set by the other fields of the template.',
    },
  ),
  {
    field: '',
    message: 'is more than 128 KiB of keys and values in all',
    fix: 'Shorten the values: what is larger belongs into a ConfigMap or a Secret.',
    cel: `self.map(k, bytes(k).size() + bytes(self[k]).size()).sum() <= ${ANNOTATIONS_BYTES}`,
    holds: (map) =>
      Object.entries(map).reduce((sum, [key, value]) => sum + bytesOf(key) + bytesOf(value), 0) <= ANNOTATIONS_BYTES,
  },
];
