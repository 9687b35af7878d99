import { EXIT } from '@distillation/api/errors';
import { PODS } from '@distillation/kube/resources';
import { expect, it } from 'vitest';
import { accessCluster } from '../../../cli/src/cluster/access.ts';
import { lookAround } from '../../../cli/src/cluster/plan/room.ts';
import { DISTILLATION_JOBS } from '../../../operator/src/objects/distillation-jobs.ts';
import { until } from '../../../tools/kube-harness/access/until.ts';
import { bindClaim } from '../support/claim.ts';
import { admin, adminClient, adminKubeconfig, newNamespace } from '../support/support.ts';
import { manifestFile, userOf } from './cli.ts';

/** `plan` by a user with the rights of `edit` in one namespace. No kubelet runs the pod: `test/cluster` has plans that are made. */

it('makes no job, leaves no pod, and says what keeps it from planning', async () => {
  const namespace = await newNamespace();
  const user = await userOf(namespace);
  const file = await manifestFile('vgg');
  expect((await user.run('plan', '-f', file, '--image', 'w:1')).stderr).toBe(
    `DISTILL_E_CLAIM_NOT_FOUND: There is no claim shared in the namespace ${namespace}. See which there are by ` +
      '`kubectl get pvc`; manifests/samples/volume.yaml makes one.\n',
  );
  await bindClaim(namespace);
  const blind = await user.run('plan', '-f', file, '--server');
  expect(blind).toMatchObject({ code: EXIT.usage });
  expect(blind.stderr).toContain('Which image the worker has is not to be seen in this cluster. Name it by --image');
  const unplaced = await user.run('plan', '-f', file, '--image', 'w:1', '--timeout', '3');
  expect(unplaced).toMatchObject({ code: EXIT.input, stdout: '' });
  expect(unplaced.stderr).toMatch(/^DISTILL_E_FILES_POD: The pod distillation-files-\w+ does not run\./m);
  expect((await user.run('plan', '-f', file, '--server', '--local')).code).toBe(EXIT.usage);
  expect((await adminClient().list(DISTILLATION_JOBS, { namespace })).items).toEqual([]);
  const { items } = await adminClient().list(PODS, { namespace });
  expect(items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined)).toEqual([]);
});

it('deletes its pod that waits to start when the terminal is closed', async () => {
  const namespace = await newNamespace();
  const user = await userOf(namespace);
  await bindClaim(namespace);
  const plan = user.start('plan', '-f', await manifestFile('vgg'), '--image', 'w:1');
  const pods = async (): Promise<number> => {
    const { items } = await adminClient().list(PODS, { namespace });
    return items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined).length;
  };
  await until('its pod is there', async () => ((await pods()) === 1 ? true : undefined));
  plan.signal('SIGHUP');
  const { code, stderr } = await plan.ended;
  expect(stderr).toContain('DISTILL_E_STOPPED');
  expect(code).toBe(EXIT.retry);
  expect(await pods()).toBe(0);
});

it('sees the quotas of the namespace, and neither nodes nor the pods of others', async () => {
  const namespace = await newNamespace();
  await bindClaim(namespace);
  const user = await userOf(namespace);
  await admin().apply(
    { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'team' }, ...{ spec: { hard: { pods: '3' } } } },
    namespace,
  );
  for (const as of [{ as: user.name }, {}]) {
    const access = await accessCluster({ kubeconfig: adminKubeconfig(), namespace, ...as });
    try {
      const { quotas, nodes, pods, onOneNode } = await lookAround(access, {
        claims: [{ claimName: 'shared' }],
        cluster: {},
      });
      expect(quotas).toMatchObject([{ metadata: { name: 'team' } }]);
      const seen = Object.keys(as).length === 0;
      expect([nodes !== undefined, pods !== undefined, onOneNode]).toEqual([seen, seen, false]);
    } finally {
      await access.close();
    }
  }
});
