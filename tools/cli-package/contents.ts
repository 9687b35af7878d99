import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from '../build/bundle.ts';
import { type InstalledPackage, productionClosure } from '../image/closure.ts';
import { BUNDLE, SBOM } from '../image/contents.ts';
import { installedSbom, sbomOf } from '../image/sbom.ts';
import { type ImageFile, listPackages } from '../image/stage.ts';

/** What the CLI is shipped as: the bundle, and in it the packages of npm that the commands for clusters need. */

export const NAME = 'kubectl-distill';

/** What only `--local` needs, TensorFlow above all: who wants it installs it beside the CLI (cli/src/local/packages.ts). */
const LOCAL_ONLY = ['@distillation/worker', '@distillation/native-addon'];

/** The packages of npm in the package. */
function closureOfCli(root: string): InstalledPackage[] {
  return productionClosure({ root, workspace: 'cli', without: LOCAL_ONLY });
}

interface Manifest {
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
}

const PROGRAM = `#!/usr/bin/env node\nimport '../${BUNDLE}/cli.mjs';\n`;

/**
 * The files of the package `kubectl-distill`, by path. Packages of npm come with it, at the versions of package-lock.json, so that an
 * installation fetches nothing and is what was tested.
 * @param root the repository's root, after `npm ci`
 */
export async function cliPackage(root: string): Promise<ImageFile[]> {
  const { version, license, engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
  const packages = closureOfCli(root);
  const program = await bundle({ root, programs: ['cli'] });
  const top = packages.filter(({ path, name }) => path === `node_modules/${name}`);
  const manifest = {
    name: NAME,
    version,
    description:
      'kubectl plugin for DistillationJobs: run, follow and fetch blockwise knowledge distillation on Kubernetes',
    license,
    type: 'module',
    bin: { [NAME]: `bin/${NAME}.js` },
    engines,
    dependencies: Object.fromEntries(top.map((each) => [each.name, each.version])),
    bundleDependencies: top.map(({ name }) => name),
  };
  const json = (value: object): Buffer => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  const sbom = sbomOf(await installedSbom(root), { name: NAME, version, packages });
  const files: ImageFile[] = [
    { path: 'package.json', content: json(manifest) },
    { path: 'README.md', source: join(root, 'cli/README.md') },
    { path: 'LICENSE', source: join(root, 'LICENSE') },
    { path: `bin/${NAME}.js`, content: Buffer.from(PROGRAM), executable: true },
    { path: join(BUNDLE, SBOM), content: json(sbom) },
    ...program.map(({ name, content }) => ({ path: join(BUNDLE, name), content })),
    ...(await listPackages(packages, root)),
  ];
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}
