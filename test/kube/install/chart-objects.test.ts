import { createServer } from 'node:http';
import { execFile } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { kubeClient } from '@distillation/kube/client';
import { PODS, type KubeObject } from '@distillation/kube/resources';
import type { WirePod } from '@distillation/kube/wire';
import { loadAll } from 'js-yaml';
import { afterAll, describe, expect, it } from 'vitest';
import { admin, adminConfig, newNamespace } from '../support/support.ts';
import { CHART, type Manifest, helm, podOf, renderChart } from './helm.ts';

/** What the chart makes with everything turned on is what the API server takes: no unknown field, pods under Pod Security `restricted`. */

const strict = kubeClient(adminConfig(), {
  wrap: (next) => (call) => {
    const separator = call.path.includes('?') ? '&' : '?';
    return next({ ...call, path: `${call.path}${separator}fieldValidation=Strict&dryRun=All` });
  },
});
afterAll(() => strict.close());

const EVERYTHING = [
  // The cluster role of its usual name is there already: the operators of other tests run under it.
  'fullnameOverride=everything',
  'networkPolicy.enabled=true',
  'networkPolicy.restrictMetrics=true',
  'networkPolicy.jobs.enabled=true',
  'networkPolicy.jobs.namespaces={a}',
  'metrics.serviceMonitor.enabled=true',
  'metrics.podMonitor.enabled=true',
  'admissionPolicy.enabled=true',
  'admissionPolicy.namespaceLabels.team=vision',
  'commonLabels.team=platform',
  'commonAnnotations.note=any',
  'jobs.propagateLabels={team}',
  'quickstart.enabled=true',
  'jobs.defaults.nodeSelector.pool=gpu',
  'topologySpreadConstraints[0].maxSkew=1,topologySpreadConstraints[0].topologyKey=zone,topologySpreadConstraints[0].whenUnsatisfiable=ScheduleAnyway',
].flatMap((setting) => ['--set', setting]);

/** The Service and the pod of `helm test`. */
async function testHooks(...settings: readonly string[]): Promise<Manifest[]> {
  const text = await helm('template', 'x', CHART, '-n', 'n', '-s', 'templates/tests/ready.yaml', ...settings);
  return loadAll(text).filter((object): object is Manifest => typeof object === 'object' && object !== null);
}

describe('with everything turned on', () => {
  it('each object is taken as it is, and has the labels and annotations of all', async () => {
    const namespace = await newNamespace();
    const objects = [...(await renderChart(...EVERYTHING)), ...(await testHooks(...EVERYTHING))];
    const kinds = objects.map(({ kind }) => kind);
    expect(kinds).toEqual(
      expect.arrayContaining([
        'NetworkPolicy',
        'Service',
        'ServiceMonitor',
        'PodMonitor',
        'ValidatingAdmissionPolicy',
        'Pod',
        'PersistentVolumeClaim',
        'Job',
        'DistillationJob',
      ]),
    );
    for (const object of objects) {
      expect(object.metadata.annotations, object.kind).toMatchObject({ note: 'any' });
      // Monitors are of others, and the definition is there already.
      if (/Monitor$|^CustomResourceDefinition$/.test(object.kind)) continue;
      const given = object as unknown as KubeObject;
      const resource = await admin().resourceOf(given);
      const metadata = { ...given.metadata, ...(object.metadata.namespace !== undefined && { namespace }) };
      expect((await strict.create(resource, { ...given, metadata })).metadata?.uid, object.kind).toBeDefined();
    }
  });
});

describe('the operator’s pods', () => {
  it.each([
    ['by default', [], 65_532],
    [
      'without ids, as OpenShift gives them',
      ['--set', 'podSecurityContext.runAsUser=null,podSecurityContext.runAsGroup=null'],
      undefined,
    ],
  ])('fit Pod Security restricted %s', async (_, settings, user) => {
    const namespace = await newNamespace();
    // The chart's own account is not here.
    const spec = { ...podOf(await renderChart(...settings)), serviceAccountName: 'default' } as unknown as NonNullable<
      WirePod['spec']
    >;
    const made = await strict.create(PODS, { metadata: { name: 'pod', namespace }, spec });
    expect(made.spec?.securityContext?.runAsUser).toBe(user);
  });
});

describe('the pod of helm test', () => {
  /** Runs its script with a server in the operator's place. */
  async function testOf(status: number): Promise<{ code: number; stdout: string }> {
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/readyz' ? status : 404).end('what the operator says');
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as AddressInfo;
    const pod = (await testHooks()).find(({ kind }) => kind === 'Pod');
    if (pod === undefined) throw new Error('the chart has no test');
    const { containers } = pod.spec as unknown as { containers: [{ command: string[]; args: string[] }] };
    const [{ command, args }] = containers;
    const script = (args[0] ?? '')
      .replace(/http:\/\/[^/]*:8081/, `http://127.0.0.1:${port}`)
      .replace('60_000', '1')
      .replace('timeout(5000)', 'timeout(600_000)');
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [...command.slice(1), script]);
      return { code: 0, stdout };
    } catch (error) {
      const { code, stdout } = error as { code: number; stdout: string };
      return { code, stdout };
    } finally {
      server.close();
    }
  }

  it('says what the operator says, and succeeds when it can run jobs', async () => {
    expect(await testOf(200)).toEqual({ code: 0, stdout: 'what the operator says\n' });
    expect(await testOf(503)).toEqual({ code: 1, stdout: 'what the operator says\n' });
  });
});
