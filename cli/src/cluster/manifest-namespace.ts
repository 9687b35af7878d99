import { DistillError } from '@distillation/api/errors';
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
