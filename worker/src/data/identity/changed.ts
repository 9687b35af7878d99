import { DistillError } from '@distillation/api/errors';
import { plural } from '@distillation/api/format';
import { shownName } from '../folders/names.ts';
import { decodeRecord } from './record.ts';

/** How data that are not those of the plan are refused. */

/** Of a file whose contents have changed; a phrase that follows its name. */
export const NOT_AS_PLANNED = 'is not as it was when the job was planned';

/** @param what a sentence */
export const changed = (what: string, subject: string, cause?: unknown): DistillError =>
  new DistillError('DISTILL_E_DATASET_CHANGED', what, { subject, cause });

/** How the files of a data set differ from the recorded ones, naming the first difference; undefined when they are equal. */
export function difference(now: ReadonlySet<string>, before: ReadonlySet<string>): string | undefined {
  const gone = [...before].filter((name) => !now.has(name));
  const come = [...now].filter((name) => !before.has(name));
  const [first] = gone.length > 0 ? gone : come;
  if (first === undefined) return undefined;
  const rest = gone.length + come.length - 1;
  const others = rest === 0 ? '' : `, and ${plural(rest, 'other file')} came or went`;
  return `${shownName(first)} ${gone.length > 0 ? 'was read when the job was planned and is not there now' : 'was not there when the job was planned'}${others}`;
}

/** A record of data, as it is on the volume or would be written now. */
interface Recorded {
  /** Undefined when it is missing. */
  readonly record: Uint8Array | undefined;
  /** Of the whole data set. */
  readonly sha256: string;
}

/** How data that were read again differ from the recorded ones, naming the first file; undefined when the records do not tell. */
function changeOf(before: Recorded, now: Recorded): string | undefined {
  const [were, are] = [filesIn(before), filesIn(now)];
  if (were === undefined || are === undefined) return undefined;
  const other = difference(new Set(are.keys()), new Set(were.keys()));
  if (other !== undefined) return other;
  const differing = [...are].filter(([name, sha256]) => were.get(name) !== sha256).map(([name]) => name);
  const [first] = differing;
  if (first === undefined) return undefined;
  const others =
    differing.length === 1
      ? ''
      : `, nor ${differing.length === 2 ? 'is' : 'are'} ${plural(differing.length - 1, 'other file')}`;
  return `${shownName(first)} ${NOT_AS_PLANNED}${others}`;
}

function filesIn({ record, sha256 }: Recorded): ReadonlyMap<string, string | undefined> | undefined {
  const files = record && decodeRecord(record, sha256);
  return files && new Map([...files].map((file) => [file.name, file.sha256]));
}

/** The refusal of data that were hashed again and have another hash than in the plan. Names the first file that the records tell. */
export function changedSince(path: string, planned: Recorded, now: Recorded): DistillError {
  const change = changeOf(planned, now);
  const hashes = `The data in ${path} have the hash ${now.sha256}, but ${planned.sha256} when the job was planned.`;
  return changed(change === undefined ? hashes : `${path}: ${change}.`, path);
}
