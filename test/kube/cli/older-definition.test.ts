import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EXIT } from '@distillation/api/errors';
import { extract } from 'tar';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findTools } from '../../../tools/kube-harness/assets.ts';
import { type ControlPlane, startControlPlane } from '../../../tools/kube-harness/control-plane.ts';
import { type Ended, startCommand } from '../../support/cli.ts';
import { until } from '../../../tools/kube-harness/access/until.ts';
import { manifestFile } from './cli.ts';

/** The command line of this checkout where an earlier release's definition is installed: a control plane of its own. */

const ARCHIVE = join(import.meta.dirname, '../install/older/d750619.tgz');
const CRDS = join(import.meta.dirname, '../../../crds/distillation.dev_distillationjobs.yaml');

let plane: ControlPlane;
let folder: string;

beforeAll(async () => {
  plane = await startControlPlane();
  folder = await mkdtemp(join(tmpdir(), 'distill-older-'));
  await extract({ file: ARCHIVE, cwd: folder });
  await kubectl('create', '-f', join(folder, 'charts/distillation-operator/files/crd.yaml'));
});
afterAll(async () => {
  await plane.stop();
  await rm(folder, { recursive: true });
});

async function kubectl(...args: string[]): Promise<void> {
  const { kubectl: program } = await findTools(['kubectl']);
  await promisify(execFile)(program, ['--kubeconfig', plane.kubeconfig, ...args]);
}

const distill = (...args: string[]): Promise<Ended> => startCommand(...args, '--kubeconfig', plane.kubeconfig).ended;

/** The API server publishes a definition some moments after it has taken it. */
const versionSays = (definition: string): Promise<true> =>
  until(`the definition is ${definition}`, async () => {
    const { stdout } = await distill('version');
    return stdout.includes(`\ndefinition       ${definition}\n`) ? true : undefined;
  });

it('is seen, refuses what it does not know in words that help, and is well again when upgraded', async () => {
  await versionSays('distillation.dev/v1alpha1, older than this command line');
  const doctor = await distill('doctor');
  expect(doctor.code).toBe(EXIT.config);
  expect(doctor.stdout).toMatch(/^PROBLEM +definition +older than this command line: it does not know spec\..* more$/m);

  const changes = { 'spec.managedBy': 'distillation.dev/operator', 'spec.cluster.className': 'cheap' };
  const file = await manifestFile('vgg', changes);
  const refused = await distill('run', '-f', file, '--detach');
  expect(refused.code, refused.stderr).toBe(EXIT.input);
  // The API server looks at the fields in no order, and at no sibling after one that it does not know.
  expect(refused.stderr).toMatch(
    /^DISTILL_E_CLUSTER_REFUSED: Cannot apply the job vgg: the definition of DistillationJobs on this cluster is older than this command line: it does not know (spec\.cluster\.className, )?spec\.managedBy\. Upgrade operator and definition /,
  );
  const plain = await distill('run', '-f', await manifestFile('plain'), '--detach');
  expect(plain.code, plain.stderr).toBe(0);

  await kubectl('replace', '-f', CRDS);
  await versionSays('distillation.dev/v1alpha1');
  const taken = await distill('run', '-f', file, '--detach');
  expect(taken.code, taken.stderr).toBe(0);
});
