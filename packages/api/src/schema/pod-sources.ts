import { Type } from '@sinclair/typebox';
import {
  ABSOLUTE_PATH_PATTERN,
  DNS_SUBDOMAIN_PATTERN,
  ENV_NAME_PATTERN,
  FILE_KEY_PATTERN,
  NAME_PATTERN,
  quantity,
  listMap,
  relativePath,
  ruled,
} from './scalars.ts';

/**
 * What pods take from other objects of the job's namespace: environment variables and volumes, in the shapes of a pod spec. Only kinds
 * of volumes that Pod Security level `restricted` allows, and none that holds a token of the API server.
 */

const closed = { additionalProperties: false } as const;

export const objectName = (description: string) =>
  Type.String({ description, minLength: 1, maxLength: 253, pattern: DNS_SUBDOMAIN_PATTERN });

const optional = Type.Optional(
  Type.Boolean({ description: 'True: pods start also without it. When absent they wait for it.' }),
);

const keyOf = (what: string) =>
  Type.Object(
    {
      name: objectName(`Name of the ${what}, in the job’s namespace.`),
      key: Type.String({ description: 'The key in it.', minLength: 1, maxLength: 253, pattern: FILE_KEY_PATTERN }),
      optional,
    },
    { ...closed, description: `A key of a ${what}.` },
  );

const wholeOf = (what: string) =>
  Type.Object(
    { name: objectName(`Name of the ${what}, in the job’s namespace.`), optional },
    { ...closed, description: `A ${what}.` },
  );

const EnvVar = Type.Object(
  {
    name: Type.String({
      description: 'Name of the variable.',
      minLength: 1,
      maxLength: 128,
      pattern: ENV_NAME_PATTERN,
    }),
    value: Type.Optional(Type.String({ description: 'Its value; empty when absent.', maxLength: 4096 })),
    valueFrom: Type.Optional(
      Type.Object(
        { secretKeyRef: Type.Optional(keyOf('Secret')), configMapKeyRef: Type.Optional(keyOf('ConfigMap')) },
        { ...closed, ...ruled('EnvVarSource'), description: 'Where its value is instead: one of the two.' },
      ),
    ),
  },
  { ...closed, ...ruled('EnvVar'), description: 'An environment variable.' },
);

export const Env = Type.Array(EnvVar, {
  description: 'Environment variables of the container. Names that begin with `DISTILL_` are the operator’s.',
  maxItems: 64,
  ...listMap('name'),
});

export const EnvFrom = Type.Array(
  Type.Object(
    {
      prefix: Type.Optional(
        Type.String({
          description: 'What each name begins with before its key; nothing when absent.',
          minLength: 1,
          maxLength: 64,
          pattern: ENV_NAME_PATTERN,
        }),
      ),
      secretRef: Type.Optional(wholeOf('Secret')),
      configMapRef: Type.Optional(wholeOf('ConfigMap')),
    },
    { ...closed, ...ruled('EnvFromSource'), description: 'A Secret or a ConfigMap: one of the two.' },
  ),
  {
    description:
      'Secrets and ConfigMaps whose keys all become environment variables. `env` and what the operator sets win over them.',
    maxItems: 16,
  },
);

const Projected = Type.Object(
  {
    sources: Type.Array(
      Type.Object(
        { secret: Type.Optional(wholeOf('Secret')), configMap: Type.Optional(wholeOf('ConfigMap')) },
        { ...closed, ...ruled('ProjectedSource'), description: 'A Secret or a ConfigMap: one of the two.' },
      ),
      { description: 'Whose keys are the files.', minItems: 1, maxItems: 16 },
    ),
  },
  { ...closed, description: 'Several Secrets and ConfigMaps in one folder, read-only.' },
);

const Volume = Type.Object(
  {
    name: Type.String({
      description: 'Name by which `volumeMounts` refer to it. `config`, `scratch` and `claim-...` are the operator’s.',
      minLength: 1,
      maxLength: 63,
      pattern: NAME_PATTERN,
    }),
    configMap: Type.Optional(wholeOf('ConfigMap')),
    secret: Type.Optional(
      Type.Object(
        { secretName: objectName('Name of the Secret, in the job’s namespace.'), optional },
        { ...closed, description: 'A Secret.' },
      ),
    ),
    emptyDir: Type.Optional(
      Type.Object(
        {
          medium: Type.Optional(
            Type.Unsafe<'Memory'>({
              type: 'string',
              description: '`Memory` counts against the memory of the container; the node’s disk when absent.',
              enum: ['Memory'],
            }),
          ),
          sizeLimit: Type.Optional(quantity('Size at which a pod is evicted, such as "20Gi"; none when absent.')),
        },
        { ...closed, description: 'An empty folder that lasts as long as the pod.' },
      ),
    ),
    persistentVolumeClaim: Type.Optional(
      Type.Object(
        {
          claimName: objectName('Name of the claim, in the job’s namespace; none of those of `spec.cluster`.'),
          readOnly: Type.Optional(Type.Boolean({ description: 'True: attached read-only.' })),
        },
        { ...closed, description: 'A claim. Several pods on several nodes need one of access mode ReadWriteMany.' },
      ),
    ),
    projected: Type.Optional(Projected),
  },
  { ...closed, ...ruled('Volume'), description: 'A volume: a name and one source.' },
);

export const Volumes = Type.Array(Volume, {
  description: 'Further volumes of the pods, beside those of `spec.cluster`.',
  maxItems: 16,
  ...listMap('name'),
  ...ruled('Volumes'),
});

export const VolumeMounts = Type.Array(
  Type.Object(
    {
      name: Type.String({ description: 'Name of the volume.', minLength: 1, maxLength: 63, pattern: NAME_PATTERN }),
      mountPath: Type.String({
        description: 'Where it is in the container. The folders of the operator and of the image are refused.',
        minLength: 1,
        maxLength: 512,
        pattern: ABSOLUTE_PATH_PATTERN,
      }),
      subPath: Type.Optional(relativePath('Folder or file of the volume that is mounted; all of it when absent.')),
      readOnly: Type.Optional(Type.Boolean({ description: 'True: the container cannot write there.' })),
    },
    { ...closed, ...ruled('VolumeMount'), description: 'Where a volume is mounted.' },
  ),
  { description: 'Where the container has the further volumes.', maxItems: 32, ...listMap('mountPath') },
);
