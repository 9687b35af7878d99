import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstat, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, test } from 'vitest';
import { tar, type TarEntry } from './tar.ts';

test('the machine’s tar unpacks the archive: long names, links, modes, folders, files of all sizes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'distill-tar-'));
  try {
    const long = `${'folder/'.repeat(15)}${'name'.repeat(20)}`;
    const [block, large] = [Buffer.alloc(512, 'b'), Buffer.alloc((1 << 22) + 1, 'x')];
    await writeFile(join(folder, 'source'), large);
    const entries: TarEntry[] = [
      { path: 'empty', content: Buffer.alloc(0) },
      { path: 'tmp', mode: 0o1777, content: 'folder' },
      { path: 'block', mode: 0o755, content: block },
      { path: long, content: { file: join(folder, 'source') } },
      { path: 'link', content: { link: `../${long}` } },
    ];
    const unpacked = join(folder, 'unpacked');
    const child = spawn('sh', ['-c', `mkdir ${unpacked} && tar -xpf - -C ${unpacked}`], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    const code = new Promise((resolve) => child.once('close', resolve));
    await pipeline(Readable.from(tar(entries)), child.stdin);
    expect(await code).toBe(0);
    expect(await readFile(join(unpacked, 'empty'))).toHaveLength(0);
    expect((await readFile(join(unpacked, 'block'))).equals(block)).toBe(true);
    expect((await readFile(join(unpacked, long))).equals(large)).toBe(true);
    expect(await readlink(join(unpacked, 'link'))).toBe(`../${long}`);
    expect((await lstat(join(unpacked, 'block'))).mode & 0o777).toBe(0o755);
    expect((await lstat(join(unpacked, 'tmp'))).mode & 0o1777).toBe(0o1777);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('equal entries make equal archives at any time', async () => {
  const digest = async (): Promise<string> => {
    const hash = createHash('sha256');
    for await (const chunk of tar(
      ['a', 'name'.repeat(80)].map((path) => ({ path, content: { file: import.meta.filename } })),
    ))
      hash.update(chunk);
    return hash.digest('hex');
  };
  expect(await digest()).toBe(await digest());
});
