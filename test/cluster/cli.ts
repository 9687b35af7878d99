import { PODS } from '@distillation/kube/resources';
import { type Program, startCommandIn } from '../support/cli.ts';
import { adminClient, adminKubeconfig } from './support.ts';

/** `kubectl-distill` as the administrator runs it. */

interface Where {
  readonly namespace: string;
  /** The folder in which it is run. */
  readonly folder: string;
}

export const startDistill = ({ namespace, folder }: Where, args: readonly string[]): Program =>
  startCommandIn(folder, ...args, '--kubeconfig', adminKubeconfig(), '--namespace', namespace);

/** Names of the pods through which commands work, in a namespace. */
export const podsForFiles = async (namespace: string): Promise<readonly string[]> =>
  (await adminClient().list(PODS, { namespace })).items
    .map(({ metadata }) => metadata?.name ?? '')
    .filter((name) => name.startsWith('distillation-files-'));
