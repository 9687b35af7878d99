import { Option } from 'commander';
import { documentText } from '../present/document.ts';
import { apiVersionOf } from '@distillation/kube/resources';
import { type JobObject, JOBS_OF_OURS } from './jobs.ts';

/** `-o`, as kubectl has it. */

const MACHINE_FORMATS = ['json', 'yaml', 'name'] as const;
type MachineFormat = (typeof MACHINE_FORMATS)[number];

/** @param tables further formats of the command */
export const outputOption = (...tables: readonly string[]): Option =>
  new Option('-o, --output <format>', 'for programs').choices([...MACHINE_FORMATS, ...tables]);

export const isForMachines = (format: string | undefined): format is MachineFormat =>
  MACHINE_FORMATS.some((one) => one === format);

/** Jobs as kubectl writes them; one asked for by its name stands alone, several in a `List`. */
export function forMachines(found: JobObject | readonly JobObject[], format: MachineFormat): string {
  const whole = (job: JobObject): object => {
    const metadata: Record<string, unknown> = { ...job.metadata };
    delete metadata['managedFields'];
    return { ...job, apiVersion: apiVersionOf(JOBS_OF_OURS), kind: JOBS_OF_OURS.kind, metadata };
  };
  const isOne = (one: typeof found): one is JobObject => 'metadata' in one;
  if (format === 'name') return (isOne(found) ? [found] : found).map((job) => `${resourceName(job)}\n`).join('');
  const value = isOne(found) ? whole(found) : { apiVersion: 'v1', kind: 'List', items: found.map(whole) };
  return documentText(value, format);
}

/** Such as `distillationjob.distillation.dev/vgg`. */
export const resourceName = ({ metadata: { name } }: Pick<JobObject, 'metadata'>): string =>
  `${JOBS_OF_OURS.kind.toLowerCase()}.${JOBS_OF_OURS.group}/${name}`;
