import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LABEL } from '@distillation/api/labels';
import { parseManifest } from '@distillation/api/manifest';
import { PODS } from '@distillation/kube/resources';
import type { WirePod } from '@distillation/kube/wire';
import { load } from 'js-yaml';
import { describe, expect, inject, it } from 'vitest';
import { DISTILLATION_JOBS } from '../../../operator/src/objects/distillation-jobs.ts';
import { findTools } from '../../../tools/kube-harness/assets.ts';
import { adminClient, newNamespace } from '../support/support.ts';
import { CHART, ROOT, find, helm, type Manifest, renderChart, renderKustomization } from './helm.ts';

/** The first job: that chart and kustomization make the same of it, and that the API server takes it. */

const QUICKSTART = ['--set', 'quickstart.enabled=true'];
const CLAIM = 'distillation-quickstart';
const FOLDER = 'manifests/quickstart';

interface JobSpec {
  readonly template: { readonly metadata: { readonly labels: Record<string, string> }; readonly spec: WirePod['spec'] };
  readonly [field: string]: unknown;
}

/** The Job that lays the samples out. */
function samplesJob(objects: readonly Manifest[]): { name: string; spec: JobSpec } {
  const found = objects.find(({ kind }) => kind === 'Job');
  if (found === undefined) throw new Error('no Job');
  return { name: found.metadata.name, spec: found.spec as unknown as JobSpec };
}

describe('the chart’s first job', () => {
  it('is that of the kustomization', async () => {
    const [chart, kustomize] = await Promise.all([renderChart(...QUICKSTART), renderKustomization(FOLDER)]);
    for (const [kind, name] of [
      ['PersistentVolumeClaim', CLAIM],
      ['DistillationJob', 'quickstart'],
    ] as const)
      expect(find(chart, kind, name).spec).toEqual(find(kustomize, kind, name).spec);
    // One that is made by hand goes by itself; one of a release goes with it.
    const { ttlSecondsAfterFinished, ...byHand } = samplesJob(kustomize).spec;
    expect(ttlSecondsAfterFinished).toBe(86_400);
    expect(samplesJob(chart).spec).toEqual(byHand);
    // A download without end ends.
    expect(byHand['activeDeadlineSeconds']).toBe(21_600);
  });

  it('is made after the definition, and the claim stays when the release goes', async () => {
    const chart = await renderChart(...QUICKSTART);
    expect(find(chart, 'DistillationJob', 'quickstart').metadata.annotations).toMatchObject({
      'helm.sh/hook': 'post-install,post-upgrade',
    });
    expect(find(chart, 'PersistentVolumeClaim', CLAIM).metadata.annotations).toMatchObject({
      'helm.sh/resource-policy': 'keep',
    });
  });

  it('has its samples laid out by another Job when the pod is another one', async () => {
    const name = async (...more: string[]): Promise<string> =>
      samplesJob(await renderChart(...QUICKSTART, ...more)).name;
    const first = await name();
    expect(first).toMatch(/^distillation-quickstart-samples-[0-9a-f]{8}$/);
    expect(await name('--set', 'replicas=1')).toBe(first);
    expect(await name('--set', 'worker.image=r/w:2')).not.toBe(first);
  });

  it('has pods that are nobody’s child, and that a policy of jobs lets reach the registry', async () => {
    const policies = ['--set', 'networkPolicy.jobs.enabled=true,networkPolicy.jobs.namespaces={distillation-system}'];
    const objects = await renderChart(...QUICKSTART, ...policies);
    const { labels } = samplesJob(objects).spec.template.metadata;
    for (const label of Object.values(LABEL)) expect(labels).not.toHaveProperty(label);
    const selected = (name: string): unknown =>
      (find(objects, 'NetworkPolicy', name).spec as unknown as { podSelector: { matchLabels: object } }).podSelector
        .matchLabels;
    expect(labels).not.toMatchObject(selected('distillation-operator-jobs') as object);
    expect(labels).toMatchObject(selected('distillation-operator-samples') as object);
    expect(find(objects, 'NetworkPolicy', 'distillation-operator-samples').spec).toMatchObject({
      policyTypes: ['Ingress', 'Egress'],
      egress: [{}],
    });
    // Nor is it taken for an operator.
    const { selector } = find(objects, 'Deployment').spec as unknown as { selector: { matchLabels: object } };
    expect(labels).not.toMatchObject(selector.matchLabels);
  });

  it('gets what all jobs get, and the secret by which images are pulled', async () => {
    const settings = ['imagePullSecrets[0].name=mine', 'jobs.defaults.nodeSelector.pool=cpu'];
    const more = ['jobs.defaults.env[0].name=HTTPS_PROXY', 'jobs.defaults.env[0].value=http://proxy:3128'];
    const objects = await renderChart(...QUICKSTART, ...[...settings, ...more].flatMap((one) => ['--set', one]));
    const { spec } = samplesJob(objects).spec.template;
    expect(spec).toMatchObject({ imagePullSecrets: [{ name: 'mine' }], nodeSelector: { pool: 'cpu' } });
    expect(spec?.containers[0]?.env).toEqual([
      { name: 'NODE_USE_ENV_PROXY', value: '1' },
      { name: 'HTTPS_PROXY', value: 'http://proxy:3128' },
    ]);
    expect(find(objects, 'DistillationJob', 'quickstart').spec).toMatchObject({
      cluster: { workerTemplate: { imagePullSecrets: [{ name: 'mine' }] } },
    });
  });
});

