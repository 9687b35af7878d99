import { expect, it } from 'vitest';
import { DISTILLATION_JOBS } from '../../../operator/src/objects/distillation-jobs.ts';
import { manifestWith } from '../../../packages/api/test/corpus/corpus.ts';
import { startCommand } from '../../support/cli.ts';
import { admin, adminClient, adminKubeconfig, newNamespace } from '../support/support.ts';

/** `kubectl distill doctor` against a real API server, as the administrator and as somebody who may do little. */

const doctor = (...args: string[]) => startCommand('doctor', '--kubeconfig', adminKubeconfig(), ...args).ended;

/** The operator's Deployment, with the one label that chart and kustomization both give it; no node runs its pods. */
const operatorIn = (namespace: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'distillation-operator',
    namespace,
    labels: { 'app.kubernetes.io/name': 'distillation-operator' },
  },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'operator' } },
    template: {
      metadata: { labels: { app: 'operator' } },
      spec: {
        containers: [{ name: 'operator', image: 'none.invalid/o:0.1.0', args: [`--namespace=${namespace}`] }],
      },
    },
  },
});

it('says that no operator serves the namespace, and what the job lacks', async () => {
  const namespace = await newNamespace();
  await admin().apply(manifestWith({}), namespace);
  const { code, stdout } = await doctor('sample', '-n', namespace);
  expect(code, stdout).toBe(78);
  expect(stdout).toMatch(/^ok +definition +DistillationJob v1alpha1$/m);
  expect(stdout).toMatch(/^PROBLEM +operator +none /m);
  expect(stdout).toMatch(/^PROBLEM +volume +there is no claim shared \(spec\.cluster\.volume\)$/m);
  expect(stdout).toMatch(/^PROBLEM +nodes +none of 0 nodes is ready$/m);
  expect(stdout).toMatch(/^PROBLEM +job +no operator has looked at it yet$/m);
});

it('finds an operator whose pods do not run, and gives the job’s own words', async () => {
  const namespace = await newNamespace();
  await admin().apply(operatorIn(namespace), namespace);
  await admin().apply(manifestWith({}), namespace);
  const condition = {
    type: 'Succeeded',
    status: 'False',
    reason: 'TeacherMissing',
    message: 'There is no teachers/model.json.',
    lastTransitionTime: new Date().toISOString(),
  };
  const where = { namespace, name: 'sample', subresource: 'status' };
  await adminClient().mergePatch(DISTILLATION_JOBS, where, {
    status: { observedGeneration: 1, conditions: [condition] },
  });
  const { code, stdout } = await doctor('sample', '-n', namespace);
  expect(code, stdout).toBe(78);
  expect(stdout).toContain(
    `PROBLEM  operator    ${namespace}/distillation-operator, none.invalid/o:0.1.0: 0 of 2 replicas`,
  );
  expect(stdout).toContain('TeacherMissing: There is no teachers/model.json.');
  expect(stdout).toContain(`kubectl distill retry sample -n ${namespace}`);
});

it('says what it may not see, to somebody without rights', async () => {
  const namespace = await newNamespace();
  const { code, stdout, stderr } = await doctor('-n', namespace, '--as', 'nobody');
  expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
  expect(stdout).toMatch(/^advice +operator +you may not see where it is installed$/m);
});

it('says that there is no cluster to be reached', async () => {
  const { code, stdout } = await doctor('--context', 'nowhere');
  expect(code, stdout).toBe(65);
});

it('names the right that is missing, and the role that has it, not one that has others', async () => {
  const namespace = await newNamespace();
  const as = ['-n', namespace, '--kubeconfig', adminKubeconfig(), '--as', 'nobody'];
  const [push, get] = await Promise.all(
    [['push', '--claim', 'shared', import.meta.filename], ['get']].map(
      (command) => startCommand(...command, ...as).ended,
    ),
  );
  expect(push?.stderr).toMatch(
    /^DISTILL_E_CLUSTER_FORBIDDEN: .* Ask for the right to list jobs\.batch .* `edit` have it\. Or/,
  );
  expect(get?.stderr).toMatch(
    / Ask for the right to list distillationjobs\.distillation\.dev .*`-viewer` and `-editor`/,
  );
});
