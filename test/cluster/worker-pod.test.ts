import { join } from 'node:path';
import { decodeTermination } from '@distillation/api/termination';
import type { ChildConfig } from '../../operator/src/objects/config.ts';
import { plannerConfigMap } from '../../operator/src/objects/config-maps.ts';
import { plannerJob } from '../../operator/src/objects/jobs.ts';
import { JOBS, PODS } from '@distillation/kube/resources';
import type { DistillationJobObject } from '../../operator/src/objects/snapshot.ts';
import { decodeEnvelope } from '@distillation/ledger/envelope';
import { readManifest } from '../../cli/src/commands/manifest.ts';
import { expect, it } from 'vitest';
import { imageName } from '../../tools/kube-harness/images.ts';
import { until } from '../support/until.ts';
import { CLAIM, admin, adminClient, logs, newNamespace } from './support.ts';

const CONFIG: ChildConfig = {
  workerImage: imageName('worker'),
  imagePullPolicy: 'Never',
  requireGpu: false,
  runAsUser: 65532,
  fsGroup: 65532,
  operatorVersion: 'test',
};

it('a planner pod, as the operator makes it, computes with native TensorFlow and ends with its plan', async () => {
  const { name: namespace, read } = await newNamespace();
  const sample = await readManifest(join(import.meta.dirname, '../../manifests/samples/cifar10-vgg16.yaml'));
  const spec = { ...sample.spec, cluster: { ...sample.spec.cluster, volume: { claimName: CLAIM } } };
  // No operator runs: this is the object that its children are made of.
  const job = (await admin().apply({ ...sample, spec } as object, namespace)) as DistillationJobObject;
  await admin().apply(plannerConfigMap(job));
  const planner = plannerJob(job, { config: CONFIG, attempt: 0 });
  await admin().apply(planner);

  const name = planner.metadata?.name ?? '';
  await until('the planner is done', async () => {
    const { status } = await adminClient().get(JOBS, { namespace, name });
    expect(status?.failed, await logs(namespace, `job/${name}`).catch(() => '')).toBeUndefined();
    return status?.succeeded === 1 || undefined;
  });
  expect(await logs(namespace, `job/${name}`)).toMatch(/computing with TensorFlow 2\.\d+\.\d+ on the CPU/);

  const { items } = await adminClient().list(PODS, { namespace });
  const [pod, ...others] = items;
  expect(others).toEqual([]);
  const message = pod?.status?.containerStatuses?.[0]?.state?.terminated?.message ?? '';
  const said = decodeTermination(message);
  const plan = decodeEnvelope(await read(join(spec.outputs.path, 'plan.json')))?.body as { blocks: unknown[] };
  expect(said).toMatchObject({ type: 'Planned', plan: { kept: 1, blocks: { length: 12 } } });
  expect(plan.blocks).toHaveLength(12);
});
