import { EXIT } from '@distillation/api/errors';
import { expect, it } from 'vitest';
import { operatorFor } from '../support/operator.ts';
import { bindClaim } from '../support/claim.ts';
import { PlayedJob } from '../support/played-job.ts';
import { newNamespace } from '../support/support.ts';
import { failPlanner, manifestFile, userOf } from './cli.ts';

/** Commands that change a job, by a user with the rights of `edit` in one namespace, with the real operator. */

async function world() {
  const namespace = await newNamespace();
  await bindClaim(namespace);
  const [user] = await Promise.all([userOf(namespace), operatorFor(namespace)]);
  const job = new PlayedJob(namespace, 'vgg');
  expect(await user.run('run', '-f', await manifestFile('vgg'), '--detach')).toMatchObject({ code: 0 });
  return { namespace, user, job };
}

it('suspends and resumes a job, cancels it when told so, and says each time what comes of it', async () => {
  const { namespace, user, job } = await world();
  await job.activePod('planner');
  const suspend = await user.run('suspend', 'vgg');
  expect(suspend.stdout).toBe(
    `distillationjob.distillation.dev/vgg suspended\nIts pods end, and the work done is kept; it goes on by \`kubectl distill resume vgg -n ${namespace}\`.\n`,
  );
  expect((await job.get()).spec.cluster.suspend).toBe(true);
  const resume = await user.run('resume', 'vgg', '-o', 'json');
  expect(JSON.parse(resume.stdout)).toMatchObject({ spec: { cluster: { suspend: false } } });
  expect((await user.run('resume', 'vgg')).stdout).toContain('vgg was not suspended\n');

  expect(await user.run('retry', 'vgg')).toMatchObject({
    code: EXIT.usage,
    stderr: expect.stringMatching(/^DISTILL_E_USAGE: vgg has not failed: it is [\w, ]+\./) as string,
  });
  expect((await user.run('cancel', 'vgg')).stderr).toContain('Say so by --yes.');
  expect((await user.run('cancel', 'vgg', '--yes')).stdout).toContain('vgg deleted\nWhat it has written stays');
  expect((await user.run('suspend', 'vgg')).stderr).toContain('DISTILL_E_JOB_NOT_FOUND');
});

it('tries a failed job again, which begins anew', async () => {
  const { user, job } = await world();
  await failPlanner(job);
  expect(await user.run('watch', 'vgg')).toMatchObject({ code: EXIT.input });
  expect(await user.run('suspend', 'vgg')).toMatchObject({
    code: EXIT.usage,
    stderr: expect.stringContaining('vgg is over: TeacherMissing. There is nothing to suspend.') as string,
  });
  expect((await user.run('retry', 'vgg')).stdout).toContain(
    'vgg is tried again\nWhat is finished on its volume counts.',
  );
  await job.plan();
  expect(await job.condition('Succeeded')).toMatchObject({ status: 'Unknown' });
});

it('reads no log where no pod has begun, and tells its versions', async () => {
  const { namespace, user, job } = await world();
  await job.activePod('planner');
  await job.reaches('Succeeded', 'Unknown');
  const { code, stderr } = await user.run('logs', 'vgg');
  expect(code).toBe(EXIT.retry);
  expect(stderr).toContain('DISTILL_E_LOG_NOT_THERE: None of its pods has begun: planner; the job is at ');
  expect((await user.run('report', 'vgg')).stdout).toMatch(/^Planning(, \w+)? +\d+ % /);
  const version = await user.run('version');
  expect(version).toMatchObject({ code: 0 });
  expect(version.stdout).toMatch(
    /^kubectl-distill +\d+\.\d+\.\d+\ndefinition +distillation.dev\/v1alpha1\noperator +you may not see/,
  );
  expect((await user.run('logs', 'vgg', '--bin', 'x', '-n', namespace)).code).toBe(EXIT.usage);
});
