import { type BadManifest, type Changes, type GoodManifest, bad } from './corpus.ts';

/** Cases on where pods run: node labels, tolerations, affinity. */

const ROLES = ['workerTemplate', 'finalizerTemplate'] as const;
const template = (change: object, role: string = ROLES[0]): Changes => ({ [`spec.cluster.${role}`]: change });
const tolerating = (...tolerations: object[]): Changes => template({ tolerations });
const at = (field: string, role: string = ROLES[0]): string => `/spec/cluster/${role}/${field}`;

const requiring = (...matchExpressions: object[]): object => ({
  nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
});

export const GOOD_PLACEMENT: readonly GoodManifest[] = [
  {
    title: 'tolerations of every kind',
    set: tolerating(
      { operator: 'Exists' },
      { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' },
      { key: 'pool', value: 'gpu' },
      { key: 'spot', operator: 'Equal', value: 'true', effect: 'NoExecute', tolerationSeconds: 0 },
    ),
  },
  {
    title: 'affinity of every kind, of the finalizer',
    set: {
      'spec.cluster.finalizerTemplate.affinity': {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: ['a', 'b'] }] },
            ],
          },
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 10, preference: { matchExpressions: [{ key: 'spot', operator: 'DoesNotExist' }] } },
          ],
        },
        podAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            {
              weight: 100,
              podAffinityTerm: {
                labelSelector: { matchExpressions: [{ key: 'cache', operator: 'Exists' }] },
                topologyKey: 'kubernetes.io/hostname',
                namespaces: ['data'],
              },
            },
          ],
        },
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            {
              labelSelector: { matchLabels: { 'app.kubernetes.io/component': 'worker' } },
              namespaceSelector: { matchLabels: { team: 'vision' } },
              topologyKey: 'kubernetes.io/hostname',
            },
          ],
        },
      },
    },
  },
  {
    title: 'labels with and without a domain, as long as they may be',
    set: template({
      nodeSelector: {
        [`${'d'.repeat(63)}.example.com/${'n'.repeat(63)}`]: 'v'.repeat(63),
        'Mixed_Case.and-more': '',
      },
    }),
  },
  {
    title: 'nodes by numbers in their labels',
    set: template({
      affinity: requiring(
        { key: 'gpu-memory', operator: 'Gt', values: ['40000'] },
        { key: 'load', operator: 'Lt', values: ['0'] },
        { key: 'pool', operator: 'NotIn', values: ['', 'web'] },
      ),
    }),
  },
];

const schema = bad('Schema');
const rule = bad('Rule');
const unknown = bad('UnknownField');

const NODES =
  'affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms/0/matchExpressions';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const avoiding = (term: object): object => ({
  podAntiAffinity: { [PREFERRED]: [{ weight: 1, podAffinityTerm: { topologyKey: 'zone', ...term } }] },
});
const AVOIDED = `affinity/podAntiAffinity/${PREFERRED}/0/podAffinityTerm`;

export const BAD_PLACEMENT: readonly BadManifest[] = [
  unknown(
    at('affinity/nodeAffinity/requiredDuringScheduling'),
    'a misspelt affinity',
    template({ affinity: { nodeAffinity: { requiredDuringScheduling: {} } } }),
  ),

  schema(at('nodeSelector/pool'), 'a label that is none', template({ nodeSelector: { pool: 'a b' } })),
  schema(at('tolerations/0/operator'), 'an operator in lower case', tolerating({ key: 'a', operator: 'exists' })),
  schema(
    at('tolerations/1/effect'),
    'an unknown effect',
    tolerating({ operator: 'Exists' }, { operator: 'Exists', effect: 'NoRun' }),
  ),
  schema(
    at('affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/0/topologyKey'),
    'nearness without a place',
    template({ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{}] } } }),
  ),
  schema(
    at(`affinity/nodeAffinity/${PREFERRED}/0/weight`),
    'a preference that counts nothing',
    template({
      affinity: {
        nodeAffinity: {
          [PREFERRED]: [{ weight: 0, preference: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } }],
        },
      },
    }),
  ),
  schema(
    at(`${AVOIDED}/topologyKey`),
    'a place whose domain has an empty part',
    template({ affinity: avoiding({ topologyKey: 'example..com/rack' }) }),
  ),
  schema(
    at('tolerations/0/key'),
    'the key of a taint with two slashes',
    tolerating({ key: 'a/b/c', operator: 'Exists' }),
  ),

  ...ROLES.flatMap((role) => [
    rule(
      at('tolerations', role),
      `a value that is not compared (${role})`,
      template({ tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] }, role),
    ),
    rule(
      at('tolerations', role),
      `a toleration of nothing (${role})`,
      template({ tolerations: [{ value: 'b' }] }, role),
    ),
    rule(
      at('tolerations', role),
      `seconds of a taint that does not evict (${role})`,
      template({ tolerations: [{ key: 'a', effect: 'NoSchedule', tolerationSeconds: 30 }] }, role),
    ),
    rule(
      at('nodeSelector', role),
      `a label with two slashes (${role})`,
      template({ nodeSelector: { 'a/b/c': 'd' } }, role),
    ),
    rule(
      at('nodeSelector', role),
      `a label whose name is too long (${role})`,
      template({ nodeSelector: { [`example.com/${'n'.repeat(64)}`]: 'd' } }, role),
    ),
    rule(
      at('nodeSelector', role),
      `a label whose domain is too long (${role})`,
      template({ nodeSelector: { [`${'d'.repeat(254)}/n`]: 'd' } }, role),
    ),
    rule(
      at(`${NODES}/0/values`, role),
      `one of no labels (${role})`,
      template({ affinity: requiring({ key: 'pool', operator: 'In' }) }, role),
    ),
    rule(
      at(`${NODES}/1/values`, role),
      `a label of no value that has one (${role})`,
      template(
        {
          affinity: requiring({ key: 'a', operator: 'Exists' }, { key: 'b', operator: 'DoesNotExist', values: ['c'] }),
        },
        role,
      ),
    ),
    ...[['one'], ['1', '2'], ['0.5'], undefined].map((values) =>
      rule(
        at(`${NODES}/0/values`, role),
        `more than ${JSON.stringify(values)} (${role})`,
        template({ affinity: requiring({ key: 'gpus', operator: 'Gt', ...(values && { values }) }) }, role),
      ),
    ),
    rule(
      at(`${AVOIDED}/labelSelector/matchLabels`, role),
      `pods by a label in a domain of capitals (${role})`,
      template({ affinity: avoiding({ labelSelector: { matchLabels: { 'Example.com/app': 'web' } } }) }, role),
    ),
    rule(
      at(`${AVOIDED}/namespaceSelector/matchExpressions/0/values`, role),
      `none of no namespaces (${role})`,
      template(
        { affinity: avoiding({ namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'NotIn' }] } }) },
        role,
      ),
    ),
  ]),
];
