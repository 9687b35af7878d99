import { randomInt } from 'node:crypto';

/** A number in [0, 1). Only waiting times are drawn from it, never anything that a result depends on. */
export type Random = () => number;

const STEPS = 2 ** 32;

export const systemRandom: Random = () => randomInt(STEPS) / STEPS;
