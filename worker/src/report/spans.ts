/** Stretches of time, in milliseconds of UNIX time. Pure. */
export interface Span {
  readonly startedAt: number;
  readonly finishedAt: number;
}

/** The union of spans as stretches that do not touch, in order of time: when at least one of them was under way. */
export function unionOf(spans: readonly Span[]): Span[] {
  const stretches: { startedAt: number; finishedAt: number }[] = [];
  for (const { startedAt, finishedAt: end } of spans.toSorted((a, b) => a.startedAt - b.startedAt)) {
    // A clock that was set back may have an end before its start.
    const finishedAt = Math.max(startedAt, end);
    const last = stretches.at(-1);
    if (last === undefined || startedAt > last.finishedAt) stretches.push({ startedAt, finishedAt });
    else last.finishedAt = Math.max(last.finishedAt, finishedAt);
  }
  return stretches;
}

/** Milliseconds in which at least one was under way. */
export const covered = (spans: readonly Span[]): number =>
  unionOf(spans).reduce((sum, { startedAt, finishedAt }) => sum + finishedAt - startedAt, 0);
