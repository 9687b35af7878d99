import { canonicalJson } from '@distillation/api/canonical';
import type { Changes } from '../../packages/api/test/corpus/corpus.ts';
import type { DistillationJobSpec } from '@distillation/api/job';
import type { Role } from '@distillation/api/words';
import { FULL_TEMPLATE } from '../../operator/test/children.ts';

/**
 * The effect of each field of a spec, as documented for users: which role's pods are created from it, or what else it does. Independent
 * of the operator's code, which is tested against it.
 */
interface FieldEffect {
  /** Dotted path in the spec; it stands for all below it. */
  readonly field: string;
  /** Whose pods it is for; those of others go on untouched. */
  readonly roles: readonly Role[];
  /** Without roles: what it does, none of it to be seen in a child at once. */
  readonly later?: string;
  /** What of it means something; the field as it stands when absent. */
  readonly meaning?: (spec: DistillationJobSpec) => unknown;
}

type Template = NonNullable<DistillationJobSpec['cluster']['workerTemplate']>;

const ALL: readonly Role[] = ['planner', 'worker', 'finalizer'];

export const FIELD_EFFECTS: readonly FieldEffect[] = [
  // Of the teacher, `expectedAccuracy` changes no bits: the plan is made again to check it, and every block counts on.
  ...['teacher', 'dataset', 'blocks', 'training', 'outputs.path'].map((field) => ({ field, roles: ALL })),
  { field: 'outputs.formats', roles: ['finalizer'] },
  { field: 'outputs.onnxInput', roles: ['finalizer'] },
  { field: 'outputs.workingFiles', roles: ['finalizer'] },
  { field: 'selection', roles: ['finalizer'] },
  { field: 'fineTuning', roles: ['finalizer'] },
  { field: 'scheduling.costSource', roles: ['planner', 'worker'] },
  ...['bins', 'policy', 'passes'].map((name): FieldEffect => ({ field: `scheduling.${name}`, roles: ['worker'] })),
  ...['volume', 'teacherVolume', 'datasetVolume', 'backoffLimit', 'queueName', 'className'].map((name) => ({
    field: `cluster.${name}`,
    roles: ALL,
  })),
  {
    field: 'cluster.gpu',
    roles: ['worker', 'finalizer'],
    // No GPU is no GPU, whatever it would be called.
    meaning: ({ cluster: { gpu } }) => (gpu.count === 0 ? undefined : gpu),
  },
  {
    field: 'cluster.gpu',
    roles: ['planner'],
    meaning: ({ cluster: { gpu }, scheduling }) =>
      gpu.count === 0 || scheduling.costSource !== 'Measured' ? undefined : gpu,
  },
  {
    field: 'cluster.workerTemplate',
    roles: ['planner', 'worker'],
    meaning: ({ cluster }) => withoutEmpty(cluster.workerTemplate),
  },
  {
    // It takes over from the workers' what it leaves out.
    field: 'cluster.finalizerTemplate',
    roles: ['finalizer'],
    meaning: ({ cluster }) => withoutEmpty({ ...cluster.workerTemplate, ...cluster.finalizerTemplate }),
  },
  { field: 'managedBy', roles: [], later: 'says who runs the job, which is refused where it is another' },
  { field: 'cluster.suspend', roles: [], later: 'stops and resumes the Jobs that are there' },
  { field: 'cluster.activeDeadlineSeconds', roles: [], later: 'fails the job when it is over' },
  { field: 'cluster.pendingDeadlineSeconds', roles: [], later: 'fails the job when a pod has waited so long' },
  {
    field: 'cluster.inputsDeadlineSeconds',
    roles: [],
    later: 'how long planner pods that start from then on wait for teacher and data',
  },
  { field: 'cluster.ttlSecondsAfterFinished', roles: [], later: 'deletes the job so long after its end' },
];

