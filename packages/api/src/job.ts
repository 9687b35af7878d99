import { Type, type Static } from '@sinclair/typebox';
import { Cluster } from './schema/cluster.ts';
import { type Augmentation, Dataset, type Preprocessing, Teacher } from './schema/input.ts';
import { NAME_PATTERN } from './schema/scalars.ts';
import { DistillationJobStatusSchema } from './schema/status.ts';
import { Blocks } from './schema/blocks.ts';
import { FineTuning, Outputs, Selection } from './schema/student.ts';
import { Scheduling, Training } from './schema/training.ts';
import { API_VERSION, type ARCHITECTURES, CONTROLLER, KIND } from './words.ts';

/**
 * The contract: `DistillationJob`, `distillation.dev/v1alpha1`. This schema is the one source of the TypeScript types, the ajv
 * validator, the custom resource definition and the field reference (docs/adr/0002-schema-source.md).
 */

const DistillationJobSpecSchema = Type.Object(
  {
    teacher: Teacher,
    dataset: Dataset,
    blocks: Blocks,
    training: Training,
    scheduling: Scheduling,
    selection: Selection,
    fineTuning: FineTuning,
    outputs: Outputs,
    cluster: Cluster,
    managedBy: Type.Optional(
      Type.String({
        description: `The controller that runs the job, where it is named as Kubernetes’ Job has it: \`${CONTROLLER}\`, the only one; there is no hand-over to another.`,
        maxLength: 63,
      }),
    ),
  },
  { additionalProperties: false, description: 'What to distil, from what data, how, and where to put it.' },
);

export const DistillationJobSchema = Type.Object(
  {
    apiVersion: Type.Literal(API_VERSION),
    kind: Type.Literal(KIND),
    metadata: Type.Object(
      {
        name: Type.String({
          description: 'Name of the job.',
          minLength: 1,
          maxLength: 63,
          pattern: NAME_PATTERN,
        }),
        namespace: Type.Optional(
          Type.String({ description: 'Namespace of the job.', minLength: 1, maxLength: 63, pattern: NAME_PATTERN }),
        ),
      },
      { description: 'Kubernetes object metadata.' },
    ),
    spec: DistillationJobSpecSchema,
    status: Type.Optional(DistillationJobStatusSchema),
  },
  {
    additionalProperties: false,
    $id: 'DistillationJob',
    description: 'A request to make a trained convolutional network smaller by parallel blockwise distillation.',
  },
);

/** A job with every default filled in, as `validateJob` returns it. */
export type DistillationJob = Static<typeof DistillationJobSchema>;
export type DistillationJobStatus = Static<typeof DistillationJobStatusSchema>;
export type DistillationJobSpec = Static<typeof DistillationJobSpecSchema>;
export type TeacherSpec = Static<typeof Teacher>;
export type PreprocessingSpec = Static<typeof Preprocessing>;
export type DatasetSpec = Static<typeof Dataset>;
export type AugmentationSpec = Static<typeof Augmentation>;
export type BlocksSpec = Static<typeof Blocks>;
export type TrainingSpec = Static<typeof Training>;
export type OptimizerSpec = TrainingSpec['optimizer'];
export type ScheduleSpec = OptimizerSpec['schedule'];
export type SchedulingSpec = Static<typeof Scheduling>;
export type SelectionSpec = Static<typeof Selection>;
export type FineTuningSpec = Static<typeof FineTuning>;
export type Architecture = (typeof ARCHITECTURES)[number];
export type ClusterSpec = Static<typeof Cluster>;
