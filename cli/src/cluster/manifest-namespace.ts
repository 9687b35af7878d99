import { DistillError } from '@distillation/api/errors';
import { type JobReference, readWritten } from '../commands/manifest.ts';
import type { ClusterAccess } from './access.ts';
import type { ClusterOptions } from './options.ts';

interface Named {
  readonly metadata: { readonly namespace?: string };
}

/**
 * Namespace of the job in a manifest: what the manifest says, else that of flag or context.
 * @throws DistillError DISTILL_E_USAGE when manifest and flag name different ones
 */
export function manifestNamespace(
  { metadata: { namespace } }: Named,
  { access, options, filename }: { access: ClusterAccess; options: ClusterOptions; filename: string },
): string {
  if (namespace === undefined) return access.namespace;
  if (options.namespace === undefined || options.namespace === namespace) return namespace;
  throw new DistillError(
    'DISTILL_E_USAGE',
    `${filename} is for the namespace ${namespace}, and -n names ${options.namespace}.`,
    { subject: '--namespace', fix: 'Leave -n out, or correct metadata.namespace.' },
  );
}

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
