import {
  chmod,
  copyFile,
  lstat,
  lutimes,
  mkdir,
  readFile,
  readdir,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { locatePackage } from '@distillation/native-addon/addon';
import { nativeVersion } from '@distillation/native-addon/install';
import { bundle } from '../build/bundle.ts';
import { type InstalledPackage, productionClosure } from './closure.ts';
import { BUNDLE, isProductionFile, SAMPLES, SBOM, type ImageKind } from './contents.ts';
import { installedSbom, type Sbom, type SbomLibrary, sbomOf } from './sbom.ts';

/** One file of an image. */
export interface ImageFile {
  /** Relative to the image's `/app`. */
  readonly path: string;
  /** File of its contents; absent where they are given, and for a link. */
  readonly source?: string;
  readonly content?: Buffer;
  readonly executable?: boolean;
  /** Target of a symbolic link. */
  readonly link?: string;
}

const CPU_PACKAGE = '@tensorflow/tfjs-node';
const GPU_PACKAGE = '@tensorflow/tfjs-node-gpu';

/** The packages in an image, by the `package.json` of its program. An installed GPU package replaces the CPU one. */
export function closureOf(kind: ImageKind, root: string): InstalledPackage[] {
  const gpu = kind === 'worker' && locatePackage('tfjs-node-gpu') !== undefined;
  return productionClosure({ root, workspace: kind, instead: gpu ? { [CPU_PACKAGE]: GPU_PACKAGE } : {} });
}

const SAMPLE_TEACHER = 'teachers/vgg16-quarter-cifar10';

/**
 * The files of an image under `/app`, by path: the bundled program, the packages of npm that it needs, and what the worker lays onto volumes.
 * @param root the repository's root, after `npm ci` and `npm run setup`
 * @param instead modules that stand in for others, as those of `bundle`
 */
export async function listImage(
  kind: ImageKind,
  root: string,
  instead: Readonly<Record<string, string>> = {},
): Promise<ImageFile[]> {
  const program = await bundle({ root, programs: [kind], instead });
  const files: ImageFile[] = program.map(({ name, content }) => ({ path: join(BUNDLE, name), content }));
  files.push(...(await listPackages(closureOf(kind, root), root)));
  if (kind === 'worker') {
    const from = 'manifests/samples';
    const teacher = await listTree(root, join(from, SAMPLE_TEACHER));
    files.push(...teacher.map((file) => ({ ...file, path: join(SAMPLES, relative(from, file.path)) })));
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The files of packages of npm that a program needs, at the paths at which npm has installed them. */
export async function listPackages(packages: readonly InstalledPackage[], root: string): Promise<ImageFile[]> {
  const files: ImageFile[] = [];
  for (const { name, path: folder } of packages) {
    files.push(...(await listTree(root, folder, (path) => isProductionFile(name, path.slice(folder.length + 1)))));
  }
  return files;
}

/** The bill of materials of an image: packages of npm, TensorFlow's library. */
export async function imageSbom(kind: ImageKind, root: string): Promise<Sbom> {
  const packages = closureOf(kind, root);
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const addon = packages.find(({ name }) => name === CPU_PACKAGE || name === GPU_PACKAGE);
  const tensorflow = addon === undefined ? undefined : await nativeVersion(join(root, addon.path));
  const library = (found: string): SbomLibrary => ({
    name: 'tensorflow',
    version: found,
    purl: `pkg:pypi/tensorflow@${found}`,
  });
  const more = tensorflow === undefined ? [] : [library(tensorflow)];
  return sbomOf(await installedSbom(root), { name: `distillation-${kind}`, version, packages, more });
}

/**
 * Writes the files of `listImage` to a folder, which is replaced, and the bill of materials beside the program. Order, modes and times
 * are the same whenever and wherever this runs, so that the same contents are the same layer.
 */
export async function stageImage(kind: ImageKind, root: string, target: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
  const sbom = Buffer.from(`${JSON.stringify(await imageSbom(kind, root), null, 1)}\n`);
  for (const file of [...(await listImage(kind, root)), { path: join(BUNDLE, SBOM), content: sbom }]) {
    const { path, source, content, link, executable }: ImageFile = file;
    const place = join(target, path);
    await mkdir(dirname(place), { recursive: true });
    if (link !== undefined) await symlink(link, place);
    if (content !== undefined) await writeFile(place, content);
    if (source === undefined) continue;
    await copyFile(source, place);
    await chmod(place, executable === true ? 0o755 : 0o644);
  }
  for (const path of ['.', ...(await readdir(target, { recursive: true }))]) await lutimes(join(target, path), 0, 0);
}

/** All files under a path. A link to a neighbour stays a link; others (such as those to a cached build) are replaced by their targets. */
async function listTree(
  root: string,
  path: string,
  isWanted: (path: string) => boolean = () => true,
): Promise<ImageFile[]> {
  if (!isWanted(path)) return [];
  const source = join(root, path);
  if ((await lstat(source)).isSymbolicLink()) {
    const link = await readlink(source);
    if (!link.includes('/')) return [{ path, link }];
  }
  if (!(await stat(source)).isDirectory()) return [await plainFile(root, path)];
  const entries = await readdir(source);
  return (await Promise.all(entries.map((entry) => listTree(root, join(path, entry), isWanted)))).flat();
}

/** Of the mode only the executable bit is kept, so that every checkout gives the same image. */
async function plainFile(root: string, path: string): Promise<ImageFile> {
  const source = join(root, path);
  return { path, source, executable: ((await stat(source)).mode & 0o100) !== 0 };
}
