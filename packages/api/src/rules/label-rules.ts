import { LABEL_KEY_LENGTH, LABEL_KEY_PATTERN } from '../schema/scalars.ts';
import type { ValueRule } from './value-rule.ts';

/** Rules of labels and label selectors. */

export const LABEL_KEYS: readonly ValueRule<object>[] = [
  {
    field: '',
    message: 'has a key that no label can have',
    fix: 'Write keys such as "pool" or "example.com/pool".',
    cel: `self.all(k, k.size() <= ${LABEL_KEY_LENGTH} && k.matches(r'${LABEL_KEY_PATTERN}'))`,
    holds: (map) =>
      Object.keys(map).every((k) => k.length <= LABEL_KEY_LENGTH && new RegExp(LABEL_KEY_PATTERN).test(k)),
  },
];

interface Requirement {
  readonly operator: string;
  readonly values?: readonly string[];
}

export const LABEL_REQUIREMENT: readonly ValueRule<Requirement>[] = [
  {
    field: 'values',
    message: 'is missing, which operators In and NotIn compare with',
    fix: 'Give one or more, or write `operator: Exists` or `DoesNotExist`.',
    cel: "has(self.values) || !(self.operator in ['In', 'NotIn'])",
    holds: ({ operator, values }) => values !== undefined || !['In', 'NotIn'].includes(operator),
  },
  {
    field: 'values',
    message: 'means nothing to operators Exists and DoesNotExist',
    fix: 'Remove it, or write `operator: In` or `NotIn`.',
    cel: "!has(self.values) || !(self.operator in ['Exists', 'DoesNotExist'])",
    holds: ({ operator, values }) => values === undefined || !['Exists', 'DoesNotExist'].includes(operator),
  },
];

/** What the scheduler parses as a number. */
const WHOLE_NUMBER = '^[0-9]{1,18}$';

export const NODE_REQUIREMENT: readonly ValueRule<Requirement>[] = [
  ...LABEL_REQUIREMENT,
  {
    field: 'values',
    message: 'is not the one whole number that operators Gt and Lt compare with',
    fix: 'Give one in quotes, such as ["8"].',
    cel: `!(self.operator in ['Gt', 'Lt']) || (has(self.values) && self.values.size() == 1 && self.values[0].matches(r'${WHOLE_NUMBER}'))`,
    holds: ({ operator, values = [] }) =>
      !['Gt', 'Lt'].includes(operator) ||
      (values.length === 1 && values.every((value) => new RegExp(WHOLE_NUMBER).test(value))),
  },
];
