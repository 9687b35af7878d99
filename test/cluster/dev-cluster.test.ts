import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Abort, until } from '../../tools/kube-harness/access/until.ts';
import { LABEL } from '@distillation/api/labels';
import type { DistillationJobObject } from '../../operator/src/objects/snapshot.ts';
import { DEPLOYMENT, ROOT, SYSTEM } from './operator.ts';
import { onDevCluster } from '../../tools/dev-cluster/commands.ts';
import { shellBlocks } from '../../tools/docs/shell.ts';
import type { TestRegistry } from '../support/registry.ts';
import { packageToServe, shortenQuickstart } from './quickstart.ts';
import { shortSample } from './sample-recipe.ts';

/**
 * The ways to a student by README and by docs/cluster.md: the commands of the one and those that `npm run dev-cluster` prints are run in a
 * shell, in a clone whose sample jobs take only seconds. Since nobody else uses this cluster, the operator is uninstalled in between, and
 * installed in yet another way.
 */

const run = promisify(execFile);
const SAMPLE = 'manifests/samples/cifar10-vgg16.yaml';

let clone: string;
let cluster: ChildProcess;
let output = '';
let package_: TestRegistry;

/** What git has of this repository, or would have, with its packages. */
async function makeClone(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'distill-clone-'));
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const { stdout } = await run('git', list, { cwd: ROOT, maxBuffer: 1 << 24 });
  for (const path of stdout.split('\0').filter(Boolean)) {
    // One that is deleted and not yet committed is no part of it.
    await cp(join(ROOT, path), join(folder, path)).catch(() => undefined);
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

beforeAll(async () => {
  clone = await makeClone();
  // With a GPU, which is only played: that is what people meet there. JSON is YAML.
  await writeFile(join(clone, SAMPLE), JSON.stringify(await shortSample()));
  await shortenQuickstart(clone);
  const args = ['--disable-warning=ExperimentalWarning', 'tools/dev-cluster.ts', '--nodes', '1'];
  package_ = await packageToServe();
  cluster = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [cluster.stdout, cluster.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  await until('the cluster is there', () => {
    if (cluster.exitCode !== null) throw new Abort(`it ended: ${output}`);
    return output.includes('Ctrl-C ends it.') || undefined;
  });
});

afterAll(async () => {
  await package_.close();
  if (cluster.exitCode === null) {
    const ended = new Promise((resolve) => cluster.once('exit', resolve));
    cluster.kill('SIGINT');
    await ended;
  }
  // What outlives it for a moment may still hold them.
  for (const stream of [cluster.stdout, cluster.stderr]) stream?.destroy();
  await rm(clone, { recursive: true });
});

/** What it prints: a block that lets a shell talk to the cluster, and those that follow. */
function printed(): string {
  return /in this folder:\n\n([\s\S]*)\n\nCtrl-C ends it\./.exec(output)?.[1] ?? '';
}

/** @returns standard output @throws Error with standard error */
async function shell(script: string): Promise<string> {
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: clone, maxBuffer: 1 << 26 });
  return stdout;
}

/** Runs kubectl or helm in a shell of its own. */
const onCluster = (command: string): Promise<string> => shell([printed().split('\n\n')[0], command].join('\n'));

const DEFINITION = 'crd/distillationjobs.distillation.dev';
const JOB = 'distillationjob.distillation.dev/cifar10-vgg16\n';

const uninstall = (): Promise<string> =>
  onCluster(`helm uninstall distillation --namespace ${SYSTEM} --wait --timeout 10m
    kubectl --namespace ${SYSTEM} wait --for=delete pod --selector app.kubernetes.io/name=distillation-operator --timeout=600s`);

