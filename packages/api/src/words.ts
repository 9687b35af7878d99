/** Sets of words that the manifest and the formats share; each is defined only here. */

export const API_VERSION = 'distillation.dev/v1alpha1';
export const KIND = 'DistillationJob';
/** The controller that runs jobs, by the name that `spec.managedBy` may give it. */
export const CONTROLLER = 'distillation.dev/operator';

/** The replacements: those of Figure 2 of the paper, and a low-rank one. */
export const ARCHITECTURES = ['TwoLayer', 'ThreeLayer', 'TwoLayerSkip', 'ThreeLayerSkip', 'LowRank'] as const;

/** Kinds of layers that blocks can replace: fields of `spec.blocks.layers`. */
export const LAYER_KINDS = ['Convolution', 'Pointwise', 'Dense'] as const;
export type LayerKind = (typeof LAYER_KINDS)[number];

export const POLICIES = ['RoundRobin', 'BinPacking', 'WorkStealing'] as const;

export const PASSES = ['Fused', 'Independent'] as const;

/** The formats in which a student is written; the first one always is. */
export const STUDENT_FORMATS = ['TfjsLayers', 'Keras', 'Onnx'] as const;
export type StudentFormat = (typeof STUDENT_FORMATS)[number];

/** Sources of the blocks' costs. */
export const COST_SOURCES = ['Estimated', 'Recorded', 'Measured'] as const;

/** The roles of a job's processes. */
export const ROLES = ['planner', 'worker', 'finalizer'] as const;
export type Role = (typeof ROLES)[number];

export const BLOCK_STATES = ['Pending', 'Training', 'Done', 'Failed'] as const;
export type BlockStateName = (typeof BLOCK_STATES)[number];

/** Whether a block in this state needs no further training. */
export const isFinished = (state: BlockStateName): boolean => state === 'Done' || state === 'Failed';

/** Why a block stopped. */
export const BLOCK_OUTCOMES = ['Trained', 'StoppedEarly', 'Failed'] as const;
export type BlockOutcome = (typeof BLOCK_OUTCOMES)[number];

export const WORKER_STATES = ['Starting', 'Training', 'Stealing', 'Done', 'Failed'] as const;

export const FINALIZER_STAGES = ['Measure', 'FineTune', 'Control', 'Evaluate', 'Export'] as const;

/**
 * Outcome of a job. `NoBlockSelected`: blocks were trained and none was good enough. `NoBlockTrained`: every block failed to train,
 * and so did the job. Both return the teacher.
 */
export const RESULT_OUTCOMES = ['StudentBuilt', 'NoBlockSelected', 'NoBlockTrained'] as const;
export type ResultOutcome = (typeof RESULT_OUTCOMES)[number];

/** What a budget may limit: fields of `spec.selection.budget`. */
export const MEASURES = ['parameters', 'macs', 'latency'] as const;
export type Measure = (typeof MEASURES)[number];

/** Reasons of the condition `Succeeded` while a job does what it should: its stage. Any other says what is in its way, or why it failed. */
export const STAGE_REASONS = ['Planning', 'Training', 'Finalizing', 'Suspending', 'Suspended', 'Succeeded'] as const;

/**
 * What a job is at, in a word for people. `Stalled`: this operator cannot read its spec. Programs read the conditions.
 */
export const JOB_STAGES = [...STAGE_REASONS, 'Failed', 'Stalled'] as const;
export type JobStage = (typeof JOB_STAGES)[number];

/** Whether a reason of `Succeeded` is a stage. */
export const isStageReason = (reason: string): boolean => STAGE_REASONS.some((stage) => stage === reason);
