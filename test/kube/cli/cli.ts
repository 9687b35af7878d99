import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { EXIT } from '@distillation/api/errors';
import type { KubeObject } from '@distillation/kube/resources';
import { type Changes, manifestWith } from '../../../packages/api/test/corpus/corpus.ts';
import { afterFile } from '../../support/after-file.ts';
import { type Ended, type Program, startCommand } from '../../support/cli.ts';
import { until } from '../../../tools/kube-harness/access/until.ts';
import type { PlayedJob } from '../support/played-job.ts';
import { admin, adminKubeconfig } from '../support/support.ts';

/** `kubectl-distill` as a user runs it, who may do in one namespace what the cluster role `edit` allows, and nothing else. */

const RBAC = join(import.meta.dirname, '../../../manifests/base/rbac.yaml');

export interface User {
  /** Runs a command to its end. */
  run(...args: readonly string[]): Promise<Ended>;
  start(...args: readonly string[]): Program;
  readonly name: string;
}

/** @param kubeconfig of somebody who may impersonate the user; by default the administrator's */
export async function userOf(namespace: string, kubeconfig = adminKubeconfig()): Promise<User> {
  const name = `user-of-${namespace}`;
  await grantEditors();
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' };
  const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name }];
  await admin().apply(
    { apiVersion, kind: 'RoleBinding', metadata: { name }, roleRef, subjects } as KubeObject,
    namespace,
  );
  const start = (...args: readonly string[]): Program => {
    const reach = ['--kubeconfig', kubeconfig, '--namespace', namespace, '--as', name];
    const program = startCommand(...args, ...reach);
    afterFile(() => {
      program.killAll();
    });
    return program;
  };
  const user: User = { name, start, run: (...args) => start(...args).ended };
  await until(`${name} may list jobs`, async () => ((await user.run('get')).code === 0 ? true : undefined));
  return user;
}

const TO_EDIT = 'rbac.authorization.k8s.io/aggregate-to-edit';

/** Gives `edit` the rights on our jobs, as the manifests do. */
async function grantEditors(): Promise<void> {
  for (const object of loadAll(await readFile(RBAC, 'utf8')) as KubeObject[]) {
    if (object.kind !== 'ClusterRole' || object.metadata?.labels?.[TO_EDIT] === undefined) continue;
    // Under a name of its own: tests of the chart make the role as it is.
    await admin().apply({ ...object, metadata: { ...object.metadata, name: 'test-cli-editor' } });
  }
}

/** A file of the corpus' minimal job with changes; returns its path. */
export async function manifestFile(name: string, changes: Changes = {}): Promise<string> {
  // One for each: tests that run side by side call their jobs the same.
  const folder = await mkdtemp(join(tmpdir(), 'distill-cli-'));
  afterFile(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, `${name}.json`);
  const changed = { 'metadata.name': name, 'spec.scheduling.bins': 2, 'spec.training.epochs': 3, ...changes };
  await writeFile(path, JSON.stringify(manifestWith(changed)));
  return path;
}

/** Lets the planner of a job say that its teacher is missing, and end. */
export async function failPlanner(job: PlayedJob): Promise<void> {
  await job.say(await job.activePod('planner'), EXIT.input, {
    type: 'Error',
    code: 'DISTILL_E_TEACHER_MISSING',
    reason: 'TeacherMissing',
    message: 'There is no teacher/model.json.',
    fix: 'Put it there.',
  });
}

/** Waits until the program has said this. */
export const says = (program: Program, text: string): Promise<true> =>
  until(`it says ${text}`, () => {
    if (program.stdout().includes(text) || program.stderr().includes(text)) return Promise.resolve(true);
    throw new Error(`${program.stdout()}${program.stderr()}`);
  });