it('README.md leads by three commands from an empty cluster to student and report', async () => {
  const [install = '', follow = ''] = shellBlocks(await readFile(join(clone, 'README.md'), 'utf8'), 'On a cluster');
  // Pods of this cluster reach this machine, and nothing else.
  const kubeconfig = /KUBECONFIG=(.*)$/m.exec(printed())?.[1] ?? '';
  const [, prefix = ''] = /https:\/\/(\d+\.\d+\.\d+)\.1:/.exec(await readFile(kubeconfig, 'utf8')) ?? [];
  await package_.listen(`${prefix}.254`);
  await onCluster(onDevCluster(install, `quickstart.registry=${package_.url}`));
  console.log(await onCluster(follow));
  const [student, report] = ['student/model.json', 'report.json'].map((name) =>
    join(clone, 'distill-data/quickstart', name),
  );
  expect((await stat(student ?? '')).size).toBeGreaterThan(0);
  expect(JSON.parse(await readFile(report ?? '', 'utf8'))).toMatchObject({ job: 'quickstart' });
  expect(package_.ranges).toEqual([undefined]);
});

it('uninstalled, it leaves definition, job and volume', async () => {
  await uninstall();
  expect(await onCluster(`kubectl --namespace ${SYSTEM} get pods,deployments --output name`)).not.toContain('operator');
  expect(await onCluster(`kubectl get ${DEFINITION} --output name`)).toContain('distillationjobs');
  expect(await onCluster(`kubectl --namespace ${SYSTEM} get dj,pvc --output name`)).toBe(
    'distillationjob.distillation.dev/quickstart\npersistentvolumeclaim/distillation-quickstart\n',
  );
});

it('what it prints leads to student and report', async () => {
  const stdout = await shell(printed());
  console.log(stdout);
  expect(stdout).toMatch(/^cifar10-vgg16 +Succeeded +100 +1\/1 /m);
  const results = join(clone, 'distill-data/cifar10-vgg16');
  const report = await readFile(join(results, 'report.html'), 'utf8');
  expect(report).toContain('cifar10-vgg16');
  expect((await stat(join(results, 'student/model.json'))).size).toBeGreaterThan(0);
});

it('installed by kustomize as it is, it runs a job to its end', async () => {
  await uninstall();
  expect(await onCluster('kubectl get dj --output name')).toBe(JOB);
  await onCluster(`kubectl apply -k manifests/base
    kubectl --namespace ${SYSTEM} rollout status deployment/${DEPLOYMENT} --timeout=600s`);
  const pods = `kubectl --namespace ${SYSTEM} get pods --selector app.kubernetes.io/component=operator --output`;
  const names = (await onCluster(`${pods} 'jsonpath={.items[*].metadata.name}'`)).split(' ');
  expect(names).toHaveLength(2);
  await until('one of the operators leads', async () => {
    const lease = `kubectl --namespace ${SYSTEM} get lease distillation-operator`;
    const holder = await onCluster(`${lease} --output 'jsonpath={.spec.holderIdentity}'`);
    return names.some((name) => holder.startsWith(name)) || undefined;
  });
  // A machine that is too busy costs an operator its lease (75) or its life by the kubelet; none ends by an error of its own.
  const ends = await onCluster(
    `${pods} 'jsonpath={.items[*].status.containerStatuses[*].lastState.terminated.exitCode}'`,
  );
  expect(['75', '137', '143']).toEqual(expect.arrayContaining(ends.split(' ').filter(Boolean)));

  const { metadata, spec, ...rest } = await shortSample({ cluster: { gpu: { count: 0 } } });
  const [name, path] = ['smallest', 'jobs/smallest'];
  const outputs = { ...spec.outputs, path, formats: ['TfjsLayers'] };
  const job = { ...rest, metadata: { ...metadata, name }, spec: { ...spec, outputs } };
  await writeFile(join(clone, 'smallest.json'), JSON.stringify(job));
  await onCluster(`kubectl apply -f smallest.json
    kubectl wait --for=jsonpath='{.status.completionTime}' dj/${name} --timeout=10m`);
  const { status } = JSON.parse(await onCluster(`kubectl get dj ${name} --output json`)) as DistillationJobObject;
  expect(status?.conditions?.[0]).toMatchObject({ type: 'Succeeded', status: 'True' });
  expect(status?.result?.recipe).toMatch(/^[0-9a-f]{8}/);
  const ofJob = `--selector ${LABEL.job}=${name}`;
  const images = await onCluster(`kubectl get pods ${ofJob} --output 'jsonpath={.items[*].spec.containers[0].image}'`);
  expect(new Set(images.split(' '))).toEqual(new Set(['distillation-worker:0.1.0']));
});
