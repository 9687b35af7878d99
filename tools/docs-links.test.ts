import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseManifest } from '@distillation/api/manifest';
import { describe, expect, it } from 'vitest';

/** Link targets of the documents must exist, and the manifests that they show must be valid. */

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** Documents that git tracks or would track; paths relative to the root. */
const documents = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)));

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The text without code, in which brackets have other meanings. */
const prose = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '`code`');

/** Targets of links and images. */
const targetsOf = (text: string): string[] =>
  [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);

/** The URL fragment of a heading, as GitHub makes it. */
function fragmentOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

const fragmentsOf = (text: string): string[] =>
  [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => fragmentOf(heading));

function isBroken(document: string, target: string): boolean {
  const [path = '', fragment] = target.split('#');
  const file = path === '' ? document : relative(ROOT, join(ROOT, dirname(document), path));
  if (!existsSync(join(ROOT, file))) return true;
  return fragment !== undefined && file.endsWith('.md') && !fragmentsOf(read(file)).includes(fragment);
}

describe('links', () => {
  it('finds the documents', () => {
    expect(documents).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/user-guide.md']));
  });

  it('notices one that leads nowhere', () => {
    expect(isBroken('README.md', 'docs/user-guide.md#laying-out-the-data')).toBe(false);
    expect(isBroken('README.md', 'docs/user-guide.md#no-such-heading')).toBe(true);
    expect(isBroken('docs/user-guide.md', 'docs/volume.md')).toBe(true);
  });

  it.each(documents)('of %s lead somewhere', (document) => {
    const targets = targetsOf(read(document)).filter((target) => !/^[a-z]+:/.test(target));
    expect(targets.filter((target) => isBroken(document, target))).toEqual([]);
  });
});

describe('manifests', () => {
  const shown = documents.flatMap((document) =>
    [...read(document).matchAll(/^```ya?ml\n(apiVersion: distillation[\s\S]*?)^```/gm)].map(([, text = '']) => ({
      document,
      text,
    })),
  );

  it('are shown', () => {
    expect(shown.map(({ document }) => document)).toContain('docs/user-guide.md');
  });

  it.each(shown)('in $document are valid', ({ document, text }) => {
    expect(() => parseManifest(text, document)).not.toThrow();
  });
});
