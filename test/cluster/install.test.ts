import { join } from 'node:path';
import { LEASES } from '@distillation/kube/resources';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { ClusterJob } from './cluster-job.ts';
import { DEPLOYMENT, ROOT, SYSTEM, installOperator, operatorPods, uninstallOperator } from './operator.ts';
import { smallest } from './recipe.ts';
import { adminClient, kubectl } from './support.ts';

/** Installed as the documentation says, by helm and by kustomize; and taken away again. */

const definition = (): Promise<string> => kubectl('get', 'crd', 'distillationjobs.distillation.dev', '--output=name');

/** Waits until one of the operator's pods leads: a lease may still be held by one that is gone. @returns its name */
function leader(): Promise<string> {
  return until('one of the operators leads', async () => {
    const lease = await adminClient().find(LEASES, { namespace: SYSTEM, name: 'distillation-operator' });
    const names = (await operatorPods()).map(({ metadata }) => metadata?.name ?? '');
    return names.find((name) => lease?.spec?.holderIdentity?.startsWith(name));
  });
}

describe('by the chart', () => {
  beforeAll(installOperator);

  it('two operators are ready, on nodes of their own, and one of them leads', async () => {
    await kubectl('--namespace', SYSTEM, 'rollout', 'status', `deployment/${DEPLOYMENT}`, '--timeout=60s');
    const pods = await operatorPods();
    expect(pods.map(({ status }) => status?.containerStatuses?.map(({ ready }) => ready))).toEqual([[true], [true]]);
    expect(new Set(pods.map(({ spec }) => spec?.nodeName)).size).toBe(2);
    expect(await leader()).toBeDefined();
  });

  it('they run under Pod Security restricted, as nobody, on a file system that they cannot write', async () => {
    for (const { spec, metadata } of await operatorPods()) {
      expect(spec?.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65532 });
      expect(spec?.containers[0]?.securityContext).toMatchObject({
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
      });
      const script =
        "try { require('fs').writeFileSync('/app/x', ''); } catch ({ code }) { console.log(code, process.getuid()); }";
      const said = await kubectl('--namespace', SYSTEM, 'exec', metadata?.name ?? '', '--', 'node', '-e', script);
      expect(said.trim()).toBe('EROFS 65532');
    }
  });

  it('probes and metrics answer', async () => {
    const script = `Promise.all(['8081/healthz', '8081/readyz', '8080/metrics'].map((place) => fetch('http://127.0.0.1:' + place)))
      .then((answers) => console.log(answers.map(({ status }) => status).join(' ')))`;
    const said = await kubectl('--namespace', SYSTEM, 'exec', `deployment/${DEPLOYMENT}`, '--', 'node', '-e', script);
    expect(said.trim()).toBe('200 200 200');
  });

  it('uninstalled, it leaves the definition, and so the jobs', async () => {
    await uninstallOperator();
    expect(await operatorPods()).toEqual([]);
    expect(await definition()).toContain('distillationjobs');
  });
});

describe('by kustomize', () => {
  const base = join(ROOT, 'manifests/base');

  it('as it is, it runs a job to its end', async () => {
    await kubectl('apply', '-k', base);
    await kubectl('--namespace', SYSTEM, 'rollout', 'status', `deployment/${DEPLOYMENT}`, '--timeout=120s');
    expect(await leader()).toBeDefined();
    const pods = await operatorPods();
    expect(pods.map(({ status }) => status?.containerStatuses?.map(({ restartCount }) => restartCount))).toEqual([
      [0],
      [0],
    ]);
    const job = await ClusterJob.apply(await smallest());
    const { result } = await job.succeeded();
    expect(result?.recipe).toMatch(/^[0-9a-f]{8}/);
    expect((await job.pods()).map(({ spec }) => spec?.containers[0]?.image)).toEqual(
      expect.arrayContaining(['distillation-worker:0.1.0']),
    );
  });

  afterAll(async () => {
    // All but the definition, which the other files' jobs need.
    const kinds = ['deployment', 'poddisruptionbudget', 'role', 'rolebinding', 'serviceaccount'].join();
    await kubectl('--namespace', SYSTEM, 'delete', kinds, '--selector=app.kubernetes.io/part-of=distillation');
    const wide = ['clusterrole', 'clusterrolebinding'].join();
    await kubectl('delete', wide, '--selector=app.kubernetes.io/part-of=distillation');
    await kubectl('--namespace', SYSTEM, 'wait', '--for=delete', 'pod', '--all', '--timeout=120s');
  });
});
