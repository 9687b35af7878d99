import { describe, expect, it } from 'vitest';
import {
  CHART,
  DEFINITION,
  documented,
  empty,
  install,
  olderRepository,
  onEmptyPlane,
  shell,
  upgradeCommand,
} from './empty-plane.ts';

/**
 * The commands by which the documents install, upgrade and uninstall, as they stand, on a control plane that has nothing of ours. There
 * are no nodes, so that nobody waits for pods: test/cluster/dev-cluster.test.ts does.
 */

onEmptyPlane();

/** A field that the older definition has not. */
const NEWER = 'envFrom';
const isOld = async (): Promise<boolean> =>
  (await shell(`kubectl get ${DEFINITION} -o jsonpath={.spec} | grep -c ${NEWER} || true`)).trim() === '0';

/** The definition is served a moment after it is there: where pods run, `helm --wait` waits for an operator that reads jobs. */
// `kubectl wait` does not bear a definition that has no conditions yet.
const SERVED = "timeout 600 sh -c 'until kubectl get dj > /dev/null 2>&1; do sleep 0.2; done'";
const SAMPLE = `${SERVED}
  kubectl apply -f manifests/samples/cifar10-vgg16.yaml`;
const spec = async (): Promise<object> =>
  JSON.parse(await shell('kubectl get dj cifar10-vgg16 -o jsonpath={.spec}')) as object;
const jobs = (): Promise<string> => shell('kubectl get dj -o name');
const THE_JOB = 'distillationjob.distillation.dev/cifar10-vgg16\n';

async function expectImages(): Promise<void> {
  const what = await shell('kubectl --namespace distillation-system get deployment -o yaml');
  expect(what).toContain('image: registry.example.com/you/distillation-operator:0.1.0');
  expect(what).toContain('- --worker-image=registry.example.com/you/distillation-worker:0.1.0');
}

describe('the chart', () => {
  it('installs the operator with the images named, by the command of each document', async () => {
    const commands = await Promise.all([
      documented('docs/cluster.md', 'Install'),
      documented(`${CHART}/README.md`, 'distillation-operator'),
    ]);
    // They say the same.
    for (const command of new Set(commands.map((text) => `${text.trim()}\n`))) {
      await empty();
      await shell(command);
      await expectImages();
      await shell(SAMPLE);
      expect(await jobs()).toBe(THE_JOB);
    }
  });

  it('README.md brings a first job, once: an upgrade leaves it alone', async () => {
    // Its `--wait` waits until the definition is served; here it is there already.
    await shell(`${await install()}\n${await upgradeCommand('uninstall')}\n${SERVED}`);
    const inSystem = (what: string): Promise<string> => shell(`kubectl --namespace distillation-system get ${what}`);
    const job = (): Promise<string> => inSystem('dj quickstart -o jsonpath={.metadata.uid}');
    const readme = await documented('README.md', 'On a cluster');
    await shell(readme);
    await expectImages();
    const first = await job();
    await shell(`${await upgradeCommand('upgrade')} --set worker.image=other/worker:1`);
    expect(await job()).toBe(first);
    // The samples are looked at by another image's Job.
    expect(await inSystem('jobs -o jsonpath={.items[*].spec.template.spec.containers[0].image}')).toBe(
      'other/worker:1',
    );
    // And once more by the same image's, which a Job that failed would never be.
    const samples = (): Promise<string> => inSystem('jobs -o jsonpath={.items[*].metadata.uid}');
    const failed = await samples();
    await shell(await upgradeCommand('upgrade'));
    expect(await samples()).toMatch(/^[-0-9a-f]{36}$/);
    expect(await samples()).not.toBe(failed);
    await shell(await upgradeCommand('uninstall'));
    expect(await inSystem('jobs -o name')).toBe('');
    expect(await inSystem('pvc -o name')).toContain('distillation-quickstart');
    await shell(readme);
    expect(await job()).toBe(first);
  });
});

describe('a release', () => {
  it('of an older chart is upgraded, rolled back and uninstalled with its definition, and no job is lost', async () => {
    const repository = await olderRepository();
    await shell(await install(), repository);
    await shell(SAMPLE, repository);
    expect(await isOld()).toBe(true);
    const written = await spec();
    await shell(await upgradeCommand('upgrade'));
    expect(await isOld()).toBe(false);
    // What was written for the older definition is as valid for the newer one, and means the same.
    expect(await shell(SAMPLE, repository)).toContain('cifar10-vgg16 unchanged');
    await shell('kubectl label dj cifar10-vgg16 team=vision');
    expect(await spec()).toMatchObject(written);
    // What was set stays.
    expect(await shell('kubectl --namespace distillation-system get deployment -o yaml')).toContain(
      'registry.example.com/you',
    );
    await shell(await upgradeCommand('rollback'));
    expect(await isOld()).toBe(true);
    await shell(await upgradeCommand('uninstall'));
    expect(await shell('kubectl --namespace distillation-system get deployment -o name')).toBe('');
    expect(await jobs()).toBe(THE_JOB);
    await shell(await install());
    expect(await isOld()).toBe(false);
    expect(await jobs()).toBe(THE_JOB);
  });

  it('takes all jobs with it when told to', async () => {
    await shell(`${await install()} --set crds.keep=false`);
    await shell(SAMPLE);
    await shell(await upgradeCommand('uninstall'));
    await shell(`kubectl wait --for=delete ${DEFINITION} --timeout=600s`);
  });
});

describe('a definition that is there already', () => {
  it.each([
    ['by kubectl', 'kubectl apply -k crds'],
    ['by kubectl, server-side', 'kubectl apply --server-side -k crds'],
    [
      'by a release of another name',
      `helm install other ${CHART} --namespace default && helm uninstall other --namespace default`,
    ],
  ])('%s, and older, is given over as the chart’s README says', async (_, command) => {
    await shell(command, await olderRepository());
    await expect(shell(await install())).rejects.toThrow(/invalid ownership metadata/);
    expect(await isOld()).toBe(true);
    const repository = 'export REPOSITORY=registry.example.com/you';
    await shell(`${repository}\n${await documented(`${CHART}/README.md`, 'Upgrade, roll back, uninstall', 1)}`);
    expect(await isOld()).toBe(false);
  });

  it('stays whose it is when the release is told not to bring its own', async () => {
    await shell('kubectl apply -k crds');
    await shell(`${await install()} --set crds.install=false`);
    expect(await upgradeCommand('uninstall')).not.toBe('');
    await shell(await upgradeCommand('uninstall'));
    expect(await shell(`kubectl get ${DEFINITION} -o name`)).not.toBe('');
  });
});

describe('kustomize', () => {
  it.each([
    ['docs/cluster.md', 'kubectl apply -k manifests/registry', 'registry.example.com/you/distillation-operator:0.1.0'],
    ['the base', 'kubectl apply -k manifests/base', 'distillation-operator:0.1.0'],
  ])('installs as well: %s', async (document, command, image) => {
    if (document.endsWith('.md')) expect(await documented(document, 'Install', 1)).toContain(command);
    await shell(command);
    expect(await shell('kubectl --namespace distillation-system get deployment -o yaml')).toContain(`image: ${image}`);
    // Applied again, as after a `git pull`.
    expect(await shell(command)).toContain('deployment.apps/distillation-operator unchanged');
    await shell(SAMPLE);
  });
});
