/** Maps values to positions on an axis, and gives the ticks. */
export interface Scale {
  /** Position of a value, in the units of the given range. */
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

type Interval = readonly [number, number];

/** A linear axis from the smallest to the largest value, widened to round numbers (1, 2, 5 times a power of ten). */
export function linearScale(
  values: readonly number[],
  range: Interval,
  count = 5,
): Scale & { readonly domain: Interval } {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const step = roundStep((high > low ? high - low : Math.abs(high) || 1) / count);
  const [from, to] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  // Where all values are one: down from it, since an accuracy of one is the highest there is, but not below zero.
  const isOne = from >= to;
  const first = isOne && to > 0 ? to - 1 : from;
  const last = isOne && to <= 0 ? from + 1 : to;
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => cleaned((first + index) * step));
  return { ...between([first * step, last * step], range), ticks };
}

/** The smallest of 1, 2, 5 x 10^n that is at least `rough`. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Removes rounding errors of multiplication: 0.30000000000000004 becomes 0.3. */
const cleaned = (value: number): number => Number(value.toPrecision(12));

function between(domain: Interval, range: Interval): { readonly at: Scale['at']; readonly domain: Interval } {
  const [from, to] = domain;
  const [start, end] = range;
  return { domain, at: (value) => start + ((value - from) / (to - from)) * (end - start) };
}

/** A logarithmic axis over positive values, with a tick at each power of ten, or at both ends when there are fewer than two. */
export function logScale(values: readonly number[], range: Interval): Scale {
  const logs = values.filter((value) => value > 0 && Number.isFinite(value)).map(Math.log10);
  const low = Math.min(...logs);
  const high = Math.max(...logs);
  // A flat curve is drawn in the middle of a narrow band, so that noise is not magnified.
  const pad = Math.max(0.05, (high - low) * 0.08, (0.2 - (high - low)) / 2);
  const inner = between([low - pad, high + pad], range);
  const powers: number[] = [];
  for (let power = Math.ceil(low - pad); power <= high + pad; power++) powers.push(10 ** power);
  return { at: (value) => inner.at(Math.log10(value)), ticks: powers.length > 1 ? powers : [10 ** low, 10 ** high] };
}
