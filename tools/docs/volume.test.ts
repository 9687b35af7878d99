import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { incomingFiles, knownHashes, LAYOUT, recordedCosts, sampleFiles } from '@distillation/api/layout';

/** Every file and folder that is written to the volume is described in docs/volume.md. */

const page = await readFile(new URL('../../docs/volume.md', import.meta.url), 'utf8');
const quoted = [...page.matchAll(/`([^`\n]+)`/g)].map(([, name = '']) => name);

const names = Object.values(LAYOUT).map((name) =>
  typeof name === 'string' ? name : (name as (...parts: unknown[]) => string)('block', 1, 1),
);

test.each([...new Set([...names.map((name) => name.split('/')[0] ?? '')])])('%s is described', (name) => {
  expect(quoted.some((text) => text === name || text.startsWith(`${name}/`))).toBe(true);
});

test.each([recordedCosts('T'), knownHashes('K'), `${incomingFiles}/C`, `${sampleFiles}/F`])(
  '%s is described',
  (name) => {
    expect(quoted).toContain(name.slice(0, name.lastIndexOf('/') + 1));
  },
);
