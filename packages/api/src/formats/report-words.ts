import { ERRORS, isErrorCode } from '../errors.ts';
import { noneOf, percent, plural, ratio } from '../numbers/format.ts';
import { LAYOUT } from './layout.ts';
import type { BlockReport, OnnxTimes, Report } from './report.ts';

/** What a report says, in words that end table and page share. Pure. */

/** Whether a layer is the teacher's in the student: no block for it was selected. */
export const staysTeachers = ({ blocks }: Pick<Report, 'blocks'>, block: BlockReport): boolean => {
  const layer = block.layer ?? block.name;
  return !blocks.some((other) => other.selected && (other.layer ?? other.name) === layer);
};

/** The speed that is shown first: on one thread, of the largest batch; undefined where none was measured. */
export const firstSpeed = ({ onnx }: Pick<Report, 'onnx'>): OnnxTimes | undefined =>
  onnx?.rows.findLast(({ threads }) => threads === 1);

/**
 * How many times as fast the student was: by the median of the turns, each of which compares the two side by side. Where the load of the
 * machine changes from turn to turn, the ratio of the two medians may lie outside of all that was seen.
 */
export const timesAsFast = ({ teacherMs, studentMs, speedup }: OnnxTimes): number =>
  speedup?.median ?? teacherMs / studentMs;

/** How many times as fast the student was, and where the middle half of the turns lies: "2.50× (2.41 to 2.58)". */
export function speedupWords(times: OnnxTimes): string {
  const { speedup } = times;
  const median = ratio(timesAsFast(times), 1) ?? '';
  const [lower, upper] = [speedup?.lowerQuartile, speedup?.upperQuartile].map((value) => ratio(value, 1)?.slice(0, -1));
  return lower === undefined || upper === undefined ? median : `${median} (${lower} to ${upper})`;
}

/**
 * How far an accuracy may lie from that on all images of the kind, by the luck of those that were tested: the standard error of a share. Undefined
 * without a test accuracy, and where all or none of the answers were right, of which it says nothing.
 */
export function accuracyError({ student, plan }: Pick<Report, 'student' | 'plan'>): string | undefined {
  const { testAccuracy: share } = student;
  const { test } = plan.dataset;
  if (share === undefined || share <= 0 || share >= 1 || test === 0) return undefined;
  const error = 100 * Math.sqrt((share * (1 - share)) / test);
  return `Tested on ${plural(test, 'image')}: the standard error of the student's accuracy is ${error.toFixed(error < 1 ? 2 : 1)} points.`;
}

type Tuning = Pick<Report['fineTuning'], 'epochs' | 'keptEpoch'>;

/** Whether there were epochs, and none was better than what they started from. */
const isInVain = ({ epochs, keptEpoch }: Tuning): boolean => epochs.length > 0 && keptEpoch === 0;

/** The control, unless it shows nothing: a teacher that no epoch made better is the teacher. */
export const usefulControl = ({ control }: Pick<Report, 'control'>): Report['control'] =>
  control !== undefined && control.keptEpoch > 0 ? control : undefined;

/** What went wrong without failing the job, as sentences with the way out. */
export function cautions({
  fineTuning,
  control,
  selection,
  onnx,
  warnings = [],
}: Pick<Report, 'fineTuning' | 'control' | 'selection' | 'onnx' | 'warnings'>): string[] {
  const told = warnings.map(({ code, message }) => (isErrorCode(code) ? `${message} ${ERRORS[code].fix}` : message));
  // A training that diverged has its warning.
  const isTold = warnings.some(({ code }) => code === 'DISTILL_E_FINE_TUNE_DIVERGED');
  if (isInVain(fineTuning) && !isTold)
    told.push(
      'No epoch of fine-tuning was better than the student as it was assembled, which is kept. A lower spec.fineTuning.optimizer.learningRate may help.',
    );
  if (control?.keptEpoch === 0)
    told.push(
      'The control shows nothing: no epoch made the teacher better than it was. It has the settings of the student; more spec.fineTuning.epochs or a lower learningRate may do more for both.',
    );
  const { predicted = NaN, measured = NaN } = selection?.latency ?? {};
  if (Math.max(predicted / measured, measured / predicted) > SURPRISING)
    told.push(
      `The student was predicted to take ${percent(predicted, 0)} of the teacher's time and was measured to take ${percent(measured, 0)}: other work on the machine disturbs such times. Delete ${LAYOUT.latencies} and ${LAYOUT.result} of the output folder and run the job again on a machine that is idle.`,
    );
  const speed = firstSpeed({ onnx });
  const { lowerQuartile = NaN, upperQuartile = NaN } = speed?.speedup ?? {};
  if (speed !== undefined && upperQuartile / lowerQuartile > SCATTERED)
    told.push(
      `The machine did other work while speed was measured: ${speedupWords(speed)} is no figure to rely on. Delete ${LAYOUT.result} of the output folder and run the job again on a machine that is idle; nothing is trained anew.`,
    );
  return told;
}

/** How many times as large the upper quartile of a speed-up is as the lower one when it is told; of an idle machine it is 1.0 to 1.2 times. */
const SCATTERED = 1.5;

/** How many times as large one of prediction and measurement is when it is told. */
const SURPRISING = 1.4;

/** Why a job returns its teacher though blocks were trained. */
export function unchangedWords({ blocks, selection }: Pick<Report, 'blocks' | 'selection'>): string {
  const why =
    selection === undefined
      ? `${noneOf(blocks.length, 'block')} was good enough`
      : 'Within this budget no student is better than the teacher itself, which keeps it too';
  return `${why}: the network returned is the teacher, unchanged.`;
}

/**
 * How much of a network was replaced: "9 of 12 blocks" or, where several blocks were candidates for a layer, "12 of 13 layers (44
 * candidates)".
 */
export function replacedWords(
  blocks: readonly { readonly name: string; readonly layer?: string; readonly selected?: boolean }[],
): string {
  const selected = blocks.filter((block) => block.selected === true).length;
  const layers = new Set(blocks.map(({ name, layer }) => layer ?? name)).size;
  return layers === blocks.length
    ? `${selected} of ${plural(layers, 'block')}`
    : `${selected} of ${plural(layers, 'layer')} (${plural(blocks.length, 'candidate')})`;
}
