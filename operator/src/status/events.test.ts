import type { DistillationJobStatus } from '@distillation/api/job';
import { describe, expect, it } from 'vitest';
import { eventsBetween } from './events.ts';
import { ago } from '../../test/simulated-cluster/objects.ts';

type Status = DistillationJobStatus;
type Conditions = NonNullable<Status['conditions']>;

const condition = (
  type: 'Succeeded' | 'Suspended',
  status: 'True' | 'False' | 'Unknown',
  reason: string,
): Conditions[number] => ({
  type,
  status,
  reason,
  message: `Because of ${reason}.`,
  lastTransitionTime: ago(1),
});
const at = (reason: string, more: Status = {}): Status => ({
  conditions: [condition('Succeeded', 'Unknown', reason), condition('Suspended', 'False', reason)],
  ...more,
});
const suspended: Status = {
  conditions: [condition('Succeeded', 'Unknown', 'Suspended'), condition('Suspended', 'True', 'Suspended')],
};
const over = (status: 'True' | 'False', reason: string): Status => ({
  conditions: [condition('Succeeded', status, reason)],
});
const plan = { key: 'k', blocks: 5, kept: 2, epochs: 4 };
const schedule = { ...plan, policy: 'WorkStealing', bins: 2, balance: '1.04' };
const bin = (state: 'Waiting' | 'Running') => ({ index: 0, state, blocks: 3 });
const block = (name: string, state: 'Training' | 'Failed') => ({
  name,
  state,
  epoch: 1,
  failure: 'DISTILL_E_NOT_A_NUMBER',
});
const failedBlocks = (n: number): Status => ({ blocks: Array.from({ length: n }, (_, i) => block(`b${i}`, 'Failed')) });

describe('the events of a transition', () => {
  it.each<[string, Status | undefined, Status, string[]]>([
    ['the first look', undefined, at('Planning'), []],
    ['planned and scheduled', at('Planning'), at('Training', { plan: schedule }), ['Planned', 'Scheduled']],
    [
      'planned with a pattern that matches nothing',
      at('Planning'),
      at('Training', { plan: { ...plan, unmatched: ['"typo" in spec.blocks.exclude matches no convolution.'] } }),
      ['Planned', 'UnmatchedPattern'],
    ],
    [
      'planned while suspended, scheduled later',
      { ...suspended, plan },
      at('Training', { plan: schedule }),
      ['Resumed', 'Scheduled'],
    ],
    [
      'scheduled again, on other bins',
      at('Training', { plan: schedule }),
      at('Training', { plan: { ...schedule, bins: 3 } }),
      ['Scheduled'],
    ],
    [
      'workers started',
      at('Training', { bins: [bin('Waiting')] }),
      at('Training', { bins: [bin('Running')] }),
      ['WorkersStarted'],
    ],
    ['a block failed', { blocks: [block('a', 'Training')] }, { blocks: [block('a', 'Failed')] }, ['BlockFailed']],
    ['blocks that had failed before', failedBlocks(3), failedBlocks(3), []],
    ['a problem', at('Training'), at('Unschedulable'), ['Unschedulable']],
    ['the same problem in other words', at('Unschedulable'), at('Unschedulable', { progress: { percent: 3 } }), []],
    ['a problem that is over', at('Unschedulable'), at('Training'), []],
    ['the last stage', at('Training'), at('Finalizing'), ['Finalizing']],
    ['success', at('Finalizing'), over('True', 'Succeeded'), ['Succeeded']],
    ['failure', at('Training'), over('False', 'TeacherMissing'), ['Failed']],
    ['a job that stays failed', over('False', 'TeacherMissing'), over('False', 'TeacherMissing'), []],
    ['suspended', at('Training'), suspended, ['Suspended']],
    ['resumed', suspended, at('Training'), ['Resumed']],
  ])('%s', (_, ...[before, after, reasons]) => {
    expect(eventsBetween(before, after).map(({ reason }) => reason)).toEqual(reasons);
  });

  it('are warnings for problems; waiting in a queue is not one', () => {
    const typeOf = (reason: string) => eventsBetween(at('Planning'), at(reason)).map(({ type }) => type);
    expect(typeOf('Queued')).toEqual(['Normal']);
    for (const reason of ['KueueMissing', 'SuspendedByOthers', 'Unschedulable'])
      expect(typeOf(reason)).toEqual(['Warning']);
  });

  it('are none when nothing has changed, whatever the status', () => {
    const full = at('Training', { plan: schedule, bins: [bin('Running')], ...failedBlocks(2) });
    expect(eventsBetween(full, full)).toEqual([]);
  });

  it('are bounded: of many failed blocks the first are named and the rest counted, and notes are truncated', () => {
    const events = eventsBetween(undefined, failedBlocks(40));
    expect(events).toHaveLength(6);
    expect(events[0]?.note).toContain('Block b0 failed (DISTILL_E_NOT_A_NUMBER)');
    expect(events[5]?.note).toContain('35 more blocks failed');
    const long = over('False', 'X');
    const [first] = long.conditions ?? [];
    if (first === undefined) throw new Error('no condition');
    const [event] = eventsBetween(undefined, { conditions: [{ ...first, message: 'x'.repeat(5000) }] });
    expect(event?.note).toHaveLength(1000);
    expect(event?.type).toBe('Warning');
  });

  it('use the singular for one', () => {
    const one = { ...schedule, blocks: 1, kept: 1, bins: 1 };
    expect(eventsBetween(at('Planning'), at('Training', { plan: one })).map(({ note }) => note)).toEqual([
      '1 block to train, 1 layer stays.',
      '1 block on 1 bin by WorkStealing, the longest at 1.04 of the least possible.',
    ]);
  });
});
