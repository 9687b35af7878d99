import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bindSymbols } from './bind-symbols.ts';

const run = promisify(execFile);

/** A library that asks for its own function and variable by name, and for those that the program or another library has too. */
const LIBRARY = `
  int own() { return 1; }
  int shared_with_program() { return 2; }
  int shared_with_library() { return 3; }
  extern int imported();
  int variable = 4;
  __thread int of_thread = 5;
  int (*pointer)() = &own;
  int *address = &variable + 1;
  template <typename T> struct Unique { static T value; };
  template <typename T> T Unique<T>::value = 6;
  int answers(int *out) {
    out[0] = own(); out[1] = pointer(); out[2] = shared_with_program(); out[3] = shared_with_library();
    out[4] = imported(); out[5] = *(address - 1); out[6] = of_thread; out[7] = Unique<int>::value;
    return 8;
  }
`;
const OTHER = 'int shared_with_library() { return 30; } int imported() { return 40; }';
const PROGRAM = `
  #include <cstdio>
  int answers(int *out);
  int shared_with_program() { return 20; }
  int main() {
    int out[8];
    int count = answers(out);
    for (int i = 0; i < count; i++) std::printf("%d ", out[i]);
  }
`;
const ANSWERS = '1 1 20 30 40 4 5 6 ';

let folder: string;
const at = (name: string): string => join(folder, name);
const library = (): string => at('liblibrary.so');
const loaded = (): string[] => [at('program'), library(), at('libother.so')];

async function compile(name: string, source: string, ...more: string[]): Promise<void> {
  await writeFile(at(`${name}.cc`), source);
  await run('g++', [at(`${name}.cc`), `-L${folder}`, ...more, `-Wl,-rpath,${folder}`], { cwd: folder });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'distill-symbols-'));
  const shared = ['-shared', '-fPIC', '-O0', '-Wl,-z,now', '-Wl,--hash-style=gnu'];
  await compile('other', OTHER, ...shared, '-o', 'libother.so');
  await compile('older', OTHER, '-shared', '-fPIC', '-Wl,--hash-style=sysv', '-o', 'older.so');
  await compile('library', LIBRARY, ...shared, '-lother', '-o', 'liblibrary.so');
  // The other library comes first, so that its function is the one that all use.
  await compile('program', PROGRAM, '-rdynamic', '-Wl,--no-as-needed', '-lother', '-llibrary', '-o', 'program');
  await copyFile(library(), at('as-it-was.so'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe.runIf(process.arch === 'x64' && process.platform === 'linux')('a library that is bound', () => {
  const searches = async (): Promise<string[]> => {
    const { stdout } = await run('readelf', ['-rW', library()]);
    return [...stdout.matchAll(/R_X86_64_(?:64|GLOB_DAT|JUMP_SLO\S*) +[0-9a-f]+ +([\w.]+)/g)].map(
      ([, name = '']) => name,
    );
  };

  test('computes what it did, asks by name for what others have alone, and stays as it is when it is bound again', async () => {
    expect((await run(at('program'))).stdout).toBe(ANSWERS);
    const before = await searches();
    expect(before).toContain('_Z3ownv');
    expect(before).toContain('variable');

    const bound = await bindSymbols([library()], loaded());
    expect((await run(at('program'))).stdout).toBe(ANSWERS);
    const after = await searches();
    expect(after).not.toContain('_Z3ownv');
    expect(after).not.toContain('variable');
    for (const name of ['_Z19shared_with_programv', '_Z19shared_with_libraryv', '_Z8importedv', '_ZN6UniqueIiE5valueE'])
      expect(after).toContain(name);
    expect(before.length - after.length).toBe(bound);

    // In a process with a library of which nobody can tell what it has, nothing is bound.
    await copyFile(at('as-it-was.so'), library());
    expect(await bindSymbols([library()], [...loaded(), at('older.so')])).toBe(0);
    expect((await readFile(library())).equals(await readFile(at('as-it-was.so')))).toBe(true);
    expect(await bindSymbols([library()], loaded())).toBe(bound);

    const once = await readFile(library());
    expect(await bindSymbols([library()], loaded())).toBe(0);
    expect((await readFile(library())).equals(once)).toBe(true);
  });
});

test('what is no library stays as it is', async () => {
  for (const content of [
    '',
    'not a shared library',
    '\x7fELF\x02\x01 and then nothing of what belongs there, for 64 bytes',
  ]) {
    await writeFile(at('none.so'), content);
    expect(await bindSymbols([at('none.so')], [])).toBe(0);
    expect(await readFile(at('none.so'), 'utf8')).toBe(content);
  }
});
