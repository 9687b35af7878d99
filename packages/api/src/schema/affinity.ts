import { Type } from '@sinclair/typebox';
import {
  type ValueKind,
  LABEL_KEY_LENGTH,
  LABEL_KEY_PATTERN,
  LABEL_VALUE_PATTERN,
  NAME_PATTERN,
  labelMap,
  ruled,
} from './scalars.ts';

/**
 * Affinity as in a pod spec, field by field: a misspelt field would otherwise be dropped on its way into the pods. Fields that only
 * the newest versions of the scheduler know are left out.
 */

const closed = { additionalProperties: false } as const;

const requirement = <const Operators extends readonly string[]>(operators: Operators, kind: ValueKind, words: string) =>
  Type.Object(
    {
      key: Type.String({
        description: 'Key of the label.',
        minLength: 1,
        maxLength: LABEL_KEY_LENGTH,
        pattern: LABEL_KEY_PATTERN,
      }),
      operator: Type.Unsafe<Operators[number]>({ type: 'string', description: words, enum: [...operators] }),
      values: Type.Optional(
        Type.Array(Type.String({ description: 'A value of the label.', maxLength: 63, pattern: LABEL_VALUE_PATTERN }), {
          description: 'Values to compare with.',
          minItems: 1,
          maxItems: 64,
        }),
      ),
    },
    { ...closed, ...ruled(kind), description: 'A requirement on a label.' },
  );

const NodeRequirement = requirement(
  ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'],
  'NodeRequirement',
  '`In` and `NotIn` take one or more values, `Exists` and `DoesNotExist` none, `Gt` and `Lt` one whole number.',
);
const LabelRequirement = requirement(
  ['In', 'NotIn', 'Exists', 'DoesNotExist'],
  'LabelRequirement',
  '`In` and `NotIn` take one or more values, `Exists` and `DoesNotExist` none.',
);

const NodeTerm = Type.Object(
  {
    matchExpressions: Type.Array(NodeRequirement, {
      description: 'Requirements that must all hold.',
      minItems: 1,
      maxItems: 16,
    }),
  },
  { ...closed, description: 'Requirements on the labels of a node.' },
);

const LabelSelector = (description: string) =>
  Type.Object(
    {
      matchLabels: Type.Optional(labelMap('Labels that must all be there.')),
      matchExpressions: Type.Optional(
        Type.Array(LabelRequirement, { description: 'Requirements that must all hold.', maxItems: 16 }),
      ),
    },
    { ...closed, description },
  );

const PodTerm = Type.Object(
  {
    labelSelector: Type.Optional(LabelSelector('The other pods, by their labels; none when absent.')),
    topologyKey: Type.String({
      description: 'Node label that says what counts as the same place, such as `kubernetes.io/hostname`.',
      minLength: 1,
      maxLength: LABEL_KEY_LENGTH,
      pattern: LABEL_KEY_PATTERN,
    }),
    namespaces: Type.Optional(
      Type.Array(
        Type.String({ description: 'Name of a namespace.', minLength: 1, maxLength: 63, pattern: NAME_PATTERN }),
        { description: 'Namespaces of the other pods; the job’s own when absent.', maxItems: 16 },
      ),
    ),
    namespaceSelector: Type.Optional(LabelSelector('Namespaces of the other pods by their labels.')),
  },
  { ...closed, description: 'A place, by the pods that run there.' },
);

const weight = Type.Integer({
  description: 'How much it counts against other preferences.',
  minimum: 1,
  maximum: 100,
  format: 'int32',
});

const podAffinity = (description: string) =>
  Type.Object(
    {
      requiredDuringSchedulingIgnoredDuringExecution: Type.Optional(
        Type.Array(PodTerm, { description: 'What must hold where a pod starts.', maxItems: 16 }),
      ),
      preferredDuringSchedulingIgnoredDuringExecution: Type.Optional(
        Type.Array(
          Type.Object({ weight, podAffinityTerm: PodTerm }, { ...closed, description: 'A weighted preference.' }),
          { description: 'What should hold where a pod starts.', maxItems: 16 },
        ),
      ),
    },
    { ...closed, description },
  );

export const Affinity = Type.Object(
  {
    nodeAffinity: Type.Optional(
      Type.Object(
        {
          requiredDuringSchedulingIgnoredDuringExecution: Type.Optional(
            Type.Object(
              {
                nodeSelectorTerms: Type.Array(NodeTerm, {
                  description: 'Terms of which one must hold.',
                  minItems: 1,
                  maxItems: 16,
                }),
              },
              { ...closed, description: 'What a node must fulfil.' },
            ),
          ),
          preferredDuringSchedulingIgnoredDuringExecution: Type.Optional(
            Type.Array(
              Type.Object({ weight, preference: NodeTerm }, { ...closed, description: 'A weighted preference.' }),
              { description: 'What a node should fulfil.', maxItems: 16 },
            ),
          ),
        },
        { ...closed, description: 'On which nodes the pods run.' },
      ),
    ),
    podAffinity: Type.Optional(podAffinity('Near which pods they run.')),
    podAntiAffinity: Type.Optional(podAffinity('Away from which pods they run.')),
  },
  { ...closed, description: 'Node and pod affinity, as in a pod spec.' },
);
