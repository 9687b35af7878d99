import { YAMLException, loadAll } from 'js-yaml';
import { DistillError } from '../errors.ts';
import type { DistillationJob } from '../job.ts';
import { API_VERSION, KIND } from '../words.ts';
import { formatProblems } from './problems.ts';
import type { Place } from '../rules/rule.ts';
import { validateJob } from './validate.ts';

/**
 * Parses the text of a manifest (YAML, or JSON, which YAML contains): exactly one DistillationJob, whatever else stands beside it,
 * validated, with every default filled in.
 *
 * @param fileName used in messages only
 * @param place where it is to run; absent when it has been checked for its place before
 * @throws DistillError DISTILL_E_MANIFEST_UNREADABLE when it is not such a document, DISTILL_E_MANIFEST_INVALID with every problem
 * listed
 */
export function parseManifest(text: string, fileName: string, place?: Place): DistillationJob {
  const document = onlyJob(text, fileName);
  const result = validateJob(document, place);
  if ('job' in result) return result.job;
  const count = result.problems.length === 1 ? 'a problem' : `${result.problems.length} problems`;
  throw new DistillError(
    'DISTILL_E_MANIFEST_INVALID',
    `${fileName} has ${count}:\n${formatProblems(result.problems)}`,
    { subject: fileName },
  );
}

/**
 * The DistillationJob in the text, as it is written and not checked further: the only one, which other documents may stand beside, such as its
 * claim. Empty documents, such as after a trailing `---`, do not count.
 * @throws DistillError DISTILL_E_MANIFEST_UNREADABLE
 */
export function onlyJob(text: string, fileName: string): object {
  const documents = documentsOf(text, fileName);
  const jobs = documents.filter(isJob);
  const [first] = jobs.length > 0 ? jobs : documents;
  if (jobs.length > 1) {
    throw unreadable(fileName, `holds ${jobs.length} ${KIND}s: put each into a file of its own.`);
  }
  if (first === undefined) throw unreadable(fileName, 'is empty.');
  if (isJob(first)) return first;
  if (documents.length > 1) {
    throw unreadable(fileName, `holds ${documents.length} YAML documents, of which none is a ${KIND}.`);
  }
  if (typeof first !== 'object' || first === null || Array.isArray(first)) {
    throw unreadable(fileName, `holds ${Array.isArray(first) ? 'a list' : 'plain text'}, not a ${KIND}.`);
  }
  const { kind, apiVersion } = first as { readonly kind?: unknown; readonly apiVersion?: unknown };
  throw unreadable(
    fileName,
    kind === undefined
      ? `has no kind: it must begin with "apiVersion: ${API_VERSION}" and "kind: ${KIND}".`
      : `is a ${JSON.stringify(kind)} of ${JSON.stringify(apiVersion ?? 'no apiVersion')}, not a ${KIND}.`,
  );
}

/** What stands beside the job in the text, such as "PersistentVolumeClaim data". */
export function besideJob(text: string, fileName: string): string[] {
  const others = documentsOf(text, fileName).filter((document) => !isJob(document));
  return others.map((document) => {
    const { kind, metadata } = document as { readonly kind?: unknown; readonly metadata?: { readonly name?: unknown } };
    const what = typeof kind === 'string' ? kind : 'a document without a kind';
    return typeof metadata?.name === 'string' ? `${what} ${metadata.name}` : what;
  });
}

const isJob = (document: unknown): document is object =>
  typeof document === 'object' && document !== null && 'kind' in document && document.kind === KIND;

function documentsOf(text: string, fileName: string): unknown[] {
  try {
    return loadAll(text).filter((document) => document !== null);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const place = error.mark === undefined ? '' : ` at line ${error.mark.line + 1}, column ${error.mark.column + 1}`;
    throw unreadable(fileName, `is not valid YAML${place}: ${error.reason}.`, error);
  }
}

const unreadable = (fileName: string, what: string, cause?: unknown): DistillError =>
  new DistillError('DISTILL_E_MANIFEST_UNREADABLE', `${fileName} ${what}`, { subject: fileName, cause });
