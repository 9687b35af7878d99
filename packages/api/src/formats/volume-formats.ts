import type { BinSchedule, Plan } from './plan.ts';
import { type Report, RESULT_OUTCOMES } from './report.ts';
import { type Check, amount, among, count, flag, listOf, object, optional, text } from './shape.ts';

/**
 * What may be believed of `plan.json`, `schedule.json` and `finalize/result.json` before it is used: another version of this project may
 * have written them, or a hand.
 */

/** What the finalizer remembers of a finished job: `finalize/result.json`. */
export interface ResultRecord {
  /** Of the student: with another threshold or fine-tuning the job is finalized anew. */
  readonly recipe: string;
  readonly report: Report;
}

/** What a body read from the volume is: of the format, of a version that this one does not read, or no such thing. */
export type Reading<T> =
  | { readonly as: 'Value'; readonly value: T }
  /** `readable`: the versions that are read here. */
  | { readonly as: 'OtherVersion'; readonly version: number; readonly readable: readonly number[] }
  | { readonly as: 'Damaged' };

/** The one version of each format so far. */
const VERSION = 1;

const MANY = 100_000;
const word = text(4096);
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const pair: Check = (value) => Array.isArray(value) && value.length === 2 && value.every(count);
const triple: Check = (value) => Array.isArray(value) && value.length === 3 && value.every(count);

const layer = object({
  name: word,
  className: word,
  kernel: pair,
  strides: pair,
  padding: among('same', 'valid'),
  dilation: pair,
  activation: word,
  inputShape: triple,
  outputShape: triple,
  params: count,
  macs: count,
  depth: count,
  prefixMacs: count,
});

const backend = object({ name: word, tensorflow: word, cpuThreads: count });

const dataset = object({
  sha256: word,
  train: count,
  validation: count,
  test: count,
  classes: count,
  imageShape: triple,
  labelled: flag,
});

const plan = object({
  version: among(VERSION),
  recipe: word,
  key: word,
  teacher: object({
    sha256: word,
    format: word,
    outputs: among('Logits', 'Probabilities'),
    inputShape: triple,
    classes: count,
    params: count,
    macs: count,
    validationAccuracy: optional(amount),
  }),
  dataset,
  stepsPerEpoch: count,
  epochs: count,
  costUnit: among('MAC', 'Second'),
  costSource: word,
  blocks: listOf(
    object({
      name: word,
      architecture: word,
      layer,
      params: count,
      macs: count,
      cost: object({ prefix: amount, own: amount }),
    }),
    MANY,
  ),
  kept: listOf(object({ layer, reason: word }), MANY),
  unmatched: optional(listOf(word, MANY)),
  backend,
});

const schedule = object({
  version: among(VERSION),
  policy: word,
  passes: word,
  bins: listOf(object({ index: count, blocks: listOf(word, MANY), cost: optional(amount) }), MANY),
  makespan: optional(amount),
  lowerBound: optional(amount),
});

const figures = object({ params: count, macs: count, bytes: amount, testAccuracy: optional(amount) });

const report = object({
  version: among(VERSION),
  job: word,
  outcome: among(...RESULT_OUTCOMES),
  teacher: figures,
  student: figures,
  assembled: object({}),
  blocks: listOf(object({ name: word, selected: flag, reason: word }), MANY),
  kept: listOf(object({ layer, reason: word }), MANY),
  fineTuning: object({ epochs: listOf(object({ epoch: count }), MANY) }),
  gantt: listOf(object({ block: word, epoch: count, bin: count, startedAt: number, finishedAt: number }), MANY),
  time: object({ finalizeSeconds: amount }),
  provenance: object({ recipe: word, studentSha256: word, teacherSha256: word, datasetSha256: word }),
  plan: object({ dataset }),
});

const result = object({ recipe: word, report });

/** The body of `plan.json`. */
export const readPlanBody = (body: unknown): Reading<Plan> => reading(body, body, isPlan);

/** The body of `schedule.json`, or the schedule that a pod is given. */
export const readScheduleBody = (body: unknown): Reading<BinSchedule> => reading(body, body, isSchedule);

/** The body of `finalize/result.json`: it has the version of the report that it holds. */
export const readResultBody = (body: unknown): Reading<ResultRecord> =>
  reading(body, memberOf(body, 'report'), isResult);

const isPlan = (value: unknown): value is Plan => plan(value);
const isSchedule = (value: unknown): value is BinSchedule => schedule(value);
const isResult = (value: unknown): value is ResultRecord => result(value);

function reading<T>(body: unknown, versioned: unknown, is: (value: unknown) => value is T): Reading<T> {
  const version = memberOf(versioned, 'version');
  if (typeof version === 'number' && version !== VERSION) return { as: 'OtherVersion', version, readable: [VERSION] };
  return is(body) ? { as: 'Value', value: body } : { as: 'Damaged' };
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && name in value
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
