import { expect, test } from 'vitest';
import type { DistillationJobSpec } from '@distillation/api/job';
import { parseManifest } from '@distillation/api/manifest';
import type { Plan } from '@distillation/api/plan';
import { layerInfo, workerProgress } from '../../../packages/api/test/testing.ts';
import { NEVER_STARTED, type ProcessState } from '@distillation/core/state';
import { scheduleBlocks } from '@distillation/core/schedule';
import { planOf } from '../../../packages/ledger/test/worker.ts';
import { liveView } from './live-view.ts';
import type { ObservedJob } from './observe.ts';

const finalizer = { stage: 'FineTune', epoch: 2, epochs: 3, step: 4, steps: 8, updatedAt: 0 } as const;
const observed = (state: ProcessState['state']): ObservedJob => ({
  spec: {} as DistillationJobSpec,
  jobState: {
    suspend: false,
    backoffLimit: 0,
    scheduling: { policy: 'WorkStealing', bins: 1, passes: 'Fused' },
    planner: NEVER_STARTED,
    blocks: [],
    workers: new Map(),
    finalizer: { state, ended: 0 },
  },
  view: { job: undefined, plan: undefined, schedule: undefined, blocks: [], workers: [] },
  finalizer,
});

test('what a finalizer said counts as long as it runs', () => {
  const decision = { stage: 'Finalizing', actions: [] } as const;
  expect(liveView(observed('Running'), decision).stage).toBe('Fine-tuning, epoch 2 of 3');
  const control: ObservedJob = { ...observed('Running'), finalizer: { ...finalizer, stage: 'Control' } };
  expect(liveView(control, decision).stage).toBe('Fine-tuning the teacher as the control, epoch 2 of 3');
  expect(liveView(observed('Idle'), decision).stage).toBe('Finalizing');
});

test('what was shown as done is not taken back', () => {
  const decision = { stage: 'Training', actions: [] } as const;
  expect(liveView(observed('Idle'), decision).progressPercent).toBe(0);
  expect(liveView(observed('Idle'), decision, { shownPercent: 40 }).progressPercent).toBe(40);
});

test('a bin that trains tells when it will have nothing left, by its speed, and with what the job computes', () => {
  const { jobState, view } = observed('Idle');
  const manifest = {
    apiVersion: 'distillation.dev/v1alpha1',
    kind: 'DistillationJob',
    metadata: { name: 'tiny' },
    spec: {
      teacher: { path: 'teacher/model.json', preprocessing: { mode: 'None' } },
      dataset: { path: 'data', format: 'Idx' },
      outputs: { path: 'out' },
    },
  };
  const block = { layer: layerInfo({ name: 'a' }), architecture: 'TwoLayer', params: 1, macs: 1 } as const;
  const blocks = ['a', 'b'].map((name) => ({ ...block, name, cost: { prefix: 1, own: 1 } }));
  const plan: Plan = { ...planOf('r1'), blocks, epochs: 4 };
  const schedule = scheduleBlocks(blocks, plan.epochs, { bins: 2, policy: 'RoundRobin', passes: 'Fused' });
  // Eight samples an epoch at two images a second: four seconds an epoch.
  const worker = workerProgress({ bin: 0, blocks: ['a'], epoch: 1, step: 0, steps: 8, imagesPerSecond: 2 });
  const seen: ObservedJob = {
    spec: parseManifest(JSON.stringify(manifest), 'test job').spec,
    jobState: { ...jobState, plan, schedule, workers: new Map([[0, { state: 'Running', ended: 0 }]]) },
    view: { ...view, plan, schedule, workers: [worker] },
  };
  const { bins, backend } = liveView(seen, { stage: 'Training', actions: [] });
  expect(bins.map(({ etaSeconds }) => etaSeconds)).toEqual([16, undefined]);
  expect(backend).toBe('simulated none');
});
