/** Sets of words that the manifest and the formats share; each stands here once. */

/** The replacements of Figure 2 of the paper. */
export const ARCHITECTURES = ['TwoLayer', 'ThreeLayer', 'TwoLayerSkip', 'ThreeLayerSkip'] as const;

export const POLICIES = ['RoundRobin', 'BinPacking', 'WorkStealing'] as const;

export const PASSES = ['Fused', 'Independent'] as const;

/** Where costs of blocks come from. */
export const COST_SOURCES = ['Estimated', 'Recorded', 'Measured'] as const;

/** What the processes of a job do. */
export const ROLES = ['planner', 'worker', 'finalizer'] as const;
export type Role = (typeof ROLES)[number];

export const BLOCK_STATES = ['Pending', 'Training', 'Done', 'Failed'] as const;
export type BlockStateName = (typeof BLOCK_STATES)[number];

/** Whether nothing more is trained of a block in this state. */
export const isFinished = (state: BlockStateName): boolean => state === 'Done' || state === 'Failed';

/** Why a block stopped. */
export const BLOCK_OUTCOMES = ['Trained', 'StoppedEarly', 'Failed'] as const;
export type BlockOutcome = (typeof BLOCK_OUTCOMES)[number];

export const WORKER_STATES = ['Starting', 'Training', 'Stealing', 'Done', 'Failed'] as const;

export const FINALIZER_STAGES = ['Measure', 'FineTune', 'Evaluate', 'Export'] as const;

/**
 * What came of a job. `NoBlockSelected`: blocks were trained and none was good enough; `NoBlockTrained`: every block failed to train, and the
 * job with it. Both return the teacher.
 */
export const RESULT_OUTCOMES = ['StudentBuilt', 'NoBlockSelected', 'NoBlockTrained'] as const;
export type ResultOutcome = (typeof RESULT_OUTCOMES)[number];
