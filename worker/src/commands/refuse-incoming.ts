import { basename, dirname } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import type { DistillationJobSpec } from '@distillation/api/job';
import { incomingSince } from '../files/incoming.ts';
import type { Invocation } from '../process/options.ts';

type Inputs = {
  readonly [K in 'teacher' | 'dataset']: Pick<DistillationJobSpec[K], 'path'>;
};

/**
 * Refuses teacher and data of which a part is on its way or was cut off: half of a data set would pass for the whole of one.
 * @throws DistillError DISTILL_E_INPUTS_INCOMPLETE
 */
export async function refuseIncoming(
  { teacherVolume, datasetVolume }: Pick<Invocation, 'teacherVolume' | 'datasetVolume'>,
  { teacher, dataset }: Inputs,
): Promise<void> {
  // A LayersModel is all of its folder.
  const model = basename(teacher.path) === 'model.json' ? dirname(teacher.path) : teacher.path;
  for (const [what, volume, path] of [
    ['teacher', teacherVolume, model],
    ['data', datasetVolume, dataset.path],
  ] as const) {
    const since = await incomingSince(volume, path);
    if (since === undefined) continue;
    throw new DistillError(
      'DISTILL_E_INPUTS_INCOMPLETE',
      `The ${what} at ${path} ${what === 'data' ? 'are' : 'is'} not all there: a copy that began at ${since} has not come to its end.`,
      { subject: path },
    );
  }
}
