/** What every subcommand is given. */
export interface Invocation {
  /** File of the job, validated and with its defaults. */
  readonly job: string;
  /** Root of the volume. */
  readonly volume: string;
  /** Index of the bin, for `train`. */
  readonly bin?: number;
  /** Whether computing on a CPU is an error: the pod was given a GPU. */
  readonly gpuRequired: boolean;
}
