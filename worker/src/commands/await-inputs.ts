import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DistillError } from '@distillation/api/errors';
import { duration } from '@distillation/api/format';
import type { DistillationJobSpec } from '@distillation/api/job';
import { sentences } from '@distillation/api/sentences';
import { errno } from '../data/files.ts';
import { rootPlace } from '../data/folders/walk.ts';
import { incomingSince } from '../files/incoming.ts';
import type { Invocation } from '../process/options.ts';
import type { Monitor } from '../serve/monitor.ts';
import { resolveFile } from '../teacher/files/format.ts';

/** How often the volumes are looked at while something is missing, in milliseconds. */
const LOOK_MS = 2000;

type Volumes = Pick<Invocation, 'teacherVolume' | 'datasetVolume'>;
type Inputs = {
  readonly [K in 'teacher' | 'dataset']: Pick<DistillationJobSpec[K], 'path'>;
};

interface Waiting {
  /** How long to wait for what is not there; 0: not at all. */
  readonly deadlineSeconds: number;
  readonly monitor: Pick<Monitor, 'alive' | 'send'>;
  readonly log: (line: string) => void;
  readonly lookMs?: number;
}

/**
 * Waits until teacher and data are on the volume, all of them: a part of a data set would pass for the whole of one. Needs no
 * TensorFlow. A fault that waiting does not mend is thrown at once.
 * @throws DistillError DISTILL_E_TEACHER_MISSING, DISTILL_E_DATASET_MISSING, DISTILL_E_INPUTS_INCOMPLETE when the time is over,
 * and whatever else is wrong with the place of the teacher
 */
export async function awaitInputs(
  volumes: Volumes,
  inputs: Inputs,
  { deadlineSeconds, monitor, log, lookMs = LOOK_MS }: Waiting,
): Promise<void> {
  const begun = performance.now();
  let told: string | undefined;
  for (;;) {
    const missing = await missingInputs(volumes, inputs);
    monitor.alive();
    const [first] = missing;
    if (first === undefined) break;
    const leftMs = begun + 1000 * deadlineSeconds - performance.now();
    if (leftMs <= 0) throw deadlineSeconds === 0 ? first : tooLate(first, deadlineSeconds);
    const what = sentences(...missing.map(({ message }) => message));
    if (what !== told) {
      log(`waits for teacher and data: ${what}`);
      monitor.send({ type: 'Awaits', what });
    }
    told = what;
    await sleep(Math.min(lookMs, leftMs));
  }
  if (told === undefined) return;
  log('teacher and data are there');
  monitor.send({ type: 'Awaits' });
}

const tooLate = ({ code, message, subject, cause }: DistillError, seconds: number): DistillError =>
  new DistillError(
    code,
    sentences(message, `It was waited for during ${duration(seconds)}, as spec.cluster.inputsDeadlineSeconds says`),
    { cause, ...(subject !== undefined && { subject }) },
  );

/** One error for each of teacher and data that is not there, or not all of it. @throws DistillError for another fault */
async function missingInputs({ teacherVolume, datasetVolume }: Volumes, inputs: Inputs): Promise<DistillError[]> {
  const { teacher, dataset } = inputs;
  // A LayersModel is all of its folder.
  const model = basename(teacher.path) === 'model.json' ? dirname(teacher.path) : teacher.path;
  const found = [
    await faultOf(() => resolveFile(join(teacherVolume, teacher.path)), {
      volume: teacherVolume,
      path: model,
      what: 'teacher',
    }),
    await faultOf(() => rootPlace(join(datasetVolume, dataset.path)), {
      volume: datasetVolume,
      path: dataset.path,
      what: 'data',
    }),
  ];
  return found.filter((fault) => fault !== undefined);
}

interface Place {
  readonly volume: string;
  readonly path: string;
  readonly what: 'teacher' | 'data';
}

/** Asked for copies before and after: what begins or ends in between may have left a part of the files to be found. */
async function faultOf(find: () => Promise<unknown>, place: Place): Promise<DistillError | undefined> {
  const before = await incomplete(place);
  try {
    await find();
  } catch (fault) {
    const copying = before ?? (await incomplete(place));
    if (copying !== undefined) return copying;
    if (fault instanceof DistillError && isAbsence(fault)) return fault;
    throw fault;
  }
  return before ?? (await incomplete(place));
}

async function incomplete({ volume, path, what }: Place): Promise<DistillError | undefined> {
  const since = await incomingSince(volume, path);
  if (since === undefined) return undefined;
  return new DistillError(
    'DISTILL_E_INPUTS_INCOMPLETE',
    `The ${what} at ${path} ${what === 'data' ? 'are' : 'is'} not all there: a copy began at ${since} and is under way, or was broken off.`,
    { subject: path },
  );
}

/** Whether there is nothing at the place. What is there and may not be read, or is something else, does not come by waiting. */
const isAbsence = ({ code, cause }: DistillError): boolean =>
  (code === 'DISTILL_E_TEACHER_MISSING' || code === 'DISTILL_E_DATASET_MISSING') &&
  (cause === undefined || errno(cause) === 'ENOENT');
