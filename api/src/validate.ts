import Ajv, { type ValidateFunction } from 'ajv';
import { type DistillationJob, type DistillationJobSpec, DistillationJobSchema } from './job.ts';
import { type Problem, type SchemaNode, problemsOf } from './problems.ts';
import { RULES } from './rules.ts';

let compiled: ValidateFunction | undefined;

/** Compiled at first use: not every command reads a manifest. */
function schemaCheck(): ValidateFunction {
  compiled ??= new Ajv({
    allErrors: true,
    jsonPointers: true,
    strictDefaults: true,
    strictKeywords: true,
    unknownFormats: ['int32'],
    useDefaults: true,
    verbose: true,
  }).compile(DistillationJobSchema);
  return compiled;
}

/**
 * Checks a manifest and fills in every default, also those that depend on other fields. The value given is not changed.
 * Empty fields (null) count as absent, as the API server treats them. Rules between fields are looked at once every field by
 * itself is right.
 */
export function validateJob(value: unknown): { readonly job: DistillationJob } | { readonly problems: Problem[] } {
  const candidate = withoutNulls(structuredClone(value));
  const check = schemaCheck();
  if (check(candidate) !== true)
    return { problems: problemsOf(check.errors ?? [], DistillationJobSchema as SchemaNode) };
  const job = candidate as DistillationJob;
  const problems = RULES.filter((rule) => !rule.holds(job.spec)).map(({ field, message, fix }): Problem => ({
    path: `/spec/${field.replaceAll('.', '/')}`,
    value: valueAt(job.spec, field),
    message,
    fix,
  }));
  if (problems.length > 0) return { problems };
  return { job: { ...job, spec: withDependentDefaults(job.spec) } };
}

/** Defaults that the schema cannot hold since they depend on another field. */
function withDependentDefaults(spec: DistillationJobSpec): DistillationJobSpec {
  const { selection, teacher, training, fineTuning } = spec;
  const custom = teacher.preprocessing.mode === 'Custom' ? { scale: '1', mean: ['0'], std: ['1'] } : {};
  const threshold =
    selection.rule === 'Accuracy' && selection.minAccuracy === undefined ? { maxAccuracyDrop: '0.02' } : {};
  return {
    ...spec,
    teacher: { ...teacher, preprocessing: { ...custom, ...teacher.preprocessing } },
    training: { ...training, optimizer: withMomentum(training.optimizer) },
    selection: { ...threshold, ...selection },
    fineTuning: { ...fineTuning, optimizer: withMomentum(fineTuning.optimizer) },
  };
}

const withMomentum = <Optimizer extends DistillationJobSpec['training']['optimizer']>(
  optimizer: Optimizer,
): Optimizer => (optimizer.type === 'SGD' ? { momentum: '0.9', ...optimizer } : optimizer);

function valueAt(root: object, dotted: string): unknown {
  return dotted
    .split('.')
    .reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>> | undefined)?.[key], root);
}

/** The value without the null fields of its maps; entries of lists stay, so that an empty one is named. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]) => (child === null ? [] : [[key, withoutNulls(child)]])),
  );
}
