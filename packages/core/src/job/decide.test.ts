import { describe, expect, it } from 'vitest';
import { type Decision, decide } from './decide.ts';
import { exited, planOf, running, scheduleOf, jobStateOf } from '../../test/job.ts';
import type { Action, BlockStatus, JobState } from './state.ts';

const NAMES = ['a', 'b', 'c', 'd'];
const stealing = { policy: 'WorkStealing', bins: 2, passes: 'Fused' } as const;
const packing = { policy: 'BinPacking', bins: 2, passes: 'Fused' } as const;

const standing = (name: string, state: BlockStatus['state']): BlockStatus => ({ name, state, epoch: 0 });
const all = (state: BlockStatus['state']): BlockStatus[] => NAMES.map((name) => standing(name, state));
const plan = planOf(NAMES);

/** Planned and scheduled: a and c in bin 0, b and d in bin 1. */
const training = (changes: Partial<JobState>): JobState => {
  const scheduling = changes.scheduling ?? stealing;
  return jobStateOf({ plan, planner: exited(0), scheduling, schedule: scheduleOf(NAMES, scheduling), ...changes });
};
const workers = (...states: JobState['planner'][]): JobState['workers'] =>
  new Map(states.map((state, bin) => [bin, state]));
const start = (...bins: number[]): Action[] => bins.map((bin) => ({ type: 'StartWorker', bin }));

/** The part of a decision that a case checks. */
type Expected = Omit<Partial<Decision>, 'schedule'> & { readonly schedule?: object };

const cases: readonly [string, JobState, Expected][] = [
  ['nothing yet: plan', jobStateOf(), { stage: 'Planning', actions: [{ type: 'StartPlanner' }] }],
  ['the planner runs: wait', jobStateOf({ planner: running() }), { stage: 'Planning', actions: [] }],
  [
    'the planner was killed: it is started again',
    jobStateOf({ planner: exited(137) }),
    { stage: 'Planning', actions: [{ type: 'StartPlanner' }] },
  ],
  [
    'the planner’s last try',
    jobStateOf({ planner: exited(75, 3) }),
    { stage: 'Planning', actions: [{ type: 'StartPlanner' }] },
  ],
  ['the planner failed too often', jobStateOf({ planner: exited(75, 4) }), { stage: 'Failed', actions: [] }],
  ['the planner refuses the input', jobStateOf({ planner: exited(65) }), { stage: 'Failed', actions: [] }],
  ['the planner does not know its arguments', jobStateOf({ planner: exited(64) }), { stage: 'Failed' }],
  ['the planner finds its configuration wrong', jobStateOf({ planner: exited(78) }), { stage: 'Failed' }],
  [
    'it succeeded without a plan',
    jobStateOf({ planner: exited(0) }),
    { stage: 'Planning', actions: [{ type: 'StartPlanner' }] },
  ],
  [
    'a plan, no schedule',
    jobStateOf({ plan, planner: exited(0) }),
    {
      stage: 'Training',
      actions: start(0, 1),
      schedule: { policy: 'WorkStealing', bins: [{ index: 0 }, { index: 1 }] },
    },
  ],
  ['a plan of an earlier run', jobStateOf({ plan }), { stage: 'Training', actions: start(0, 1) }],
  [
    'a schedule for another number of bins',
    training({ scheduling: { ...stealing, bins: 3 }, schedule: scheduleOf(NAMES, stealing) }),
    { stage: 'Training', actions: start(0, 1, 2), schedule: { bins: [{ index: 0 }, { index: 1 }, { index: 2 }] } },
  ],
  [
    'a schedule of other blocks',
    training({ schedule: scheduleOf(['a', 'b', 'c', 'x'], stealing) }),
    { stage: 'Training', schedule: { bins: [{ blocks: ['a', 'c'] }, { blocks: ['b', 'd'] }] } },
  ],
  [
    'workers follow the schedule: it stays in force',
    training({ scheduling: packing, schedule: scheduleOf(NAMES, stealing), workers: workers(running(), running()) }),
    { stage: 'Training', actions: [], schedule: scheduleOf(NAMES, stealing) },
  ],
  ['no worker yet', training({}), { stage: 'Training', actions: start(0, 1) }],
  ['one runs', training({ workers: workers(running()) }), { stage: 'Training', actions: start(1) }],
  [
    'surplus bins get no worker',
    training({ scheduling: { ...stealing, bins: 6 }, schedule: scheduleOf(NAMES, { ...stealing, bins: 6 }) }),
    { actions: start(0, 1, 2, 3) },
  ],
  ['a worker was killed: again', training({ workers: workers(running(), exited(137)) }), { actions: start(1) }],
  ['a worker with a defect: again', training({ workers: workers(running(), exited(70)) }), { actions: start(1) }],
  [
    'a worker refuses the input: all stop',
    training({ workers: workers(running(), exited(65)) }),
    { stage: 'Failed', actions: [{ type: 'StopAll' }] },
  ],
  [
    'a failed worker: others may steal its blocks',
    training({ workers: workers(running(), exited(75, 4)) }),
    { stage: 'Training', actions: [] },
  ],
  [
    'a failed worker: nobody may take over its blocks',
    training({ scheduling: packing, workers: workers(running(), exited(75, 4)) }),
    { stage: 'Failed', actions: [{ type: 'StopAll' }] },
  ],
  ['all given up', training({ workers: workers(exited(75, 4), exited(75, 4)) }), { stage: 'Failed', actions: [] }],
  [
    'a worker that failed after its blocks were done: no effect',
    training({
      scheduling: packing,
      workers: workers(running(), exited(75, 4)),
      blocks: [standing('b', 'Done'), standing('d', 'Failed')],
    }),
    { stage: 'Training', actions: [] },
  ],
  [
    'one exited for want of work while another trains: it is not started again',
    training({ workers: workers(running(), exited(0)), blocks: [standing('b', 'Done')] }),
    { stage: 'Training', actions: [] },
  ],
  [
    'it is started again when the last owner has failed',
    training({ workers: workers(exited(75, 4), exited(0)), blocks: [standing('b', 'Done'), standing('d', 'Done')] }),
    { stage: 'Training', actions: start(1) },
  ],
  [
    'without stealing, a worker that exited too early is started again',
    training({ scheduling: packing, workers: workers(running(), exited(0)) }),
    { actions: start(1) },
  ],
  [
    'resumed with the blocks of one bin done: its worker starts in order to steal',
    training({ blocks: [standing('b', 'Done'), standing('d', 'Done')] }),
    { actions: start(0, 1) },
  ],
  [
    'resumed with one block left: one worker is enough',
    training({ blocks: [standing('b', 'Done'), standing('d', 'Done'), standing('c', 'Done')] }),
    { actions: start(0) },
  ],
  [
    'without stealing a bin that is done needs no worker',
    training({ scheduling: packing, blocks: [standing('b', 'Done'), standing('d', 'Failed')] }),
    { actions: start(0) },
  ],
  [
    'all blocks done',
    training({ blocks: all('Done') }),
    { stage: 'Finalizing', actions: [{ type: 'StartFinalizer' }] },
  ],
  [
    'all blocks failed: the teacher can still be returned',
    training({ blocks: all('Failed') }),
    { stage: 'Finalizing' },
  ],
  ['the finalizer runs', training({ blocks: all('Done'), finalizer: running() }), { stage: 'Finalizing', actions: [] }],
  [
    'the finalizer was killed: it is started again',
    training({ blocks: all('Done'), finalizer: exited(137) }),
    { actions: [{ type: 'StartFinalizer' }] },
  ],
  ['the finalizer failed too often', training({ blocks: all('Done'), finalizer: exited(75, 4) }), { stage: 'Failed' }],
  [
    'the finalizer found a checkpoint damaged: its block is trained again',
    training({
      blocks: [...all('Done').slice(1), standing('a', 'Training')],
      workers: workers(exited(0), exited(0)),
      finalizer: exited(75),
    }),
    { stage: 'Training', actions: start(0) },
  ],
  [
    'a result',
    training({ blocks: all('Done'), result: { outcome: 'StudentBuilt' } }),
    { stage: 'Succeeded', actions: [] },
  ],
  [
    'a result, and a worker that still runs',
    training({ blocks: all('Done'), workers: workers(running()), result: { outcome: 'NoBlockSelected' } }),
    { stage: 'Succeeded', actions: [{ type: 'StopAll' }] },
  ],
  [
    'suspended',
    training({ suspend: true, workers: workers(running()) }),
    { stage: 'Suspended', actions: [{ type: 'StopAll' }] },
  ],
  [
    'suspended before it was scheduled',
    jobStateOf({ plan, suspend: true }),
    { stage: 'Suspended', schedule: { bins: [{}, {}] } },
  ],
  ['suspended and quiet', jobStateOf({ suspend: true }), { stage: 'Suspended', actions: [] }],
  ['suspended after it had failed', jobStateOf({ suspend: true, planner: exited(65) }), { stage: 'Failed' }],
];

