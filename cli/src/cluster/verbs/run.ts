import { readWritten, writtenWithBins } from '../../commands/manifest.ts';
import { complain } from '../../present/complain.ts';
import { type ClusterAccess, onCluster } from '../access.ts';
import { follow } from '../follow.ts';
import { applyJob, findJob, type JobObject } from '../jobs.ts';
import { manifestNamespace } from '../manifest-namespace.ts';
import type { ClusterOptions } from '../options.ts';
import { forMachines, isForMachines, resourceName } from '../output.ts';
import { named } from '../status/result.ts';

export interface RunOnClusterOptions extends ClusterOptions {
  readonly filename: string;
  readonly bins?: number;
  readonly detach?: boolean;
  readonly output?: string;
}

/** `run` on a cluster: applies the manifest, then follows the job. */
export async function runOnCluster(options: RunOnClusterOptions): Promise<void> {
  const { filename, bins, detach = false, output } = options;
  const manifest = writtenWithBins(await readWritten(filename), bins);
  if (manifest.beside.length > 0) complain(jobAlone(filename, manifest.beside));
  await onCluster({ ...options, hasLocal: true }, async (access) => {
    const place: ClusterAccess = { ...access, namespace: manifestNamespace(manifest, { access, options, filename }) };
    const before = await findJob(place, manifest.metadata.name);
    const job = await applyJob(place, manifest);
    if (isForMachines(output)) {
      process.stdout.write(forMachines(job, output));
      return;
    }
    process.stdout.write(`${resourceName(job)} ${change(before, job)}\n`);
    if (!detach) await follow(place, job);
    else process.stdout.write(`Follow it by \`kubectl distill watch ${named(job.metadata)}\`.\n`);
  });
}

const jobAlone = (filename: string, beside: readonly string[]): string =>
  `Of ${filename} the DistillationJob alone is applied, not: ${beside.join(', ')}. \`kubectl apply -f ${filename}\` applies all of it.`;

/** What applying a manifest did, in kubectl's words. */
export function change(before: JobObject | undefined, after: JobObject): 'created' | 'configured' | 'unchanged' {
  if (before?.metadata.uid !== after.metadata.uid) return 'created';
  const described = ({ metadata: { generation, labels = {}, annotations = {} } }: JobObject): string =>
    JSON.stringify([generation, Object.entries(labels).sort(), Object.entries(annotations).sort()]);
  return described(before) === described(after) ? 'unchanged' : 'configured';
}
