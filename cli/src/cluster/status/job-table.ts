import { verdictOf } from '@distillation/api/verdict';
import { age } from '../../present/age.ts';
import { inColumns } from '../../present/columns.ts';
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
    ...['NAME', 'STATUS', 'PROGRESS', 'BLOCKS', 'BINS', 'ETA', 'AGE'],
    ...(wide ? ['TEACHER', 'ACCURACY', 'RATIO', 'SPEEDUP'] : []),
  ];
  const rows = jobs.map(({ metadata, spec, status }) => [
    ...(namespaces ? [metadata.namespace] : []),
    metadata.name,
    statusWord({ status }),
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

/** Stage of the job, or what is in its way. */
export const statusWord = ({ status }: Pick<JobObject, 'status'>): string =>
  status?.conditions?.find(({ type }) => type === 'Succeeded')?.reason ?? '';

/** The condition that says how a job ended, if it is of the job's present spec: a change since then begins it anew. */
export function verdictNow({ metadata, status }: Pick<JobObject, 'metadata' | 'status'>) {
  const verdict = verdictOf(status);
  return (verdict?.observedGeneration ?? 0) >= metadata.generation ? verdict : undefined;
}
