import { formatProblems } from '@distillation/api/problems';
import { validateJob } from '@distillation/api/validate';
import { VALUE_RULES } from '@distillation/api/value-rules';
import { API_VERSION, KIND } from '@distillation/api/words';
import { InvalidArgumentError } from 'commander';
import { metricLabel } from './metrics/scraped.ts';
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
const NOT_FOR_ALL: readonly (keyof PodTemplate)[] = [
  'image',
  'envFrom',
  'volumes',
  'volumeMounts',
  'automountServiceAccountToken',
];

/** A pod template as JSON, checked by the rules of jobs. */
export function podDefaults(text: string): PodTemplate {
  const template = parsed(text);
  const own = NOT_FOR_ALL.find((name) => typeof template === 'object' && template !== null && name in template);
  if (own !== undefined) throw new InvalidArgumentError(`${own} cannot be given to all jobs.`);
  const checked = validateJob(
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
  if ('job' in checked) return checked.job.spec.cluster.workerTemplate ?? {};
  throw new InvalidArgumentError(
    formatProblems(checked.problems).replaceAll('spec.cluster.workerTemplate', 'defaults'),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('It must be JSON, such as {"nodeSelector": {"pool": "gpu"}}.');
  }
}
