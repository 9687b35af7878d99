import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LAYOUT } from '@distillation/api/layout';
import type { Report } from '@distillation/api/report';
import type { Ledger } from './ledger.ts';

/** The report of a finished job if the student that it tells of is still on the volume, to the bit; else the job is to be finalized again. */
export async function intactResult(ledger: Ledger, recipe: string): Promise<Report | undefined> {
  const record = await ledger.readResult();
  if (record?.recipe !== recipe) return undefined;
  const { report } = record;
  return (await studentSha256(ledger.path(LAYOUT.student))) === report.provenance.studentSha256 ? report : undefined;
}

/** Whether both reports are there. */
export async function hasReports(ledger: Ledger): Promise<boolean> {
  const names = [LAYOUT.reportJson, LAYOUT.reportHtml];
  const present = await Promise.all(names.map((name) => ledger.files.stat(ledger.path(name))));
  return !present.includes(undefined);
}

/** Hash of an exported student as `modelFiles` gives it; undefined when files are missing. */
async function studentSha256(folder: string): Promise<string | undefined> {
  try {
    const model = await readFile(join(folder, 'model.json'));
    const { weightsManifest } = JSON.parse(model.toString()) as { weightsManifest: { paths: string[] }[] };
    const hash = createHash('sha256').update(model);
    for (const path of weightsManifest.flatMap(({ paths }) => paths)) hash.update(await readFile(join(folder, path)));
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}
