import { formatProblems } from '@distillation/api/problems';
import { validateJob } from '@distillation/api/validate';
import { VALUE_RULES } from '@distillation/api/value-rules';
import { API_VERSION, KIND } from '@distillation/api/words';
import { InvalidArgumentError } from 'commander';
import { metricLabel } from './metrics/scraped.ts';
import { NAME_PATTERN } from '@distillation/api/scalars';
import type { PodClasses } from '@distillation/core/pod-classes';
import type { PodTemplate } from '@distillation/core/pod-template';

/** Parsers for options that say what the children of all jobs get. */

/** Keys of labels, by commas. Those by which the operator, Kubernetes and Kueue know the children cannot be a job's to set. */
export function labelKeys(text: string): readonly string[] {
  const keys = [...new Set(text.split(',').map((key) => key.trim()))].filter((key) => key !== '');
  for (const key of keys) {
    const broken = VALUE_RULES.PodLabels.find((rule) => !rule.holds({ [key]: '' }));
    if (broken !== undefined) throw new InvalidArgumentError(`"${key}" ${broken.message}.`);
  }
  const clash = keys.find((key, i) => keys.findIndex((other) => metricLabel(other) === metricLabel(key)) < i);
  if (clash === undefined) return keys;
  throw new InvalidArgumentError(
    `"${clash}" and another one would both be the label ${metricLabel(clash)} of metrics.`,
  );
}

/** What concerns one job alone: its image is \`--worker-image\`, and a job's own mounts and token are not a cluster's to add. */
export const NOT_FOR_ALL: readonly (keyof PodTemplate)[] = [
  'image',
  'envFrom',
  'volumes',
  'volumeMounts',
  'automountServiceAccountToken',
];

/** A pod template as JSON, checked by the rules of jobs. */
export const podDefaults = (text: string): PodTemplate => checked(parsed(text), 'defaults');

/** @param path what messages call it */
function checked(template: unknown, path: string): PodTemplate {
  const own = NOT_FOR_ALL.find((name) => typeof template === 'object' && template !== null && name in template);
  if (own !== undefined) throw new InvalidArgumentError(`${path}.${own} cannot be given to all jobs.`);
  const result = validateJob(
    {
      apiVersion: API_VERSION,
      kind: KIND,
      metadata: { name: 'defaults' },
      spec: {
        teacher: { path: 'teacher' },
        dataset: { path: 'data', format: 'Cifar10' },
        outputs: { path: 'jobs' },
        cluster: { volume: { claimName: 'volume' }, workerTemplate: template },
      },
    },
    'Cluster',
  );
  if ('job' in result) return result.job.spec.cluster.workerTemplate ?? {};
  throw new InvalidArgumentError(formatProblems(result.problems).replaceAll('spec.cluster.workerTemplate', path));
}

/** Classes of defaults by name, as JSON: each as `podDefaults` takes it. */
export function podClasses(text: string): PodClasses {
  const classes = parsed(text);
  if (typeof classes !== 'object' || classes === null || Array.isArray(classes)) {
    throw new InvalidArgumentError('It must be a map of names to templates, such as {"a100": {"nodeSelector": {}}}.');
  }
  return Object.fromEntries(
    Object.entries(classes).map(([name, template]) => {
      if (!CLASS_NAME.test(name)) {
        throw new InvalidArgumentError(`"${name}" cannot be the name of a class: lower-case letters, digits and -.`);
      }
      return [name, checked(template, `classes.${name}`)];
    }),
  );
}

const CLASS_NAME = new RegExp(NAME_PATTERN);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('It must be JSON, such as {"nodeSelector": {"pool": "gpu"}}.');
  }
}
