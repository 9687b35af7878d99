import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startControlPlane } from '../../../tools/kube-harness/control-plane.ts';
import { providePrograms } from '../../support/programs.ts';
import { connect } from '../../../tools/kube-harness/access/connect.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the administrator's kubeconfig on the control plane that all files of the project share. */
    readonly kubeconfig: string;
  }
}

/** One control plane with our custom resources, and the command line as it is shipped, for all files of the project `kube`. @returns how to end it */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const plane = await startControlPlane({
    // There are no nodes: it would take pods that are to be played as if a node had them, some each twenty seconds.
    args: { 'kube-controller-manager': ['--controllers=*,-pod-garbage-collector-controller'] },
    log: (line) => {
      process.stdout.write(`${line}\n`);
    },
  });
  try {
    const cluster = connect(plane.kubeconfig);
    await cluster.installCustomResources(join(import.meta.dirname, '../../../crds'));
    await cluster.close();
    const programs = await providePrograms(project, ['usual']);
    project.provide('kubeconfig', plane.kubeconfig);
    return async () => {
      await plane.stop();
      await programs.remove();
    };
  } catch (thrown) {
    await plane.stop();
    throw thrown;
  }
}
