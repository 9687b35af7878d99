import type { ErrorDefinition } from './definition.ts';

/** What a job is given: its manifest, the volume, teacher and data. */
export const INPUT_ERRORS = {
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
} as const satisfies Record<string, ErrorDefinition>;
