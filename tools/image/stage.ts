import { chmod, copyFile, lstat, mkdir, readdir, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { locatePackage } from '@distillation/native-addon/addon';
import { bundle } from '../build/bundle.ts';
import { type InstalledPackage, productionClosure } from './closure.ts';
import { BUNDLE, isProductionFile, type ImageKind } from './contents.ts';

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

/**
 * The files of an image under `/app`, by path: the bundled program, and the packages of npm that it needs.
 * @param root the repository's root, after `npm ci` and `npm run setup`
 */
export async function listImage(kind: ImageKind, root: string): Promise<ImageFile[]> {
  const program = await bundle({ root, programs: [kind] });
  const files: ImageFile[] = program.map(({ name, content }) => ({ path: join(BUNDLE, name), content }));
  for (const { name, path: folder } of closureOf(kind, root)) {
    files.push(...(await listTree(root, folder, (path) => isProductionFile(name, path.slice(folder.length + 1)))));
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Writes the files of `listImage` to a folder, which is replaced. */
export async function stageImage(kind: ImageKind, root: string, target: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
  for (const { path, source, content, link, executable } of await listImage(kind, root)) {
    const place = join(target, path);
    await mkdir(dirname(place), { recursive: true });
    if (link !== undefined) await symlink(link, place);
    if (content !== undefined) await writeFile(place, content);
    if (source === undefined) continue;
    await copyFile(source, place);
    await chmod(place, executable === true ? 0o755 : 0o644);
  }
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
