import { withoutFields } from '../fields.ts';
import {
  type BlocksSpec,
  type DistillationJob,
  type DistillationJobSpec,
  type DistillationJobStatus,
  DistillationJobSchema,
} from '../job.ts';
import { candidatesOf } from '../candidates.ts';
import { brokenListMaps } from './list-map.ts';
import { type Problem, type SchemaNode, problemsOf } from './problems.ts';
import { schemaCheck } from './schema-check.js';
import { RULES } from '../rules/rules.ts';
import type { Place } from '../rules/rule.ts';
import { DEPENDENT_DEFAULTS } from '../schema/dependent-defaults.ts';
import { TRANSITIONS } from '../rules/transitions.ts';
import { brokenValueRules } from '../rules/value-rules.ts';

type Checked = { readonly job: DistillationJob } | { readonly problems: Problem[] };

/**
 * Validates a manifest and fills in every default, including those that depend on other fields. The given value is not changed.
 * Null fields count as absent, and a status is left to the operator, as in the API server. Rules between fields
 * are checked once every single field is right.
 *
 * @param place where it is to run; absent when it has been checked for its place before
 */
export function validateJob(value: unknown, place?: Place): Checked {
  const result = check(value, place);
  return 'job' in result ? { job: { ...result.job, spec: withDependentDefaults(result.job.spec) } } : result;
}

/**
 * Checks a change of a job on a cluster, as the API server does.
 *
 * @param from the stored job with its status; defaults may be missing, and are compared as if they were written out
 * @returns what is wrong with the new manifest or with the change; empty when it is allowed
 */
export function problemsOfUpdate(from: object, to: unknown): Problem[] {
  const [before, after] = [check(from, 'Cluster'), check(to, 'Cluster')];
  if ('problems' in after) return after.problems;
  // A job that today's rules would refuse may still be repaired.
  if ('problems' in before) return [];
  const stored = { ...before.job, ...('status' in from && { status: from.status as DistillationJobStatus }) };
  return TRANSITIONS.filter((rule) => !rule.holds(stored, after.job)).map((rule) => problemOf(rule, after.job));
}

/** Checks schema and rules, with the schema's own defaults filled in. */
function check(value: unknown, place: Place | undefined): Checked {
  // Null entries of lists stay, so that they are reported.
  const candidate = withoutFields(value, (field) => field === null);
  if (typeof candidate === 'object' && candidate !== null) Reflect.deleteProperty(candidate, 'status');
  const fits = schemaCheck(candidate);
  const schema = DistillationJobSchema as SchemaNode;
  const wrong = [...problemsOf(schemaCheck.errors ?? [], schema), ...brokenListMaps(schema, candidate)];
  if (!fits || wrong.length > 0) return { problems: wrong };
  const job = candidate as DistillationJob;
  const broken = RULES.filter((rule) => (rule.place ?? place) === place && !rule.holds(job.spec));
  const problems = [...broken.map((rule) => problemOf(rule, job)), ...brokenValueRules(schema, job)];
  return problems.length === 0 ? { job } : { problems };
}

const problemOf = (
  { field, message, fix }: Readonly<Record<'field' | 'message' | 'fix', string>>,
  { spec }: DistillationJob,
): Problem => ({ path: `/spec/${field.replaceAll('.', '/')}`, value: valueAt(spec, field), message, fix });

/** With the one replacement, or each of several, as it will be. */
function withCandidates(blocks: BlocksSpec): BlocksSpec {
  const candidates = candidatesOf(blocks);
  return blocks.candidates === undefined ? { ...candidates[0], ...blocks } : { ...blocks, candidates };
}

/** Fills in defaults that the schema cannot express because they depend on another field. */
function withDependentDefaults(spec: DistillationJobSpec): DistillationJobSpec {
  const { blocks, selection, teacher, training, fineTuning } = spec;
  const custom = teacher.preprocessing.mode === 'Custom' ? { scale: '1', mean: ['0'], std: ['1'] } : {};
  const threshold =
    selection.rule === 'Accuracy' && selection.minAccuracy === undefined
      ? { maxAccuracyDrop: DEPENDENT_DEFAULTS.maxAccuracyDrop }
      : {};
  return {
    ...spec,
    teacher: { ...teacher, preprocessing: { ...custom, ...teacher.preprocessing } },
    blocks: withCandidates(blocks),
    training: { ...training, optimizer: withMomentum(training.optimizer) },
    selection: { ...threshold, ...selection },
    fineTuning: { ...fineTuning, optimizer: withMomentum(fineTuning.optimizer) },
  };
}

const withMomentum = <Optimizer extends DistillationJobSpec['training']['optimizer']>(
  optimizer: Optimizer,
): Optimizer => (optimizer.type === 'SGD' ? { momentum: DEPENDENT_DEFAULTS.momentum, ...optimizer } : optimizer);

function valueAt(root: object, dotted: string): unknown {
  return dotted
    .split('.')
    .reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>> | undefined)?.[key], root);
}