describe('decide', () => {
  it.each(cases)('%s', (_, jobState, expected) => {
    expect(decide(jobState)).toMatchObject(expected);
  });

  it('names process, reason and way out in the cause of a failure', () => {
    const termination = { code: 'DISTILL_E_TEACHER_MISSING', message: 'No file teacher/model.json.' };
    const { cause } = decide(jobStateOf({ planner: { ...exited(65), termination } }));
    expect(cause).toMatchObject({ process: 'planner', exitCode: 65, reason: 'TeacherMissing' });
    expect(cause?.message).toBe('Planner: No file teacher/model.json.');
    expect(cause?.fix).toMatch(/^Put the teacher at spec.teacher.path/);
  });

  it('describes the exit of a process without a termination message', () => {
    const { cause } = decide(training({ scheduling: packing, workers: workers(running(), exited(137, 4)) }));
    expect(cause).toMatchObject({ process: 'bin 1', reason: 'WorkerFailed' });
    expect(cause?.message).toMatch(/killed \(exit code 137\).*Given up after 4 runs/);
  });

  it('attributes an exit code to the input only if the worker reports an error, even one of an unknown code', () => {
    expect(decide(jobStateOf({ planner: exited(65) })).cause?.reason).toBe('WorkerFailed');
    const said = {
      ...exited(65),
      termination: { message: 'It ended with exit code 65; its log ends: usage', fix: 'Look.' },
    };
    expect(decide(jobStateOf({ planner: said })).cause).toMatchObject({ reason: 'WorkerFailed', fix: 'Look.' });
    const newer = { ...exited(65), termination: { code: 'DISTILL_E_OF_TOMORROW', message: 'No.' } };
    expect(decide(jobStateOf({ planner: newer })).cause?.reason).toBe('InputRejected');
  });
});
