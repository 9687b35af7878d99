import type { WorkerProgress } from '../src/formats/ledger.ts';
import type { LayerInfo } from '../src/formats/plan.ts';

/** For tests of several packages: a plain 3x3 convolution as the planner describes it, with the given changes. */
export function layerInfo(change: Partial<LayerInfo>): LayerInfo {
  return {
    name: 'conv',
    className: 'Conv2D',
    kernel: [3, 3],
    strides: [1, 1],
    padding: 'same',
    dilation: [1, 1],
    activation: 'relu',
    inputShape: [8, 8, 4],
    outputShape: [8, 8, 4],
    params: 1000,
    macs: 1000,
    depth: 1,
    prefixMacs: 1000,
    ...change,
  };
}

/** The progress of a worker in the middle of a first epoch, with the given changes. */
export function workerProgress(change: Partial<WorkerProgress> = {}): WorkerProgress {
  return {
    bin: 0,
    pid: 1,
    state: 'Training',
    blocks: [],
    epoch: 1,
    step: 0,
    steps: 10,
    losses: {},
    imagesPerSecond: 0,
    updatedAt: 0,
    ...change,
  };
}
