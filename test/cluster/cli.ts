import { type ChildProcess, spawn } from 'node:child_process';
import { PODS } from '@distillation/kube/resources';
import { builtProgram } from '../support/cli.ts';
import { adminClient, adminKubeconfig } from './support.ts';

/** `kubectl-distill` as the administrator runs it. */

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Where {
  readonly namespace: string;
  /** The folder in which it is run. */
  readonly folder: string;
}

export function startDistill(
  { namespace, folder }: Where,
  args: readonly string[],
): { child: ChildProcess; ended: Promise<Ended> } {
  const flags = ['--kubeconfig', adminKubeconfig(), '--namespace', namespace];
  const child = spawn(process.execPath, [builtProgram('cli'), ...args, ...flags], { cwd: folder });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (said[name] += text));
  }
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => {
      resolve({ code, ...said });
    });
  });
  return { child, ended };
}

/** Names of the pods through which commands work, in a namespace. */
export const podsForFiles = async (namespace: string): Promise<readonly string[]> =>
  (await adminClient().list(PODS, { namespace })).items
    .map(({ metadata }) => metadata?.name ?? '')
    .filter((name) => name.startsWith('distillation-files-'));
