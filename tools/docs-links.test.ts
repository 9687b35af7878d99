import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DOCUMENTS, textOf } from './docs/documents.ts';
import { fragmentOf } from './docs/fragment.ts';

/** Link targets of the documents must exist. */

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** The text without code, in which brackets have other meanings. */
const prose = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '`code`');

/** Targets of links and images. */
const targetsOf = (text: string): string[] =>
  [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);

const fragmentsOf = (text: string): string[] =>
  [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => fragmentOf(heading));

function isBroken(document: string, target: string): boolean {
  const [path = '', fragment] = target.split('#');
  const file = path === '' ? document : relative(ROOT, join(ROOT, dirname(document), path));
  if (!existsSync(join(ROOT, file))) return true;
  return fragment !== undefined && file.endsWith('.md') && !fragmentsOf(textOf(file)).includes(fragment);
}

describe('links', () => {
  it('finds the documents', () => {
    expect(DOCUMENTS).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/user-guide.md']));
  });

  it('notices one that leads nowhere', () => {
    expect(isBroken('README.md', 'docs/user-guide.md#laying-out-the-data')).toBe(false);
    expect(isBroken('README.md', 'docs/user-guide.md#no-such-heading')).toBe(true);
    expect(isBroken('docs/user-guide.md', 'docs/volume.md')).toBe(true);
  });

  it.each(DOCUMENTS)('of %s lead somewhere', (document) => {
    const targets = targetsOf(textOf(document)).filter((target) => !/^[a-z]+:/.test(target));
    expect(targets.filter((target) => isBroken(document, target))).toEqual([]);
  });
});