describe('what all jobs get, for the pod with the samples', () => {
  const podWith = async (defaults: object): Promise<JobSpec['template']> => {
    const objects = await renderChart(...QUICKSTART, '--set-json', `jobs.defaults=${JSON.stringify(defaults)}`);
    return samplesJob(objects).spec.template;
  };

  it('wins over its own variables, each of which is there once', async () => {
    const env = [
      { name: 'NODE_USE_ENV_PROXY', value: '0' },
      { name: 'HTTPS_PROXY', value: 'http://proxy:3128' },
    ];
    expect((await podWith({ env })).spec?.containers[0]?.env).toEqual(env);
  });

  it('has labels and annotations: a sidecar that they keep away would keep the Job from ending', async () => {
    const labels = { 'sidecar.istio.io/inject': 'false', team: 'vision' };
    const annotations = { 'linkerd.io/inject': 'disabled' };
    const { metadata } = await podWith({ labels, annotations });
    expect(metadata).toMatchObject({ labels, annotations });
    // By this one its policy and its log are found.
    expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/name': 'distillation-samples' });
  });
});

describe('manifests/quickstart', () => {
  it('is the sample job, on one node without GPUs', async () => {
    const text = async (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');
    const spec = (yaml: string): object => (load(yaml) as { spec: object }).spec;
    const sample = spec(await text('manifests/samples/cifar10-vgg16.yaml')) as Record<string, object>;
    const { cluster, ...first } = spec(await text(`${FOLDER}/job.yaml`)) as Record<string, object>;
    expect(first).toEqual({
      ...Object.fromEntries(Object.entries(sample).filter(([part]) => part !== 'cluster')),
      scheduling: { ...sample['scheduling'], bins: 1 },
      outputs: { ...sample['outputs'], path: 'jobs/quickstart' },
    });
    expect(cluster).toEqual({ inputsDeadlineSeconds: 3600, gpu: { count: 0 }, volume: { claimName: CLAIM } });
    parseManifest(await text(`${FOLDER}/job.yaml`), 'job.yaml', 'Cluster');
  });

  it('is taken by the API server, its pod under Pod Security restricted', async () => {
    const namespace = await newNamespace();
    const { kubectl } = await findTools(['kubectl']);
    const args = ['--kubeconfig', inject('kubeconfig'), '--namespace', namespace];
    const apply = [...args, 'apply', '--validate=strict', '-k', join(ROOT, FOLDER)];
    const { stdout, stderr } = await promisify(execFile)(kubectl, apply);
    expect(stdout).toContain('distillationjob.distillation.dev/quickstart created');
    // A pod that the level would refuse is warned of.
    expect(stderr).toBe('');
    expect(await adminClient().get(DISTILLATION_JOBS, { namespace, name: 'quickstart' })).toBeDefined();
    const { spec } = samplesJob(await renderKustomization(FOLDER)).spec.template;
    expect(
      (await adminClient().create(PODS, { metadata: { namespace, name: 'pod' }, spec })).metadata?.uid,
    ).toBeDefined();
  });
});

it('the chart’s notes name the registry that is asked', async () => {
  const install = ['install', 'x', CHART, '--dry-run=client', '-n', 'n', ...QUICKSTART];
  expect(await helm(...install)).toContain('from https://registry.npmjs.org)');
  const mirror = ['--set', 'quickstart.registry=https://npm.example.com'];
  expect(await helm(...install, ...mirror)).toContain('from https://npm.example.com)');
});
