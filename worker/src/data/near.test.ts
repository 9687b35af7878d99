import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listed, nearWords } from './near.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'distill-near-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

describe('what may have been meant by a path that leads nowhere', () => {
  it('is the name most like it, in the folder where the path goes astray', async () => {
    await mkdir(join(root, 'teachers', 'vgg'), { recursive: true });
    await writeFile(join(root, 'teachers', 'vgg', 'model.json'), '');
    const right = join(root, 'teachers', 'vgg', 'model.json');
    expect(await nearWords(join(root, 'teachers', 'vgg', 'modle.json'))).toBe(` Perhaps ${right} is meant.`);
    expect(await nearWords(join(root, 'techers', 'vgg', 'model.json'))).toBe(` Perhaps ${right} is meant.`);
  });

  it('is one of those that are there, where none is like it', async () => {
    for (const name of ['data', 'jobs']) await mkdir(join(root, name));
    expect(await nearWords(join(root, 'teachers', 'vgg.h5'))).toBe(` In ${root} there is: data, jobs.`);
    expect(await nearWords(join(root, 'data', 'vgg.h5'))).toBe(` ${join(root, 'data')} is empty.`);
  });

  it('has as many names as a message should hold', () => {
    expect(listed('/data', Array.from('hgfedcba'))).toBe('In /data there is: a, b, c, d, e, f and 2 more.');
    expect(listed('/data', ['a\u001b[2J'])).not.toContain('\u001b');
  });
});
