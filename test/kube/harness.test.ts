import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ApiError } from '@distillation/kube/api-error';
import { CONFIG_MAPS, JOBS, PODS } from '@distillation/kube/resources';
import { DISTILLATION_JOBS } from '../../operator/src/objects/distillation-jobs.ts';
import { describe, expect, test } from 'vitest';
import { startControlPlane, type ControlPlane } from '../../tools/kube-harness/control-plane.ts';
import { identify } from '@distillation/ledger/process-identity';
import { connect } from './support/connect.ts';
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
    expect((await adminClient().get(JOBS, { namespace, name: 'one' })).status?.active).toBe(1);
  });

  test('refuses a pod that is not restricted', async () => {
    const namespace = await newNamespace();
    await expect(admin().apply(pod('wide-open'), namespace)).rejects.toThrow(/violates PodSecurity "restricted/);
  });
});

describe('control planes of a test', () => {
  const configMap = (value: string): object => ({ metadata: { name: 'kept', namespace: 'default' }, data: { value } });

  test(
    'a killed API server comes back on the same data, and stop leaves no process',
    { timeout: 300_000 },
    async () => {
      const plane = await startControlPlane();
      const connection = connect(plane.kubeconfig);
      const { client } = connection;
      const pids = COMPONENTS.map((name) => plane.pidOf(name));
      expect(pids).not.toContain(undefined);
      try {
        await connection.installCustomResources(CRDS);
        await client.create(CONFIG_MAPS, configMap('before'));

        await plane.kill('kube-apiserver');
        expect(plane.pidOf('kube-apiserver')).toBeUndefined();
        await expect(client.list(CONFIG_MAPS)).rejects.toMatchObject({ status: 0 });
        await plane.start('kube-apiserver');
        pids.push(plane.pidOf('kube-apiserver'));

        const kept = await client.get(CONFIG_MAPS, { namespace: 'default', name: 'kept' });
        expect(kept.data).toEqual({ value: 'before' });
        await eventually(async () => {
          expect(await client.list(DISTILLATION_JOBS)).toMatchObject({ items: [] });
        });
      } finally {
        await connection.close();
        await plane.stop();
      }
      expect(pids.map((pid) => identify(pid ?? 0))).toEqual(pids.map(() => undefined));
      expect(existsSync(plane.folder)).toBe(false);
    },
  );

  test('two at once know nothing of each other', { timeout: 300_000 }, async () => {
    const planes: ControlPlane[] = await Promise.all([startControlPlane(), startControlPlane()]);
    const connections = planes.map(({ kubeconfig }) => connect(kubeconfig));
    try {
      const [first, second] = connections.map(({ client }) => client);
      await first?.create(CONFIG_MAPS, configMap('first'));
      const missing = await second?.get(CONFIG_MAPS, { namespace: 'default', name: 'kept' }).catch((e: unknown) => e);
      expect(missing).toBeInstanceOf(ApiError);
      expect(missing).toMatchObject({ status: 404 });
    } finally {
      for (const connection of connections) await connection.close();
      for (const plane of planes) await plane.stop();
    }
  });

  test('one that cannot start says why', async () => {
    const args = { 'kube-apiserver': ['--no-such-flag'] };
    await expect(startControlPlane({ args })).rejects.toThrow(
      /kube-apiserver ended by itself [^]*unknown flag: --no-such/,
    );
  });
});
