import { verdictOf } from '@distillation/api/verdict';
import { age } from '../../present/age.ts';
import { inColumns } from '../../present/tables/columns.ts';
import type { JobObject } from '../jobs.ts';

interface TableOptions {
  readonly now: Date;
  /** The columns that `kubectl get dj -o wide` adds. */
  readonly wide?: boolean;
  /** With the namespace, as for `-A`. */
  readonly namespaces?: boolean;
}

/** Jobs as lines: the columns of `kubectl get dj`. */
export function jobTable(
  jobs: readonly JobObject[],
  { now, wide = false, namespaces = false }: TableOptions,
): string[] {
  const head = [
    ...(namespaces ? ['NAMESPACE'] : []),
    ...['NAME', 'STATUS', 'REASON', 'PROGRESS', 'BLOCKS', 'BINS', 'ETA', 'AGE'],
    ...(wide ? ['TEACHER', 'ACCURACY', 'RATIO', 'SPEEDUP'] : []),
  ];
  const rows = jobs.map(({ metadata, spec, status }) => [
    ...(namespaces ? [metadata.namespace] : []),
    metadata.name,
    ...stateOf({ status }),
    `${status?.progress?.percent ?? ''}`,
    status?.progress?.blocks ?? '',
    status?.progress?.bins ?? '',
    status?.progress?.eta ?? '',
    age((now.getTime() - Date.parse(metadata.creationTimestamp)) / 1000),
    ...(wide
      ? [
          spec.teacher.path,
          status?.result?.studentAccuracy ?? '',
          status?.result?.compression ?? '',
          status?.result?.speedup ?? '',
        ]
      : []),
  ]);
  return inColumns(
    [head, ...rows],
    head.map(() => 'left'),
  );
}

/**
 * What the job is at or how it ended, and what is in its way or why it failed: two words, empty where there is none. An operator from
 * before there were two wrote only one.
 */
function stateOf({ status }: Pick<JobObject, 'status'>): [stage: string, reason: string] {
  const summary = status?.conditions?.find(({ type }) => type === 'Succeeded');
  return status?.stage === undefined ? [summary?.reason ?? '', ''] : [status.stage, status.reason ?? ''];
}

/** The same in one: "Training", "Failed, TeacherMissing". */
export const stateWords = (job: Pick<JobObject, 'status'>): string => stateOf(job).filter(Boolean).join(', ');

/** The condition that says how a job ended, if it is of the job's present spec: a change since then begins it anew. */
export function verdictNow({ metadata, status }: Pick<JobObject, 'metadata' | 'status'>) {
  const verdict = verdictOf(status);
  return (verdict?.observedGeneration ?? 0) >= metadata.generation ? verdict : undefined;
}
