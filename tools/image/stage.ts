import { chmod, copyFile, lstat, mkdir, readdir, readlink, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { locatePackage } from '@distillation/native-addon/addon';
import { productionClosure, type Closure } from './closure.ts';
import { isProductionFile, isProductionSource, type ImageKind } from './contents.ts';

/** One file of an image. */
export interface ImageFile {
  /** Relative to the image's `/app`. */
  readonly path: string;
  /** Source file of its contents; absent for a link. */
  readonly source?: string;
  readonly executable?: boolean;
  /** Target of a symbolic link. */
  readonly link?: string;
}

const CPU_PACKAGE = '@tensorflow/tfjs-node';
const GPU_PACKAGE = '@tensorflow/tfjs-node-gpu';

/** The contents of an image, by the `package.json` of its program. An installed GPU package replaces the CPU one. */
export function closureOf(kind: ImageKind, root: string): Closure {
  const gpu = kind === 'worker' && locatePackage('tfjs-node-gpu') !== undefined;
  return productionClosure({ root, workspace: kind, instead: gpu ? { [CPU_PACKAGE]: GPU_PACKAGE } : {} });
}

/**
 * The files of an image under `/app`, by path: workspaces as npm lays them out, and the packages that they need. Workspaces are real
 * folders with links in `node_modules/@distillation`, since Node does not strip types under `node_modules`.
 * @param root the repository's root, after `npm ci` and `npm run setup`
 */
export async function listImage(kind: ImageKind, root: string): Promise<ImageFile[]> {
  const files: ImageFile[] = [];
  const { workspaces, packages } = closureOf(kind, root);
  for (const workspace of workspaces) {
    const all = [
      await plainFile(root, join(workspace, 'package.json')),
      ...(await listTree(root, join(workspace, 'src'))),
    ];
    files.push(...all.filter(({ path }) => isProductionSource(path.slice(workspace.length + 1))));
    const link = join('node_modules', '@distillation', basename(workspace));
    files.push({ path: link, link: relative(dirname(link), workspace) });
  }
  for (const { name, path: folder } of packages) {
    files.push(...(await listTree(root, folder, (path) => isProductionFile(name, path.slice(folder.length + 1)))));
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Writes the files of `listImage` to a folder, which is replaced. */
export async function stageImage(kind: ImageKind, root: string, target: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
  for (const { path, source, link, executable } of await listImage(kind, root)) {
    const place = join(target, path);
    await mkdir(dirname(place), { recursive: true });
    if (link !== undefined) await symlink(link, place);
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
