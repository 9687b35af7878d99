import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type InstalledCli, installCli, runBare } from '../../support/installed-cli.ts';
import { adminKubeconfig, newNamespace } from '../support/support.ts';

/** The CLI as npm installs it from an empty folder, against a real API server. */

let folder: string;
let cli: InstalledCli;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'distill-cli-'));
  cli = await installCli(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('reaches the cluster, and says what it lacks', async () => {
  const args = ['doctor', '--kubeconfig', adminKubeconfig(), '--namespace', await newNamespace()];
  const { code, stdout, stderr } = await runBare(cli.program, args, {
    cwd: cli.empty,
    path: dirname(process.execPath),
  });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^ok +definition +DistillationJob v1alpha1$/m);
  expect(stdout).toMatch(/^PROBLEM +operator /m);
  expect(code).toBe(78);
});
