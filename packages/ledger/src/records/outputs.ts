import type { DistillationJobSpec } from '@distillation/api/job';
import { LAYOUT } from '@distillation/api/layout';
import { listOf, object, type Of, optional, word } from '@distillation/api/shape';
import { sha256 } from '../files/envelope.ts';
import type { Ledger } from './ledger.ts';

/** What the folder of a finished job holds besides its student (`result.ts`), and what is missing of what its manifest asks for. */

const cardFormats = object({
  files: optional(listOf(object({ format: word, file: word, input: optional(word), sha256: word }))),
  refused: optional(listOf(object({ format: word, input: optional(word), worker: word }))),
});

/** Jobs of earlier versions name no formats. */
type Asked = Partial<Pick<DistillationJobSpec['outputs'], 'formats' | 'onnxInput'>> &
  Pick<DistillationJobSpec['outputs'], 'workingFiles'>;

/**
 * Whether the finalizer has nothing to write, to repair or to delete for a job whose student is intact. A format that could not be written is
 * not tried again by the same version.
 * @param worker version of the worker
 */
export async function isComplete(ledger: Ledger, asked: Asked, worker: string): Promise<boolean> {
  if (!(await hasReports(ledger)) || !(await hasStudentFiles(ledger, asked, worker))) return false;
  return asked.workingFiles === 'Keep' || (await workingFiles(ledger)).length === 0;
}

/** Whether both report files are there and whole. */
export async function hasReports(ledger: Ledger): Promise<boolean> {
  const whole = await Promise.all([LAYOUT.reportJson, LAYOUT.reportHtml].map((name) => isWholeReport(ledger, name)));
  return !whole.includes(false);
}

/** Whether a file of the report is there and not cut off. */
export async function isWholeReport(
  ledger: Ledger,
  name: typeof LAYOUT.reportJson | typeof LAYOUT.reportHtml,
): Promise<boolean> {
  const content = await ledger.files.readFile(ledger.path(name));
  if (content === undefined) return false;
  const text = new TextDecoder().decode(content);
  if (name === LAYOUT.reportHtml) return text.trimEnd().endsWith('</html>');
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function haveAll(ledger: Ledger, names: readonly string[]): Promise<boolean> {
  const present = await Promise.all(names.map((name) => ledger.files.stat(ledger.path(name))));
  return !present.includes(undefined);
}

/** Whether card and README of the student are there, and each format that is asked for, as the card says. */
export async function hasStudentFiles(
  ledger: Ledger,
  { formats = [], onnxInput }: Asked,
  worker: string,
): Promise<boolean> {
  const card = await ledger.files.readFile(ledger.path(LAYOUT.card));
  const listed = card && listedIn(card);
  if (listed === undefined || !(await haveAll(ledger, [`${LAYOUT.student}/README.md`]))) return false;
  const { files = [], refused = [] } = listed;
  for (const format of formats.filter((name) => name !== 'TfjsLayers')) {
    const input = format === 'Onnx' && onnxInput === 'Pixels' ? 'Pixels' : undefined;
    const isAsked = (each: { readonly format: string; readonly input?: string | undefined }): boolean =>
      each.format === format && each.input === input;
    if (refused.some((each) => isAsked(each) && each.worker === worker)) continue;
    const known = files.find(isAsked);
    if (known === undefined) return false;
    const content = await ledger.files.readFile(ledger.path(`${LAYOUT.student}/${known.file}`));
    if (content === undefined || sha256(content) !== known.sha256) return false;
  }
  return true;
}

/** Undefined for a card that is damaged. */
function listedIn(card: Uint8Array): Of<typeof cardFormats> | undefined {
  try {
    const content: unknown = JSON.parse(new TextDecoder().decode(card));
    return cardFormats(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

/** Paths of the checkpoints of blocks and of fine-tuning: what a finished job can do without. */
export async function workingFiles(ledger: Ledger): Promise<string[]> {
  const found: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const { name, folder: isFolder } of await ledger.files.readdir(folder)) {
      const path = `${folder}/${name}`;
      if (isFolder) await walk(path);
      else if (name.endsWith('.safetensors')) found.push(path);
    }
  };
  for (const folder of [LAYOUT.blocks, LAYOUT.finalize]) await walk(ledger.path(folder));
  return found;
}
