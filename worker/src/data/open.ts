import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import type { DatasetSpec } from '@distillation/api/job';
import type { DatasetSummary, Shape3 } from '@distillation/api/plan';
import { plural, someOf } from '@distillation/api/format';
import { readCifar10, readCifar100 } from './cifar.ts';
import { LeftOutTally } from './folders/left-out.ts';
import { survey } from './folders/survey.ts';
import { encodeName, shownName } from './folders/names.ts';
import { edgesHash } from './identity/edges.ts';
import { identify } from './identity/identify.ts';
import { convertPart, requireChannels } from './images/channels.ts';
import { decodeImage, shapeError } from './images/decode.ts';
import type { FormatData, FormatReader } from './format.ts';
import { readIdx } from './idx.ts';
import { readImageFolder } from './folders/image-folder.ts';
import { fileName } from './folders/listing.ts';
import { readSample } from './read.ts';
import { sharedIndices } from './shared.ts';
import { cutEveryNth, cutLast } from './split.ts';
import type { Dataset, DatasetData, Expected, Part, Split, SplitData } from './types.ts';
import type { Hashing } from './identity/hashing.ts';
import { readUnlabelledFolder } from './folders/unlabelled-folder.ts';

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

/** Makes the splits and applies the limits of the spec. */
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

/** Most classes that a message names. */
const MAX_NAMES = 10;

function checkClasses(format: FormatData, spec: DatasetSpec, expected: Expected): void {
  const found = format.classNames.length;
  if (format.train.labels === undefined || expected.classes === undefined || expected.classes === found) return;
  throw new DistillError(
    'DISTILL_E_DATASET_CLASSES',
    `${spec.path} (${spec.format}) has ${plural(found, 'class', 'classes')} (${someOf(format.classNames.map(shownName), MAX_NAMES)}), but the teacher tells ${expected.classes} apart.`,
    { subject: spec.path },
  );
}

/** The shape of the samples: the teacher's; without a teacher, that of the first image. @throws DistillError DISTILL_E_DATASET_SHAPE */
async function imageShapeOf(part: Part, spec: DatasetSpec, wanted: Shape3 | undefined): Promise<Shape3> {
  if (part.kind === 'files') {
    if (wanted !== undefined) return wanted;
    const name = fileName(part, 0);
    const file = await readFile(encodeName(join(part.root, name)));
    return (await decodeImage(file, { resize: 'None', name: shownName(name) })).shape;
  }
  const [height, width] = part.shape;
  if (wanted === undefined) return part.shape;
  if ((height === wanted[0] && width === wanted[1]) || spec.resize !== 'None') return wanted;
  throw shapeError(`Every image of ${spec.path} (${spec.format})`, part.shape, wanted);
}

/** Converts the format's samples to the teacher's channels; image files are converted when they are read. */
function inChannels(format: FormatData, spec: DatasetSpec, wanted: Shape3 | undefined): FormatData {
  if (wanted === undefined) return format;
  const { train, validation, test } = format;
  const [, , channels] = wanted;
  const what = `the images of ${spec.path} (${spec.format})`;
  requireChannels(what, train.kind === 'packed' ? train.shape[2] : undefined, channels);
  const converted = (part: Part): Part => (part.kind === 'packed' ? convertPart(part, channels) : part);
  return {
    ...format,
    train: converted(train),
    ...(validation && { validation: converted(validation) }),
    ...(test && { test: converted(test) }),
  };
}

function requireSamples(splits: Record<Split, SplitData>, spec: DatasetSpec): void {
  if (splits.train.samples.length > 0) return;
  throw new DistillError(
    'DISTILL_E_DATASET_EMPTY',
    `${spec.path} (${spec.format}) has no training sample, with a validation fraction of ${spec.validation.fraction}.`,
    { subject: spec.path },
  );
}

/**
 * Opens and checks the data set of a job.
 *
 * @param volume folder that `spec.path` is relative to
 * @param expected what the teacher takes; with `planned`, the data are checked against the plan, otherwise everything that is read
 * is hashed and what is not read is counted
 * @throws DistillError DISTILL_E_DATASET_* naming the file, sample or class at fault
 */
export async function openDataset(
  volume: string,
  spec: DatasetSpec,
  expected: Expected & Hashing = {},
): Promise<Dataset> {
  const folder = join(volume, spec.path);
  const labelled = spec.labels === 'Used' && spec.format !== 'UnlabelledFolder';
  const { classes, inputShape, planned } = expected;
  const tally = new LeftOutTally();
  const stored = await READERS[spec.format](folder, { labelled, tally, ...(classes === undefined ? {} : { classes }) });
  const format = inChannels(stored, spec, inputShape);
  const splits = makeSplits(format, spec);
  requireSamples(splits, spec);
  checkClasses(format, spec, expected);
  const imageShape = await imageShapeOf(format.train, spec, inputShape);
  const { resize, maxUnreadable } = spec;
  const identity = await identify({ folder, path: spec.path, format, splits, maxUnreadable }, expected);
  if (planned === undefined) await survey(folder, { used: format.used, images: format.train.kind === 'files' }, tally);
  const leftOut = planned === undefined ? tally.list() : (planned.summary.leftOut ?? []);
  const data: DatasetData = { splits: identity.splits, imageShape, resize, maxUnreadable };
  const summary: DatasetSummary = {
    sha256: identity.sha256,
    ...(identity.hashOf && { hashOf: identity.hashOf }),
    train: splits.train.samples.length,
    validation: splits.validation.samples.length,
    test: splits.test.samples.length,
    classes: labelled ? format.classNames.length : (classes ?? 0),
    imageShape,
    labelled,
    ...format.places,
    ...(leftOut.length > 0 && { leftOut }),
    ...(identity.unreadable.length > 0 && { unreadable: identity.unreadable }),
  };
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
    record: identity.record,
    edges: () => edgesHash(folder, format),
  };
}
