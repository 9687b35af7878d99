import type { TestOperator } from '../support/operator.ts';

/** Number of reconciles of an operator, optionally only those with a given result. */
export async function looksOf({ metricsPort }: TestOperator, result = '[a-z_]+'): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort ?? 0}/metrics`)).text();
  const lines = text.matchAll(new RegExp(`^distill_reconcile_total\\{result="${result}"\\} (\\d+)$`, 'gm'));
  return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
}
