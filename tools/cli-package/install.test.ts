import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { load } from 'js-yaml';
import { x as extract } from 'tar';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Ended, type InstalledCli, installCli, runBare } from '../../test/support/installed-cli.ts';
import { sha256, writeArchive } from './archive.ts';
import { cliPackage, NAME } from './contents.ts';
import { krewManifest } from './krew.ts';
import { archiveName, nodeOf, PLATFORMS } from './platforms.ts';

/** The CLI as users get it: installed from an empty folder, with nothing of the repository and no registry in reach. */

const ROOT = join(import.meta.dirname, '../..');
const SAMPLE = join(ROOT, 'manifests/samples/cifar10-vgg16.yaml');
const HERE = PLATFORMS.find(
  ({ os, arch }) => os === process.platform && arch === (process.arch === 'x64' ? 'amd64' : 'arm64'),
);

let folder: string;
let cli: InstalledCli;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'distill-cli-'));
  cli = await installCli(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const installed = (...args: string[]): Promise<Ended> =>
  runBare(cli.program, args, { cwd: cli.empty, path: dirname(process.execPath) });

it('npm installs it without a registry, and it starts', async () => {
  expect(await installed('--help')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^usage/i) as string,
    stderr: '',
  });
  expect(await installed('validate', '-f', SAMPLE)).toEqual({ code: 0, stdout: `${SAMPLE}: ok\n`, stderr: '' });
});

it('a command for clusters gets as far as the kubeconfig, which is not there', async () => {
  const { code, stderr } = await installed('doctor');
  expect(stderr).toMatch(/^DISTILL_E_KUBECONFIG: There is no kubeconfig/);
  expect(code).toBe(65);
});

it('holds no TensorFlow and nothing that is made for one platform', () => {
  const paths = cli.files.map(({ path }) => path);
  expect(paths.filter((path) => /tensorflow|tfjs|onnxruntime|sharp|\.node$|\.so(\.|$)|\.wasm$/i.test(path))).toEqual(
    [],
  );
  expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist/cli.mjs', 'dist/sbom.cdx.json']));
});

it('--local says which packages it misses, and how to get them', async () => {
  for (const args of [['plan', '--local', '-f', SAMPLE], ['doctor', '--local'], ['setup']]) {
    const { code, stderr } = await installed(...args);
    expect(stderr).toMatch(/^DISTILL_E_LOCAL_PACKAGES: .*@tensorflow\/tfjs-node.*`npm install --ignore-scripts /s);
    expect(code).toBe(65);
  }
});

it('made again, it is the same archive to the bit', async () => {
  const again = join(folder, 'again.tgz');
  await writeArchive(again, 'package', await cliPackage(ROOT));
  expect(await sha256(again)).toBe(await sha256(cli.archive));
});

it("a release's archive brings Node, and starts through the link that krew makes", async () => {
  if (HERE === undefined) throw new Error(`no archive is made for ${process.platform} ${process.arch}`);
  const file = join(folder, archiveName(HERE, cli.version));
  await writeArchive(file, `${NAME}-${cli.version}`, [...cli.files, ...(await nodeOf(HERE, ROOT, folder))]);
  const place = join(folder, 'unpacked');
  await mkdir(place);
  await extract({ file, cwd: place });
  const link = join(folder, 'kubectl-link');
  await symlink(join(place, `${NAME}-${cli.version}`, NAME), link);
  await writeFile(join(cli.empty, 'node'), '#!/bin/sh\necho another Node >&2\nexit 1\n', { mode: 0o755 });
  expect(await runBare(link, ['validate', '-f', SAMPLE], { cwd: cli.empty, path: cli.empty })).toEqual({
    code: 0,
    stdout: `${SAMPLE}: ok\n`,
    stderr: '',
  });
});

it('the manifest for krew names each archive, its hash and the program in it', () => {
  const { version } = cli;
  const archives = PLATFORMS.map((platform, index) => ({
    platform,
    url: `https://example.com/${archiveName(platform, version)}`,
    sha256: String(index).repeat(64),
  }));
  const krew = load(krewManifest(version, 'https://example.com', archives)) as {
    metadata: { name: string };
    spec: { version: string; shortDescription: string; platforms: Record<string, unknown>[] };
  };
  expect(krew.metadata.name).toBe('distill');
  expect(krew.spec.version).toBe(`v${version}`);
  // krew's own rules for its index.
  expect(krew.spec.shortDescription).toMatch(/^[A-Z].{0,48}[^.]$/);
  expect(krew.spec.platforms).toEqual(
    archives.map(({ platform: { os, arch }, url, sha256: hash }) => ({
      selector: { matchLabels: { os, arch } },
      uri: url,
      sha256: hash,
      files: [{ from: `${NAME}-${version}/*`, to: '.' }],
      bin: NAME,
    })),
  );
});
