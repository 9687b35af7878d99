import { LEASES } from '@distillation/kube/resources';
import { beforeAll, expect, it } from 'vitest';
import { until } from '../../tools/kube-harness/access/until.ts';
import { DEPLOYMENT, SYSTEM, aloneWithOperators, installOperator, operatorPods } from './operator.ts';
import { adminClient, kubectl } from './support.ts';

/** The operator as the chart installs it. `dev-cluster.test.ts` takes it away again, and has that of kustomize. */

/** Waits until one of the operator's pods leads: a lease may still be held by one that is gone. @returns its name */
function leader(): Promise<string> {
  return until('one of the operators leads', async () => {
    const lease = await adminClient().find(LEASES, { namespace: SYSTEM, name: 'distillation-operator' });
    const names = (await operatorPods()).map(({ metadata }) => metadata?.name ?? '');
    return names.find((name) => lease?.spec?.holderIdentity?.startsWith(name));
  });
}

beforeAll(installOperator);

it('two operators are ready, on nodes of their own, and one of them leads', () =>
  aloneWithOperators(async () => {
    await kubectl('--namespace', SYSTEM, 'rollout', 'status', `deployment/${DEPLOYMENT}`, '--timeout=10m');
    // On a machine that is too busy the kubelet may restart a container just then.
    await until('both are ready on nodes of their own', async () => {
      const pods = await operatorPods();
      expect(pods.map(({ status }) => status?.containerStatuses?.map(({ ready }) => ready))).toEqual([[true], [true]]);
      return new Set(pods.map(({ spec }) => spec?.nodeName)).size === 2;
    });
    expect(await leader()).toBeDefined();
  }));

it('they run under Pod Security restricted, as nobody, on a file system that they cannot write', () =>
  aloneWithOperators(async () => {
    for (const { spec, metadata } of await operatorPods()) {
      expect(spec?.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65532 });
      expect(spec?.containers[0]?.securityContext).toMatchObject({
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
      });
      const script =
        "try { require('fs').writeFileSync('/app/x', ''); } catch ({ code }) { console.log(code, process.getuid()); }";
      const said = await until('its container runs', () =>
        kubectl('--namespace', SYSTEM, 'exec', metadata?.name ?? '', '--', 'node', '-e', script),
      );
      expect(said.trim()).toBe('EROFS 65532');
    }
  }));

it('probes and metrics answer', () =>
  aloneWithOperators(async () => {
    const script = `Promise.all(['8081/healthz', '8081/readyz', '8080/metrics'].map((place) => fetch('http://127.0.0.1:' + place)))
    .then((answers) => console.log(answers.map(({ status }) => status).join(' ')))`;
    await until('a replica answers', async () => {
      const said = await kubectl('--namespace', SYSTEM, 'exec', `deployment/${DEPLOYMENT}`, '--', 'node', '-e', script);
      expect(said.trim()).toBe('200 200 200');
      return true;
    });
  }));
