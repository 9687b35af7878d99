import { count, duration, figure, percent, plural } from '@distillation/api/format';
import { clip, inColumns, wrapped } from '../tables/columns.ts';
import type { LiveBin, LiveBlock, LiveView } from './view.ts';

/**
 * The live view of a job as lines that fit the terminal's columns and rows. If there are more blocks than fit, those in training come first
 * and the others are only counted.
 */
export function liveTable(view: LiveView, columns: number, rows = 50): string[] {
  const head = [
    progressLine(view, columns),
    ...(view.doing === undefined ? [] : wrapped(view.doing, columns)),
    ...(view.backend === undefined ? [] : [view.backend]),
    ...(view.trouble === undefined ? [] : wrapped(view.trouble, columns)),
    '',
  ];
  const bins = view.bins.length === 0 ? [] : [...inColumns(view.bins.map(binCells), BIN_ALIGNMENT), ''];
  const room = Math.max(3, rows - head.length - bins.length - 2);
  const blocks = view.blocks.length === 0 ? [] : blockLines(view.blocks, room);
  return [...head, ...bins, ...blocks].slice(0, rows).map((line) => clip(line, columns));
}

function progressLine({ stage, progressPercent, elapsedSeconds, etaSeconds }: LiveView, columns: number): string {
  const share = Math.min(1, Math.max(0, progressPercent / 100));
  const before = `${stage}  ${percent(share, 0)}  `;
  const left = etaSeconds === undefined ? '' : `, about ${duration(etaSeconds)} left`;
  const after = `${elapsedSeconds === undefined ? '' : `  ${duration(elapsedSeconds)}`}${left}`;
  const width = Math.min(40, columns - before.length - after.length);
  // On a narrow terminal the numbers matter more than the bar.
  return width < 5 ? `${before.trimEnd()}${after}` : `${before}${bar(share, width)}${after}`;
}

function bar(share: number, width: number): string {
  const full = Math.round(share * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}

const BIN_ALIGNMENT = ['left', 'left', 'left', 'left', 'right', 'left', 'left'] as const;

function binCells({
  index,
  state,
  blocks,
  epoch,
  epochs,
  step,
  steps,
  imagesPerSecond,
  etaSeconds,
  note,
}: LiveBin): string[] {
  const held = note ?? (blocks.length === 1 ? (blocks[0] ?? '') : plural(blocks.length, 'block'));
  const isEmpty = blocks.length === 0 && note === undefined;
  const rate = imagesPerSecond > 0 ? `${rateText(imagesPerSecond)} images/s` : '';
  const underWay = epoch === 0 || state === 'Stealing' ? '' : `epoch ${epoch} of ${epochs}`;
  if (state !== 'Training') return [`bin ${index}`, STATES[state], underWay, '', rate, '', isEmpty ? '' : held];
  return [
    `bin ${index}`,
    STATES[state],
    underWay,
    `step ${count(step)} of ${count(steps)}`,
    rate,
    etaSeconds === undefined ? '' : `${duration(etaSeconds)} left`,
    held,
  ];
}

/** Slow passes are told to a part of an image. */
const rateText = (rate: number): string => (rate < 10 ? figure(rate) : count(rate));

const STATES: Readonly<Record<LiveBin['state'] | LiveBlock['state'], string>> = {
  Idle: 'not running',
  Starting: 'starting',
  Stealing: 'looking for work',
  Running: 'running',
  Suspended: 'suspended',
  Done: 'done',
  Waiting: 'waiting',
  Training: 'training',
  Trained: 'trained',
  StoppedEarly: 'stopped early',
  Failed: 'failed',
};

const HEAD = ['block', 'state', 'epoch', 'loss', 'unexplained', 'bin'];
const BLOCK_ALIGNMENT = ['left', 'left', 'right', 'right', 'right', 'right'] as const;

function blockLines(blocks: readonly LiveBlock[], room: number): string[] {
  const fits = blocks.length + 1 <= room;
  const urgent = (block: LiveBlock): boolean => block.state === 'Training' || block.state === 'Failed';
  const shown = fits
    ? blocks
    : [...blocks.filter(urgent), ...blocks.filter((block) => !urgent(block))]
        .slice(0, Math.max(0, room - 2))
        .sort((a, b) => blocks.indexOf(a) - blocks.indexOf(b));
  const hidden = blocks.filter((block) => !shown.includes(block));
  return [
    ...inColumns([HEAD, ...shown.map(blockCells)], BLOCK_ALIGNMENT),
    ...(hidden.length === 0 ? [] : [`and ${hidden.length} more: ${counted(hidden)}`]),
  ];
}

function blockCells({ name, state, epoch, epochs, loss, probeRatio, bin }: LiveBlock): string[] {
  return [
    name,
    STATES[state],
    `${epoch}/${epochs}`,
    loss === undefined ? '' : figure(loss),
    probeRatio === undefined ? '' : percent(probeRatio, 1),
    bin === undefined ? '' : String(bin),
  ];
}

/** "3 waiting, 12 trained". */
function counted(blocks: readonly LiveBlock[]): string {
  const states = [...new Set(blocks.map(({ state }) => state))];
  return states.map((state) => `${blocks.filter((block) => block.state === state).length} ${STATES[state]}`).join(', ');
}
