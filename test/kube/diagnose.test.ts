import type { Changes } from '../../packages/api/test/corpus/corpus.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { jobObject, CONFIG } from '../../operator/test/children.ts';
import { workerJob } from '../../operator/src/objects/jobs.ts';
import { LiveReads } from '../../operator/src/controller/live-reads.ts';
import { kubeClient } from '@distillation/kube/client';
import { JOBS, PODS } from '@distillation/kube/resources';
import { type JobProblem, diagnose } from '../../operator/src/diagnosis/diagnose.ts';
import { KubeConfig } from '@kubernetes/client-node';
import { powerlessKubeconfig } from './support/operator-account.ts';
import { untilRefused } from './support/dry-run.ts';
import { admin, adminClient, eventually, newNamespace } from './support/support.ts';

/** Problems in the words of a real scheduler, Job controller and API server, on a cluster without nodes. */

interface Policy {
  readonly kind: string;
  readonly spec: object;
  /** Words in which it refuses the pod of a bin, or one that asks for so much. */
  readonly refused: { readonly words: string; readonly resources?: object };
}

/** Diagnoses a Job with two bins under a policy of the namespace. */
async function troubleUnder(policy?: Policy, changes: Changes = {}): Promise<() => Promise<JobProblem>> {
  const namespace = await newNamespace();
  const job = jobObject({ 'metadata.namespace': namespace, ...changes });
  // The job itself is on no server: a child that named it as its owner would be collected.
  const { metadata, ...rest } = workerJob(job, { config: CONFIG, attempt: 0, bins: [0, 1] });
  const unowned = { ...rest, metadata: { ...metadata, ownerReferences: [] } };
  if (policy !== undefined) {
    const { kind, spec, refused } = policy;
    await admin().apply({ apiVersion: 'v1', kind, metadata: { name: 'policy' }, ...{ spec } }, namespace);
    const { containers: [container] = [], ...pod } = rest.spec?.template.spec ?? {};
    if (container === undefined) throw new Error('the pod has no container');
    const resources = refused.resources ?? container.resources ?? {};
    const probe = {
      metadata: { namespace, name: 'probe' },
      spec: { ...pod, containers: [{ ...container, resources }] },
    };
    await untilRefused(PODS, probe, refused.words);
  }
  const { metadata: made } = await adminClient().apply(JOBS, unowned, { fieldManager: 'test' });
  return async () => {
    const child = await adminClient().get(JOBS, { namespace, name: made?.name ?? '' });
    const { items: pods } = await adminClient().list(PODS, { namespace });
    const podWarnings = await new LiveReads(adminClient()).warningsOf([child, ...pods]);
    const { spec } = job;
    const problem = diagnose({ pods, podWarnings, claims: undefined, spec, now: new Date(), job: child });
    if (problem === undefined) throw new Error(`no problem with ${JSON.stringify(child.status)}`);
    return problem;
  };
}

describe('a job on a cluster without nodes', () => {
  let look: () => Promise<JobProblem>;
  beforeAll(async () => {
    look = await troubleUnder();
  });

  it('is unschedulable, in the words of the scheduler', async () => {
    await eventually(async () => {
      const { reason, message, podName } = await look();
      expect(reason).toBe('Unschedulable');
      expect(message).toMatch(
        /No node takes pod sample-worker-.*-0-.*: no nodes available to schedule pods\. The same of 1 more pod\. Add nodes/,
      );
      expect(podName).toMatch(/^sample-worker-[0-9a-f]{10}-0-0-/);
    });
  });
});

describe('a job whose pods the policies of its namespace refuse', () => {
  it('reports the quota', async () => {
    const resources = { limits: { 'nvidia.com/gpu': '2' } };
    const look = await troubleUnder({
      kind: 'ResourceQuota',
      spec: { hard: { 'requests.nvidia.com/gpu': '1' } },
      refused: { words: 'exceeded quota: policy', resources },
    });
    await eventually(async () => {
      const { reason, message } = await look();
      expect(reason).toBe('QuotaExceeded');
      expect(message).toMatch(
        /exceeded quota: policy, requested: requests\.nvidia\.com\/gpu=1, used.*limited.*scheduling\.bins/,
      );
    });
  });

  it('reports the limits', async () => {
    const look = await troubleUnder({
      kind: 'LimitRange',
      spec: { limits: [{ type: 'Container', min: { memory: '2Gi' } }] },
      refused: { words: 'minimum memory usage' },
    });
    await eventually(async () => {
      const { reason, message } = await look();
      expect(reason).toBe('PodsRefused');
      expect(message).toMatch(/minimum memory usage per Container is 2Gi/);
      expect(message).toContain('Set spec.cluster.workerTemplate.resources.requests.memory to at least 2Gi');
    });
  });

  it('reports what a quota requires, and where to set it', async () => {
    const look = await troubleUnder({
      kind: 'ResourceQuota',
      spec: { hard: { 'limits.cpu': '4', 'limits.memory': '8Gi' } },
      refused: { words: 'must specify limits.cpu' },
    });
    await eventually(async () => {
      const { reason, message } = await look();
      expect(reason).toBe('PodsRefused');
      expect(message).toMatch(
        /failed quota: policy: must specify limits\.cpu for: worker; limits\.memory for: worker\./,
      );
      expect(message).toContain(
        'Set spec.cluster.workerTemplate.resources.limits.cpu and spec.cluster.workerTemplate.resources.limits.memory',
      );
    });
  });

  it('reports a missing priority class', async () => {
    const look = await troubleUnder(undefined, { 'spec.cluster.workerTemplate': { priorityClassName: 'urgent' } });
    await eventually(async () => {
      const { reason, message } = await look();
      expect(reason).toBe('PodsRefused');
      expect(message).toMatch(/PriorityClass.*urgent.*Correct spec\.cluster\.workerTemplate\.priorityClassName/);
    });
  });
});

it('does without events and claims that the operator may not read', async () => {
  const config = new KubeConfig();
  config.loadFromFile(await powerlessKubeconfig());
  const client = kubeClient(config);
  const job = jobObject({ 'metadata.namespace': await newNamespace() });
  const lookups = new LiveReads(client);
  expect(await lookups.warningsOf([{ metadata: { namespace: job.metadata.namespace, uid: 'u' } }])).toEqual(new Map());
  expect(await lookups.claimsOf(job)).toBeUndefined();
  await client.close();
});
