import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EXIT } from '@distillation/api/errors';
import { findTools } from '../../../tools/kube-harness/assets.ts';
import { operatorFor } from '../support/operator.ts';
import { bindClaim } from '../support/claim.ts';
import { PlayedJob } from '../support/played-job.ts';
import { adminKubeconfig, adminConfig, newNamespace } from '../support/support.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { failPlanner, manifestFile, says, userOf } from './cli.ts';

/** `run`, `watch` and `get` against a real API server, by a user with the rights of `edit` in one namespace. */

async function world() {
  const namespace = await newNamespace();
  await bindClaim(namespace);
  const [user, operator] = await Promise.all([userOf(namespace), operatorFor(namespace)]);
  return { namespace, user, operator };
}

describe.concurrent('a job on a cluster', () => {
  it('is applied and followed to its result, and applied again without a change', async () => {
    const { namespace, user, operator } = await world();
    const job = new PlayedJob(namespace, 'vgg');
    const file = await manifestFile('vgg');
    const run = user.start('run', '-f', file);
    await says(run, 'distillationjob.distillation.dev/vgg created');
    await job.plan();
    // With the reason why its pods wait, or before it.
    await says(run, 'Training');
    await job.train();
    await job.finalize();
    const { code, stdout, stderr } = await run.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^(\[.*\] )?Training(, \w+)?$/m);
    expect(stdout).toMatch(/^test accuracy +78.60 % +77.00 % +−1.60 points$/m);
    expect(stdout).toContain('4 of 4 blocks in the student.');

    const again = await user.run('run', '-f', file);
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toMatch(/^distillationjob.distillation.dev\/vgg unchanged\n/);
    expect(again.stdout).toContain('test accuracy');
    const more = await user.run('run', '-f', file, '--bins', '3', '--detach');
    expect(more.stdout).toMatch(
      /^distillationjob.distillation.dev\/vgg configured\nFollow it by `kubectl distill watch vgg -n /,
    );
    expect((await job.get()).spec.scheduling.bins).toBe(3);

    const [table, wide, name, json] = await Promise.all([
      user.run('get'),
      user.run('get', 'vgg', '-o', 'wide'),
      user.run('get', '-o', 'name'),
      user.run('get', 'vgg', '-o', 'json'),
    ]);
    expect(table.stdout).toMatch(/^NAME +STATUS +REASON +PROGRESS +BLOCKS +BINS +ETA +AGE\nvgg +Succeeded +100 +4\/4 /);
    expect(wide.stdout).toMatch(/ teacher\/model.json +0.7700 +4.00x\n$/);
    expect(name.stdout).toBe('distillationjob.distillation.dev/vgg\n');
    expect(JSON.parse(json.stdout)).toMatchObject({
      kind: 'DistillationJob',
      status: { result: { outcome: 'StudentBuilt' } },
    });
    expect(operator.complaints).toEqual([]);
  });

  it('that fails ends the following with its cause, the way out and the exit status of the cause', async () => {
    const { namespace, user } = await world();
    const job = new PlayedJob(namespace, 'vgg');
    const run = user.start('run', '-f', await manifestFile('vgg'));
    await failPlanner(job);
    const { code, stderr } = await run.ended;
    expect(code).toBe(EXIT.input);
    expect(stderr).toMatch(
      /^DISTILL_E_TEACHER_MISSING: vgg has failed, TeacherMissing: .*There is no teacher\/model.json. Put it there./,
    );
    expect(stderr).toContain(`kubectl distill retry vgg -n ${namespace}`);
    expect(await user.run('watch', 'vgg')).toMatchObject({ code: EXIT.input });
    // The same columns by kubectl itself, from the definition.
    const { kubectl } = await findTools(['kubectl']);
    const theirs = await promisify(execFile)(kubectl, [
      '--kubeconfig',
      adminKubeconfig(),
      '-n',
      namespace,
      'get',
      'dj',
    ]);
    for (const { stdout } of [await user.run('get'), theirs]) {
      expect(stdout).toMatch(/^NAME +STATUS +REASON +PROGRESS .*\nvgg +Failed +TeacherMissing +0 /);
    }
  });

  it('says what keeps it waiting; Ctrl-C ends the watching and not the job', async () => {
    const { namespace, user } = await world();
    const job = new PlayedJob(namespace, 'vgg');
    const file = await manifestFile('vgg', { 'spec.cluster.queueName': 'team' });
    expect(await user.run('run', '-f', file, '--detach')).toMatchObject({ code: 0 });
    const watch = user.start('watch', '-f', file);
    await says(watch, 'KueueMissing');
    await says(watch, 'Install Kueue, or remove');
    watch.signal('SIGINT');
    const { code, stderr } = await watch.ended;
    expect({ code, stderr }).toEqual({
      code: EXIT.retry,
      stderr: `The job goes on; follow it by \`kubectl distill watch vgg -n ${namespace}\`.\n`,
    });
    expect(await job.get()).toBeDefined();
    const second = user.start('watch', 'vgg');
    await says(second, 'KueueMissing');
    await job.delete();
    const ended = await second.ended;
    expect(ended.code).toBe(EXIT.input);
    expect(ended.stderr).toContain('DISTILL_E_JOB_NOT_FOUND: vgg has been deleted while it was followed.');
  });

  it('is followed through connections that break', async () => {
    const { namespace } = await world();
    const server = adminConfig().getCurrentCluster()?.server ?? '';
    const proxy = await startTcpProxy(server);
    const folder = await mkdtemp(join(tmpdir(), 'distill-proxy-'));
    const kubeconfig = join(folder, 'config');
    await writeFile(kubeconfig, (await readFile(adminKubeconfig(), 'utf8')).replace(server, proxy.url));
    try {
      const user = await userOf(namespace, kubeconfig);
      const job = new PlayedJob(namespace, 'vgg');
      const run = user.start('run', '-f', await manifestFile('vgg'));
      // Stages may be over before they are seen; that there are lines of it tells that it is followed.
      await says(run, ' s] ');
      proxy.cut();
      await job.plan();
      await says(run, 'bin 0: ');
      proxy.cut();
      await job.train();
      proxy.cut();
      await job.finalize();
      expect(await run.ended).toMatchObject({ code: 0 });
    } finally {
      await proxy.close();
      await rm(folder, { recursive: true });
    }
  });
});

