/** What the live table and the plain lines show of a running job: a small picture, taken from ledger and worker progress. */

export interface LiveBin {
  readonly index: number;
  /** `Idle`: no process works on it, and it is not done. */
  readonly state: 'Idle' | 'Starting' | 'Training' | 'Stealing' | 'Done' | 'Failed';
  /** Names of the blocks in the bin's pass, or still to come. */
  readonly blocks: readonly string[];
  /** Epoch in progress, 1-based, of `epochs`. */
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  readonly steps: number;
  readonly imagesPerSecond: number;
  /** Until nothing of its own is left for it. */
  readonly etaSeconds?: number;
}

export interface LiveBlock {
  readonly name: string;
  readonly state: 'Waiting' | 'Training' | 'Trained' | 'StoppedEarly' | 'Failed';
  /** Epochs finished, of `epochs`. */
  readonly epoch: number;
  readonly epochs: number;
  /** Running or last mean training loss. */
  readonly loss?: number;
  /** Held-out loss over that of predicting the channel means, after the last epoch. */
  readonly probeRatio?: number;
  /** The bin that holds the block. */
  readonly bin?: number;
  /** With `Failed`: what was seen. */
  readonly reason?: string;
}

export interface LiveView {
  /** Absent for who has not watched it from the start. */
  readonly elapsedSeconds?: number;
  /** What computes, with its threads; absent before there is a plan. */
  readonly backend?: string;
  /** What the job does now, in a word or two: "Planning", "Training", "Fine-tuning, epoch 3 of 6". */
  readonly stage: string;
  readonly bins: readonly LiveBin[];
  /** In the order of the network. */
  readonly blocks: readonly LiveBlock[];
  readonly etaSeconds?: number;
  /** 0 to 100. */
  readonly progressPercent: number;
}
