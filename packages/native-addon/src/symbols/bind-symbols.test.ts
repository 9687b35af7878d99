import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADDON, loadedWith, locatePackage } from '../addon.ts';
import { LIBRARIES } from './bind-build.ts';
import { bindSymbols, tablesOf } from './bind-symbols.ts';

const run = promisify(execFile);

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'distill-symbols-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A library that asks for its own functions and variables by name, and for those that the program or another library has too. */
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
  static int implementation() { return 7; }
  extern "C" int (*resolve())() { return implementation; }
  int chosen() __attribute__((ifunc("resolve")));
  int (*chosen_pointer)() = &chosen;
  int answers(int *out) {
    out[0] = own(); out[1] = pointer(); out[2] = shared_with_program(); out[3] = shared_with_library();
    out[4] = imported(); out[5] = *(address - 1); out[6] = of_thread; out[7] = Unique<int>::value;
    out[8] = chosen(); out[9] = chosen_pointer();
    return 10;
  }
`;
const OTHER = `
  int shared_with_library() { return 30; }
  int imported() { return 40; }
  int (*others_pointer)() = &imported;
`;
const PROGRAM = `
  #include <cstdio>
  int answers(int *out);
  int shared_with_program() { return 20; }
  int main() {
    int out[10];
    int count = answers(out);
    for (int i = 0; i < count; i++) std::printf("%d ", out[i]);
  }
`;
const ANSWERS = '1 1 20 30 40 4 5 6 7 7 ';

const hasTools = await Promise.all(['g++', 'readelf'].map((tool) => run(tool, ['--version']))).then(
  () => true,
  () => false,
);
const isHere = process.arch === 'x64' && process.platform === 'linux';

describe.runIf(isHere && hasTools)('libraries that are bound', () => {
  const libraries = (): string[] => [at('liblibrary.so'), at('libother.so')];
  const loaded = (): string[] => [at('program'), ...libraries()];
  const answers = async (): Promise<string> => (await run(at('program'))).stdout;

  async function compile(name: string, source: string, ...more: string[]): Promise<void> {
    await writeFile(at(`${name}.cc`), source);
    await run('g++', [at(`${name}.cc`), `-L${folder}`, ...more, `-Wl,-rpath,${folder}`], { cwd: folder });
  }

  /** @param how of the libraries' references to functions is `now`, or `lazy`: at the first call */
  async function make(how: 'now' | 'lazy'): Promise<void> {
    const shared = ['-shared', '-fPIC', '-O0', `-Wl,-z,${how}`, '-Wl,--hash-style=gnu'];
    await compile('other', OTHER, ...shared, '-o', 'libother.so');
    await compile('library', LIBRARY, ...shared, '-lother', '-o', 'liblibrary.so');
    // The other library comes first, so that its function is the one that all use.
    const order = ['-rdynamic', '-Wl,-z,lazy', '-Wl,--no-as-needed', '-lother', '-llibrary'];
    await compile('program', PROGRAM, ...order, '-o', 'program');
  }

  async function searches(library = 'liblibrary.so'): Promise<string[]> {
    const { stdout } = await run('readelf', ['-rW', at(library)]);
    const found = stdout.matchAll(/R_X86_64_(?:64|GLOB_DAT|JUMP_SLO\S*) +\S+ +([\w.]+)/g);
    return [...found].map(([, name = '']) => name);
  }

  const LEFT = ['_Z19shared_with_programv', '_Z19shared_with_libraryv', '_Z8importedv', '_ZN6UniqueIiE5valueE'];

  test('compute what they did, ask by name for what others have alone, and stay as they are when bound again', async () => {
    await make('now');
    expect(await answers()).toBe(ANSWERS);
    const before = [...(await searches()), ...(await searches('libother.so'))];
    expect(before).toEqual(expect.arrayContaining(['_Z3ownv', 'variable', '_Z8importedv', '_Z6chosenv', ...LEFT]));

    const bound = await bindSymbols(libraries(), loaded());
    expect(await answers()).toBe(ANSWERS);
    const after = await searches();
    expect(after).not.toContain('_Z3ownv');
    expect(after).not.toContain('variable');
    expect(after).toEqual(expect.arrayContaining(['_Z6chosenv', ...LEFT]));
    expect(await searches('libother.so')).not.toContain('_Z8importedv');
    expect(before.length - after.length - (await searches('libother.so')).length).toBe(bound);

    const once = await readFile(at('liblibrary.so'));
    expect(await bindSymbols(libraries(), loaded())).toBe(0);
    expect((await readFile(at('liblibrary.so'))).equals(once)).toBe(true);
  });

  test('that search at the first call keep doing so for what they call', async () => {
    await make('lazy');
    const before = await searches();
    expect(await bindSymbols(libraries(), loaded())).toBeGreaterThan(0);
    const after = await searches();
    expect(after.length).toBeLessThan(before.length);
    expect(after).toContain('_Z3ownv');
    expect(await answers()).toBe(ANSWERS);
  });

  test('are left beside one of which nobody can tell what it has', async () => {
    await make('now');
    await compile('older', OTHER, '-shared', '-fPIC', '-Wl,--hash-style=sysv', '-o', 'older.so');
    await copyFile(at('liblibrary.so'), at('as-it-was.so'));
    expect(await bindSymbols(libraries(), [...loaded(), at('older.so')])).toBe(0);
    expect((await readFile(at('liblibrary.so'))).equals(await readFile(at('as-it-was.so')))).toBe(true);
    await expect(bindSymbols(libraries(), [...loaded(), at('gone.so')])).rejects.toThrow('gone.so');
    expect((await readFile(at('liblibrary.so'))).equals(await readFile(at('as-it-was.so')))).toBe(true);
  });
});

/** TensorFlow of this machine, where it comes from a wheel. */
const installed = locatePackage('tfjs-node')?.folder ?? '';
const libraries = LIBRARIES.map((name) => join(installed, 'deps/lib', name));
const isFromWheel = await Promise.all(libraries.map(tablesOf)).then(
  () => true,
  () => false,
);

describe.runIf(isHere && isFromWheel)('the installed TensorFlow', () => {
  test('is loaded with Node, the C++ library, the addon and both libraries', async () => {
    const loaded = await loadedWith(installed);
    for (const name of [process.execPath, ADDON, ...LIBRARIES])
      expect(
        loaded.filter((path) => path.endsWith(name)),
        name,
      ).not.toEqual([]);
    expect(loaded.join()).toMatch(/\/libstdc\+\+\.so/);
  });

  test.each(libraries)('is bound: %s', async (library) => {
    const { relocations = [] } = (await tablesOf(library)) ?? {};
    let [relative, all] = [0, 0];
    for (const { bytes } of relocations) {
      for (let place = 8; place < bytes.length; place += 24) {
        all += 1;
        if (bytes.readUInt32LE(place) === 8) relative += 1;
      }
    }
    expect(all).toBeGreaterThan(50_000);
    // 38 and 14 % as they are shipped.
    expect(relative / all).toBeGreaterThan(0.8);
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
