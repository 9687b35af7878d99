import { type LocalRunOptions, readManifest, withBins } from '../../commands/manifest.ts';
import { interruption } from '../../interruption.ts';
import { localDisplay } from '../display.ts';
import { prepareBackend } from '../prepare-backend.ts';
import { runLocal } from '../run.ts';
import { volumeFolder } from '../volume-folder.ts';

/** `run` on this machine. */
export async function runHere({ filename, volume, bins }: LocalRunOptions): Promise<void> {
  const job = withBins(await readManifest(filename), bins);
  const folder = await volumeFolder(volume);
  const display = localDisplay(process.stdout);
  await prepareBackend((line) => {
    display.log(line);
  });
  const result = await runLocal({ job, volume: folder, display, signal: interruption() });
  display.finish(result);
  if (result.failure !== undefined) throw result.failure;
}
