import { expect, test } from 'vitest';
import { podOf, renderChart } from './install/helm.ts';
import { operatorFor } from './support/operator.ts';
import { bindClaim } from './support/claim.ts';
import { PlayedJob } from './support/played-job.ts';
import { newNamespace } from './support/support.ts';

/** Classes of defaults as a platform team sets them: by values of the chart, whose flags the operator here gets. */

async function flagsOf(jobs: object): Promise<string[]> {
  const [{ args }] = podOf(await renderChart('--set-json', `jobs=${JSON.stringify(jobs)}`)).containers;
  return args.filter((arg) => arg.startsWith('--pod-'));
}

test('a job waits for the class that it names, takes it when a new release has it, and keeps its pods when it goes', async () => {
  const namespace = await newNamespace();
  await bindClaim(namespace);
  const job = new PlayedJob(namespace);
  const defaults = { nodeSelector: { pool: 'any' }, schedulerName: 'of-all' };
  const t4 = { nodeSelector: { gpu: 't4' } };
  const a100 = { nodeSelector: { gpu: 'a100' }, env: [{ name: 'QUOTE', value: `"it's"` }] };

  const first = await operatorFor(namespace, { args: await flagsOf({ defaults, classes: { t4 } }) });
  await job.apply({ 'spec.cluster.className': 'a100' });
  const { message } = await job.reaches('Succeeded', 'Unknown', 'ClassNotFound');
  expect(message).toContain('no class a100, which spec.cluster.className names; it has t4.');
  expect(await job.jobs()).toEqual([]);
  await first.stop();

  const second = await operatorFor(namespace, { args: await flagsOf({ defaults, classes: { t4, a100 } }) });
  const pod = await job.activePod('planner');
  expect(pod.spec).toMatchObject({ nodeSelector: { gpu: 'a100' }, schedulerName: 'of-all' });
  expect(pod.spec?.containers[0]?.env).toContainEqual(a100.env[0]);
  await second.stop();

  await operatorFor(namespace, { args: await flagsOf({ defaults }) });
  await job.run(pod);
  await job.reaches('Succeeded', 'Unknown', 'Planning');
  expect((await job.activePod('planner')).metadata?.uid).toBe(pod.metadata?.uid);
  // What comes next has to be made, and waits.
  await job.plan();
  await job.reaches('Succeeded', 'Unknown', 'ClassNotFound');
  expect((await job.get()).status?.plan).toBeDefined();
});
