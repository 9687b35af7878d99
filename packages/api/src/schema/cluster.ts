import { Type } from '@sinclair/typebox';
import { podTemplate } from './pod.ts';
import {
  DNS_SUBDOMAIN_PATTERN,
  EXTENDED_RESOURCE_PATTERN,
  NAME_PATTERN,
  RESOURCE_NAME_LENGTH,
  integer,
  optionalInteger,
  relativePath,
} from './scalars.ts';

/** Fields that only a cluster uses; local mode accepts and ignores them, and says so. */

const claim = (what: string) =>
  Type.Object(
    {
      claimName: Type.String({
        description: 'Persistent volume claim, in the job’s namespace.',
        minLength: 1,
        maxLength: 253,
        pattern: DNS_SUBDOMAIN_PATTERN,
      }),
      subPath: Type.Optional(
        relativePath('Folder of the claim that counts as the root of the volume; the claim’s own root when absent.'),
      ),
    },
    { additionalProperties: false, description: what },
  );

export const Cluster = Type.Object(
  {
    volume: Type.Optional(
      claim(
        'Volume of working files, student and report, and of teacher and data where they have none of their own. Needed on a cluster; several nodes need an access mode for several (ReadWriteMany).',
      ),
    ),
    teacherVolume: Type.Optional(
      claim('Volume of the teacher, mounted read-only; `teacher.path` is then relative to its root.'),
    ),
    datasetVolume: Type.Optional(
      claim('Volume of the data set, mounted read-only; `dataset.path` is then relative to its root.'),
    ),
    gpu: Type.Object(
      {
        resourceName: Type.String({
          description: 'Extended resource of one GPU: a whole one, or a MIG profile such as `nvidia.com/mig-1g.10gb`.',
          maxLength: RESOURCE_NAME_LENGTH,
          pattern: EXTENDED_RESOURCE_PATTERN,
          default: 'nvidia.com/gpu',
        }),
        count: integer('GPUs of each pod that computes. 0 trains on CPUs.', { minimum: 0, maximum: 16, default: 1 }),
      },
      {
        additionalProperties: false,
        default: {},
        description: 'GPUs of the workers, of the finalizer, and of a planner that measures costs.',
      },
    ),
    workerTemplate: Type.Optional(podTemplate('What to set of the pods of planner and workers.')),
    finalizerTemplate: Type.Optional(
      podTemplate(
        'What to set of the finalizer’s pod. A field that it leaves out is taken from `workerTemplate`; a list or map that it gives replaces that one’s.',
      ),
    ),
    className: Type.Optional(
      Type.String({
        description:
          'Class of defaults for the pods, of those that whoever runs the cluster has given a name (`jobs.classes` of the operator’s chart): its fields stand where the templates say nothing. Without that class no pod is made.',
        minLength: 1,
        maxLength: 63,
        pattern: NAME_PATTERN,
      }),
    ),
    suspend: Type.Boolean({ description: 'True: no pod runs; the work done is kept.', default: false }),
    activeDeadlineSeconds: optionalInteger(
      'Fail the job when it has run this long since it started or was last resumed.',
      { minimum: 1, maximum: 2147483647 },
    ),
    pendingDeadlineSeconds: optionalInteger('Fail the job when a pod has waited this long to start.', {
      minimum: 1,
      maximum: 2147483647,
    }),
    inputsDeadlineSeconds: optionalInteger(
      'How long a planner waits for a teacher or data that are not on the volume yet, or of which a copy is under way; each planner pod counts from its start. 0, or absent: the job fails at once.',
      { minimum: 0, maximum: 2147483647 },
    ),
    backoffLimit: integer('Retries of a bin, of the planner and of the finalizer before it is given up.', {
      minimum: 0,
      maximum: 100,
      default: 3,
    }),
    ttlSecondsAfterFinished: optionalInteger(
      'Delete the job this long after it finished; what is on the volume stays.',
      {
        minimum: 0,
        maximum: 2147483647,
      },
    ),
    queueName: Type.Optional(
      Type.String({
        description: 'Kueue LocalQueue that admits the pods.',
        minLength: 1,
        maxLength: 63,
        pattern: NAME_PATTERN,
      }),
    ),
  },
  {
    additionalProperties: false,
    default: {},
    description: 'What only a cluster uses: volume claims, GPUs, pods, deadlines. Ignored by local mode.',
  },
);
