import type { LeftOut, LeftOutKind } from '@distillation/api/plan';
import { endingOf, leftOutKind } from '../images/kinds.ts';
import { shownName } from './names.ts';

/** Counts what lies in a data folder and is not read. */

const EXAMPLES = 3;
/** Number of extensions that are listed one by one; folders of files without extensions may have thousands of different endings. */
const ENDINGS = 12;

interface Group {
  readonly kind: LeftOutKind;
  readonly what: string;
  count: number;
  readonly examples: string[];
}

const ORDER: readonly LeftOutKind[] = [
  'NoSplit',
  'Folder',
  'Beside',
  'Format',
  'Archive',
  'Unopened',
  'LinkLoop',
  'Special',
  'OtherFile',
  'Hidden',
];

export class LeftOutTally {
  readonly #groups = new Map<string, Group>();

  /** Counts a file by its name. */
  addFile(path: string): void {
    const kind = leftOutKind(path);
    const what = endingOf(path);
    const known = this.#groups.has(key(kind, what)) || this.#groups.size < ENDINGS;
    this.add(kind, path, { what: known ? what : '' });
  }

  /** Counts something else, or this number of files in a folder. */
  add(kind: LeftOutKind, path: string, { what = '', count = 1 }: { what?: string; count?: number } = {}): void {
    const group = this.#groups.get(key(kind, what)) ?? { kind, what, count: 0, examples: [] };
    this.#groups.set(key(kind, what), group);
    group.count += count;
    if (group.examples.length < EXAMPLES) group.examples.push(shownName(path));
  }

  /** The counts: kinds that the user may have meant to be read come first, and the larger counts first within them. */
  list(): LeftOut[] {
    const rank = ({ kind }: Group): number => ORDER.indexOf(kind);
    return [...this.#groups.values()]
      .sort((a, b) => rank(a) - rank(b) || b.count - a.count || (a.what < b.what ? -1 : 1))
      .map(({ kind, what, count, examples }) => ({
        kind,
        count,
        examples,
        ...(what !== '' && { what: shownName(what) }),
      }));
  }
}

const key = (kind: LeftOutKind, what: string): string => `${kind} ${what}`;
