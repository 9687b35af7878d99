import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outputError } from './output-errors.ts';

const failed = (code: string): NodeJS.ErrnoException => Object.assign(new Error(`${code}: no, write`), { code });

it.each(['EPIPE', 'EIO', 'ECONNRESET'])('has no word for a reader that has gone (%s)', (code) => {
  expect(outputError(failed(code))).toBeUndefined();
});

it('names a full disk, and what cannot be expected', () => {
  expect(outputError(failed('ENOSPC'))).toMatchObject({
    code: 'DISTILL_E_DISK_FULL',
    exitCode: 75,
    message: 'The output cannot be written: ENOSPC: no, write.',
    fix: expect.stringContaining('send it elsewhere') as string,
  });
  expect(outputError(failed('EINVAL'))).toMatchObject({ code: 'DISTILL_E_INTERNAL' });
});

describe('a command', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'distill-outputs-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const shell = (script: string): Promise<{ stdout: string; stderr: string }> =>
    promisify(execFile)('bash', ['-c', script], {
      env: { ...process.env, NODE: process.execPath, MAIN: join(import.meta.dirname, 'main.ts') },
    });

  it('ends in silence when nobody reads on', async () => {
    const script = '"$NODE" --disable-warning=ExperimentalWarning "$MAIN" --help | true; echo "${PIPESTATUS[0]}"';
    expect(await shell(script)).toEqual({ stdout: '0\n', stderr: '' });
  });

  it.runIf(existsSync('/dev/full'))('says in one line that its output is full', async () => {
    const script = '"$NODE" --disable-warning=ExperimentalWarning "$MAIN" --help > /dev/full; echo "$?"';
    const { stdout, stderr } = await shell(script);
    expect(stdout).toBe('75\n');
    expect(stderr).toMatch(/^DISTILL_E_DISK_FULL: The output cannot be written: ENOSPC: .*\n$/);
  });

  /** Work that says what it is at until it is stopped, and then clears away. */
  const WORK = `
    import { writeFileSync } from 'node:fs';
    import { interruption } from '${join(import.meta.dirname, 'interruption.ts')}';
    import { mindOutputs } from '${join(import.meta.dirname, 'output-errors.ts')}';
    mindOutputs();
    const at = setInterval(() => console.log('at work'), 20);
    interruption().addEventListener('abort', () => {
      clearInterval(at);
      console.log('clearing away');
      setTimeout(() => writeFileSync(process.argv[2], 'cleared'), 50);
    });`;

  it('clears away what it has made when nobody reads on', async () => {
    const script = join(folder, 'work.mjs');
    await writeFile(script, WORK);
    const { stderr } = await shell(`"$NODE" --disable-warning=ExperimentalWarning ${script} ${folder}/pipe | head -1`);
    expect(stderr).toBe('');
    expect(await readFile(join(folder, 'pipe'), 'utf8')).toBe('cleared');
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('clears away on %s, also when it comes twice', async (signal) => {
    const script = join(folder, `${signal}.mjs`);
    await writeFile(script, WORK);
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, join(folder, signal)]);
    await once(child.stdout, 'data');
    child.kill(signal);
    child.kill(signal);
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(await readFile(join(folder, signal), 'utf8')).toBe('cleared');
  });
});
