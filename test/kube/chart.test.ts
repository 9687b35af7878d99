import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadAll } from 'js-yaml';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseOptions } from '@distillation/operator/options';
import { findTools } from '../cluster/assets.ts';

/** The chart by the real helm, and the kustomize base by the real kubectl: both install the same. */

const ROOT = join(import.meta.dirname, '../..');
const CHART = join(ROOT, 'charts/distillation-operator');
const run = promisify(execFile);

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: unknown;
  readonly spec?: Readonly<Record<string, unknown>>;
}

interface Container {
  readonly args: readonly string[];
  readonly [field: string]: unknown;
}

interface PodSpec {
  readonly containers: readonly [Container];
  readonly [field: string]: unknown;
}

let tools: Record<'helm' | 'kubectl', string>;

beforeAll(async () => {
  tools = await findTools(['helm', 'kubectl']);
});

const parse = (text: string): Manifest[] =>
  loadAll(text).filter((object): object is Manifest => typeof object === 'object' && object !== null);

async function render(...settings: readonly string[]): Promise<Manifest[]> {
  const args = ['template', 'distillation-operator', CHART, '--namespace', 'distillation-system'];
  const { stdout } = await run(tools.helm, [...args, ...settings.flatMap((setting) => ['--set', setting])]);
  return parse(stdout);
}

async function base(): Promise<Manifest[]> {
  const { stdout } = await run(tools.kubectl, ['kustomize', join(ROOT, 'manifests/base')], { maxBuffer: 1 << 24 });
  return parse(stdout);
}

function find(objects: readonly Manifest[], kind: string, name = 'distillation-operator'): Manifest {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
}

function podOf(objects: readonly Manifest[]): PodSpec {
  const { template } = find(objects, 'Deployment').spec as unknown as { template: { spec: PodSpec } };
  return template.spec;
}

describe('the chart', () => {
  it('passes lint', async () => {
    const { stdout } = await run(tools.helm, ['lint', '--strict', CHART]);
    expect(stdout).toContain('0 chart(s) failed');
  });

  it('gives the operator the same rules, definition, security and probes as the kustomize base', async () => {
    const [chart, kustomize] = await Promise.all([render(), base()]);
    for (const [kind, name] of [
      ['ClusterRole', 'distillation-operator'],
      ['Role', 'distillation-operator-leader'],
      ['ClusterRole', 'distillation-operator-editor'],
      ['ClusterRole', 'distillation-operator-viewer'],
    ] as const) {
      expect(find(chart, kind, name).rules).toEqual(find(kustomize, kind, name).rules);
    }
    const crd = 'distillationjobs.distillation.dev';
    expect(find(chart, 'CustomResourceDefinition', crd).spec).toEqual(
      find(kustomize, 'CustomResourceDefinition', crd).spec,
    );
    const [a, b] = [podOf(chart), podOf(kustomize)];
    expect(a['securityContext']).toEqual(b['securityContext']);
    for (const field of [
      'securityContext',
      'livenessProbe',
      'readinessProbe',
      'startupProbe',
      'ports',
      'env',
      'resources',
    ])
      expect(a.containers[0][field], field).toEqual(b.containers[0][field]);
    expect(chart.map(({ kind }) => kind).sort()).toEqual(
      kustomize
        .map(({ kind }) => kind)
        .filter((kind) => kind !== 'Namespace')
        .sort(),
    );
  });

  it('passes only flags that the operator knows, in both', async () => {
    for (const objects of [await render('watch.namespaces={a,b}', 'worker.requireGpu=false'), await base()]) {
      const { args } = podOf(objects).containers[0];
      // On IPv4 and IPv6: the kubelet asks by the pod's address, of whichever family.
      expect(parseOptions(args, {}, '0.0.0')).toMatchObject({
        metricsAddress: { host: '::', port: 8080 },
        healthAddress: { host: '::', port: 8081 },
      });
    }
    const { args } = podOf(await render('watch.namespaces={a,b}', 'worker.requireGpu=false')).containers[0];
    expect(parseOptions(args, {}, '0.0.0')).toMatchObject({ namespaces: ['a', 'b'], requireGpu: false });
  });

  it('asks for nothing cluster-wide but the definition when it watches namespaces', async () => {
    const objects = await render('watch.namespaces={a,b}', 'rbac.aggregate=false');
    const clusterWide = objects.filter(({ kind }) => kind.startsWith('Cluster'));
    expect(clusterWide).toEqual([]);
    const roles = objects.filter(({ kind }) => kind === 'Role').map(({ metadata }) => metadata.namespace);
    expect(roles.sort()).toEqual(['a', 'b', 'distillation-system']);
  });

  it('makes PodMonitors only when asked to', async () => {
    const kinds = async (...settings: string[]): Promise<string[]> =>
      (await render(...settings)).map(({ kind }) => kind);
    expect(await kinds()).not.toContain('PodMonitor');
    expect((await kinds('metrics.podMonitor.enabled=true')).filter((kind) => kind === 'PodMonitor')).toHaveLength(2);
  });

  it.each([
    ['a value nobody reads', 'replica=3', /replica/],
    ['a log level that does not exist', 'controller.logLevel=loud', /logLevel/],
    ['two leaders', 'leaderElection.enabled=false', /replicas: 1/],
  ])('refuses %s', async (_, setting, message) => {
    await expect(render(setting)).rejects.toThrow(message);
  });

  it('explains every value beside it', async () => {
    const lines = (await readFile(join(CHART, 'values.yaml'), 'utf8')).split('\n');
    const unexplained = lines.filter(
      (line, i) => /^ *\w+: *\S/.test(line) && !(lines[i - 1] ?? '').includes('# -- ') && !line.trim().startsWith('#'),
    );
    expect(unexplained.filter((line) => !/^ {2,}(cpu|memory):/.test(line))).toEqual([]);
  });
});
