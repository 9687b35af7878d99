import { type BadManifest, type Changes, type GoodManifest, bad } from '../corpus.ts';

/** Cases of `spec.cluster`. */

const template = (change: Changes): Changes => ({ 'spec.cluster.workerTemplate': change });
const tolerating = (...tolerations: object[]): Changes => template({ tolerations });

export const GOOD_CLUSTER: readonly GoodManifest[] = [
  { title: 'no cluster, on one machine', set: { 'spec.cluster': undefined }, place: 'Local' },
  {
    title: 'the fields of a cluster',
    set: {
      'spec.cluster': {
        volume: { claimName: 'shared' },
        gpu: { resourceName: 'nvidia.com/mig-1g.5gb', count: 1 },
        workerTemplate: { resources: { requests: { cpu: 2, memory: '8Gi' } }, nodeSelector: { pool: 'gpu' } },
        suspend: true,
        activeDeadlineSeconds: 86400,
        pendingDeadlineSeconds: 600,
        backoffLimit: 0,
        ttlSecondsAfterFinished: 0,
        queueName: 'team-a',
      },
    },
  },
  {
    title: 'three claims, two of them with a folder as root',
    set: {
      'spec.cluster.volume': { claimName: 'work', subPath: 'ml/jobs' },
      'spec.cluster.teacherVolume': { claimName: 'models' },
      'spec.cluster.datasetVolume': { claimName: 'data.team-a', subPath: 'images' },
    },
  },
  {
    title: 'outputs beside the teacher of the same path on another claim',
    set: { 'spec.outputs.path': 'teacher', 'spec.cluster.teacherVolume': { claimName: 'models' } },
    place: 'Cluster',
  },
  {
    title: 'outputs and teacher of the same path in two folders of a claim',
    set: {
      'spec.outputs.path': 'teacher',
      'spec.cluster.volume': { claimName: 'shared', subPath: 'jobs' },
      'spec.cluster.teacherVolume': { claimName: 'shared', subPath: 'models' },
    },
    place: 'Cluster',
  },
  { title: 'training on CPUs', set: { 'spec.cluster.gpu.count': 0 } },
  { title: 'a GPU of another maker', set: { 'spec.cluster.gpu.resourceName': 'amd.com/gpu' } },
  {
    title: 'every field of a pod template',
    set: template({
      image: 'registry.example.com:5000/team/worker@sha256:' + '0'.repeat(64),
      resources: { requests: { cpu: '500m', 'ephemeral-storage': '1Gi' }, limits: { memory: '16Gi', 'rdma/hca': 1 } },
      nodeSelector: { 'nvidia.com/gpu.product': 'NVIDIA-H200', empty: '' },
      priorityClassName: 'batch-low',
      imagePullSecrets: [{ name: 'registry' }, { name: 'mirror' }],
      env: [{ name: 'TF_CPP_MIN_LOG_LEVEL', value: '1' }, { name: 'HTTPS_PROXY' }],
      schedulerName: 'bin-packing',
      runtimeClassName: 'nvidia',
    }),
  },
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
];

const schema = bad('Schema');
const rule = bad('Rule');
const clusterRule = bad('Rule', 'Cluster');
const unknown = bad('UnknownField');
const at = (field: string): string => `/spec/cluster/${field}`;

