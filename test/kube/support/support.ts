import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { isApiError } from '@distillation/kube/api-error';
import type { KubeClient } from '@distillation/kube/client';
import { DISTILLATION_JOBS } from '../../../operator/src/objects/distillation-jobs.ts';
import { KubeConfig } from '@kubernetes/client-node';
import { inject } from 'vitest';
import { PATIENCE_MS, until } from '../../../tools/kube-harness/access/until.ts';
import { connect, type Connection } from '../../../tools/kube-harness/access/connect.ts';

/**
 * The shared control plane for the files of the project `kube`. Each test uses its own namespace, so that tests do not affect each other.
 */

let shared: Connection | undefined;
let own: string | undefined;
const namespaces: string[] = [];

/** Path of the administrator's kubeconfig. */
export function adminKubeconfig(): string {
  return own ?? inject('kubeconfig');
}

/**
 * From now on this file uses a control plane of its own, with our custom resources: others would notice what it goes through. Whoever
 * started it ends it.
 */
export async function useControlPlane(kubeconfig: string): Promise<void> {
  // What a file before this one left behind may have connected to the shared one again.
  await shared?.close();
  shared = undefined;
  own = kubeconfig;
  await admin().installCustomResources(join(import.meta.dirname, '../../../crds'));
}

export function adminConfig(): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(adminKubeconfig());
  return config;
}

/** The administrator's connection, one for the whole file and closed with it. */
export function admin(): Connection {
  return (shared ??= connect(adminKubeconfig()));
}

/** The operator's own client, as the administrator. */
export function adminClient(): KubeClient {
  return admin().client;
}

/** A new namespace under Pod Security `restricted`, ready to take pods; its jobs are deleted when the file is done. @returns its name */
export async function newNamespace(): Promise<string> {
  const name = `test-${randomBytes(5).toString('hex')}`;
  namespaces.push(name);
  await admin().createNamespace(name);
  return name;
}

async function deleteJobs(namespace: string): Promise<void> {
  const { items } = await adminClient().list(DISTILLATION_JOBS, { namespace });
  for (const { metadata } of items) {
    const where = { namespace, name: metadata.name };
    await adminClient()
      .delete(DISTILLATION_JOBS, where, { propagationPolicy: 'Background' })
      .catch((thrown: unknown) => {
        // Its time to live is over, or a test has just deleted it.
        if (!isApiError(thrown, ({ status }) => status === 404)) throw thrown;
      });
  }
}

/** Ends the connection of the file that is done, and the jobs that it has left. */
export async function disconnect(): Promise<void> {
  // All that is theirs goes with them in the background: nobody waits for that. The namespaces stay, as to delete one costs the control
  // plane a third of a second and ten times what it costs to make. A control plane of the file's own is gone by now.
  const made = namespaces.splice(0);
  if (own === undefined) await Promise.all(made.map(deleteJobs));
  await shared?.close();
  shared = undefined;
  own = undefined;
}

/**
 * Tries assertions until they all hold: `await eventually(async () => { expect(...)... })`. Use `until` to wait for a value.
 * @throws the last failure, once it has waited as long as `until`
 */
export async function eventually(check: () => Promise<void>): Promise<void> {
  let last: unknown;
  const held = await until('assertions', async () => {
    try {
      await check();
      return true;
    } catch (thrown) {
      last = thrown;
      throw thrown;
    }
  }).catch(() => false);
  if (held) return;
  if (last instanceof Error) last.message = `after ${PATIENCE_MS / 1000} s still: ${last.message}`;
  throw last;
}
