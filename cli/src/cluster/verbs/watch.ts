import { type JobReference, readWritten } from '../../commands/manifest.ts';
import { type ClusterAccess, onCluster } from '../access.ts';
import { follow } from '../follow.ts';
import { getJob } from '../jobs.ts';
import { manifestNamespace } from '../manifest-namespace.ts';
import type { ClusterOptions } from '../options.ts';

/** Namespace and name of a job. @throws DistillError DISTILL_E_USAGE; those of reading a manifest */
export async function placeOf(
  reference: JobReference,
  { access, options }: { access: ClusterAccess; options: ClusterOptions },
): Promise<{ place: ClusterAccess; name: string }> {
  if ('name' in reference) return { place: access, name: reference.name };
  const { filename } = reference;
  const manifest = await readWritten(filename);
  const namespace = manifestNamespace(manifest, { access, options, filename });
  return { place: { ...access, namespace }, name: manifest.metadata.name };
}

/** `watch` on a cluster. */
export async function watchOnCluster(reference: JobReference, options: ClusterOptions): Promise<void> {
  await onCluster(options, async (access) => {
    const { place, name } = await placeOf(reference, { access, options });
    await follow(place, await getJob(place, name));
  });
}