/** An empty list or map of a pod template, and false anywhere in it, say what their absence says. */
function withoutEmpty(template: Template = {}): object {
  const text = JSON.stringify(template, (_, value: unknown) => (value === false ? undefined : value));
  const fields = Object.entries(JSON.parse(text) as Record<string, unknown>);
  return Object.fromEntries(fields.filter(([, value]) => !isEmpty(value)));
}

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** Fields in whose meaning two specs differ, defaults filled in. */
function changedFields(before: DistillationJobSpec, after: DistillationJobSpec): FieldEffect[] {
  return FIELD_EFFECTS.filter(
    (effect) => canonicalJson(meaningOf(effect, before)) !== canonicalJson(meaningOf(effect, after)),
  );
}

/** Whose pods must be replaced when a spec changes so. */
export function replacedRoles(before: DistillationJobSpec, after: DistillationJobSpec): ReadonlySet<Role> {
  return new Set(changedFields(before, after).flatMap(({ roles }) => roles));
}

/** What of a spec is for the pods of a role, field by field. */
export const meaningOfRole = (role: Role | undefined, spec: DistillationJobSpec): unknown =>
  FIELD_EFFECTS.filter(({ roles }) => roles.some((each) => each === role)).map((effect) => [
    effect.field,
    meaningOf(effect, spec),
  ]);

function meaningOf({ field, meaning = (spec) => valueAt(spec, field) }: FieldEffect, spec: DistillationJobSpec) {
  return meaning(spec) ?? null;
}

const valueAt = (spec: object, field: string): unknown =>
  field
    .split('.')
    .reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>> | undefined)?.[key], spec);

/** Whether a job that succeeded has to go on: another student is asked for. How one is made is no matter any more. */
export const isAnotherStudent = (before: DistillationJobSpec, after: DistillationJobSpec): boolean =>
  changedFields(before, after).some(({ field }) =>
    ['teacher', 'dataset', 'blocks', 'training', 'selection', 'fineTuning'].includes(field),
  );

/** Whether files would have to lie elsewhere, which is refused once the student is there. */
export const isElsewhere = (before: DistillationJobSpec, after: DistillationJobSpec): boolean =>
  changedFields(before, after).some(({ field }) => /^outputs|^cluster\.\w*[vV]olume$/.test(field));

/** Changes of the corpus' minimal job that set what it leaves out. Without a queue: Kueue alone would let its pods run. */
export const FULL_SPEC: Changes = {
  'spec.teacher.preprocessing': { mode: 'Custom', scale: '0.5', mean: ['0.1'], std: ['0.2', '0.3', '0.4'] },
  'spec.teacher.expectedAccuracy': '0.75',
  'spec.dataset.limits': { train: 1000, validation: 100, test: 100 },
  'spec.blocks.exclude': ['conv_9'],
  'spec.training.epochs': 5,
  'spec.training.earlyStopping': { patience: 2 },
  'spec.training.optimizer': {
    type: 'SGD',
    momentum: '0.8',
    clipNorm: '1',
    schedule: { type: 'Exponential', decayRate: '0.9', decaySteps: 100 },
  },
  'spec.scheduling': { bins: 3, policy: 'BinPacking', costSource: 'Measured', passes: 'Independent' },
  'spec.selection.maxAccuracyDrop': '0.1',
  'spec.fineTuning': { epochs: 2, teacherLogits: {}, freeze: ['dense*'] },
  'spec.cluster.volume': { claimName: 'shared', subPath: 'team' },
  'spec.cluster.teacherVolume': { claimName: 'models', subPath: 'vision' },
  'spec.cluster.datasetVolume': { claimName: 'data' },
  'spec.cluster.workerTemplate': {
    ...FULL_TEMPLATE,
    // Without an empty value, which a stored pod cannot tell from none: a change from one to the other shows no effect.
    env: [{ name: 'HTTPS_PROXY', value: 'http://proxy' }],
  },
  'spec.cluster.finalizerTemplate': { image: 'registry.example/finalizer:9', nodeSelector: { pool: 'cpu' } },
  'spec.cluster.activeDeadlineSeconds': 86_400,
  'spec.cluster.pendingDeadlineSeconds': 3600,
  'spec.cluster.inputsDeadlineSeconds': 600,
  'spec.cluster.backoffLimit': 2,
  'spec.cluster.ttlSecondsAfterFinished': 86_400,
};
