import { stat } from 'node:fs/promises';
import { DistillError, toDistillError } from '@distillation/api/errors';
import { errnoOf } from '@distillation/ledger/file-layer';

/** Errors of a volume on which samples are laid out. */

/** Errors of the file system for a place that something of another kind has. */
const IN_THE_WAY = ['ENOTDIR', 'EEXIST', 'EISDIR', 'ENOTEMPTY', 'ELOOP', 'ENAMETOOLONG'];

/**
 * A volume is mounted, and never made: what is laid out elsewhere would be lost with the container.
 * @throws DistillError DISTILL_E_VOLUME_NOT_WRITABLE
 */
export async function checkIsFolder(volume: string): Promise<void> {
  const status = await stat(volume).catch((cause: unknown) => {
    throw noFolder(volume, errnoOf(cause) ?? String(cause));
  });
  if (!status.isDirectory()) throw noFolder(volume, 'something else is there');
}

const noFolder = (volume: string, why: string): DistillError =>
  new DistillError('DISTILL_E_VOLUME_NOT_WRITABLE', `The volume ${volume} is no folder: ${why}.`, {
    subject: volume,
    fix: 'Name by --volume a folder that is there: on a cluster the one where the claim is mounted.',
  });

/** What was thrown while files of this volume were written, as an error of the catalogue. */
export function ofVolume(thrown: unknown, volume: string): DistillError {
  const error = toDistillError(thrown);
  const errno = errnoOf(thrown);
  if (errno !== undefined && IN_THE_WAY.includes(errno)) {
    return new DistillError(
      'DISTILL_E_VOLUME_NOT_WRITABLE',
      `Samples cannot be written to ${volume}: ${error.message}.`,
      {
        subject: error.subject ?? volume,
        cause: thrown,
        fix: 'Move away what lies where a file or a folder of the samples belongs, then run the same command again.',
      },
    );
  }
  if (errno === undefined || error.code !== 'DISTILL_E_INTERNAL') return error;
  return new DistillError('DISTILL_E_VOLUME_IO', `Samples cannot be written to ${volume}: ${error.message}.`, {
    subject: error.subject ?? volume,
    cause: thrown,
  });
}
