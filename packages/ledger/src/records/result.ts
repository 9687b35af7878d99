import { LAYOUT } from '@distillation/api/layout';
import type { Report } from '@distillation/api/report';
import { listOf, object, word } from '@distillation/api/shape';
import { sha256 } from '../files/envelope.ts';
import type { Ledger } from './ledger.ts';

/** The report of a finished job, if its student is still on the volume, bit for bit; otherwise the job has to be finalized again. */
export async function intactResult(ledger: Ledger, recipe: string): Promise<Report | undefined> {
  const record = await ledger.readResult();
  if (record?.recipe !== recipe) return undefined;
  const { report } = record;
  return (await studentSha256(ledger)) === report.provenance.studentSha256 ? report : undefined;
}

const modelJson = object({ weightsManifest: listOf(object({ paths: listOf(word) })) });

/**
 * Contents of the exported student by file name: model.json first, then the weights in order, as `modelFiles` makes them. Undefined when files
 * are missing or are not those of a student.
 */
export async function studentFiles(ledger: Ledger): Promise<ReadonlyMap<string, Uint8Array> | undefined> {
  const contentOf = (name: string): Promise<Uint8Array | undefined> =>
    ledger.files.readFile(ledger.path(`${LAYOUT.student}/${name}`));
  const model = await contentOf('model.json');
  const described = model && parsed(model);
  if (model === undefined || !modelJson(described)) return undefined;
  const files = new Map([['model.json', model]]);
  for (const path of described.weightsManifest.flatMap(({ paths }) => paths)) {
    const shard = await contentOf(path);
    if (shard === undefined) return undefined;
    files.set(path, shard);
  }
  return files;
}

async function studentSha256(ledger: Ledger): Promise<string | undefined> {
  const files = await studentFiles(ledger);
  return files && sha256(...files.values());
}

function parsed(json: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(json));
  } catch {
    return undefined;
  }
}
