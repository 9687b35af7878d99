import { onCluster } from '../access.ts';
import { getJob, listJobs } from '../jobs.ts';
import type { ClusterOptions } from '../options.ts';
import { forMachines, isForMachines } from '../output.ts';
import { jobTable } from '../status/job-table.ts';

export interface GetOptions extends ClusterOptions {
  readonly allNamespaces?: boolean;
  readonly output?: string;
}

export async function get(name: string | undefined, options: GetOptions): Promise<void> {
  const { allNamespaces: namespaces = false, output } = options;
  await onCluster(options, async (access) => {
    const found =
      name === undefined ? await listJobs(access, namespaces ? 'All' : 'Namespace') : await getJob(access, name);
    if (isForMachines(output)) {
      process.stdout.write(forMachines(found, output));
      return;
    }
    const jobs = 'metadata' in found ? [found] : found;
    if (jobs.length === 0) {
      process.stderr.write(
        `There are no DistillationJobs${namespaces ? '' : ` in the namespace ${access.namespace}`}.\n`,
      );
      return;
    }
    const lines = jobTable(jobs, { now: new Date(), wide: output === 'wide', namespaces });
    process.stdout.write(`${lines.join('\n')}\n`);
  });
}
