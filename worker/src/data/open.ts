import { join } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import type { DatasetSpec } from '@distillation/api/job';
import type { DatasetSummary, Shape3 } from '@distillation/api/plan';
import { readCifar10, readCifar100 } from './cifar.ts';
import { decodeImage, shapeError } from './decode.ts';
import { fingerprint } from './fingerprint.ts';
import type { FormatData, FormatReader } from './format.ts';
import { readIdx } from './idx.ts';
import { readImageFolder } from './image-folder.ts';
import { fileName } from './listing.ts';
import { readSample } from './read.ts';
import { sharedIndices } from './shared.ts';
import { cutEveryNth, cutLast } from './split.ts';
import type { Dataset, DatasetData, Expected, Part, Split, SplitData } from './types.ts';
import { readUnlabelledFolder } from './unlabelled-folder.ts';
import { UnreadableImages, looksLikeImage } from './unreadable.ts';

const READERS: Readonly<Record<DatasetSpec['format'], FormatReader>> = {
  Cifar10: readCifar10,
  Cifar100: readCifar100,
  Idx: readIdx,
  ImageFolder: readImageFolder,
  UnlabelledFolder: readUnlabelledFolder,
};

function partCount(part: Part): number {
  return part.kind === 'packed' ? part.files.reduce((sum, run) => sum + run.count, 0) : part.offsets.length - 1;
}

function choose(part: Part, positions: readonly number[], limit = Infinity): SplitData {
  return { part, samples: sharedIndices(limit < positions.length ? positions.slice(0, limit) : positions) };
}

/** Splits and limits the format's samples as the spec asks. */
function makeSplits(format: FormatData, spec: DatasetSpec): Record<Split, SplitData> {
  const { train, validation, test, cut } = format;
  const all = (part: Part): number[] => Array.from({ length: partCount(part) }, (_, position) => position);
  const fraction = validation === undefined ? Number(spec.validation.fraction) : 0;
  const count = partCount(train);
  const parts = cut === 'Last' ? cutLast(count, fraction) : cutEveryNth(count, fraction, train.labels);
  return {
    train: choose(train, parts.train, spec.limits.train),
    validation:
      validation === undefined
        ? choose(train, parts.validation, spec.limits.validation)
        : choose(validation, all(validation), spec.limits.validation),
    test: test === undefined ? choose(train, []) : choose(test, all(test), spec.limits.test),
  };
}

function checkClasses(format: FormatData, spec: DatasetSpec, expected: Expected): void {
  const found = format.classNames.length;
  if (format.train.labels === undefined || expected.classes === undefined || expected.classes === found) return;
  throw new DistillError(
    'DISTILL_E_DATASET_CLASSES',
    `${spec.path} (${spec.format}) has ${found} classes, but the teacher tells ${expected.classes} apart.`,
    { subject: spec.path },
  );
}

/** The shape samples will have: the teacher's; without a teacher that of the first image. @throws DistillError DISTILL_E_DATASET_SHAPE */
async function imageShapeOf(part: Part, spec: DatasetSpec, wanted: Shape3 | undefined): Promise<Shape3> {
  if (part.kind === 'files') {
    if (wanted !== undefined) return wanted;
    const name = fileName(part, 0);
    return (await decodeImage(join(part.root, name), { resize: 'None', name })).shape;
  }
  const [height, width, channels] = part.shape;
  if (wanted === undefined) return part.shape;
  const sameSize = (height === wanted[0] && width === wanted[1]) || spec.resize !== 'None';
  if (channels === wanted[2] && sameSize) return wanted;
  throw shapeError(`Every image of ${spec.path} (${spec.format})`, part.shape, wanted);
}

function requireSamples(splits: Record<Split, SplitData>, spec: DatasetSpec): void {
  if (splits.train.samples.length > 0) return;
  throw new DistillError(
    'DISTILL_E_DATASET_EMPTY',
    `${spec.path} (${spec.format}) has no training sample, with a validation fraction of ${spec.validation.fraction}.`,
    { subject: spec.path },
  );
}

/** Fingerprints the files; image files are also checked to begin like a JPEG or PNG. */
async function inspect(folder: string, format: FormatData, maxUnreadable: number): Promise<string> {
  const unreadable = new UnreadableImages(maxUnreadable);
  const images = format.train.kind === 'files';
  return fingerprint(folder, format.files, ({ name, head }) => {
    if (images && !looksLikeImage(head)) unreadable.add(name, 'is neither a JPEG nor a PNG');
  });
}

function checkUnchanged(summary: DatasetSummary, planned: DatasetSummary, spec: DatasetSpec): void {
  const sizes = (of: DatasetSummary): string =>
    `${of.train} + ${of.validation} + ${of.test} samples in ${of.classes} classes`;
  if (sizes(summary) === sizes(planned)) return;
  throw new DistillError(
    'DISTILL_E_DATASET_CORRUPT',
    `${spec.path} has ${sizes(summary)}, but ${sizes(planned)} when the job was planned.`,
    { subject: spec.path },
  );
}

/**
 * Opens and checks the data set of a job.
 *
 * @param volume folder that `spec.path` is relative to
 * @param expected what the teacher takes; with `planned` the files are not opened to fingerprint them again
 * @throws DistillError DISTILL_E_DATASET_* naming the file, sample or class at fault
 */
export async function openDataset(volume: string, spec: DatasetSpec, expected: Expected = {}): Promise<Dataset> {
  const folder = join(volume, spec.path);
  const labelled = spec.labels === 'Used' && spec.format !== 'UnlabelledFolder';
  const { classes, inputShape, planned } = expected;
  const format = await READERS[spec.format](folder, { labelled, ...(classes === undefined ? {} : { classes }) });
  const splits = makeSplits(format, spec);
  requireSamples(splits, spec);
  checkClasses(format, spec, expected);
  const imageShape = await imageShapeOf(format.train, spec, inputShape);
  const { resize, maxUnreadable } = spec;
  const data: DatasetData = { splits, imageShape, resize, maxUnreadable };
  const summary: DatasetSummary = {
    sha256: planned?.sha256 ?? (await inspect(folder, format, maxUnreadable)),
    train: splits.train.samples.length,
    validation: splits.validation.samples.length,
    test: splits.test.samples.length,
    classes: labelled ? format.classNames.length : (classes ?? 0),
    imageShape,
    labelled,
  };
  if (planned !== undefined) checkUnchanged(summary, planned, spec);
  return {
    summary,
    classNames: labelled ? format.classNames : [],
    splits: {
      train: { count: summary.train },
      validation: { count: summary.validation },
      test: { count: summary.test },
    },
    read: (split, index) => readSample(data, split, index),
    data,
  };
}
