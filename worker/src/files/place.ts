import { join } from 'node:path';
import { DistillError } from '@distillation/api/errors';

/** The path of a file on the volumes. @throws DistillError DISTILL_E_USAGE for one that leads out of them */
export function placeOf(root: string, path: string): string {
  const parts = path.split('/');
  if (path.includes('\0') || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw new DistillError('DISTILL_E_USAGE', `The path ${JSON.stringify(path)} does not lie on a volume.`, {
      subject: path,
    });
  }
  return join(root, ...parts);
}
