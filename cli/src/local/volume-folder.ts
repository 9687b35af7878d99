import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DistillError } from '@distillation/api/errors';

/** Checks that the volume's folder exists; a missing one would be created and found empty. @throws DistillError DISTILL_E_USAGE */
export async function volumeFolder(path: string): Promise<string> {
  const folder = resolve(path);
  const there = await stat(folder).catch(() => undefined);
  if (there?.isDirectory() === true) return folder;
  const message = there === undefined ? `There is no folder ${folder}.` : `${folder} is not a folder.`;
  throw new DistillError('DISTILL_E_USAGE', message, {
    subject: '--volume',
    fix: 'Give the folder that holds teacher and data by --volume; without it the current folder is taken.',
  });
}
