import type { AugmentationSpec } from '@distillation/api/job';
import type { UnreadableFile } from '@distillation/api/plan';
import { axisMap, drawChange, isActive, rotate } from './augment.ts';
import type { ChannelTable } from './preprocess.ts';
import { UnreadableError } from './images/decode.ts';
import { type SampleView, interleavedView, readSample, sampleName, viewSample } from './read.ts';
import type { DatasetData, Split } from './types.ts';

/** Makes one batch: read, augment, preprocess. Runs in a loader thread and depends on the request alone. */

/** What the training batches depend on: see `BatchesOptions.training`. */
export interface TrainingKey {
  readonly seed: number;
  readonly epoch: number;
  readonly augmentation?: AugmentationSpec;
}

export interface BatchRequest {
  readonly split: Split;
  /** Indices within the split. */
  readonly samples: Uint32Array;
  readonly training?: TrainingKey;
}

export interface MadeBatch {
  readonly images: Float32Array<ArrayBuffer>;
  readonly labels: Int32Array<ArrayBuffer>;
  readonly sampleIds: Uint32Array<ArrayBuffer>;
  readonly unreadable: readonly UnreadableFile[];
}

interface BatchContext {
  readonly data: DatasetData;
  readonly tables: readonly ChannelTable[];
}

/** Source rows and columns of a sample: the crop and the flips. */
interface AxisMaps {
  readonly rows: Int32Array;
  readonly columns: Int32Array;
}

/** Writes a sample to `out` at `offset`: rows and columns as `maps` says, values through the preprocessing tables. */
function renderSample(
  out: Float32Array,
  offset: number,
  source: { readonly sample: SampleView; readonly maps: AxisMaps; readonly tables: readonly ChannelTable[] },
): void {
  const { sample, maps, tables } = source;
  const { pixels, strides } = sample;
  const [rowStride, columnStride, channelStride] = strides;
  for (let channel = 0; channel < tables.length; channel++) {
    const table = tables[channel];
    if (table === undefined) continue;
    const { values } = table;
    const plane = table.source * channelStride;
    let to = offset + channel;
    for (const row of maps.rows) {
      const base = row * rowStride + plane;
      for (const column of maps.columns) {
        out[to] = values[pixels[base + column * columnStride] ?? 0] ?? 0;
        to += tables.length;
      }
    }
  }
}

/** The sample, or undefined when it cannot be decoded, which is recorded. */
async function tryRead(
  data: DatasetData,
  at: { readonly split: Split; readonly index: number },
  unreadable: UnreadableFile[],
): Promise<SampleView | undefined> {
  try {
    return await readSample(data, at.split, at.index);
  } catch (thrown) {
    if (!(thrown instanceof UnreadableError)) throw thrown;
    unreadable.push({ name: sampleName(data, at.split, at.index), reason: thrown.reasonInWords });
    return undefined;
  }
}

/**
 * The next samples of the split with the label of sample `index`, wrapping around at its end: replacements for one that cannot be
 * decoded.
 */
function* standIns(data: DatasetData, split: Split, index: number): Generator<number> {
  const { part, samples } = data.splits[split];
  const label = part.labels?.[samples[index] ?? 0];
  for (let step = 1; step < samples.length; step++) {
    const other = (index + step) % samples.length;
    if (part.labels?.[samples[other] ?? 0] === label) yield other;
  }
}

/**
 * Reads a sample. One that cannot be decoded is replaced in training by the next of its class, which does not depend on the reader
 * or the time, and left out in evaluation, where every sample counts once.
 */
async function readOrReplace(
  { data }: BatchContext,
  { split, training }: BatchRequest,
  at: { readonly index: number; readonly unreadable: UnreadableFile[] },
): Promise<SampleView | undefined> {
  const sample = await tryRead(data, { split, index: at.index }, at.unreadable);
  if (sample !== undefined || training === undefined) return sample;
  for (const index of standIns(data, split, at.index)) {
    // No more than the limit can be skipped here, since the caller fails on their count.
    if (at.unreadable.length > data.maxUnreadable) return undefined;
    const other = await tryRead(data, { split, index }, at.unreadable);
    if (other !== undefined) return other;
  }
  return undefined;
}

/** Makes a batch. @throws DistillError whatever reading raises, except for unreadable images, which are listed */
export async function makeBatch(context: BatchContext, request: BatchRequest): Promise<MadeBatch> {
  const { data, tables } = context;
  const { samples, training } = request;
  const [height, width, channels] = data.imageShape;
  const area = height * width * channels;
  const images = new Float32Array(samples.length * area);
  const labels = new Int32Array(samples.length);
  const sampleIds = new Uint32Array(samples.length);
  const unreadable: UnreadableFile[] = [];
  const maps = { rows: new Int32Array(height), columns: new Int32Array(width) };
  axisMap(maps.rows, 0, false);
  axisMap(maps.columns, 0, false);
  const augmentation =
    training?.augmentation !== undefined && isActive(training.augmentation) ? training.augmentation : undefined;
  let count = 0;
  for (const index of samples) {
    let sample =
      viewSample(data, request.split, index) ?? (await readOrReplace(context, request, { index, unreadable }));
    if (sample === undefined) continue;
    if (training !== undefined && augmentation !== undefined) {
      const change = drawChange(augmentation, { seed: training.seed, epoch: training.epoch, sample: index });
      if (change.angle !== 0) {
        sample = interleavedView(rotate(sample, change.angle), sample.shape, sample.label);
      }
      axisMap(maps.rows, change.top, change.flipVertical);
      axisMap(maps.columns, change.left, change.flipHorizontal);
    }
    renderSample(images, count * area, { sample, maps, tables });
    labels[count] = sample.label;
    sampleIds[count] = index;
    count++;
  }
  if (count === samples.length) return { images, labels, sampleIds, unreadable };
  return {
    images: images.slice(0, count * area),
    labels: labels.slice(0, count),
    sampleIds: sampleIds.slice(0, count),
    unreadable,
  };
}
