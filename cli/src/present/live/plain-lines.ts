import { duration, figure, percent, plural } from '@distillation/api/format';
import { printable } from '../tables/columns.ts';
import type { LiveBin, LiveBlock, LiveView } from './view.ts';

/**
 * The changes between two views of a job, one line each, for a log or a pipe. The first call has no previous view: of what was done before it,
 * there is a number.
 */
export function plainLines(previous: LiveView | undefined, current: LiveView): string[] {
  const lines = [
    ...(previous?.stage === current.stage ? [] : [current.stage]),
    ...(current.doing === undefined || previous?.doing === current.doing ? [] : [current.doing]),
    ...(current.trouble === undefined || previous?.trouble === current.trouble ? [] : [current.trouble]),
    ...(current.backend === undefined || previous?.backend === current.backend
      ? []
      : [`computed with ${current.backend}`]),
    ...current.bins.flatMap((bin) =>
      binLines(
        previous?.bins.find(({ index }) => index === bin.index),
        bin,
      ),
    ),
    ...(previous === undefined ? trainedLine(current.blocks) : []),
    ...current.blocks
      .filter((block) => previous !== undefined || !isTrained(block))
      .flatMap((block) =>
        blockLines(
          previous?.blocks.find(({ name }) => name === block.name),
          block,
        ),
      ),
    ...progressLines(previous, current),
  ];
  const time = current.elapsedSeconds === undefined ? '' : `[${duration(current.elapsedSeconds)}] `;
  return lines.map((line) => `${time}${printable(line)}`);
}

const isTrained = ({ state }: LiveBlock): boolean => state === 'Trained' || state === 'StoppedEarly';

function trainedLine(blocks: readonly LiveBlock[]): string[] {
  const trained = blocks.filter(isTrained).length;
  return trained === 0 ? [] : [`${trained} of ${plural(blocks.length, 'block')} trained already`];
}

function binLines(before: LiveBin | undefined, { index, state, blocks, note }: LiveBin): string[] {
  if (before?.state === state && before.note === note) return [];
  if (state === 'Training') return [`bin ${index}: training ${blocks.join(', ')}`];
  const words = {
    Idle: 'not running',
    Starting: 'starting',
    Stealing: 'looking for work',
    Waiting: 'waiting',
    Running: 'running',
    Suspended: 'suspended',
    Done: 'done',
    Failed: 'failed',
  }[state];
  return [`bin ${index}: ${words}${note === undefined ? '' : `, ${note}`}`];
}

function blockLines(before: LiveBlock | undefined, block: LiveBlock): string[] {
  const { name, state, bin } = block;
  const moved = before?.bin !== undefined && bin !== undefined && before.bin !== bin;
  return [
    ...(moved ? [`${name}: moved from bin ${before.bin} to bin ${bin}`] : []),
    ...(block.epoch > (before?.epoch ?? 0) ? [epochLine(block)] : []),
    ...(block.epoch < (before?.epoch ?? 0) ? [`${name}: starts again`] : []),
    ...(state === 'Failed' && before?.state !== 'Failed'
      ? [`${name}: failed${block.reason === undefined ? '' : `: ${block.reason}`}`]
      : []),
    ...(state === 'StoppedEarly' && before?.state !== 'StoppedEarly'
      ? [`${name}: stopped early, no more improvement`]
      : []),
  ];
}

function epochLine({ name, epoch, epochs, loss, probeRatio, bin }: LiveBlock): string {
  return [
    `${name}: epoch ${epoch} of ${epochs}`,
    ...(loss === undefined ? [] : [`loss ${figure(loss)}`]),
    ...(probeRatio === undefined ? [] : [`${percent(probeRatio, 1)} unexplained`]),
    ...(bin === undefined ? [] : [`bin ${bin}`]),
  ].join(', ');
}

/** A line for every 10 % of progress. */
function progressLines(previous: LiveView | undefined, { progressPercent, etaSeconds }: LiveView): string[] {
  const tenth = Math.floor(progressPercent / 10);
  if (tenth <= Math.floor((previous?.progressPercent ?? 0) / 10)) return [];
  const left = etaSeconds === undefined || tenth >= 10 ? '' : `, about ${duration(etaSeconds)} left`;
  return [`${tenth * 10} % done${left}`];
}
