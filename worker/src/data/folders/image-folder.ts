import { DistillError } from '@distillation/api/errors';
import { leftOutText } from '@distillation/api/left-out';
import type { FormatReader } from '../format.ts';
import { isImageName, READ_ENDINGS } from '../images/kinds.ts';
import { LeftOutTally } from './left-out.ts';
import { type ImageGroup, listImages, packListing } from './listing.ts';
import { shownName } from './names.ts';
import { placesOf, splitPlaces } from './splits.ts';
import { listFolder, nameOf, type Place, rootPlace } from './walk.ts';

/** `train/CLASS/**` and, where they exist, `validation/` and `test/` with the same classes, as Keras and torchvision read them. */

interface ListOptions {
  readonly classNames: readonly string[];
  readonly tally: LeftOutTally;
}

async function listClasses(split: Place, tally: LeftOutTally): Promise<readonly Place[]> {
  const { files, folders } = await listFolder(split, tally);
  for (const file of files) {
    if (isImageName(file)) tally.add('Beside', split.prefix + file);
    else tally.addFile(split.prefix + file);
  }
  return folders;
}

async function listSplit(classes: readonly Place[], options: ListOptions): Promise<ImageGroup[]> {
  const { classNames, tally } = options;
  const groups: ImageGroup[] = [];
  for (const place of classes) {
    const label = classNames.indexOf(nameOf(place));
    if (label < 0) {
      const name = shownName(place.prefix.slice(0, -1));
      throw new DistillError('DISTILL_E_DATASET_CLASSES', `${name} is a class that the training split does not have.`, {
        subject: name,
      });
    }
    groups.push(await listImages(place, label, tally));
  }
  return groups;
}

/** A folder of a split must not be empty: without samples, blocks could not be selected. @throws DistillError DISTILL_E_DATASET_EMPTY */
function requireSplit(place: Place, groups: readonly ImageGroup[]): void {
  if (groups.some(({ names }) => names.length > 0)) return;
  const name = shownName(place.prefix);
  throw new DistillError('DISTILL_E_DATASET_EMPTY', `${name} holds no picture that is read (${READ_ENDINGS}).`, {
    subject: name,
    fix: 'Put pictures into its class folders, or remove it: then a part of the training pictures is held out.',
  });
}

/** @throws DistillError DISTILL_E_DATASET_EMPTY saying what the folder contains instead */
async function requireImages(place: Place, { names }: ImageGroup): Promise<void> {
  if (names.length > 0) return;
  const found = new LeftOutTally();
  await listImages(place, 0, found);
  const name = shownName(place.prefix);
  const instead = found.list().map(leftOutText).join('; ');
  throw new DistillError(
    'DISTILL_E_DATASET_EMPTY',
    `Class folder ${name} holds no picture that is read (${READ_ENDINGS})${instead === '' ? '' : `, but ${instead}`}.`,
    { subject: name, fix: 'Put pictures of the class there, or remove the folder.' },
  );
}

export const readImageFolder: FormatReader = async (folder, { labelled, tally }) => {
  const root = await rootPlace(folder);
  const splits = splitPlaces(root, await listFolder(root, new LeftOutTally()));
  const trainClasses = await listClasses(splits.train, tally);
  const classNames = trainClasses.map(nameOf);
  const list = async (place: Place | undefined): Promise<ImageGroup[]> =>
    place === undefined ? [] : listSplit(await listClasses(place, tally), { classNames, tally });
  const train = await listSplit(trainClasses, { classNames, tally });
  for (const [index, place] of trainClasses.entries()) {
    const group = train[index];
    if (group !== undefined) await requireImages(place, group);
  }
  const validation = await list(splits.validation);
  if (splits.validation !== undefined) requireSplit(splits.validation, validation);
  const test = await list(splits.test);
  const groups = [...train, ...validation, ...test];
  return {
    train: packListing(folder, train, labelled),
    ...(splits.validation && { validation: packListing(folder, validation, labelled) }),
    ...(splits.test && { test: packListing(folder, test, labelled) }),
    classNames: labelled ? classNames.map(shownName) : [],
    ...placesOf(splits, groups),
    cut: 'EveryNth',
  };
};
