import { DistillError } from '@distillation/api/errors';
import { Option } from 'commander';
import { type ClusterAccess, onCluster } from '../cluster/access.ts';
import { type FilesPodOptions, withFilesPod } from '../cluster/files/files-pod.ts';
import type { OpenSession } from '../cluster/files/session.ts';
import type { ClusterOptions } from '../cluster/options.ts';
import { copyDisplay } from '../present/copy-progress.ts';
import { interruption } from './manifest.ts';

/** What the commands that copy files have in common. */

export interface FilesOptions extends ClusterOptions {
  readonly image?: string;
  readonly timeout: number;
}

const TIMEOUT_SECONDS = 300;

export const filesOptions = (): Option[] => [
  new Option('--image <image>', 'of the pod through which files are copied; by default that of the job’s pods'),
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

type Plan = Pick<FilesPodOptions, 'settings' | 'mounts' | 'readOnly'>;
type Display = ReturnType<typeof copyDisplay>;

/** Finds the cluster, decides by it what the pod is to be, and copies through it. */
export async function copyFiles<C, T>(
  options: FilesOptions,
  plan: (access: ClusterAccess) => Promise<{ readonly pod: Plan; readonly about: C }>,
  use: (open: OpenSession, about: C, display: Display) => Promise<T>,
): Promise<T> {
  const display = copyDisplay(process.stderr);
  const signal = interruption();
  try {
    return await onCluster(options, async (access) => {
      const { pod, about } = await plan(access);
      const { timeout: timeoutSeconds } = options;
      return withFilesPod(access, { ...pod, timeoutSeconds, signal, log: display.log }, (open) =>
        use(open, about, display),
      );
    });
  } finally {
    display.clear();
  }
}
