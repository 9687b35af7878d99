import { plural } from '@distillation/api/format';
import { sentence } from '@distillation/api/sentences';
import type { DistillationJobStatus } from '@distillation/api/job';
import { inColumns, printable } from './columns.ts';

interface Shown {
  readonly metadata: { readonly name: string };
  readonly status?: DistillationJobStatus;
}

/** How far a job is by its status, and what keeps it. */
export function statusLines({ metadata, status = {} }: Shown): string[] {
  const { progress, blocks = [], conditions = [] } = status;
  const succeeded = conditions.find(({ type }) => type === 'Succeeded');
  const state = succeeded === undefined ? 'not taken up by the operator' : succeeded.reason;
  const facts = [
    progress && `${progress.percent} %`,
    progress?.blocks && `blocks ${progress.blocks}`,
    progress?.bins && `bins at work ${progress.bins}`,
    progress?.eta && `${progress.eta} left`,
  ].filter((fact) => fact !== undefined && fact !== '');
  const training = blocks.filter(({ epoch, state: now }) => epoch > 0 || now !== 'Pending');
  return [
    [`${metadata.name}: ${state}`, ...facts].join(', '),
    ...(succeeded === undefined || succeeded.message === '' ? [] : [printable(sentence(succeeded.message))]),
    ...(training.length === 0 ? [] : ['']),
    ...inColumns(
      training.map(({ name, state: now, epoch, loss }) => [
        name,
        now,
        plural(epoch, 'epoch'),
        loss ? `loss ${loss}` : '',
      ]),
      ['left', 'left', 'right', 'left'],
    ),
  ];
}
