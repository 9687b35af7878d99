import { existsSync, lstatSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { INSIDE } from '../build/bundle.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** One installed npm package. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** Relative to the repository's root, as package-lock.json names it: `node_modules/a`, `node_modules/a/node_modules/b`. */
  readonly path: string;
}

interface ClosureOptions {
  /** The repository's root, in which npm has installed the packages. */
  readonly root: string;
  /** Folder of the program's workspace, relative to the root. */
  readonly workspace: string;
  /** Replacements of packages, by name. */
  readonly instead?: Readonly<Record<string, string>>;
  /** Packages that are left out, with what only they need, by name. */
  readonly without?: readonly string[];
}

/**
 * The packages of npm that a workspace needs at run time, sorted by path: the transitive dependencies by `package.json`, through our
 * other workspaces, resolved like Node does, including the optional ones (platform packages) that npm has installed here.
 * @throws Error when a required package is not installed, or where a bundled program would not find it or another version of it
 */
export function productionClosure({ root, workspace, instead = {}, without = [] }: ClosureOptions): InstalledPackage[] {
  const workspaces = new Set<string>();
  const packages = new Map<string, InstalledPackage>();
  const follow = (from: string, manifest: Manifest): void => {
    for (const [asked, optional] of dependenciesOf(manifest)) {
      if (!without.includes(asked)) visit(from, instead[asked] ?? asked, optional);
    }
  };
  const visit = (from: string, name: string, optional: boolean): void => {
    const folder = resolvePackage(root, from, name);
    if (folder === undefined) {
      if (optional) return;
      throw new Error(`${name}, needed by ${from}, is not installed: run \`npm ci\``);
    }
    // npm installs a workspace as a link to its folder.
    const own = relative(realpathSync(root), realpathSync(join(root, folder)));
    if (lstatSync(join(root, folder)).isSymbolicLink() && !own.startsWith('node_modules')) {
      enter(own);
      return;
    }
    if (packages.has(folder)) return;
    if (!folder.startsWith('node_modules')) {
      throw new Error(
        `${folder} is not at the top, where bundled programs look: let all workspaces ask for one version of it`,
      );
    }
    const manifest = readManifest(join(root, folder));
    if (INSIDE.includes(name)) mustFindAtTop(root, folder, manifest);
    packages.set(folder, { name: manifest.name, version: manifest.version, path: folder });
    follow(folder, manifest);
  };
  const enter = (folder: string): void => {
    if (workspaces.has(folder)) return;
    workspaces.add(folder);
    follow(folder, readManifest(join(root, folder)));
  };
  enter(workspace);
  return [...packages.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * What a bundled package imports is looked for from the bundle, not from its own folder.
 * @throws Error where that is another version of it
 */
function mustFindAtTop(root: string, folder: string, manifest: Manifest): void {
  for (const [name] of dependenciesOf(manifest)) {
    const place = resolvePackage(root, folder, name);
    if (name.startsWith('@types/') || place === undefined || place === join('node_modules', name)) continue;
    throw new Error(
      `${manifest.name} is in the bundle and needs ${place}, where bundled programs do not look: ask for the same version of ${name} as it does`,
    );
  }
}

/** Names of a package's dependencies, each with whether it is optional. */
function dependenciesOf(manifest: Manifest): [string, boolean][] {
  const optional = Object.keys(manifest.optionalDependencies ?? {});
  const peers = Object.keys(manifest.peerDependencies ?? {}).filter(
    (name) => manifest.peerDependenciesMeta?.[name]?.optional !== true,
  );
  return [
    ...Object.keys(manifest.dependencies ?? {})
      .filter((name) => !optional.includes(name))
      .map((name): [string, boolean] => [name, false]),
    ...peers.map((name): [string, boolean] => [name, false]),
    ...optional.map((name): [string, boolean] => [name, true]),
  ];
}

/** The package that `require(name)` resolves to in a folder, relative to the root. */
function resolvePackage(root: string, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(root, candidate, 'package.json'))) return candidate;
    if (folder === '.') return undefined;
  }
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}
