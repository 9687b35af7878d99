import { type BadManifest, type Changes, type GoodManifest, bad } from './corpus.ts';
import { BAD_PLACEMENT, GOOD_PLACEMENT } from './placement.ts';
import { BAD_POD_METADATA, GOOD_POD_METADATA } from './pod-metadata.ts';
import { BAD_POD_SOURCES, GOOD_POD_SOURCES } from './pod-sources.ts';
import { BAD_RESOURCES, GOOD_RESOURCES } from './resources.ts';

/** Cases of `spec.cluster`. */

const template = (change: Changes): Changes => ({ 'spec.cluster.workerTemplate': change });

export const GOOD_CLUSTER: readonly GoodManifest[] = [
  { title: 'no cluster, on one machine', set: { 'spec.cluster': undefined }, place: 'Local' },
  {
    title: 'the fields of a cluster',
    set: {
      'spec.cluster': {
        volume: { claimName: 'shared' },
        gpu: { resourceName: 'nvidia.com/mig-1g.5gb', count: 1 },
        workerTemplate: { resources: { requests: { cpu: 2, memory: '8Gi' } }, nodeSelector: { pool: 'gpu' } },
        className: 'a100',
        suspend: true,
        activeDeadlineSeconds: 86400,
        pendingDeadlineSeconds: 600,
        inputsDeadlineSeconds: 3600,
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
  { title: 'inputs that are not waited for', set: { 'spec.cluster.inputsDeadlineSeconds': 0 } },
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
  ...GOOD_POD_METADATA,
  ...GOOD_POD_SOURCES,
  ...GOOD_RESOURCES,
  ...GOOD_PLACEMENT,
];

const schema = bad('Schema');
const rule = bad('Rule');
const clusterRule = bad('Rule', 'Cluster');
const unknown = bad('UnknownField');
const at = (field: string): string => `/spec/cluster/${field}`;

export const BAD_CLUSTER: readonly BadManifest[] = [
  unknown(at('workerTemplate/hostNetwork'), 'a pod field that is not passed on', template({ hostNetwork: true })),
  unknown(at('managedBy'), 'a field of other kinds', { 'spec.cluster.managedBy': 'kueue.x-k8s.io/multikueue' }),

  schema(at('volume/claimName'), 'a volume without a claim', { 'spec.cluster.volume': {} }),
  schema(at('volume/claimName'), 'a claim in capitals', { 'spec.cluster.volume.claimName': 'Shared' }),
  schema(at('datasetVolume/subPath'), 'a root out of the claim', {
    'spec.cluster.datasetVolume': { claimName: 'data', subPath: '../etc' },
  }),
  schema(at('gpu/resourceName'), 'a GPU without a domain', { 'spec.cluster.gpu.resourceName': 'gpu' }),
  schema(at('gpu/resourceName'), 'a GPU of a domain too long for a quota', {
    'spec.cluster.gpu.resourceName': `${'d'.repeat(241)}.com/gpu`,
  }),
  schema(at('gpu/count'), 'a share of a GPU', { 'spec.cluster.gpu.count': 0.5 }),
  schema(at('gpu/count'), 'too many GPUs a pod', { 'spec.cluster.gpu.count': 17 }),
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
  schema(at('suspend'), 'a word for a truth', { 'spec.cluster.suspend': 'true' }),
  schema(at('activeDeadlineSeconds'), 'a deadline of nothing', { 'spec.cluster.activeDeadlineSeconds': 0 }),
  schema(at('pendingDeadlineSeconds'), 'a duration in words', { 'spec.cluster.pendingDeadlineSeconds': '5m' }),
  schema(at('inputsDeadlineSeconds'), 'a time below zero', { 'spec.cluster.inputsDeadlineSeconds': -1 }),
  schema(at('backoffLimit'), 'fewer than no retries', { 'spec.cluster.backoffLimit': -1 }),
  schema(at('ttlSecondsAfterFinished'), 'a time to live below zero', { 'spec.cluster.ttlSecondsAfterFinished': -1 }),
  schema(at('className'), 'a class in capitals', { 'spec.cluster.className': 'A100' }),
  schema(at('queueName'), 'a queue name too long for a label', { 'spec.cluster.queueName': 'q'.repeat(64) }),

  rule(at('inputsDeadlineSeconds'), 'a wait as long as the job may take', {
    'spec.cluster.inputsDeadlineSeconds': 600,
    'spec.cluster.activeDeadlineSeconds': 600,
  }),
  clusterRule(at('volume'), 'no volume', { 'spec.cluster.volume': undefined }),
  clusterRule('/spec/outputs/path', 'outputs in the teacher’s folder of the same claim', {
    'spec.outputs.path': 'models/teacher/out',
    'spec.cluster.teacherVolume': { claimName: 'shared', subPath: 'models' },
    'spec.teacher.path': 'teacher',
  }),
  rule(at('gpu/resourceName'), 'a GPU of Kubernetes itself', {
    'spec.cluster.gpu.resourceName': 'gpu.kubernetes.io/gpu',
  }),
  rule(at('gpu/resourceName'), 'the name of a GPU quota', {
    'spec.cluster.gpu.resourceName': 'requests.nvidia.com/gpu',
  }),
  ...(['workerTemplate', 'finalizerTemplate'] as const).flatMap((role) => {
    const set = (change: object): Changes => ({ [`spec.cluster.${role}`]: change });
    return [
      rule(at(`${role}/env`), `a variable of the operator (${role})`, set({ env: [{ name: 'DISTILL_BINS' }] })),
      rule(at(`${role}/env`), `the index of a Job (${role})`, set({ env: [{ name: 'JOB_COMPLETION_INDEX' }] })),
    ];
  }),
  ...BAD_POD_METADATA,
  ...BAD_POD_SOURCES,
  ...BAD_RESOURCES,
  ...BAD_PLACEMENT,
];
