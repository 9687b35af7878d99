import type { JobReference } from '../../commands/manifest.ts';
import { onCluster } from '../access.ts';
import { follow } from '../follow.ts';
import { getJob } from '../jobs.ts';
import { placeOf } from '../manifest-namespace.ts';
import type { ClusterOptions } from '../options.ts';

/** `watch` on a cluster. */
export async function watchOnCluster(reference: JobReference, options: ClusterOptions): Promise<void> {
  await onCluster({ ...options, hasLocal: true }, async (access) => {
    const { place, name } = await placeOf(reference, { access, options });
    await follow(place, await getJob(place, name));
  });
}
