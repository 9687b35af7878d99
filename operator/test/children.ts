import { type Changes, manifestWith } from '../../packages/api/test/corpus/corpus.ts';
import type { BinSchedule } from '@distillation/api/plan';
import type { PlanSummary } from '@distillation/api/termination';
import { validateJob } from '@distillation/api/validate';
import type { DistillationJobObject } from '../src/objects/snapshot.ts';
import type { ChildConfig } from '../src/objects/config.ts';

/** Shared by the tests of the children. */

export const CONFIG: ChildConfig = {
  workerImage: 'registry.example/distillation-worker:1.2.3',
  requireGpu: true,
  runAsUser: 65532,
  fsGroup: 65532,
  operatorVersion: '1.2.3',
};

/** A job as the API server returns it, with defaults: the corpus' minimal job on the claim `shared`, with changes by dotted path. */
export function jobObject(changes: Changes = {}): DistillationJobObject {
  const checked = validateJob(manifestWith({ 'spec.cluster.volume': { claimName: 'shared' }, ...changes }));
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  const { apiVersion, kind, metadata, spec } = checked.job;
  return {
    apiVersion,
    kind,
    metadata: {
      namespace: 'ml',
      uid: '6f1c2c1e-6a2b-4a53-9f4f-0f8f3c1d2e4b',
      generation: 1,
      resourceVersion: '1000',
      creationTimestamp: '2026-11-22T20:00:00Z',
      ...metadata,
    },
    spec,
  };
}

/** A template with every field set. */
export const FULL_TEMPLATE = {
  labels: { team: 'vision', 'example.com/cost-centre': 'c-17' },
  annotations: { 'sidecar.istio.io/inject': 'false', note: 'Anything, ever so long: {"a": 1}' },
  image: 'registry.example/own-worker:9',
  resources: { requests: { cpu: 2, memory: '8Gi' }, limits: { memory: '16Gi', 'ephemeral-storage': '4Gi' } },
  nodeSelector: { pool: 'gpu' },
  priorityClassName: 'system-cluster-critical',
  tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a', 'b'] }] }],
      },
    },
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 10,
          podAffinityTerm: {
            topologyKey: 'kubernetes.io/hostname',
            labelSelector: { matchLabels: { 'app.kubernetes.io/name': 'distillation' } },
          },
        },
      ],
    },
  },
  imagePullSecrets: [{ name: 'registry' }],
  env: [
    { name: 'TF_CPP_MIN_LOG_LEVEL', value: '0' },
    { name: 'HTTPS_PROXY', value: '' },
    { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'hub', key: '.token', optional: true } } },
    { name: 'REGION', valueFrom: { configMapKeyRef: { name: 'site', key: 'region' } } },
  ],
  envFrom: [{ prefix: 'SITE_', configMapRef: { name: 'site', optional: true } }, { secretRef: { name: 'hub' } }],
  volumes: [
    { name: 'certificates', configMap: { name: 'certificates', optional: true } },
    { name: 'keys', secret: { secretName: 'keys' } },
    { name: 'cache', emptyDir: { medium: 'Memory', sizeLimit: '2Gi' } },
    { name: 'archive', persistentVolumeClaim: { claimName: 'archive', readOnly: true } },
    { name: 'both', projected: { sources: [{ secret: { name: 'keys' } }, { configMap: { name: 'site' } }] } },
  ],
  volumeMounts: [
    { name: 'certificates', mountPath: '/etc/ssl/certs/site.crt', subPath: 'site.crt', readOnly: true },
    { name: 'keys', mountPath: '/tmp/.keys' },
    { name: 'cache', mountPath: '/mnt/cache' },
    { name: 'archive', mountPath: '/mnt/archive' },
    { name: 'both', mountPath: '/var/run/secrets/site' },
  ],
  // Every namespace has it: without its account no pod can be made.
  serviceAccountName: 'default',
  automountServiceAccountToken: true,
  schedulerName: 'bin-packing-scheduler',
  runtimeClassName: 'nvidia',
} as const;

export const PLAN: PlanSummary = {
  version: 1,
  key: 'plan-key',
  recipe: 'recipe',
  epochs: 4,
  stepsPerEpoch: 100,
  costUnit: 'MAC',
  costSource: 'Estimated',
  samples: { train: 45000, validation: 5000, test: 10000 },
  teacher: { sha256: 'teacher-hash', params: 1000000, macs: 20000000, validationAccuracy: 0.78 },
  datasetSha256: 'dataset-hash',
  kept: 1,
  blocks: [
    { name: 'conv_1', cost: { prefix: 10, own: 10 } },
    { name: 'conv_2', cost: { prefix: 20, own: 10 } },
  ],
};

export const SCHEDULE: BinSchedule = {
  version: 1,
  policy: 'WorkStealing',
  passes: 'Fused',
  bins: [
    { index: 0, blocks: ['conv_1'], cost: 80 },
    { index: 1, blocks: ['conv_2'], cost: 120 },
  ],
  makespan: 120,
  lowerBound: 110,
};
