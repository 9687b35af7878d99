import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

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

export interface ClosureOptions {
  /** The repository's root, where npm has installed. */
  readonly root: string;
  /** Folders of the workspaces to start from, relative to the root. */
  readonly workspaces: readonly string[];
  /** Dependencies of the workspaces to leave out, by name. */
  readonly without: ReadonlySet<string>;
  /** Dependencies of the workspaces to take besides. */
  readonly also: readonly string[];
}

/**
 * All packages that the workspaces need at run time: dependencies of dependencies, found as Node finds them, with the optional
 * ones (platform packages) that npm installed here. Other workspaces do not count.
 * @throws Error when a required one is not installed
 */
export function productionClosure(options: ClosureOptions): InstalledPackage[] {
  const { root } = options;
  const found = new Map<string, InstalledPackage>();
  const visit = (from: string, name: string, optional: boolean): void => {
    const folder = resolvePackage(root, from, name);
    if (folder === undefined) {
      if (optional) return;
      throw new Error(`${name}, needed by ${from}, is not installed: run \`npm ci\``);
    }
    if (found.has(folder)) return;
    const manifest = readManifest(join(root, folder));
    found.set(folder, { name: manifest.name, version: manifest.version, path: folder });
    for (const [dependency, isOptional] of dependenciesOf(manifest)) visit(folder, dependency, isOptional);
  };
  for (const workspace of options.workspaces) {
    for (const [name, optional] of dependenciesOf(readManifest(join(root, workspace)))) {
      if (!name.startsWith('@distillation/') && !options.without.has(name)) visit(workspace, name, optional);
    }
  }
  for (const name of options.also) visit('.', name, false);
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Names of the packages that a package asks for, each with whether it can do without. */
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

/** The package that `require(name)` in the folder finds, relative to the root. */
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
