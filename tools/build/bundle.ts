import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { type Plugin, type PluginContext, rolldown } from 'rolldown';

/** Entry modules of the programs, relative to the repository's root. */
export const PROGRAMS = {
  operator: 'operator/src/main.ts',
  worker: 'worker/src/main.ts',
  cli: 'cli/src/main.ts',
} as const;
export type ProgramName = keyof typeof PROGRAMS;

/** One file of a bundle; all of them lie in one folder. */
export interface BundleFile {
  readonly name: string;
  readonly content: Buffer;
}

interface BundleOptions {
  /** The repository's root, in which npm has installed the packages. */
  readonly root: string;
  readonly programs: readonly ProgramName[];
  /** Modules that stand in for others, by absolute paths: for tests. A replacement itself still gets the module that it replaces. */
  readonly instead?: Readonly<Record<string, string>>;
}

/**
 * The programs as plain JavaScript, without types and with our packages in it: `worker.mjs` for the program `worker`, and beside it
 * what it starts and reads. Packages of npm but two (`INSIDE`) stay imports, found in a `node_modules` above the folder. The same sources
 * give the same bytes.
 * @throws Error when a module is not found
 */
export async function bundle({ root, programs, instead = {} }: BundleOptions): Promise<BundleFile[]> {
  const build = await rolldown({
    cwd: root,
    input: Object.fromEntries(programs.map((name) => [name, join(root, PROGRAMS[name])])),
    platform: 'node',
    external: isOfOthers,
    plugins: [replaced(instead), placed()],
    // Their modules only define: what is not used of them stays out.
    treeshake: { moduleSideEffects: [{ test: OF_INSIDE, sideEffects: false }] },
    // On a busy machine every build is slow; that is no warning about the sources.
    checks: { bundlerTimings: false },
    onLog(level, log) {
      // What would only be a wrong import at run time is an error now.
      if (level === 'warn') throw new Error(log.message);
    },
  });
  try {
    const { output } = await build.generate({
      format: 'esm',
      // Said by the name, since no package.json lies beside it.
      entryFileNames: '[name].mjs',
      chunkFileNames: '[name].mjs',
      assetFileNames: '[name][extname]',
      comments: false,
      banner: ({ moduleIds }) => (moduleIds.some((id) => OF_INSIDE.test(id)) ? CHANGED : ''),
    });
    return output
      .map((file) => ({ name: file.fileName, content: Buffer.from(file.type === 'chunk' ? file.code : file.source) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } finally {
    await build.close();
  }
}

/** Writes a bundle to a folder, which is made if it is not there. */
export async function writeBundle(files: readonly BundleFile[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, content } of files) await writeFile(join(folder, name), content);
}

const OURS = '@distillation/';

/** Packages of npm that are in the bundle: hundreds of files that a program would load at its start for a few of their functions. */
export const INSIDE: readonly string[] = ['@sinclair/typebox', '@kubernetes/client-node'];

const OF_INSIDE = new RegExp(`/node_modules/(${INSIDE.join('|')})/`);

/** As their licences ask for (Apache-2.0, section 4b). */
const CHANGED = `// Contains parts of ${INSIDE.join(' and ')}, changed: bundled, without comments and what is not used. Their licences are in node_modules.`;

/** Whether a module is one of Node's or of a package of npm that stays outside. */
const isOfOthers = (specifier: string): boolean =>
  !specifier.startsWith('.') && !isAbsolute(specifier) && !specifier.startsWith(OURS) && !INSIDE.includes(specifier);

function replaced(instead: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'replaced',
    async resolveId(specifier, importer, options) {
      if (isOfOthers(specifier)) return null;
      const found = await this.resolve(specifier, importer, { ...options, skipSelf: true });
      const replacement = found === null ? undefined : instead[found.id];
      return replacement === undefined || replacement === importer ? null : replacement;
    },
  };
}

/** How sources say where another file is: `new URL('./thread.ts', import.meta.url)`, `import.meta.resolve('@distillation/worker/main')`. */
export const PLACES =
  /new URL\(\s*'(\.[^']+)',\s*import\.meta\.url,?\s*\)|import\.meta\.resolve\('(@distillation\/[^']+)'\)/g;

/** Puts the files that sources name by their place into the bundle, modules as programs of their own, and names their place there. */
function placed(): Plugin {
  return {
    name: 'placed',
    transform: {
      filter: { code: 'import.meta' },
      async handler(code, importer) {
        const places = new Map<string, string>();
        for (const [said, path, program] of code.matchAll(PLACES)) {
          const emitted = path === undefined ? chunk(program ?? '', importer) : await fileAt(path, importer);
          const url = `import.meta.ROLLUP_FILE_URL_${this.emitFile(emitted)}`;
          places.set(said, path === undefined ? url : `new URL(${url})`);
        }
        return { code: code.replace(PLACES, (said) => places.get(said) ?? said) };
      },
    },
  };
}

type Emitted = Parameters<PluginContext['emitFile']>[0];

/** A module as an entry of the bundle: of another package under the package's name, else under its own. */
const chunk = (id: string, importer: string): Emitted => ({
  type: 'chunk',
  id,
  importer,
  name: id.startsWith(OURS) ? id.slice(OURS.length).replace(/\/.*/, '') : basename(id, '.ts'),
});

async function fileAt(path: string, importer: string): Promise<Emitted> {
  if (path.endsWith('.ts')) return chunk(path, importer);
  return { type: 'asset', name: basename(path), source: await readFile(join(dirname(importer), path)) };
}
