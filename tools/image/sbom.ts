import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type InstalledPackage } from './closure.ts';

/** Part of a software bill of materials by CycloneDX 1.5, of what is read or written here. */
interface Component {
  readonly 'bom-ref': string;
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly purl?: string;
  readonly [key: string]: unknown;
}

interface Dependency {
  readonly ref: string;
  readonly dependsOn?: readonly string[];
}

/** A software bill of materials by CycloneDX 1.5. */
export interface Sbom {
  readonly bomFormat: string;
  readonly specVersion: string;
  /** Of the bill itself, which is written once. */
  readonly version: 1;
  readonly metadata: { readonly tools?: unknown; readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly Dependency[];
}

/** What no package of npm says: a library that was built or unpacked. */
export interface SbomLibrary {
  readonly name: string;
  readonly version: string;
  /** Package URL: https://github.com/package-url/purl-spec */
  readonly purl: string;
}

interface Contents {
  /** Of what the bill is, such as `distillation-operator`. */
  readonly name: string;
  readonly version: string;
  /** Packages of npm. */
  readonly packages: readonly InstalledPackage[];
  readonly more?: readonly SbomLibrary[];
}

/**
 * All that npm has installed, as npm's own generator writes it.
 * @param root the repository's root
 */
export async function installedSbom(root: string): Promise<Sbom> {
  const args = ['sbom', '--sbom-format', 'cyclonedx'];
  const { stdout } = await promisify(execFile)('npm', args, { cwd: root, maxBuffer: 1 << 26 });
  return JSON.parse(stdout) as Sbom;
}

/**
 * The part of npm's bill that is in an image or a package of ours. Serial number and time are left out, so that the same contents have the
 * same bill.
 * @throws Error for a package that npm's bill does not name
 */
export function sbomOf(installed: Sbom, { name, version, packages, more = [] }: Contents): Sbom {
  const byRef = new Map(installed.components.map((component) => [component['bom-ref'], component]));
  const refs = new Set(packages.map((package_) => `${package_.name}@${package_.version}`));
  const components = [...refs].sort().map((ref) => {
    const found = byRef.get(ref);
    if (found === undefined) throw new Error(`npm's bill of materials does not name ${ref}: run \`npm ci\``);
    return found;
  });
  const others = more.map((library): Component => ({ 'bom-ref': library.purl, type: 'library', ...library }));
  const self = `${name}@${version}`;
  const dependencies = installed.dependencies
    .filter(({ ref }) => refs.has(ref))
    .sort((a, b) => (a.ref < b.ref ? -1 : 1));
  const kept = ({ ref, dependsOn = [] }: Dependency): Dependency => ({
    ref,
    dependsOn: dependsOn.filter((other) => refs.has(other)),
  });
  const component: Component = {
    'bom-ref': self,
    type: 'application',
    name,
    version,
    licenses: [{ license: { id: 'Apache-2.0' } }],
  };
  const { bomFormat, specVersion, metadata } = installed;
  return {
    bomFormat,
    specVersion,
    version: 1,
    metadata: { ...(metadata.tools === undefined ? {} : { tools: metadata.tools }), component },
    components: [...components, ...others],
    dependencies: [
      { ref: self, dependsOn: [...refs, ...others.map((other) => other['bom-ref'])].sort() },
      ...dependencies.map(kept),
    ],
  };
}
