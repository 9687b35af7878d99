import { Type } from '@sinclair/typebox';
import { BLOCK_STATES, JOB_STAGES, RESULT_OUTCOMES } from '../words.ts';
import { UNMATCHED } from '../unmatched.ts';
import { listMap } from './scalars.ts';

/** What the operator writes. Decimals are strings here too; what is not known is absent, never zero. */

const text = (description: string, maxLength = 1024) => Type.String({ description, maxLength });
const optionalText = (description: string, maxLength = 1024) => Type.Optional(text(description, maxLength));
const count = (description: string) => Type.Integer({ description, minimum: 0, format: 'int64' });
const optionalCount = (description: string) => Type.Optional(count(description));
const time = (description: string) => Type.String({ description, format: 'date-time', maxLength: 64 });
const optionalTime = (description: string) => Type.Optional(time(description));
const word = <const Values extends readonly string[]>(description: string, values: Values) =>
  Type.Unsafe<Values[number]>({ type: 'string', description, enum: [...values] });
const closed = { additionalProperties: false } as const;

export const CONDITION_TYPES = [
  'Succeeded',
  'Ready',
  'Reconciling',
  'Stalled',
  'Suspended',
  'Planned',
  'BlocksTrained',
  'Finalized',
] as const;

const Condition = Type.Object(
  {
    type: word('What the condition is about.', CONDITION_TYPES),
    status: word('Whether it holds.', ['True', 'False', 'Unknown']),
    observedGeneration: optionalCount('Generation of the spec that it was judged on.'),
    lastTransitionTime: time('When `status` last changed.'),
    reason: Type.String({
      description: 'Why, as one CamelCase word of a closed set.',
      minLength: 1,
      maxLength: 1024,
      pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
    }),
    message: text('Why, and what to do about it.', 32768),
  },
  { ...closed, description: 'A condition as the Kubernetes API conventions define it.' },
);

const Plan = Type.Object(
  {
    key: text('Hash of the fields that decide the plan.', 64),
    blocks: count('Blocks to train.'),
    kept: count('Convolutions that stay as they are, and dense layers where `blocks.layers` names them.'),
    unmatched: Type.Optional(
      Type.Array(text('A sentence that names the pattern.', UNMATCHED.longest), {
        description: 'Patterns of `spec.blocks.include` and `exclude` that have no effect, and why.',
        maxItems: UNMATCHED.most,
      }),
    ),
    epochs: count('Epochs a block.'),
    policy: optionalText('Scheduling policy of the schedule in force.', 32),
    passes: optionalText('`Fused` or `Independent`.', 32),
    bins: optionalCount('Bins of the schedule in force.'),
    balance: optionalText('Longest bin over the lower bound of any schedule, such as "1.04".', 16),
    teacherAccuracy: optionalText('Of the teacher, on validation samples, as the planner checked it.', 24),
    configMap: optionalText('ConfigMap that holds plan and schedule.', 253),
  },
  { ...closed, description: 'What the planner found, in short.' },
);

const Progress = Type.Object(
  {
    percent: Type.Integer({
      description: 'Of all work: planning, training and what the finalizer does. Never falls.',
      minimum: 0,
      maximum: 100,
      format: 'int32',
    }),
    blocks: optionalText('Finished blocks of all, such as "9/13".', 32),
    bins: optionalText('Running workers of all bins with work, such as "2/4".', 32),
    eta: optionalText(
      'Expected time until the job has succeeded, such as "4m10s"; absent while nothing is known of its speed.',
      32,
    ),
    remainingSeconds: optionalCount('The same in seconds.'),
    lastUpdateTime: optionalTime('When a pod last told of its progress.'),
  },
  { ...closed, description: 'How far the job is.' },
);

const BinStatus = Type.Object(
  {
    index: count('Number of the bin, from 0.'),
    state: word('What its worker does.', ['Waiting', 'Running', 'Done', 'Failed', 'Suspended']),
    blocks: count('Blocks planned for it.'),
    pod: optionalText('Its newest pod.', 253),
    node: optionalText('Node of the pod.', 253),
    restarts: optionalCount('Pods of it that failed.'),
    imagesPerSecond: optionalText(
      'Training images that its worker takes a second, in its present pass, as it last told; renewed with `progress`.',
      24,
    ),
    message: optionalText('What keeps it waiting, or why it failed.', 1024),
  },
  { ...closed, description: 'A bin: one worker pod.' },
);

