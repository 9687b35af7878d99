import { type LayerKinds, layerKindsOf } from './candidates.ts';
import { plural } from './numbers/format.ts';
import { matchesGlob } from './glob.ts';
import { nearestToGlob } from './validation/suggest.ts';

/** Reports the patterns of a job that have no effect, so that a misspelt name does not go unnoticed. */

/** Limits of the list of sentences, which is part of a termination message and of the status. */
export const UNMATCHED = { most: 6, longest: 300 } as const;

/** Reasons for keeping a layer that the job's own patterns exclude. */
export const LEFT_OUT = {
  excluded: 'matches spec.blocks.exclude',
  notIncluded: 'does not match spec.blocks.include',
} as const;

/** The listed layers of a teacher by what the plan does with them. */
interface SortedLayers {
  /** Those that become blocks. */
  readonly blocks: readonly string[];
  readonly kept: readonly { readonly name: string; readonly reason: string }[];
}

interface BlockPatterns extends LayerKinds {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/**
 * A sentence for each pattern of `spec.blocks` that matches no layer of the kinds that are listed, and for each of `include` that matches only kept ones.
 * At most `UNMATCHED.most` sentences; the last one then gives the number of the remaining patterns.
 */
export function unmatchedPatterns(patterns: BlockPatterns, { blocks, kept }: SortedLayers): string[] {
  const { include, exclude } = patterns;
  const [one, several] = layerKindsOf(patterns).includes('Dense')
    ? ['convolution or dense layer', 'convolutions and dense layers']
    : ['convolution', 'convolutions'];
  const names = [...blocks, ...kept.map(({ name }) => name)];
  const none = (field: 'include' | 'exclude', pattern: string) => (): string =>
    `${quoted(pattern)} in spec.blocks.${field} matches no ${one} of the teacher${suggestion(pattern, names)}.`;
  const onlyKept = (pattern: string) => (): string => {
    const [first, ...others] = kept.filter(({ name }) => matchesGlob(name, [pattern]));
    const matched = others.length === 0 ? `a ${one} that stays` : `${others.length + 1} ${several}, which all stay`;
    return `${quoted(pattern)} in spec.blocks.include matches only ${matched} (${first?.name ?? ''}: ${first?.reason ?? ''}).`;
  };
  const matchesOneOf = (pattern: string, among: readonly string[]): boolean =>
    among.some((name) => matchesGlob(name, [pattern]));
  return told([
    ...include.flatMap((pattern) => {
      if (!matchesOneOf(pattern, names)) return none('include', pattern);
      return matchesOneOf(pattern, blocks) ? [] : onlyKept(pattern);
    }),
    ...exclude.flatMap((pattern) => (matchesOneOf(pattern, names) ? [] : none('exclude', pattern))),
  ]);
}

/** A sentence for each pattern of `spec.fineTuning.freeze` that matches no layer of the student. */
export function unmatchedFreeze(freeze: readonly string[], layers: readonly string[]): string[] {
  return told(
    freeze
      .filter((pattern) => !layers.some((name) => matchesGlob(name, [pattern])))
      .map(
        (pattern) => () =>
          `${quoted(pattern)} in spec.fineTuning.freeze matches no layer of the student${suggestion(pattern, layers)}.`,
      ),
  );
}

function told(sentences: readonly (() => string)[]): string[] {
  const { most, longest } = UNMATCHED;
  const shown = sentences.length > most ? sentences.slice(0, most - 1) : sentences;
  const rest = sentences.length - shown.length;
  return [
    ...shown.map((make) => clipped(make(), longest)),
    ...(rest === 0 ? [] : [`${plural(rest, 'more pattern')} ${rest === 1 ? 'has' : 'have'} no effect.`]),
  ];
}

const clipped = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 3)}...`;

const LONGEST_QUOTE = 100;
const quoted = (pattern: string): string => JSON.stringify(clipped(pattern, LONGEST_QUOTE));

function suggestion(pattern: string, names: readonly string[]): string {
  const meant = nearestToGlob(pattern, names);
  return meant === undefined ? '' : `; the nearest name is ${meant}`;
}