export const BAD_CLUSTER: readonly BadManifest[] = [
  unknown(at('workerTemplate/hostNetwork'), 'a pod field that is not passed on', template({ hostNetwork: true })),
  unknown(at('managedBy'), 'a field of other kinds', { 'spec.cluster.managedBy': 'kueue.x-k8s.io/multikueue' }),
  unknown(
    at('workerTemplate/affinity/nodeAffinity/requiredDuringScheduling'),
    'a misspelt affinity',
    template({ affinity: { nodeAffinity: { requiredDuringScheduling: {} } } }),
  ),

  schema(at('volume/claimName'), 'a volume without a claim', { 'spec.cluster.volume': {} }),
  schema(at('volume/claimName'), 'a claim in capitals', { 'spec.cluster.volume.claimName': 'Shared' }),
  schema(at('datasetVolume/subPath'), 'a root out of the claim', {
    'spec.cluster.datasetVolume': { claimName: 'data', subPath: '../etc' },
  }),
  schema(at('gpu/resourceName'), 'a GPU without a domain', { 'spec.cluster.gpu.resourceName': 'gpu' }),
  schema(at('gpu/count'), 'a share of a GPU', { 'spec.cluster.gpu.count': 0.5 }),
  schema(at('gpu/count'), 'too many GPUs a pod', { 'spec.cluster.gpu.count': 17 }),
  schema(
    at('workerTemplate/resources/limits/memory'),
    'a quantity of unknown unit',
    template({ resources: { limits: { memory: '8GB' } } }),
  ),
  schema(
    at('workerTemplate/resources/requests/cpu'),
    'less than no processor',
    template({ resources: { requests: { cpu: -1 } } }),
  ),
  schema(at('workerTemplate/nodeSelector/pool'), 'a label that is none', template({ nodeSelector: { pool: 'a b' } })),
  schema(at('workerTemplate/image'), 'an image with a space', template({ image: 'worker latest' })),
  schema(at('workerTemplate/priorityClassName'), 'an empty priority class', template({ priorityClassName: '' })),
  schema(
    at('workerTemplate/runtimeClassName'),
    'a runtime class in capitals',
    template({ runtimeClassName: 'NVIDIA' }),
  ),
  schema(at('workerTemplate/env/0/name'), 'a variable with a dash', template({ env: [{ name: 'A-B', value: '1' }] })),
  bad('Key')(at('workerTemplate/env/1'), 'a variable given twice', template({ env: [{ name: 'A' }, { name: 'A' }] })),
  schema(at('workerTemplate/imagePullSecrets/0/name'), 'a secret without a name', template({ imagePullSecrets: [{}] })),
  schema(
    at('workerTemplate/tolerations/0/operator'),
    'an operator in lower case',
    tolerating({ key: 'a', operator: 'exists' }),
  ),
  schema(
    at('workerTemplate/tolerations/1/effect'),
    'an unknown effect',
    tolerating({ operator: 'Exists' }, { operator: 'Exists', effect: 'NoRun' }),
  ),
  schema(
    at('workerTemplate/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/0/topologyKey'),
    'nearness without a place',
    template({ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{}] } } }),
  ),
  schema(at('suspend'), 'a word for a truth', { 'spec.cluster.suspend': 'true' }),
  schema(at('activeDeadlineSeconds'), 'a deadline of nothing', { 'spec.cluster.activeDeadlineSeconds': 0 }),
  schema(at('pendingDeadlineSeconds'), 'a duration in words', { 'spec.cluster.pendingDeadlineSeconds': '5m' }),
  schema(at('backoffLimit'), 'fewer than no retries', { 'spec.cluster.backoffLimit': -1 }),
  schema(at('ttlSecondsAfterFinished'), 'a time to live below zero', { 'spec.cluster.ttlSecondsAfterFinished': -1 }),
  schema(at('queueName'), 'a queue name too long for a label', { 'spec.cluster.queueName': 'q'.repeat(64) }),

  clusterRule(at('volume'), 'no volume', { 'spec.cluster.volume': undefined }),
  clusterRule('/spec/outputs/path', 'outputs in the teacher’s folder of the same claim', {
    'spec.outputs.path': 'models/teacher/out',
    'spec.cluster.teacherVolume': { claimName: 'shared', subPath: 'models' },
    'spec.teacher.path': 'teacher',
  }),
  rule(at('gpu/resourceName'), 'a GPU of Kubernetes itself', {
    'spec.cluster.gpu.resourceName': 'gpu.kubernetes.io/gpu',
  }),
  ...(['workerTemplate', 'finalizerTemplate'] as const).flatMap((role) => {
    const set = (change: object): Changes => ({ [`spec.cluster.${role}`]: change });
    return [
      rule(
        at(`${role}/resources/limits`),
        `GPUs in two places (${role})`,
        set({ resources: { limits: { 'nvidia.com/gpu': 2 } } }),
      ),
      rule(at(`${role}/resources/requests`), `GPUs of a profile in two places (${role})`, {
        'spec.cluster.gpu.resourceName': 'nvidia.com/mig-1g.5gb',
        ...set({ resources: { requests: { 'nvidia.com/mig-1g.5gb': 1 } } }),
      }),
      rule(at(`${role}/env`), `a variable of the operator (${role})`, set({ env: [{ name: 'DISTILL_BINS' }] })),
      rule(at(`${role}/env`), `the index of a Job (${role})`, set({ env: [{ name: 'JOB_COMPLETION_INDEX' }] })),
      rule(
        at(`${role}/tolerations`),
        `a value that is not compared (${role})`,
        set({ tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] }),
      ),
      rule(at(`${role}/tolerations`), `a toleration of nothing (${role})`, set({ tolerations: [{ value: 'b' }] })),
      rule(
        at(`${role}/tolerations`),
        `seconds of a taint that does not evict (${role})`,
        set({ tolerations: [{ key: 'a', effect: 'NoSchedule', tolerationSeconds: 30 }] }),
      ),
    ];
  }),
];
