/** Time spans, in milliseconds since the UNIX epoch. Pure. */
export interface Span {
  readonly startedAt: number;
  readonly finishedAt: number;
}

/** The union of spans as disjoint spans in order of time: when at least one of them was active. */
export function unionOf(spans: readonly Span[]): Span[] {
  const stretches: { startedAt: number; finishedAt: number }[] = [];
  for (const { startedAt, finishedAt: end } of spans.toSorted((a, b) => a.startedAt - b.startedAt)) {
    // When a clock was set back, a span may end before it starts.
    const finishedAt = Math.max(startedAt, end);
    const last = stretches.at(-1);
    if (last === undefined || startedAt > last.finishedAt) stretches.push({ startedAt, finishedAt });
    else last.finishedAt = Math.max(last.finishedAt, finishedAt);
  }
  return stretches;
}

/** Milliseconds during which at least one span was active. */
export const covered = (spans: readonly Span[]): number =>
  unionOf(spans).reduce((sum, { startedAt, finishedAt }) => sum + finishedAt - startedAt, 0);
