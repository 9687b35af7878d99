import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { isVersion, placesIn, problemsIn, withVersion } from './places.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('the repository', () => {
  it('has one version everywhere', () => {
    const { stdout, status } = spawnSync(process.execPath, [join(ROOT, 'tools/release.ts'), '--check'], {
      encoding: 'utf8',
    });
    expect({ stdout, status }).toEqual({ stdout: 'All places have the same version.\n', status: 0 });
  });

  it('is told from a tag of another version', () => {
    const { stdout, status } = spawnSync(
      process.execPath,
      [join(ROOT, 'tools/release.ts'), '--check', '--tag', 'v99.0.0'],
      { encoding: 'utf8' },
    );
    expect(stdout).toContain('The tag is v99.0.0');
    expect(status).toBe(1);
  });

  it.each([
    ['package.json', 1],
    ['packages/ledger/package.json', 3],
    ['charts/distillation-operator/Chart.yaml', 2],
    ['charts/distillation-operator/values.yaml', 1],
    ['manifests/base/deployment.yaml', 2],
    ['manifests/registry/kustomization.yaml', 3],
    ['manifests/cpu-only/kustomization.yaml', 2],
    ['manifests/samples/files-pod.yaml', 1],
    ['images/operator/Dockerfile', 1],
    ['images/worker/Dockerfile', 1],
    ['images/worker/Dockerfile.cpu', 1],
    ['README.md', 1],
    ['docs/cluster.md', 2],
    ['docs/security.md', 4],
  ])('has the version in %s', (path, least) => {
    expect(placesIn(path, read(path)).length).toBeGreaterThanOrEqual(least);
  });

  it('has it in the lock twice for the root, and for each workspace and what it depends on', () => {
    const workspaces = execFileSync(
      'git',
      ['ls-files', 'packages/*/package.json', 'operator/package.json', 'worker/package.json', 'cli/package.json'],
      {
        cwd: ROOT,
        encoding: 'utf8',
      },
    )
      .trim()
      .split('\n');
    const inManifests = workspaces.flatMap((path) => placesIn(path, read(path)));
    expect(placesIn('package-lock.json', read('package-lock.json'))).toHaveLength(2 + inManifests.length);
  });
});

describe('a new version', () => {
  it('goes into every place of a file and leaves the rest alone', () => {
    const manifest = `{
  "name": "@distillation/core",
  "version": "0.1.0",
  "dependencies": {
    "@distillation/api": "0.1.0",
    "other": "0.1.0"
  }
}
`;
    expect(withVersion('packages/core/package.json', manifest, '0.12.0-rc.1')).toBe(
      manifest
        .replace('"version": "0.1.0"', '"version": "0.12.0-rc.1"')
        .replace('api": "0.1.0"', 'api": "0.12.0-rc.1"'),
    );
    const text = 'docker push $R/distillation-worker:0.1.0 # not other:0.1.0\n';
    expect(withVersion('docs/x.md', text, '1.0.0')).toBe(text.replace('worker:0.1.0', 'worker:1.0.0'));
  });

  it('leaves other packages of the lock alone', () => {
    const lock = `{
  "name": "x",
  "version": "0.1.0",
  "packages": {
    "": {
      "version": "0.1.0"
    },
    "node_modules/fengari": {
      "version": "0.1.0"
    },
    "worker": {
      "version": "0.1.0",
      "dependencies": {
        "@distillation/api": "0.1.0"
      }
    },
    "worker/node_modules/y": {
      "version": "0.1.0"
    }
  }
}
`;
    const changed = withVersion('package-lock.json', lock, '0.2.0');
    expect(changed.match(/0\.2\.0/g)).toHaveLength(4);
    expect(changed).toContain('"node_modules/fengari": {\n      "version": "0.1.0"');
    expect(changed).toContain('"worker/node_modules/y": {\n      "version": "0.1.0"');
  });
});

describe('problems', () => {
  it('are places of another version, with their line', () => {
    expect(problemsIn('docs/x.md', 'one\ndistillation-worker:0.0.9\n', '0.1.0')).toEqual([
      'docs/x.md:2 says 0.0.9, not 0.1.0.',
    ]);
  });

  it('are mentions that a release would leave behind, and no parts of other numbers', () => {
    expect(problemsIn('docs/x.md', 'We are at 0.1.0.\n', '0.1.0')).toEqual([
      'docs/x.md:1 has 0.1.0 where a release would not change it (tools/release/places.ts).',
    ]);
    expect(problemsIn('docs/x.md', '10.1.0 0.1.00 0.1.0.4 v0.1.0-rc.1 0.1.0-rc.1\n', '0.1.0')).toEqual([]);
  });
});

it('a version is three numbers, with or without a pre-release', () => {
  for (const version of ['0.2.0', '10.20.30', '1.0.0-rc.1', '1.0.0-beta']) expect(isVersion(version)).toBe(true);
  for (const version of ['1.0', 'v1.0.0', '1.0.0-', '1.0.0-a..b', ' 1.0.0', '1.0.0+x'])
    expect(isVersion(version)).toBe(false);
});
