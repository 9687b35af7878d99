import { expect, test } from 'vitest';
import { NEVER_STARTED, type ProcessState } from '@distillation/operator/lifecycle/world';
import type { DistillationJobSpec } from '@distillation/api/job';
import { liveView } from './live-view.ts';
import type { Observation } from './world.ts';

const finalizer = { stage: 'FineTune', epoch: 2, epochs: 3, step: 4, steps: 8, updatedAt: 0 } as const;
const observed = (state: ProcessState['state']): Observation => ({
  spec: {} as DistillationJobSpec,
  world: {
    suspend: false,
    backoffLimit: 0,
    scheduling: { policy: 'WorkStealing', bins: 1, passes: 'Fused' },
    planner: NEVER_STARTED,
    blocks: [],
    workers: new Map(),
    finalizer: { state, ended: 0 },
  },
  view: { job: undefined, plan: undefined, schedule: undefined, blocks: [], workers: [], gantt: [] },
  finalizer,
});

test('what a finalizer said counts as long as it runs', () => {
  const decision = { stage: 'Finalizing', actions: [] } as const;
  expect(liveView(observed('Running'), decision).stage).toBe('Fine-tuning, epoch 2 of 3');
  expect(liveView(observed('Idle'), decision).stage).toBe('Finalizing');
});

test('what was shown as done is not taken back', () => {
  const decision = { stage: 'Training', actions: [] } as const;
  expect(liveView(observed('Idle'), decision).progressPercent).toBe(0);
  expect(liveView(observed('Idle'), decision, { shownPercent: 40 }).progressPercent).toBe(40);
});
