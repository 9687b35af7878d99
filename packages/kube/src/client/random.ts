import { randomInt } from 'node:crypto';

/** A random number in [0, 1), used only for delays and never for anything that a result depends on. */
export type Random = () => number;

const STEPS = 2 ** 32;

export const systemRandom: Random = () => randomInt(STEPS) / STEPS;
