import { basename, dirname, join } from 'node:path';
import { writeNew } from './atomic.ts';
import { attemptOn, ensureFolder, type FileLayer } from './file-layer.ts';

/**
 * Creates or replaces a folder with these files. It appears complete: written beside its place, flushed, then renamed. A crash
 * during the replacement may leave no folder, but never a mixture.
 */
export function writeFolder(
  layer: FileLayer,
  path: string,
  files: ReadonlyMap<string, Uint8Array | string>,
): Promise<void> {
  const beside = (kind: string): string => join(dirname(path), `.${basename(path)}.${kind}`);
  const [fresh, old] = [beside('new'), beside('old')];
  return attemptOn(layer, async () => {
    await layer.removeFolder(fresh);
    await ensureFolder(layer, fresh);
    for (const [name, content] of files) {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      await writeNew(layer, join(fresh, name), { bytes, durable: true });
    }
    await layer.syncFolder(fresh);
    await layer.removeFolder(old);
    await layer.rename(path, old);
    await layer.rename(fresh, path);
    await layer.syncFolder(dirname(path));
    await layer.removeFolder(old);
  });
}
