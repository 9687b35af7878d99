import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CONDITION_REASONS } from './reasons.ts';

const PAGE = readFileSync(new URL('../../../docs/reference/conditions.md', import.meta.url), 'utf8');

test('the page of conditions names every reason that a condition may have, and no other', () => {
  const named = new Set([...PAGE.matchAll(/`([A-Z][A-Za-z]+)`/g)].map(([, word]) => word));
  const reasons = new Set<string>(Object.values(CONDITION_REASONS).flat());
  const types = new Set<string>(Object.keys(CONDITION_REASONS));
  expect([...reasons].filter((reason) => !named.has(reason))).toEqual([]);
  expect([...named].filter((word) => word !== undefined && !reasons.has(word) && !types.has(word))).toEqual([]);
});

test('a reason is one word in CamelCase, as the API server demands', () => {
  const all = Object.values(CONDITION_REASONS).flat();
  expect(all.filter((reason) => !/^[A-Z][A-Za-z]*$/.test(reason))).toEqual([]);
  for (const [type, reasons] of Object.entries(CONDITION_REASONS)) {
    expect(new Set(reasons).size, type).toBeGreaterThan(1);
  }
});
