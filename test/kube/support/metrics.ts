import { expect } from 'vitest';
import type { TestOperator } from './operator.ts';
import { eventually } from './support.ts';

/** What an operator under test says at `/metrics`. */
export async function metricsOf({ metricsPort }: Pick<TestOperator, 'metricsPort'>): Promise<string> {
  return (await fetch(`http://127.0.0.1:${metricsPort ?? 0}/metrics`)).text();
}

/**
 * Waits until the metrics say all of this. A status is there for others to read before the operator has the answer to its write and
 * counts it, and its caches, of which the gauges tell, learn of it later still: what a status says is no sign that the metrics do.
 */
export function metricsSay(operator: TestOperator, ...said: readonly (string | RegExp)[]): Promise<void> {
  return eventually(async () => {
    const text = await metricsOf(operator);
    for (const part of said) expect(text).toMatch(part);
  });
}

/** The samples of a metric by their labels (`{a="b"}`, or nothing); 0 stands for all that are absent. */
export async function samplesOf(operator: TestOperator, name: string): Promise<Record<string, number>> {
  const samples = (await metricsOf(operator)).matchAll(new RegExp(`^${name}(\\{[^}]*\\})? (\\S+)$`, 'gm'));
  return Object.fromEntries([...samples].map(([, labels = '', value]) => [labels, Number(value)]));
}

/** Number of reconciles of an operator, optionally only those with a given result. */
export async function looksOf(operator: TestOperator, result?: string): Promise<number> {
  const counts = Object.entries(await samplesOf(operator, 'distill_reconcile_total'));
  const wanted = counts.filter(([labels]) => result === undefined || labels === `{result="${result}"}`);
  return wanted.reduce((sum, [, count]) => sum + count, 0);
}
