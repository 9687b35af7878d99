/**
 * Defaults that the schema cannot express because they depend on another field: that of the rule `Accuracy` without `minAccuracy`,
 * that of SGD, and those of the blocks.
 */
export const DEPENDENT_DEFAULTS = {
  maxAccuracyDrop: '0.02',
  momentum: '0.9',
  architecture: 'LowRank',
  ratio: '0.375',
  rankMultiple: 8,
} as const;
