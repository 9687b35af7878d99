import { createHash } from 'node:crypto';
import { mkdir, open as openFile, readFile, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import { LAYOUT } from '@distillation/api/layout';
import { readReport, type Report } from '@distillation/api/report';
import { listOf, object, optional, word } from '@distillation/api/shape';
import { CutShort } from '@distillation/runtime/chunk-reader';
import { finished, nextAnswer, type Told } from './answers.ts';
import { localHash } from './local-files.ts';
import type { CopyProgress } from './push.ts';
import type { OpenSession, Session } from './session.ts';

/** Where a job's results lie: a folder of the volumes. */
export interface Results {
  readonly job: string;
  /** Such as `work/jobs/vgg16`. */
  readonly folder: string;
  /** Of the student's weights, as the job's status has it. */
  readonly studentSha256: string;
}

interface Fetched {
  readonly report: Report;
  readonly files: number;
  readonly bytes: number;
}

type FileThere = Extract<Told, { type: 'File' }>;

const line = (message: object): string => `${JSON.stringify(message)}\n`;

/**
 * Student and report of a finished job, in a folder of this machine: checked file by file, and the student by the hash that status and report
 * hold, before anything takes its place. What is there already, with the right hash, is not fetched again.
 * @param to the folder that gets `student/`, `report.json` and `report.html`
 * @throws DistillError DISTILL_E_NO_RESULT, DISTILL_E_USAGE where it would leave less than there was, DISTILL_E_TRANSFER,
 * DISTILL_E_TRANSFER_INTEGRITY
 */
export async function fetchResults(
  open: OpenSession,
  { results, to }: { readonly results: Results; readonly to: string },
  onProgress: (progress: CopyProgress) => void = () => undefined,
): Promise<Fetched> {
  const { folder } = results;
  const wanted = [LAYOUT.student, LAYOUT.reportJson, LAYOUT.reportHtml].map((name) => `${folder}/${name}`);
  const there = await listThere(open, wanted);
  for (const path of [`${folder}/${LAYOUT.student}/model.json`, `${folder}/${LAYOUT.reportJson}`]) {
    if (!there.some((file) => file.path === path)) throw nothingThere(results, path);
  }
  const local = (path: string): string => path.slice(folder.length + 1);
  await refuseLess(
    to,
    there.map(({ path }) => local(path)),
  );
  await mkdir(to, { recursive: true });
  const fresh = join(to, '.fetched');
  await rm(fresh, { recursive: true, force: true });
  try {
    const stale: FileThere[] = [];
    for (const file of there) if ((await localHash(join(to, local(file.path)))) !== file.sha256) stale.push(file);
    await copyAll(open, stale, { placeOf: (path) => join(fresh, local(path)), onProgress });
    const place = (name: string): string => join(stale.some(({ path }) => local(path) === name) ? fresh : to, name);
    const report = await checkStudent(results, place);
    // The report comes last: where it is, the student is.
    for (const { path } of [...stale].sort(byReportLast(local))) {
      await mkdir(dirname(join(to, local(path))), { recursive: true });
      await rename(join(fresh, local(path)), join(to, local(path)));
    }
    return { report, files: there.length, bytes: there.reduce((all, { size }) => all + size, 0) };
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

const byReportLast =
  (local: (path: string) => string) =>
  (a: FileThere, b: FileThere): number =>
    Number(!local(a.path).includes('/')) - Number(!local(b.path).includes('/'));

/** The report of a finished job alone: what it says, and the page. @throws DistillError as `fetchResults` */
export async function fetchReport(
  open: OpenSession,
  results: Results,
): Promise<{ readonly report: Report; readonly json: string; readonly html: string }> {
  const texts: string[] = [];
  await sending(open, async (session) => {
    for (const name of [LAYOUT.reportJson, LAYOUT.reportHtml]) {
      const path = `${results.folder}/${name}`;
      const pieces: Uint8Array[] = [];
      const found = await copyOne(session, path, (piece) => {
        pieces.push(piece);
        return Promise.resolve();
      });
      if (!found) throw nothingThere(results, path);
      texts.push(Buffer.concat(pieces).toString('utf8'));
    }
  });
  const [json = '', html = ''] = texts;
  return { json, report: parsedReport(json, results), html };
}

async function listThere(open: OpenSession, paths: readonly string[]): Promise<FileThere[]> {
  const found: FileThere[] = [];
  const session = await open(['files', 'look']);
  try {
    for (const path of paths) await session.write(line({ path }));
    await session.write('\n');
    for (let answer = await nextOrEnd(session); answer !== undefined; answer = await nextOrEnd(session)) {
      if (answer.type === 'File') found.push(answer);
    }
    await finished(session);
  } finally {
    session.close();
  }
  return found;
}

/** The next answer; undefined when the session has ended well. */
async function nextOrEnd(session: Session): Promise<Told | undefined> {
  try {
    return await nextAnswer(session);
  } catch (thrown) {
    if ((await session.ended).code === 0) return undefined;
    throw thrown;
  }
}

async function copyAll(
  open: OpenSession,
  files: readonly FileThere[],
  {
    placeOf,
    onProgress,
  }: { readonly placeOf: (path: string) => string; readonly onProgress: (progress: CopyProgress) => void },
): Promise<void> {
  if (files.length === 0) return;
  const total = files.reduce((all, { size }) => all + size, 0);
  let done = 0;
  await sending(open, async (session) => {
    for (const { path } of files) {
      await mkdir(dirname(placeOf(path)), { recursive: true });
      const file = await openFile(placeOf(path), 'w');
      try {
        await copyOne(session, path, async (piece) => {
          await file.writeFile(piece);
          done += piece.length;
          onProgress({ stage: 'copy', done, total, path });
        });
      } finally {
        await file.close();
      }
    }
  });
}

/** Asks for files in a session of its own. */
async function sending(open: OpenSession, use: (session: Session) => Promise<void>): Promise<void> {
  const session = await open(['files', 'send']);
  try {
    await use(session);
    await session.write('\n');
    await finished(session);
  } catch (thrown) {
    throw thrown instanceof CutShort ? lost(thrown) : thrown;
  } finally {
    session.close();
  }
}

const lost = (cause: CutShort): DistillError =>
  new DistillError('DISTILL_E_TRANSFER', 'The connection to the pod was lost.', { cause });

/** @returns false when there is no such file @throws DistillError DISTILL_E_TRANSFER_INTEGRITY */
async function copyOne(
  session: Session,
  path: string,
  onPiece: (piece: Uint8Array) => Promise<void>,
): Promise<boolean> {
  await session.write(line({ path }));
  const begun = await nextAnswer(session);
  if (begun.type !== 'Content') return false;
  const hash = createHash('sha256');
  for await (const piece of session.output.bytes(begun.size)) {
    hash.update(piece);
    await onPiece(piece);
  }
  const end = await nextAnswer(session);
  const [sent, came] = [end.type === 'File' ? end.sha256 : '', hash.digest('hex')];
  if (sent === came) return true;
  throw differs(path, came, sent);
}

/** Files that are here and not among those that come: a folder of another job, or of more than there is now. */
async function refuseLess(to: string, coming: readonly string[]): Promise<void> {
  const names = await readdir(join(to, LAYOUT.student)).catch(() => []);
  const more = names.filter((name) => !name.startsWith('.') && !coming.includes(`${LAYOUT.student}/${name}`));
  if (more.length === 0) return;
  throw new DistillError(
    'DISTILL_E_USAGE',
    `${join(to, LAYOUT.student)} holds what the result does not have: ${more.join(', ')}.`,
    { subject: to, fix: 'Name another folder by --to, or move that one away.' },
  );
}

const isModel = object({ weightsManifest: listOf(object({ paths: listOf(word) })) });
const isCard = object({ files: optional(listOf(object({ file: word, sha256: word }))) });

/** Compares the student with the hashes of status, report and card. @param place of a file, by its name in the folder */
async function checkStudent(results: Results, place: (name: string) => string): Promise<Report> {
  const report = parsedReport(await readFile(place(LAYOUT.reportJson), 'utf8'), results);
  const inStudent = (name: string): string => place(`${LAYOUT.student}/${name}`);
  const model = await readFile(inStudent('model.json'));
  const described = parsed(model.toString('utf8'));
  const hash = createHash('sha256').update(model);
  const shards = isModel(described) ? described.weightsManifest.flatMap(({ paths }) => paths) : [];
  for (const shard of shards) hash.update(await readFile(inStudent(basename(shard))));
  const found = hash.digest('hex');
  for (const said of [results.studentSha256, report.provenance.studentSha256]) {
    if (found !== said) throw differs('the student', found, said);
  }
  const card = parsed(await readFile(inStudent('card.json'), 'utf8').catch(() => ''));
  for (const { file, sha256 } of isCard(card) ? (card.files ?? []) : []) {
    const came = await localHash(inStudent(basename(file)));
    if (came !== sha256) throw differs(file, came ?? 'nothing', sha256);
  }
  return report;
}

function parsedReport(json: string, { job }: Results): Report {
  const reading = readReport(parsed(json));
  if (reading.as === 'Value') return reading.value;
  throw new DistillError('DISTILL_E_TRANSFER_INTEGRITY', `The report of ${job} is none that this version reads.`, {
    fix: 'Use the command line of the version of the worker’s image.',
  });
}

const differs = (what: string, found: string, said: string): DistillError =>
  new DistillError('DISTILL_E_TRANSFER_INTEGRITY', `What came of ${what} has the SHA-256 ${found}, not ${said}.`, {
    subject: what,
  });

const nothingThere = ({ job }: Results, path: string): DistillError =>
  new DistillError('DISTILL_E_NO_RESULT', `The job ${job} has no ${path} on its volume.`, {
    subject: path,
    fix: 'See that nobody has deleted it, and that the job has not begun again since: `kubectl distill get`.',
  });

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
