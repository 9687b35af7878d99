/** The view of a running job that the live table and the plain lines show, made from the ledger and the workers' progress. */

export interface LiveBin {
  readonly index: number;
  /** `Idle`: no process works on it, and it is not done. `Waiting`, `Running` and `Suspended` are all that a cluster tells of a bin. */
  readonly state:
    | 'Idle'
    | 'Starting'
    | 'Training'
    | 'Stealing'
    | 'Done'
    | 'Failed'
    | 'Waiting'
    | 'Running'
    | 'Suspended';
  /** Names of the blocks in the bin's current pass, or of those still to train. */
  readonly blocks: readonly string[];
  /** Epoch in progress, 1-based, of `epochs`; 0 for none that is known. */
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  readonly steps: number;
  readonly imagesPerSecond: number;
  /** What is said of it in place of its blocks: how many, where, what keeps it waiting. */
  readonly note?: string;
  /** Seconds until it has finished its own blocks. */
  readonly etaSeconds?: number;
}

export interface LiveBlock {
  readonly name: string;
  readonly state: 'Waiting' | 'Training' | 'Trained' | 'StoppedEarly' | 'Failed';
  /** Epochs finished, of `epochs`. */
  readonly epoch: number;
  readonly epochs: number;
  /** Running mean of the training loss, or its last mean. */
  readonly loss?: number;
  /** Loss on the probe relative to that of predicting the channel means, after the last epoch. */
  readonly probeRatio?: number;
  /** The bin that holds the block. */
  readonly bin?: number;
  /** With `Failed`: the reason. */
  readonly reason?: string;
}

export interface LiveView {
  /** Absent for observers that have not watched it from the start. */
  readonly elapsedSeconds?: number;
  /** Backend and its number of threads; absent before there is a plan. */
  readonly backend?: string;
  /** What the job is doing now: "Planning", "Training", "Fine-tuning, epoch 3 of 6". */
  readonly stage: string;
  /** What it does within the stage, as a sentence, where the stage does not say so. */
  readonly doing?: string;
  /** What keeps it from its work and what to do about it, as sentences. */
  readonly trouble?: string;
  readonly bins: readonly LiveBin[];
  /** In the order of the network's layers. */
  readonly blocks: readonly LiveBlock[];
  readonly etaSeconds?: number;
  /** 0 to 100. */
  readonly progressPercent: number;
}