const BlockStatus = Type.Object(
  {
    name: text('Layer that the block replaces.', 256),
    state: word('How far it is.', BLOCK_STATES),
    epoch: count('Finished epochs.'),
    bin: optionalCount('Bin that trains it, or trained its last epoch.'),
    loss: optionalText('Training loss of the last finished epoch.', 24),
    accuracy: optionalText('Accuracy of the teacher with this one layer replaced.', 24),
    selected: Type.Optional(Type.Boolean({ description: 'Whether the student has it.' })),
    failure: optionalText('Why it failed: code of the error catalogue.', 64),
  },
  { ...closed, description: 'A block.' },
);

const Result = Type.Object(
  {
    recipe: text('Hash of everything that decides the student.', 64),
    outcome: word('What came out.', RESULT_OUTCOMES),
    teacherAccuracy: optionalText('On the test split, such as "0.7860".', 24),
    studentAccuracy: optionalText('On the test split.', 24),
    teacherParameters: count('Weights of the teacher.'),
    studentParameters: count('Weights of the student.'),
    teacherMacs: count('Multiply-accumulates of the teacher for one image.'),
    studentMacs: count('Multiply-accumulates of the student for one image.'),
    compression: text('Parameters of the teacher over those of the student, such as "3.90x".', 16),
    speedup: optionalText(
      'Time of the teacher over that of the student in ONNX Runtime, on one thread, such as "1.90x"; with the format `Onnx`.',
      16,
    ),
    studentPath: text('Folder of the student on the volume.', 1100),
    reportPath: text('Report on the volume.', 1100),
    studentSha256: text('SHA-256 of the student’s weights.', 64),
  },
  { ...closed, description: 'What came out.' },
);

const FormerStudent = Type.Object(
  {
    path: text('Its folder on the volume.', 1100),
    sha256: text('SHA-256 of its weights.', 64),
  },
  {
    ...closed,
    description:
      'The student of a job that has been changed since: it stays on the volume until the next one is written, and is the result again when the spec is as it was.',
  },
);

const GpuSeconds = Type.Object(
  {
    held: optionalCount('All that worker pods held, also those that are gone. Never falls.'),
    countTime: optionalTime('Until when `held` is counted.'),
    useful: count('Spent on epochs that are part of the result.'),
    redone: count('Spent on epochs computed again, or of attempts given up.'),
    idle: optionalCount(
      'The rest of `held`: starting, waiting, reading, an epoch that was cut short. Told when no worker runs.',
    ),
  },
  { ...closed, description: 'GPU-seconds of the worker pods by what became of them.' },
);

export const DistillationJobStatusSchema = Type.Object(
  {
    observedGeneration: optionalCount('Generation of the spec that this status is of.'),
    conditions: Type.Optional(
      Type.Array(Condition, { description: 'The state of the job.', maxItems: 16, ...listMap('type') }),
    ),
    stage: Type.Optional(
      word('What it is at, or how it ended: column STATUS of `kubectl get`. Programs read the conditions.', JOB_STAGES),
    ),
    reason: optionalText(
      'Why it failed, or what is in its way: the reason of the condition `Succeeded` where it is no stage. Column REASON.',
    ),
    startTime: optionalTime('When the job started, or was last resumed.'),
    completionTime: optionalTime('When it succeeded or failed.'),
    plan: Type.Optional(Plan),
    progress: Type.Optional(Progress),
    bins: Type.Optional(Type.Array(BinStatus, { description: 'Every bin.', maxItems: 1024, ...listMap('index') })),
    blocks: Type.Optional(
      Type.Array(BlockStatus, {
        description: 'Every block, in the order of the network.',
        maxItems: 1024,
        ...listMap('name'),
      }),
    ),
    result: Type.Optional(Result),
    formerStudent: Type.Optional(FormerStudent),
    gpuSeconds: Type.Optional(GpuSeconds),
    operatorVersion: optionalText('Version of the operator that wrote this.', 64),
  },
  { ...closed, description: 'Written by the operator.' },
);
