import { canonicalJson } from '../formats/canonical.ts';
import type { DistillationJob } from '../job.ts';
import { verdictOf } from '../verdict.ts';

/**
 * Fields that may not change while pods work with them, or whose change would have no effect. Inputs, recipe and volumes of a job
 * may be changed once it is suspended (in the same write or before) or finished, except for the place of a student that was made;
 * all other fields may be changed at any time. As with `RULES`, each rule is a predicate and CEL, here over the whole object and
 * its former state, and one corpus keeps the two consistent.
 */
interface Transition {
  /** Field of the spec, such as `training`. */
  readonly field: string;
  readonly message: string;
  readonly fix: string;
  readonly cel: string;
  readonly holds: (from: DistillationJob, to: DistillationJob) => boolean;
}

const FROZEN = [
  'teacher',
  'dataset',
  'blocks',
  'training',
  'selection',
  'fineTuning',
  'outputs',
  'scheduling.costSource',
  'cluster.volume',
  'cluster.teacherVolume',
  'cluster.datasetVolume',
] as const;

/** Fields that say where things lie. A change of place alone does not cause the student to be made again. */
const PLACES = ['outputs', 'cluster.volume', 'cluster.teacherVolume', 'cluster.datasetVolume'] as const;

const OPTIONAL: readonly string[] = ['cluster.volume', 'cluster.teacherVolume', 'cluster.datasetVolume'];

const celVerdict = (check: string): string =>
  `(has(oldSelf.status) && has(oldSelf.status.conditions) && oldSelf.status.conditions.exists(c, c.type == 'Succeeded' && c.status ${check}))`;

/** The job is suspended before or by this write, or finished before it. */
const CEL_AT_REST = ['self.spec.cluster.suspend', 'oldSelf.spec.cluster.suspend', celVerdict("!= 'Unknown'")].join(
  ' || ',
);

const atRest = (from: DistillationJob, to: DistillationJob): boolean =>
  to.spec.cluster.suspend || from.spec.cluster.suspend || verdictOf(from.status) !== undefined;

function celSame(field: string): string {
  const [now, before] = [`self.spec.${field}`, `oldSelf.spec.${field}`];
  if (!OPTIONAL.includes(field)) return `${now} == ${before}`;
  return `(has(${now}) ? has(${before}) && ${now} == ${before} : !has(${before}))`;
}

const valueAt = ({ spec }: DistillationJob, field: string): unknown =>
  field
    .split('.')
    .reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>> | undefined)?.[key], spec);

const same = (a: unknown, b: unknown): boolean =>
  a === undefined || b === undefined ? a === b : canonicalJson(a) === canonicalJson(b);

/** May not change while the job runs. */
export const FROZEN_AT_WORK: readonly Transition[] = FROZEN.map((field) => ({
  field,
  message: 'may not change while the job runs',
  fix: 'Write `cluster.suspend: true` with the change and `false` after it, or give the change a job of its own.',
  cel: `${celSame(field)} || ${CEL_AT_REST}`,
  holds: (from, to) => same(valueAt(from, field), valueAt(to, field)) || atRest(from, to),
}));

/** May never change after success. */
export const FROZEN_AFTER_SUCCESS: readonly Transition[] = PLACES.map((field) => ({
  field,
  message: 'may not change once the job has succeeded: its student lies where `status.result` says',
  fix: 'Give the change a job of its own.',
  cel: `${celSame(field)} || !${celVerdict("== 'True'")}`,
  holds: (from, to) => same(valueAt(from, field), valueAt(to, field)) || verdictOf(from.status)?.status !== 'True',
}));

export const TRANSITIONS: readonly Transition[] = [...FROZEN_AT_WORK, ...FROZEN_AFTER_SUCCESS];
