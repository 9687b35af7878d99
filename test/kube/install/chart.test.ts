import { parseOptions } from '../../../operator/src/options.ts';
import { describe, expect, it } from 'vitest';
import { CHART, type Manifest, find, helm, podOf, renderChart, renderKustomization } from './helm.ts';

/** The chart by the real helm, and the kustomizations by the real kubectl: all install the same. */

const sets = (...settings: readonly string[]): Promise<readonly Manifest[]> =>
  renderChart(...settings.flatMap((setting) => ['--set', setting]));
const base = (): Promise<readonly Manifest[]> => renderKustomization('manifests/base');

describe('the chart', () => {
  it('passes lint', async () => {
    expect(await helm('lint', '--strict', CHART)).toContain('0 chart(s) failed');
  });

  it('installs by default what the kustomize base does', async () => {
    const [chart, kustomize] = await Promise.all([sets(), base()]);
    const names = (objects: readonly Manifest[]): string[] =>
      objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    const others = kustomize.filter(({ kind }) => kind !== 'Namespace');
    expect(names(chart).sort()).toEqual(names(others).sort());
    for (const { kind, metadata, rules, roleRef, subjects, spec } of others) {
      const same = find(chart, kind, metadata.name);
      const whole = { namespace: metadata.namespace, rules, roleRef, subjects };
      expect(
        { namespace: same.metadata.namespace, rules: same.rules, roleRef: same.roleRef, subjects: same.subjects },
        kind,
      ).toEqual(whole);
      if (kind === 'CustomResourceDefinition') expect(same.spec).toEqual(spec);
      if (kind === 'PodDisruptionBudget') expect(same.spec?.['minAvailable']).toEqual(spec?.['minAvailable']);
    }
    expect(find(chart, 'Deployment').spec?.['replicas']).toBe(find(kustomize, 'Deployment').spec?.['replicas']);
    const [{ containers: a, ...podA }, { containers: b, ...podB }] = [podOf(chart), podOf(kustomize)];
    // Whom replicas keep away from is said by other labels.
    expect({ ...podA, affinity: Object.keys(podA['affinity'] ?? {}) }).toEqual({
      ...podB,
      affinity: Object.keys(podB['affinity'] ?? {}),
    });
    const [{ args: argsA, ...containerA }, { args: argsB, ...containerB }] = [a[0], b[0]];
    expect(containerA).toEqual(containerB);
    // Some leave out what is the default anyway.
    expect(parseOptions(argsA, {}, '0.0.0')).toEqual(parseOptions(argsB, {}, '0.0.0'));
  });

  it('leaves the definition when it goes, and so do kustomizations: every job would go with it', async () => {
    const annotations = (objects: readonly Manifest[]): unknown =>
      find(objects, 'CustomResourceDefinition', 'distillationjobs.distillation.dev').metadata.annotations ?? {};
    expect(annotations(await sets())).toMatchObject({ 'helm.sh/resource-policy': 'keep' });
    expect(annotations(await sets('crds.keep=false'))).not.toHaveProperty('helm.sh/resource-policy');
    for (const folder of ['crds', 'manifests/base', 'manifests/registry'])
      expect(annotations(await renderKustomization(folder))).toEqual({
        'kustomize.toolkit.fluxcd.io/prune': 'disabled',
      });
  });

  it('passes only flags that the operator knows', async () => {
    // On IPv4 and IPv6: the kubelet asks by the pod's address, of whichever family.
    expect(parseOptions(podOf(await sets()).containers[0].args, {}, '0.0.0')).toMatchObject({
      metricsAddress: { host: '::', port: 8080 },
      healthAddress: { host: '::', port: 8081 },
    });
    const { args } = podOf(await sets('watch.namespaces={a,b}', 'worker.requireGpu=false')).containers[0];
    expect(parseOptions(args, {}, '0.0.0')).toMatchObject({ namespaces: ['a', 'b'], requireGpu: false });
  });

  it('asks for nothing cluster-wide but the definition when it watches namespaces', async () => {
    const objects = await sets('watch.namespaces={a,b}', 'rbac.aggregate=false');
    const clusterWide = objects.filter(({ kind }) => kind.startsWith('Cluster'));
    expect(clusterWide).toEqual([]);
    const roles = objects.filter(({ kind }) => kind === 'Role').map(({ metadata }) => metadata.namespace);
    expect(roles.sort()).toEqual(['a', 'b', 'distillation-system']);
  });

  it('makes PodMonitors only when asked to', async () => {
    const kinds = async (...settings: string[]): Promise<string[]> => (await sets(...settings)).map(({ kind }) => kind);
    expect(await kinds()).not.toContain('PodMonitor');
    expect((await kinds('metrics.podMonitor.enabled=true')).filter((kind) => kind === 'PodMonitor')).toHaveLength(2);
  });
});

describe('the overlay for a registry', () => {
  it('has both images from there, and all else as the base', async () => {
    const [overlay, plain] = await Promise.all([renderKustomization('manifests/registry'), base()]);
    const { image, args } = podOf(overlay).containers[0];
    expect(image).toBe('registry.example.com/you/distillation-operator:0.1.0');
    const { workerImage, ...others } = parseOptions(args, {}, '0.0.0');
    expect(workerImage).toBe('registry.example.com/you/distillation-worker:0.1.0');
    expect(parseOptions(podOf(plain).containers[0].args, {}, '0.0.0')).toMatchObject(others);
    expect(overlay.map(({ kind }) => kind)).toEqual(plain.map(({ kind }) => kind));
  });
});
