import { promtoolOn } from '../../../operator/test/metrics.ts';
import { workerProgress } from '../../../packages/api/test/testing.ts';
import { expect, test } from 'vitest';
import { blockLabel } from './block-label.ts';
import { createMetrics, PREFIX } from './metrics.ts';

const LONG = '層'.repeat(300);
/** Names that careless escaping, cutting or encoding would make equal, or that would break the scrape. */
const NAMES = [
  ...[
    'plain',
    'a "quoted" one',
    'a\nline',
    'a\\nline',
    'a\\\nline',
    'back\\slash',
    'back\\\\slash',
    'ends in \\',
    '\\"',
  ],
  ...['a\rreturn', 'braces{x="1"} 2', '', ' ', '層', `${LONG}1`, `${LONG}2`, '\ud800', '\ud801', '_', '\ufffd'],
];

/** The value of a label as Prometheus reads it. */
const unescaped = (text: string): string =>
  text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));

test('a scrape tells the loss of each block, whatever the layers are called', async () => {
  const metrics = createMetrics({ role: 'worker', bin: 1, version: '1', packages: [] });
  const losses = Object.fromEntries(NAMES.map((name, i) => [name, i + 1]));
  metrics.onMessage({ type: 'Training', progress: workerProgress({ bin: 1, blocks: NAMES, losses }) });
  // The text that is served.
  const text = Buffer.from((await metrics.text()).text).toString('utf8');
  expect(promtoolOn(text) ?? '').toBe('');
  const found = new Map<string, number>();
  for (const line of text.split('\n').filter((each) => each.startsWith(`${PREFIX}loss{`))) {
    const [, block, value] = /^\w+\{block="((?:[^"\\]|\\.)*)",role="worker",bin="1"\} (\d+)$/.exec(line) ?? [];
    found.set(unescaped(block ?? `unreadable: ${line}`), Number(value));
  }
  expect(found).toEqual(new Map(NAMES.map((name, i) => [blockLabel(name), i + 1])));
  expect(found.size).toBe(NAMES.length);
  for (const label of found.keys()) expect(label.length).toBeLessThan(300);
  // Names that are short enough stay as they are.
  for (const name of NAMES.slice(0, 14)) expect(blockLabel(name)).toBe(name);

  // The next pass removes the blocks of this one.
  metrics.onMessage({
    type: 'Training',
    progress: workerProgress({ bin: 1, blocks: ['plain'], losses: { plain: 1 } }),
  });
  expect((await metrics.text()).text.split('\n').filter((each) => each.startsWith(`${PREFIX}loss{`))).toHaveLength(1);
});
