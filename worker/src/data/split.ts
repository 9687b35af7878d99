/** How a validation split is taken from the training samples. Both ways keep the samples' order. */

interface Cut {
  readonly train: readonly number[];
  readonly validation: readonly number[];
}

/** Rounds a share of a count down, tolerating the error of a decimal fraction (0.1 x 30 is 3). */
function share(fraction: number, count: number): number {
  return Math.floor(fraction * count + 1e-9);
}

/** The last `fraction` of `count` samples. */
export function cutLast(count: number, fraction: number): Cut {
  const boundary = count - share(fraction, count);
  const positions = Array.from({ length: count }, (_, position) => position);
  return { train: positions.slice(0, boundary), validation: positions.slice(boundary) };
}

/** Every n-th sample of each class, n = 1 / fraction, counted in the order of the samples. Without labels, all are one class. */
export function cutEveryNth(count: number, fraction: number, labels?: ArrayLike<number>): Cut {
  const seen = new Map<number, number>();
  const train: number[] = [];
  const validation: number[] = [];
  for (let position = 0; position < count; position++) {
    const label = labels?.[position] ?? 0;
    const before = seen.get(label) ?? 0;
    seen.set(label, before + 1);
    const held = share(fraction, before + 1) > share(fraction, before);
    (held ? validation : train).push(position);
  }
  return { train, validation };
}