it('refuses a manifest of another namespace than that of -n, whatever is asked', async () => {
  const namespace = await newNamespace();
  const user = await userOf(namespace);
  const file = await manifestFile('vgg', { 'metadata.namespace': 'elsewhere' });
  for (const command of ['run', 'watch', 'report', 'doctor', 'push']) {
    const from = command === 'push' ? ['--from', await inputsFolder()] : [];
    const { code, stderr } = await user.run(command, '-f', file, ...from);
    expect({ command, code }).toEqual({ command, code: EXIT.usage });
    expect(stderr).toBe(
      `DISTILL_E_USAGE: ${file} is for the namespace elsewhere, and -n names ${namespace}. Leave -n out, or correct metadata.namespace.\n`,
    );
  }
});

/** Teacher and data where the corpus' manifest has them. */
async function inputsFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'distill-inputs-'));
  for (const path of ['teacher/model.json', 'data/cifar-10/a']) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), '{}');
  }
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

it('takes the one job of a file that holds its claim too, and says what it leaves to kubectl', async () => {
  const namespace = await newNamespace();
  const user = await userOf(namespace);
  const file = join(import.meta.dirname, '../../../manifests/samples/one-node.yaml');
  const { code, stdout, stderr } = await user.run('run', '-f', file, '--detach');
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: `Of ${file} the DistillationJob alone is applied, not: PersistentVolumeClaim one-node. \`kubectl apply -f ${file}\` applies all of it.\n`,
  });
  expect(stdout).toMatch(/^distillationjob\.distillation\.dev\/one-node created$/m);
});

it('says what is not there, and what to do', async () => {
  const namespace = await newNamespace();
  const user = await userOf(namespace);
  const [empty, missing, all] = await Promise.all([user.run('get'), user.run('watch', 'none'), user.run('get', '-A')]);
  expect(empty).toMatchObject({
    code: 0,
    stdout: '',
    stderr: `There are no DistillationJobs in the namespace ${namespace}.\n`,
  });
  expect(missing.code).toBe(EXIT.input);
  expect(missing.stderr).toContain(
    `There is no DistillationJob none in the namespace ${namespace}. See which there are by`,
  );
  expect(all.code).toBe(EXIT.input);
  expect(all.stderr).toContain('DISTILL_E_CLUSTER_FORBIDDEN: Cannot list jobs');
  expect(all.stderr).toContain('takes a ClusterRoleBinding, or name one namespace by -n instead of -A.');
});
