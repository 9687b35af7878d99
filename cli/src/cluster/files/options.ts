import { DistillError } from '@distillation/api/errors';
import { Option } from 'commander';
import type { ClusterOptions } from '../options.ts';

/** The flags of the commands that work through a pod which mounts a job's claims. */
export interface FilesOptions extends ClusterOptions {
  readonly image?: string;
  readonly timeout: number;
}

const TIMEOUT_SECONDS = 300;

/** @param purpose what the pod is for, after "through which" */
export const filesOptions = (purpose = 'files are copied'): Option[] => [
  new Option('--image <image>', `of the pod through which ${purpose}; by default that of the job’s pods`),
  new Option('--timeout <seconds>', 'how long that pod may take to start')
    .default(TIMEOUT_SECONDS)
    .argParser((text) => {
      const seconds = Number(text);
      if (seconds > 0) return seconds;
      throw new DistillError('DISTILL_E_USAGE', `--timeout ${text} is not a number of seconds.`, {
        subject: '--timeout',
      });
    }),
];
