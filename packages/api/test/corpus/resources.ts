import { type BadManifest, type Changes, type GoodManifest, bad } from './corpus.ts';

/** Cases of requests and limits, in the template of each role. */

const resources = (change: object, role = 'workerTemplate'): Changes => ({
  [`spec.cluster.${role}.resources`]: change,
});
const at = (field: string, role = 'workerTemplate'): string => `/spec/cluster/${role}/resources/${field}`;

export const GOOD_RESOURCES: readonly GoodManifest[] = [
  {
    title: 'requests up to the limits, however they are written',
    set: resources({
      requests: { cpu: '1500m', memory: '1Gi', 'ephemeral-storage': '0.5G' },
      limits: { cpu: '1.5', memory: 1_073_741_824, 'ephemeral-storage': '500M' },
    }),
  },
  {
    title: 'no processor at all, and requests of what has no limit',
    set: resources({ requests: { cpu: 0, memory: '2Gi' }, limits: { 'ephemeral-storage': '1Gi' } }),
  },
  {
    title: 'extended resources by their limits, or by both alike',
    set: resources({
      requests: { 'example.com/nic': 2, 'vendor/memory': '8Gi' },
      limits: { 'example.com/nic': 2, 'vendor/memory': '8Gi', 'rdma/hca_shared': '1k' },
    }),
  },
  {
    title: 'huge pages of two sizes',
    set: resources({ requests: { cpu: 1 }, limits: { 'hugepages-2Mi': '64Mi', 'hugepages-1Gi': 2_147_483_648 } }),
  },
  {
    title: 'less of a resource that Kubernetes lends than may be used',
    set: resources({ requests: { 'kubernetes.io/batch-cpu': '500' }, limits: { 'kubernetes.io/batch-cpu': 1000 } }),
  },
];

const schema = bad('Schema');
const rule = bad('Rule');

export const BAD_RESOURCES: readonly BadManifest[] = [
  schema(at('limits/memory'), 'a quantity of unknown unit', resources({ limits: { memory: '8GB' } })),
  schema(
    at('requests/memory'),
    'a request of unknown unit, beside a limit',
    resources({ requests: { memory: '8GB' }, limits: { memory: '8Gi' } }),
  ),
  schema(at('requests/cpu'), 'less than no processor', resources({ requests: { cpu: -1 } })),
  rule(at('requests'), 'a profile of GPUs in two places', {
    'spec.cluster.gpu.resourceName': 'nvidia.com/mig-1g.5gb',
    ...resources({ requests: { 'nvidia.com/mig-1g.5gb': 1 } }),
  }),
  ...(
    [
      ['limits', 'GPUs in two places', { limits: { 'nvidia.com/gpu': 2 } }],
      ['requests', 'more processors than allowed', { requests: { cpu: 2 }, limits: { cpu: '1500m' } }],
      ['requests', 'more memory than allowed', { requests: { memory: '1Gi' }, limits: { memory: '1G' } }],
      ['requests', 'an extended resource without a limit', { requests: { 'example.com/nic': 1 } }],
      ['requests', 'huge pages without a limit', { requests: { 'hugepages-2Mi': '2Mi' }, limits: { memory: '1Gi' } }],
      [
        'requests',
        'less of an extended resource than allowed',
        { requests: { 'example.com/nic': 1 }, limits: { 'example.com/nic': 2 } },
      ],
      ['limits', 'half a device', { limits: { 'example.com/nic': '500m' } }],
      ['limits', 'a device and a half', { limits: { 'example.com/nic': '1.5' } }],
      ['limits', 'half a huge page', { limits: { 'hugepages-1Gi': '512Mi' } }],
      ['limits', 'a resource without a domain', { limits: { gpu: 1 } }],
      ['limits', 'a resource in capitals', { limits: { Memory: '1Gi' } }],
      ['limits', 'huge pages without a size', { limits: { 'hugepages-': '1Gi' } }],
      ['limits', 'the name of a quota', { limits: { 'requests.example.com/nic': 1 } }],
      ['limits', 'a domain too long for a quota', { limits: { [`${'d'.repeat(241)}.com/nic`]: 1 } }],
      ['requests', 'what only a claim asks for', { requests: { storage: '1Gi' } }],
    ] as const
  ).flatMap(([field, title, change]) =>
    ['workerTemplate', 'finalizerTemplate'].map((role) =>
      rule(at(field, role), `${title} (${role})`, resources(change, role)),
    ),
  ),
];
