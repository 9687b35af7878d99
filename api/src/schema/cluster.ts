import { Type } from '@sinclair/typebox';
import { QUANTITY_PATTERN, integer, optionalInteger } from './scalars.ts';

/** Fields that only a cluster uses; local mode accepts and ignores them, and says so. */

const quantityMap = (description: string) =>
  Type.Record(
    Type.String(),
    // One schema with two types rather than a union: an error then names the value, not two failed branches.
    Type.Unsafe<string | number>({ type: ['string', 'integer'], minimum: 0, maxLength: 32, pattern: QUANTITY_PATTERN }),
    { description, maxProperties: 32 },
  );

const PodTemplate = Type.Object(
  {
    image: Type.Optional(
      Type.String({
        description: 'Container image; the operator’s default when absent.',
        minLength: 1,
        maxLength: 512,
      }),
    ),
    resources: Type.Optional(
      Type.Object(
        {
          requests: Type.Optional(quantityMap('Minimum resources.')),
          limits: Type.Optional(quantityMap('Maximum resources.')),
        },
        { additionalProperties: false, description: 'CPU and memory; GPUs are set by `gpu`.' },
      ),
    ),
    nodeSelector: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: 'Node labels a pod must find.' }),
    ),
    priorityClassName: Type.Optional(Type.String({ description: 'Priority class of the pods.', maxLength: 253 })),
    schedulerName: Type.Optional(Type.String({ description: 'Scheduler of the pods.', maxLength: 253 })),
    runtimeClassName: Type.Optional(Type.String({ description: 'Runtime class of the pods.', maxLength: 253 })),
  },
  { additionalProperties: false, description: 'What may be set of the pods; everything else is the operator’s.' },
);

export const Cluster = Type.Object(
  {
    volume: Type.Optional(
      Type.Object(
        {
          claimName: Type.String({
            description: 'Persistent volume claim that holds teacher, data and outputs.',
            minLength: 1,
            maxLength: 253,
          }),
        },
        { additionalProperties: false, description: 'The shared volume. Required on a cluster.' },
      ),
    ),
    gpu: Type.Object(
      {
        resourceName: Type.String({
          description: 'Extended resource of one GPU, such as a MIG profile.',
          maxLength: 253,
          default: 'nvidia.com/gpu',
        }),
        count: integer('GPUs a worker pod. 0 trains on CPUs.', { minimum: 0, maximum: 16, default: 1 }),
      },
      { additionalProperties: false, default: {}, description: 'GPUs of each worker pod.' },
    ),
    workerTemplate: Type.Optional(PodTemplate),
    finalizerTemplate: Type.Optional(PodTemplate),
    suspend: Type.Boolean({ description: 'True: no pod runs; the work done is kept.', default: false }),
    activeDeadlineSeconds: optionalInteger(
      'Fail the job when it has run this long since it started or was last resumed.',
      { minimum: 1, maximum: 2147483647 },
    ),
    pendingDeadlineSeconds: optionalInteger('Fail the job when a pod has waited this long to start.', {
      minimum: 1,
      maximum: 2147483647,
    }),
    backoffLimit: integer('Retries of a bin before it is given up.', { minimum: 0, maximum: 100, default: 3 }),
    ttlSecondsAfterFinished: optionalInteger('Delete the job this long after it finished.', {
      minimum: 0,
      maximum: 2147483647,
    }),
    queueName: Type.Optional(Type.String({ description: 'Kueue LocalQueue the pods are admitted by.', maxLength: 63 })),
  },
  {
    additionalProperties: false,
    default: {},
    description: 'What only a cluster uses: volume claim, GPUs, pods, deadlines. Ignored by local mode.',
  },
);
