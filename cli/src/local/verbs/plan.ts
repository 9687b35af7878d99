import { scheduleBlocks } from '@distillation/core/schedule';
import { type LocalRunOptions, readManifest, withBins } from '../../commands/manifest.ts';
import { interruption } from '../../interruption.ts';
import { wrapWidthOf } from '../../present/tables/columns.ts';
import { documentText } from '../../present/document.ts';
import { forecastTable } from '../../present/forecast.ts';
import { requirePossible } from '../../present/least-student.ts';
import { planTable } from '../../present/tables/plan-table.ts';
import { localDisplay } from '../display.ts';
import { planLocal } from '../run.ts';
import { prepareBackend } from '../prepare-backend.ts';
import { volumeFolder } from '../volume-folder.ts';

interface LocalPlanOptions extends LocalRunOptions {
  readonly output?: 'json' | 'yaml';
}

/** `plan` on this machine. */
export async function planHere({ filename, volume, bins, output }: LocalPlanOptions): Promise<void> {
  const job = withBins(await readManifest(filename), bins);
  const folder = await volumeFolder(volume);
  const { teacher, scheduling, selection } = job.spec;
  const display = localDisplay(process.stderr);
  await prepareBackend((line) => {
    display.log(line);
  });
  const made = await planLocal({ job, volume: folder, display, signal: interruption() });
  display.clear();
  requirePossible(made, selection.budget);
  const schedule = scheduleBlocks(made.blocks, made.epochs, scheduling);
  if (output !== undefined) process.stdout.write(documentText({ plan: made, schedule }, output));
  else
    process.stdout.write(
      `${planTable(made, schedule, { width: wrapWidthOf(process.stdout), preprocessing: teacher.preprocessing })}\n\n${forecastTable(made, scheduling)}\n`,
    );
}
