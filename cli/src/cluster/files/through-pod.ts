import { interruption } from '../../interruption.ts';
import { copyDisplay } from '../../present/copy-progress.ts';
import { type ClusterAccess, onCluster } from '../access.ts';
import { type FilesPodOptions, withFilesPod } from './files-pod.ts';
import type { FilesOptions } from './options.ts';
import type { OpenSession } from './session.ts';

/** What is to be done through a pod, as it follows from the cluster. */
export interface Errand<C> {
  /** Where the pod is made. */
  readonly place: ClusterAccess;
  readonly pod: Pick<FilesPodOptions, 'settings' | 'mounts' | 'readOnly' | 'resources' | 'stopped'>;
  readonly about: C;
}

type Display = ReturnType<typeof copyDisplay>;

/** Finds the cluster, decides by it what the pod is to be, and does something through it. Ctrl-C ends it, and the pod. */
export async function throughPod<C, T>(
  options: FilesOptions,
  decide: (access: ClusterAccess) => Promise<Errand<C>>,
  use: (open: OpenSession, about: C, display: Display) => Promise<T>,
): Promise<T> {
  const display = copyDisplay(process.stderr);
  const signal = interruption();
  try {
    return await onCluster(options, async (access) => {
      const { place, pod, about } = await decide(access);
      const { timeout: timeoutSeconds } = options;
      return withFilesPod(place, { ...pod, timeoutSeconds, signal, log: display.log }, (open) =>
        use(open, about, display),
      );
    });
  } finally {
    display.clear();
  }
}
