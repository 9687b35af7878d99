import { plural } from '@distillation/api/format';
import { advice, type Check, ok, problem } from '../../present/check.ts';
import type { JobObject } from '../jobs.ts';
import { isReady, type WireNode } from '../nodes.ts';

/** Whether the nodes have what the pods of a job ask for. Pure. */

/** GPUs of the nodes against those of the job. Who is on them already is the scheduler's business. */
export function judgeGpus(nodes: readonly WireNode[], { spec }: Pick<JobObject, 'spec'>): Check {
  const { resourceName, count } = spec.cluster.gpu;
  const ready = nodes.filter(isReady);
  if (ready.length === 0)
    return problem('nodes', `none of ${plural(nodes.length, 'node')} is ready`, 'kubectl get nodes');
  if (count === 0) return ok('nodes', `${plural(ready.length, 'node')} ready; the job asks for no GPU`);
  const each = ready.map(({ status }) => Number(status?.allocatable?.[resourceName] ?? 0));
  const total = each.reduce((sum, has) => sum + has, 0);
  const places = each.reduce((sum, has) => sum + Math.floor(has / count), 0);
  const found = `${plural(ready.length, 'node')} ready, ${total} of ${resourceName}`;
  if (total === 0) {
    return problem(
      'GPUs',
      found,
      'Install the device plugin of these GPUs, or correct spec.cluster.gpu.resourceName; gpu.count: 0 trains on processors. Nodes that an autoscaler has yet to bring do not count here.',
    );
  }
  if (places === 0) return problem('GPUs', `${found}, but none has ${count}`, 'Lower spec.cluster.gpu.count.');
  const { bins } = spec.scheduling;
  return places < bins
    ? advice(
        'GPUs',
        `${found}: room for ${places} of ${plural(bins, 'bin')} at once`,
        'The other bins wait, or lower spec.scheduling.bins.',
      )
    : ok('GPUs', `${found}: room for ${plural(bins, 'bin')}`);
}
