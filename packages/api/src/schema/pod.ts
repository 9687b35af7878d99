import { Type } from '@sinclair/typebox';
import {
  ANNOTATION_VALUE_LENGTH,
  IMAGE_PATTERN,
  LABEL_KEY_LENGTH,
  LABEL_KEY_PATTERN,
  LABEL_VALUE_PATTERN,
  quantity,
  labelMap,
  listMap,
  optionalInteger,
  ruled,
} from './scalars.ts';
import { Affinity } from './affinity.ts';
import { Env, EnvFrom, VolumeMounts, Volumes, objectName } from './pod-sources.ts';

/**
 * What a user may set on the pods: a restricted patch, since the operator sets everything else in the pod spec. Entries of lists
 * have no defaults: tools that compare whole lists (Argo CD) would take what the API server fills in for a change by someone else.
 */

const quantityMap = (description: string) =>
  Type.Record(Type.String(), quantity('Amount, such as 2, "500m" or "16Gi".'), {
    description,
    maxProperties: 32,
    ...ruled('ResourceNames'),
  });

const Toleration = Type.Object(
  {
    key: Type.Optional(
      Type.String({
        description: 'Key of the taint. Absent: every taint, and `operator` must be `Exists`.',
        minLength: 1,
        maxLength: LABEL_KEY_LENGTH,
        pattern: LABEL_KEY_PATTERN,
      }),
    ),
    operator: Type.Optional(
      Type.Unsafe<'Equal' | 'Exists'>({
        type: 'string',
        description: '`Equal` compares `value`, `Exists` takes any value; `Equal` when absent.',
        enum: ['Equal', 'Exists'],
      }),
    ),
    value: Type.Optional(
      Type.String({
        description: 'Value of the taint, with `Equal`; the empty one when absent.',
        maxLength: 63,
        pattern: LABEL_VALUE_PATTERN,
      }),
    ),
    effect: Type.Optional(
      Type.Unsafe<'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'>({
        type: 'string',
        description: 'Effect of the taint; every effect when absent.',
        enum: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
      }),
    ),
    tolerationSeconds: optionalInteger(
      '`NoExecute` only: how long the taint is tolerated; for ever when absent. Work is checkpointed, so a short time costs little.',
      { minimum: 0, maximum: 2147483647 },
    ),
  },
  { additionalProperties: false, description: 'A taint that the pods tolerate.' },
);

const Secret = Type.Object(
  { name: objectName('Name of the secret, in the job’s namespace.') },
  { additionalProperties: false, description: 'A secret to pull images with.' },
);

const annotationMap = (description: string) =>
  Type.Record(
    Type.String(),
    Type.String({ description: 'Value of the annotation, any text.', maxLength: ANNOTATION_VALUE_LENGTH }),
    { description, maxProperties: 32, ...ruled('PodAnnotations') },
  );

/**
 * Requests when the user gives none. Without any request a pod is BestEffort: it is evicted first when its node runs short of
 * memory, and scheduled as if it used nothing. They are small, since a pod that requests more than any node has never starts, and
 * there are no limits, so that it may use what is free.
 */
export const DEFAULT_REQUESTS = { cpu: '500m', memory: '1Gi' } as const;

/** A template of the pods of one role. */
export const podTemplate = (description: string) =>
  Type.Object(
    {
      labels: Type.Optional(
        labelMap(
          'Labels of the pods, beside the operator’s own: whom costs are charged to, what policies and injected sidecars select by.',
          'PodLabels',
        ),
      ),
      annotations: Type.Optional(
        annotationMap(
          'Annotations of the pods, such as `sidecar.istio.io/inject: "false"` or `cluster-autoscaler.kubernetes.io/safe-to-evict: "false"`.',
        ),
      ),
      image: Type.Optional(
        Type.String({
          description: 'Container image; the one of the operator’s configuration when absent.',
          minLength: 1,
          maxLength: 512,
          pattern: IMAGE_PATTERN,
        }),
      ),
      resources: Type.Optional(
        Type.Object(
          {
            requests: Type.Optional(
              quantityMap(
                `What a pod is sure to get, by resource. Where neither request nor limit of it is given: \`cpu\` ${DEFAULT_REQUESTS.cpu}, \`memory\` ${DEFAULT_REQUESTS.memory}. A node must have that free, and a quota leave it; lower them if they keep pods from starting.`,
              ),
            ),
            limits: Type.Optional(
              quantityMap('What a pod may use at most, by resource; what the node has where none is given.'),
            ),
          },
          {
            additionalProperties: false,
            description: 'CPU, memory and the like; GPUs are set by `cluster.gpu`.',
            ...ruled('Resources'),
          },
        ),
      ),
      nodeSelector: Type.Optional(labelMap('Labels that a node must have.')),
      priorityClassName: Type.Optional(objectName('Priority class of the pods.')),
      tolerations: Type.Optional(
        Type.Array(Toleration, {
          description:
            'Taints that the pods tolerate, such as those of GPU nodes, beside those that the operator sets for nodes that do not answer.',
          maxItems: 32,
        }),
      ),
      affinity: Type.Optional(Affinity),
      imagePullSecrets: Type.Optional(
        Type.Array(Secret, { description: 'Secrets to pull the image with.', maxItems: 16, ...listMap('name') }),
      ),
      env: Type.Optional(Env),
      envFrom: Type.Optional(EnvFrom),
      volumes: Type.Optional(Volumes),
      volumeMounts: Type.Optional(VolumeMounts),
      serviceAccountName: Type.Optional(
        objectName('Service account of the pods, in the job’s namespace; `default` when absent.'),
      ),
      automountServiceAccountToken: Type.Optional(
        Type.Boolean({
          description:
            'True: the pods get a token of their service account, with which they may do what it may. Nothing of ours needs one.',
        }),
      ),
      schedulerName: Type.Optional(objectName('Scheduler of the pods; the cluster’s own when absent.')),
      runtimeClassName: Type.Optional(objectName('Runtime class of the pods, such as `nvidia`.')),
    },
    { additionalProperties: false, description },
  );
