import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { dump } from 'js-yaml';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findTools } from '../../../tools/kube-harness/assets.ts';
import { type ControlPlane, startControlPlane } from '../../../tools/kube-harness/control-plane.ts';
import { until } from '../../../tools/kube-harness/access/until.ts';
import { renderChart } from './helm.ts';

/** The chart's admission policy on a real API server: what it lets the operator's account write, whatever its roles grant. */

const run = promisify(execFile);
const OPERATOR = [
  '--as',
  'system:serviceaccount:distillation-system:distillation-operator',
  '--as-group',
  'system:masters',
];
const OWN = 'app.kubernetes.io/managed-by=distillation-operator';

let plane: ControlPlane;
let program: string;

beforeAll(async () => {
  ({ kubectl: program } = await findTools(['kubectl']));
  plane = await startControlPlane();
  const chart = await renderChart(
    ...['--set', 'admissionPolicy.enabled=true', '--set', 'admissionPolicy.namespaceLabels.distillation=allowed'],
  );
  const policies = chart.filter(({ kind }) => kind.startsWith('ValidatingAdmissionPolicy'));
  expect(policies).toHaveLength(2);
  await apply(policies);
  await kubectl('create', 'namespace', 'allowed');
  await kubectl('label', 'namespace', 'allowed', 'distillation=allowed');
  await kubectl('create', 'namespace', 'other');
  for (const namespace of ['allowed', 'other']) {
    for (const name of ['own', 'foreign']) await kubectl('-n', namespace, 'create', 'configmap', name);
    await kubectl('-n', namespace, 'label', 'configmap', 'own', OWN);
  }
  // A policy takes effect a moment after it was made.
  await until('the policy is in force', async () => {
    await expect(remove('allowed', 'foreign', '--dry-run=server')).rejects.toThrow(/its own children only/);
    return true;
  });
});

afterAll(() => plane.stop());

/** @returns standard output @throws Error with standard error */
async function kubectl(...args: readonly string[]): Promise<string> {
  return (await run(program, ['--kubeconfig', plane.kubeconfig, ...args])).stdout;
}

async function apply(objects: readonly object[], ...more: readonly string[]): Promise<void> {
  const text = objects.map((object) => dump(object)).join('---\n');
  const child = run(program, ['--kubeconfig', plane.kubeconfig, 'apply', ...more, '-f', '-']);
  child.child.stdin?.end(text);
  await child;
}

const remove = (namespace: string, name: string, ...more: readonly string[]): Promise<string> =>
  kubectl('-n', namespace, 'delete', 'configmap', name, ...more, ...OPERATOR);

const jobOf = (namespace: string, labels: object): object => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'job', namespace, labels },
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'none.invalid/a' }] } } },
});
const create = (namespace: string, labels: object): Promise<void> =>
  apply([jobOf(namespace, labels)], '--server-side', '--dry-run=server', ...OPERATOR);

it('lets the operator write its children where the namespace has the label, and delete them', async () => {
  await create('allowed', { 'app.kubernetes.io/managed-by': 'distillation-operator' });
  expect(await remove('allowed', 'own', '--dry-run=server')).toContain('deleted');
});

it('lets it delete nothing of others', async () => {
  await expect(remove('allowed', 'foreign')).rejects.toThrow(/may write its own children only/);
});

it('lets it make nothing that does not say whose it is, and take over nothing of others', async () => {
  await expect(create('allowed', {})).rejects.toThrow(/may write its own children only/);
  await expect(kubectl('-n', 'allowed', 'label', 'configmap', 'foreign', OWN, ...OPERATOR)).rejects.toThrow(
    /may write its own children only/,
  );
});

it('lets it write nothing in other namespaces, kube-system among them', async () => {
  await expect(remove('other', 'own')).rejects.toThrow(/only in namespaces with the label distillation=allowed/);
  await expect(create('kube-system', { 'app.kubernetes.io/managed-by': 'distillation-operator' })).rejects.toThrow(
    /only in namespaces with the label/,
  );
});

it('concerns nobody else', async () => {
  expect(await kubectl('-n', 'other', 'delete', 'configmap', 'foreign')).toContain('deleted');
});
