import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type FileAnswer, isFileAnswer } from '@distillation/api/transfer';
import { ChunkReader } from '@distillation/runtime/chunk-reader';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Exchange } from './exchange.ts';
import { hold, signOfLife } from './hold.ts';
import { incomingSince } from './incoming.ts';
import { look } from './look.ts';
import { receive } from './receive.ts';
import { send } from './send.ts';

const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');
const line = (message: object): string => `${JSON.stringify(message)}\n`;

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'files-'));
  await mkdir(join(root, 'work'));
});
afterEach(() => rm(root, { recursive: true }));

const put = async (path: string, content: string): Promise<void> => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
};
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

/** What a session says to this input. */
async function said(session: (exchange: Exchange) => Promise<void>, input: string): Promise<string[]> {
  const written: string[] = [];
  const chunks = (async function* () {
    yield await Promise.resolve(Buffer.from(input));
  })();
  const output = (bytes: Uint8Array | string): Promise<void> => {
    written.push(Buffer.from(bytes).toString());
    return Promise.resolve();
  };
  try {
    await session({ root, input: new ChunkReader(chunks), output });
  } catch (thrown) {
    written.push(thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown));
  }
  return written;
}

const answers = (lines: readonly string[]): FileAnswer[] =>
  lines.map((text): unknown => JSON.parse(text)).filter(isFileAnswer);

describe('look', () => {
  it('tells of a file of that size its hash, of a folder all files, and what is absent', async () => {
    await put('work/data/a', 'one');
    await put('work/data/deep/b', '');
    const asked = [
      { path: 'work/data/a', size: 3 },
      { path: 'work/data/a', size: 4 },
      { path: 'work/data' },
      { path: 'work/none' },
    ];
    expect(answers(await said(look, `${asked.map(line).join('')}\n`))).toEqual([
      { type: 'File', path: 'work/data/a', size: 3, sha256: sha256('one') },
      { type: 'Absent', path: 'work/data/a' },
      { type: 'File', path: 'work/data/a', size: 3, sha256: sha256('one') },
      { type: 'File', path: 'work/data/deep/b', size: 0, sha256: sha256('') },
      { type: 'Absent', path: 'work/none' },
    ]);
  });

  it.each(['../x', 'work/../../x', '/etc/passwd', 'work//x', ''])(
    'looks at nothing outside of the volumes: %j',
    async (path) => {
      expect(await said(look, `${line({ path })}\n`)).toEqual(['DISTILL_E_USAGE']);
    },
  );

  it('notices that the other side has gone', async () => {
    expect(await said(look, '')).toEqual(['DISTILL_E_TRANSFER']);
  });
});

describe('send', () => {
  it('gives bytes and hash', async () => {
    await put('work/a', 'one\ntwo');
    await put('work/empty', '');
    const written = await said(
      send,
      `${line({ path: 'work/a' })}${line({ path: 'work/empty' })}${line({ path: 'work' })}\n`,
    );
    expect(written).toEqual([
      line({ type: 'Content', path: 'work/a', size: 7 }),
      'one\ntwo',
      line({ type: 'File', path: 'work/a', size: 7, sha256: sha256('one\ntwo') }),
      line({ type: 'Content', path: 'work/empty', size: 0 }),
      line({ type: 'File', path: 'work/empty', size: 0, sha256: sha256('') }),
      line({ type: 'Absent', path: 'work' }),
    ]);
  });
});

describe('receive', () => {
  const file = (path: string, content: string, hash = sha256(content)): string =>
    `${line({ path, size: Buffer.byteLength(content) })}${content}${line({ sha256: hash })}`;
  const begin = line({ coming: ['work/data'] });

  it('writes each file whole, over an earlier one, and names what is incoming until all is there', async () => {
    await put('work/data/a', 'before');
    const written = await said(receive, `${begin}${file('work/data/a', 'one\n\ntwo')}${file('work/data/sub/b', '')}\n`);
    expect(answers(written).map(({ type }) => type)).toEqual(['File', 'File']);
    expect([await read('work/data/a'), await read('work/data/sub/b')]).toEqual(['one\n\ntwo', '']);
    expect(await readdir(join(root, 'work/data'))).toEqual(['a', 'sub']);
    expect(await incomingSince(join(root, 'work'), 'data')).toBeUndefined();
  });

  it('cut off, it leaves whole files alone, and the mark that something is missing; again, it takes the mark back', async () => {
    const cut = `${begin}${file('work/data/a', 'one')}${line({ path: 'work/data/b', size: 9 })}thr`;
    const written = await said(receive, cut);
    expect(written.at(-1)).toBe('DISTILL_E_TRANSFER');
    expect(answers(written.slice(0, -1)).at(-1)).toMatchObject({ type: 'Failed', path: 'work/data/b' });
    expect(await readdir(join(root, 'work/data'))).toEqual(['a']);
    for (const path of ['data', 'data/a', 'data/', '']) {
      expect(await incomingSince(join(root, 'work'), path), path).toMatch(/^\d{4}-/);
    }
    expect(await incomingSince(join(root, 'work'), 'database')).toBeUndefined();
    expect(await said(receive, `${begin}${file('work/data/b', 'three')}\n`)).toHaveLength(1);
    expect(await incomingSince(join(root, 'work'), 'data')).toBeUndefined();
  });

  it('refuses what is not what was sent, and keeps what was there', async () => {
    await put('work/data/a', 'before');
    const written = await said(receive, `${begin}${file('work/data/a', 'one', sha256('other'))}\n`);
    expect(answers(written.slice(0, -1))).toEqual([
      expect.objectContaining({ type: 'Failed', code: 'DISTILL_E_TRANSFER_INTEGRITY', path: 'work/data/a' }),
    ]);
    expect(await read('work/data/a')).toBe('before');
    expect(await readdir(join(root, 'work/data'))).toEqual(['a']);
  });

  it('says what is in the way of a file', async () => {
    await put('work/data/a/b', 'in a folder of this name');
    const written = await said(receive, `${begin}${file('work/data/a', 'one')}\n`);
    expect(answers(written.slice(0, -1))[0]).toMatchObject({ type: 'Failed', code: 'DISTILL_E_TRANSFER' });
    expect(await readdir(join(root, 'work/data'))).toEqual(['a']);
  });
});

describe('hold', () => {
  const quick = { idleSeconds: 0.2, pollMs: 10 };

  it('ends when nobody comes, and when the last session has gone', async () => {
    await hold({ ...quick, folder: root });
    const stop = await signOfLife(root);
    stop();
    await hold({ ...quick, folder: root });
  });
});
