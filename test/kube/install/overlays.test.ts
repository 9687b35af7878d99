import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../../operator/src/options.ts';
import { type Manifest, find, podOf, renderKustomization } from './helm.ts';

/** The kustomizations beside the base, by the real kubectl: what each changes, and that it changes nothing else. */

const base = (): Promise<readonly Manifest[]> => renderKustomization('manifests/base');
const titles = (objects: readonly Manifest[]): string[] =>
  objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();

describe('the overlay for one namespace', () => {
  it('has everything in it, with Roles for ClusterRoles, and nothing cluster-wide but the definition', async () => {
    const [overlay, plain] = await Promise.all([renderKustomization('manifests/one-namespace'), base()]);
    const clusterWide = overlay.filter(({ metadata }) => metadata.namespace === undefined);
    expect(titles(clusterWide)).toEqual([
      'CustomResourceDefinition distillationjobs.distillation.dev',
      'Namespace distillation',
    ]);
    for (const { metadata } of overlay.filter((object) => !clusterWide.includes(object)))
      expect(metadata.namespace).toBe('distillation');
    expect(find(overlay, 'Role').rules).toEqual(find(plain, 'ClusterRole').rules);
    expect(find(overlay, 'RoleBinding')).toMatchObject({
      roleRef: { kind: 'Role', name: 'distillation-operator' },
      subjects: [{ kind: 'ServiceAccount', name: 'distillation-operator', namespace: 'distillation' }],
    });
  });

  it('tells the operator to watch that namespace alone, whatever its name', async () => {
    const { env, args } = podOf(await renderKustomization('manifests/one-namespace')).containers[0];
    expect(env).toContainEqual({
      name: 'DISTILL_OPERATOR_NAMESPACE',
      valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } },
    });
    expect(parseOptions(args, { DISTILL_OPERATOR_NAMESPACE: 'distillation' }, '0.0.0').namespaces).toEqual([
      'distillation',
    ]);
  });
});

describe('the overlay with Prometheus', () => {
  it('is the base and the monitors', async () => {
    const [overlay, plain, monitors] = await Promise.all(
      ['with-prometheus', 'base', 'monitoring'].map((name) => renderKustomization(`manifests/${name}`)),
    );
    expect(titles(overlay ?? [])).toEqual(titles([...(plain ?? []), ...(monitors ?? [])]));
    expect(titles(monitors ?? [])).toEqual(['PodMonitor distillation-jobs', 'PodMonitor distillation-operator']);
  });
});

describe('the overlay for CPUs', () => {
  it('has another image of the worker, and all else as the base', async () => {
    const [overlay, plain] = await Promise.all([renderKustomization('manifests/cpu-only'), base()]);
    const { workerImage, ...others } = parseOptions(podOf(overlay).containers[0].args, {}, '0.0.0');
    expect(workerImage).toBe('distillation-worker-cpu:0.1.0');
    expect(parseOptions(podOf(plain).containers[0].args, {}, '0.0.0')).toMatchObject(others);
    expect(titles(overlay)).toEqual(titles(plain));
  });
});
