import type { FormatReader } from '../format.ts';
import { UNLABELLED, type FilePart } from '../types.ts';
import { LeftOutTally } from './left-out.ts';
import { type ImageGroup, listImages, packListing } from './listing.ts';
import { placesOf, splitPlaces } from './splits.ts';
import { listFolder, type Place, rootPlace } from './walk.ts';

/** `train/**` and, where they exist, `validation/` and `test/`; without labels. */
export const readUnlabelledFolder: FormatReader = async (folder, { tally }) => {
  const root = await rootPlace(folder);
  const splits = splitPlaces(root, await listFolder(root, new LeftOutTally()));
  const groups: ImageGroup[] = [];
  const pack = async (place: Place): Promise<FilePart> => {
    const group = await listImages(place, UNLABELLED, tally);
    groups.push(group);
    return packListing(folder, [group], false);
  };
  const train = await pack(splits.train);
  const validation = splits.validation && (await pack(splits.validation));
  const test = splits.test && (await pack(splits.test));
  return {
    train,
    ...(validation && { validation }),
    ...(test && { test }),
    classNames: [],
    ...placesOf(splits, groups),
    cut: 'EveryNth',
  };
};
