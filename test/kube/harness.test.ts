import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_MAPS, JOBS, PODS } from '@distillation/kube/resources';
import { DISTILLATION_JOBS } from '../../operator/src/objects/distillation-jobs.ts';
import { describe, expect, test } from 'vitest';
import { startControlPlane } from '../../tools/kube-harness/control-plane.ts';
import { identify } from '@distillation/ledger/process-identity';
import { connect } from '../../tools/kube-harness/access/connect.ts';
import { admin, adminClient, eventually, newNamespace } from './support/support.ts';

const CRDS = join(import.meta.dirname, '../../crds');
const COMPONENTS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;

const pod = (name: string, securityContext?: object): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'main', image: 'none.invalid/none', ...(securityContext && { securityContext }) }] },
});

describe('the shared control plane', () => {
  test('serves our custom resource', async () => {
    // Of a namespace of its own: other files' jobs are on the same server.
    const namespace = await newNamespace();
    expect(await adminClient().list(DISTILLATION_JOBS, { namespace })).toMatchObject({ items: [] });
  });

  test('a Job gets its pod from the controller manager, and the scheduler says that there is no node', async () => {
    const namespace = await newNamespace();
    const securityContext = {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    };
    const template = { spec: { ...(pod('x', securityContext) as { spec: object }).spec, restartPolicy: 'Never' } };
    await admin().apply(
      { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'one' }, spec: { template } } as object,
      namespace,
    );
    await eventually(async () => {
      const [made] = (await adminClient().list(PODS, { namespace, labelSelector: 'job-name=one' })).items;
      expect(made?.status?.conditions).toContainEqual(
        expect.objectContaining({ type: 'PodScheduled', reason: 'Unschedulable' }),
      );
    });
    await eventually(async () => {
      expect((await adminClient().get(JOBS, { namespace, name: 'one' })).status?.active).toBe(1);
    });
  });

  test('refuses a pod that is not restricted', async () => {
    const namespace = await newNamespace();
    await expect(admin().apply(pod('wide-open'), namespace)).rejects.toThrow(/violates PodSecurity "restricted/);
  });
});

describe('control planes of a test', () => {
  const kept = { namespace: 'default', name: 'kept' };
  const configMap = (value: string): object => ({ metadata: kept, data: { value } });

  test('one knows nothing of another, its killed API server comes back on the same data, and stop leaves no process', async () => {
    const plane = await startControlPlane();
    const connection = connect(plane.kubeconfig);
    const { client } = connection;
    const pids = COMPONENTS.map((name) => plane.pidOf(name));
    expect(pids).not.toContain(undefined);
    try {
      await connection.installCustomResources(CRDS);
      await client.create(CONFIG_MAPS, configMap('before'));
      await expect(adminClient().get(CONFIG_MAPS, kept)).rejects.toMatchObject({ status: 404 });

      await plane.kill('kube-apiserver');
      expect(plane.pidOf('kube-apiserver')).toBeUndefined();
      await expect(client.list(CONFIG_MAPS)).rejects.toMatchObject({ status: 0 });
      await plane.start('kube-apiserver');
      pids.push(plane.pidOf('kube-apiserver'));

      expect((await client.get(CONFIG_MAPS, kept)).data).toEqual({ value: 'before' });
      await eventually(async () => {
        expect(await client.list(DISTILLATION_JOBS)).toMatchObject({ items: [] });
      });
    } finally {
      await connection.close();
      await plane.stop();
    }
    expect(pids.map((pid) => identify(pid ?? 0))).toEqual(pids.map(() => undefined));
    expect(existsSync(plane.folder)).toBe(false);
  });

  test('one that cannot start says why', async () => {
    const args = { 'kube-apiserver': ['--no-such-flag'] };
    await expect(startControlPlane({ args })).rejects.toThrow(
      /kube-apiserver ended by itself [^]*unknown flag: --no-such/,
    );
  });
});
