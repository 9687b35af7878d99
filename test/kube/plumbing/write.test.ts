import { CONFIG_MAPS, JOBS, PODS } from '@distillation/kube/resources';
import { executeWrite } from '../../../operator/src/controller/execute-write.ts';
import type { WireJob, WirePod } from '@distillation/kube/wire';
import { expect, test } from 'vitest';
import { adminClient, newNamespace } from '../support/support.ts';
import { setConfigMap } from './support.ts';

const other = '00000000-0000-0000-0000-000000000000';

const podSpec = {
  restartPolicy: 'Never',
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [
    {
      name: 'main',
      image: 'none.invalid/none',
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    },
  ],
} as const;

test('Apply creates the object in the namespace, and applying again changes nothing', async () => {
  const namespace = await newNamespace();
  const object = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'train' },
    spec: { template: { spec: podSpec } },
  };
  const write = { type: 'Apply', resource: 'jobs', object: object as WireJob } as const;
  expect(await executeWrite(adminClient(), namespace, write)).toBe('Done');
  const made = await adminClient().get(JOBS, { namespace, name: 'train' });
  expect(await executeWrite(adminClient(), namespace, write)).toBe('Done');
  const again = await adminClient().get(JOBS, { namespace, name: 'train' });
  expect(again.metadata?.generation).toBe(made.metadata?.generation);
  const changed = { ...object, spec: { template: { spec: { ...podSpec, restartPolicy: 'OnFailure' } } } };
  await expect(executeWrite(adminClient(), namespace, { ...write, object: changed as WireJob })).rejects.toMatchObject({
    status: 422,
    isOtherUid: false,
  });
});

test('Suspend suspends and resumes the Job with this UID, and no other', async () => {
  const namespace = await newNamespace();
  const job = { metadata: { namespace, name: 'train' }, spec: { suspend: true, template: { spec: podSpec } } };
  const made = await adminClient().create<WireJob>(JOBS, job);
  const uid = made.metadata?.uid ?? '';
  const suspended = async (): Promise<unknown> =>
    (await adminClient().get(JOBS, { namespace, name: 'train' })).spec?.suspend;
  const write = { type: 'Suspend', name: 'train', uid, suspend: false } as const;
  expect(await executeWrite(adminClient(), namespace, write)).toBe('Done');
  expect(await suspended()).toBe(false);
  expect(await executeWrite(adminClient(), namespace, { ...write, uid: other, suspend: true })).toBe('Missed');
  expect(await suspended()).toBe(false);
  expect(await executeWrite(adminClient(), namespace, { ...write, name: 'none' })).toBe('Missed');
});

test('Delete deletes the object with this UID, and no other of its name', async () => {
  const namespace = await newNamespace();
  const made = await setConfigMap({ namespace, name: 'a' }, '1');
  const write = { type: 'Delete', resource: 'configmaps', name: 'a', uid: made.metadata?.uid ?? '' } as const;
  expect(await executeWrite(adminClient(), namespace, { ...write, uid: other })).toBe('Missed');
  expect(await adminClient().find(CONFIG_MAPS, { namespace, name: 'a' })).toBeDefined();
  expect(await executeWrite(adminClient(), namespace, write)).toBe('Done');
  expect(await executeWrite(adminClient(), namespace, write)).toBe('Missed');
  expect(await adminClient().find(CONFIG_MAPS, { namespace, name: 'a' })).toBeUndefined();
});

test('ForceDelete marks the pod failed by a disruption and deletes it without its kubelet', async () => {
  const namespace = await newNamespace();
  // The finalizer keeps it, so that its last state can be seen, as the Job controller's does.
  const metadata = { namespace, name: 'worker', finalizers: ['distillation.dev/test'] };
  const made = await adminClient().create<WirePod>(PODS, {
    metadata,
    spec: { ...podSpec, nodeName: 'gone' },
  });
  await adminClient().delete(PODS, metadata, { gracePeriodSeconds: 30 });
  const write = { type: 'ForceDelete', name: 'worker', uid: made.metadata?.uid ?? '' } as const;
  expect(await executeWrite(adminClient(), namespace, { ...write, uid: other })).toBe('Missed');
  expect((await adminClient().get(PODS, metadata)).status?.phase).toBe('Pending');
  expect(await executeWrite(adminClient(), namespace, write)).toBe('Done');
  const abandoned = await adminClient().get(PODS, metadata);
  expect(abandoned.status?.phase).toBe('Failed');
  expect(abandoned.status?.conditions).toContainEqual(
    expect.objectContaining({ type: 'DisruptionTarget', status: 'True', reason: 'NodeNotAnswering' }),
  );
  expect(abandoned.metadata?.deletionGracePeriodSeconds).toBe(0);
  expect(await executeWrite(adminClient(), namespace, write)).toBe('Done');
  await adminClient().mergePatch(PODS, metadata, { metadata: { finalizers: null } });
  expect(await executeWrite(adminClient(), namespace, write)).toBe('Missed');
});
