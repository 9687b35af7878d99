import { describe, expect, it } from 'vitest';
import { type Circumstances, type Condition, conditionsOf } from './conditions.ts';
import type { Decision } from '@distillation/core/decide';
import { planOf, jobStateOf } from '../../../packages/core/test/job.ts';

const NAMES = ['a', 'b', 'c'];
const problem = { reason: 'Unschedulable', message: 'No node has a GPU.' } as const;
const cause = { process: 'bin 1', exitCode: 65, reason: 'TeacherMissing', message: 'No teacher.' } as const;
const decided = (stage: Exclude<Decision['stage'], 'Failed'>): Decision => ({ stage, actions: [] });
const FAILED: Decision = { stage: 'Failed', actions: [], cause };

function shown(decision: Decision, circumstances?: Circumstances, jobState = jobStateOf({ plan: planOf(NAMES) })) {
  const conditions = conditionsOf(jobState, decision, circumstances);
  return Object.fromEntries(conditions.map((condition) => [condition.type, condition])) as Record<string, Condition>;
}

describe('conditions, as kstatus and Argo CD read them', () => {
  it.each<readonly [string, Decision, Circumstances, string, string]>([
    ['planning', decided('Planning'), {}, 'Unknown False True False False', 'Planning'],
    ['training, no worker started yet', decided('Training'), {}, 'Unknown False True False False', 'Training'],
    ['training', decided('Training'), { atWork: true }, 'Unknown True False False False', 'Training'],
    [
      'training, blocked by a problem',
      decided('Training'),
      { atWork: true, problem },
      'Unknown False True False False',
      'Unschedulable',
    ],
    ['finalizing, its pod not started yet', decided('Finalizing'), {}, 'Unknown False True False False', 'Finalizing'],
    ['finalizing', decided('Finalizing'), { atWork: true }, 'Unknown True False False False', 'Finalizing'],
    [
      'finalizing, blocked by a problem',
      decided('Finalizing'),
      { atWork: true, problem },
      'Unknown False True False False',
      'Unschedulable',
    ],
    [
      'suspended, its pods still ending',
      decided('Suspended'),
      { problem, atWork: true, ending: true },
      'Unknown False True False False',
      'Suspending',
    ],
    ['suspended', decided('Suspended'), { problem, atWork: true }, 'Unknown False False False True', 'Suspended'],
    ['succeeded', decided('Succeeded'), { problem }, 'True True False False False', 'Succeeded'],
    ['failed', FAILED, { problem }, 'False False False True False', 'TeacherMissing'],
  ])('%s', (_, ...[decision, circumstances, expected, reason]) => {
    const result = decision.stage === 'Succeeded' ? { outcome: 'StudentBuilt' as const } : undefined;
    const all = shown(decision, circumstances, jobStateOf({ plan: planOf(NAMES), ...(result && { result }) }));
    const types = ['Succeeded', 'Ready', 'Reconciling', 'Stalled', 'Suspended'];
    expect(types.map((type) => all[type]?.status).join(' ')).toBe(expected);
    expect([all['Succeeded'], all['Ready'], all['Reconciling']].map((each) => each?.reason)).toEqual([
      reason,
      reason,
      reason,
    ]);
    expect(Object.values(all).every(({ message }) => message !== '')).toBe(true);
  });

  it('a problem is the reason why a job is not ready, not why it is not suspended', () => {
    const all = shown(decided('Training'), { problem });
    expect(all['Ready']?.message).toBe(problem.message);
    expect(all['Suspended']?.reason).toBe('Training');
  });

  it('milestones say what is on the volume, also for a failed job', () => {
    const done = (state: 'Done' | 'Failed') => NAMES.map((name) => ({ name, state, epoch: 2 }));
    const all = shown(FAILED, {}, jobStateOf({ plan: planOf(NAMES), blocks: done('Done') }));
    expect(all['Planned']).toMatchObject({ status: 'True', message: '3 blocks to train.' });
    expect(all['BlocksTrained']).toMatchObject({ status: 'True', reason: 'AllBlocksFinished' });
    expect(all['Finalized']).toMatchObject({ status: 'False', reason: 'NoResult' });
    const lost = shown(decided('Finalizing'), {}, jobStateOf({ plan: planOf(NAMES), blocks: done('Failed') }));
    expect(lost['BlocksTrained']).toMatchObject({
      reason: 'AllBlocksFailed',
      message: '0 of 3 blocks trained, 3 failed.',
    });
  });

  it('name the patterns that match nothing, and use the singular for one block', () => {
    const unmatched = ['"typo" in spec.blocks.exclude matches no convolution of the teacher.'];
    const all = shown(decided('Training'), {}, jobStateOf({ plan: { ...planOf(['a']), unmatched } }));
    expect(all['Planned']?.message).toBe(`1 block to train. ${unmatched.join('')}`);
    expect(all['BlocksTrained']?.message).toBe('0 of 1 block trained.');
    expect(all['Reconciling']?.message).toBe('0 of 1 block finished.');
    const failed = [{ name: 'a', state: 'Failed' as const, epoch: 1 }];
    const result = { outcome: 'NoBlockTrained' as const };
    const over = shown(decided('Succeeded'), {}, jobStateOf({ plan: planOf(['a']), blocks: failed, result }));
    expect(over['Finalized']?.message).toBe('The only block failed to train: the teacher is returned unchanged.');
  });
});
