import { DistillError } from '@distillation/api/errors';
import { someOf } from '@distillation/api/format';
import type { FormatData } from '../format.ts';
import { MAX_NAMES } from '../near.ts';
import type { ImageGroup } from './listing.ts';
import { shownName } from './names.ts';
import { type Contents, nameOf, type Place } from './walk.ts';

/** Finds the folders of the splits. */

/** Common names for each split; the first that exists is read. Case does not matter (`Train`, `TEST`). */
const NAMES = {
  train: ['train', 'training'],
  validation: ['validation', 'val', 'valid', 'dev'],
  test: ['test', 'testing'],
} as const;

interface SplitPlaces {
  readonly train: Place;
  readonly validation?: Place;
  readonly test?: Place;
}

function find(folders: readonly Place[], names: readonly string[]): Place | undefined {
  for (const matches of [(name: string) => name, (name: string) => name.toLowerCase()]) {
    for (const wanted of names) {
      const found = folders.find((place) => matches(nameOf(place)) === wanted);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/**
 * The folders of the splits in a data folder. @throws DistillError DISTILL_E_DATASET_MISSING when there is no training split,
 * naming what there is
 */
export function splitPlaces({ path }: Place, { folders }: Contents): SplitPlaces {
  const train = find(folders, NAMES.train);
  if (train === undefined) {
    const there = folders.map((place) => `${shownName(nameOf(place))}/`);
    throw new DistillError(
      'DISTILL_E_DATASET_MISSING',
      `${path} has no folder train/; ${there.length === 0 ? 'there is no folder in it' : `its folders are ${someOf(there, MAX_NAMES)}`}.`,
      { subject: path },
    );
  }
  const validation = find(folders, NAMES.validation);
  const test = find(folders, NAMES.test);
  return { train, ...(validation && { validation }), ...(test && { test }) };
}

/** Where a reader of image folders has found the splits. */
export function placesOf(
  { train, validation, test }: SplitPlaces,
  groups: readonly ImageGroup[],
): Pick<FormatData, 'used' | 'hashes' | 'places'> {
  const nested = groups.reduce((sum, group) => sum + group.nested, 0);
  return {
    used: [train, validation, test].flatMap((place) => (place === undefined ? [] : nameOf(place))),
    hashes: new Map(),
    places: {
      folders: {
        train: shownName(nameOf(train)),
        ...(validation && { validation: shownName(nameOf(validation)) }),
        ...(test && { test: shownName(nameOf(test)) }),
      },
      ...(nested > 0 && { nested }),
    },
  };
}
