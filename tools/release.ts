import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { released, tells } from './release/changelog.ts';
import { isVersion, problemsIn, withVersion } from './release/places.ts';

/**
 * `npm run release -- 0.2.0` sets the version everywhere it stands and makes the change log's unreleased part that release. It makes no
 * commit and no tag. `--check` says whether all places agree, `--check --tag v0.2.0` whether they agree with a tag too. Needs Node and
 * git alone, so that it runs before `npm ci`.
 */

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const CHANGELOG = 'CHANGELOG.md';
const USAGE = `usage: npm run release -- VERSION    (such as 0.2.0)
       npm run release -- --check [--tag vVERSION]
`;

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Text files that git tracks or would track, relative to the root. */
function files(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return listed
    .split('\n')
    .filter(
      (path) => /(?:\.(?:json|ya?ml|md|ts|js|tpl|txt|cpu)|Dockerfile)$/.test(path) && existsSync(join(ROOT, path)),
    );
}

/** @returns what is wrong, a sentence each */
function check(tag: string | undefined): string[] {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  const problems = files().flatMap((path) => problemsIn(path, read(path), version));
  if (tag !== undefined && tag !== `v${version}`) problems.push(`The tag is ${tag}, the version ${version}.`);
  if (tag !== undefined && !tells(read(CHANGELOG), version)) problems.push(`${CHANGELOG} does not tell ${version}.`);
  return problems;
}

/** @returns the files that changed */
function release(version: string): string[] {
  const wrong = check(undefined);
  if (wrong.length > 0) throw new Error(`Before a release all places must agree:\n${wrong.join('\n')}`);
  const changelog = released(read(CHANGELOG), version, new Date().toISOString().slice(0, 10));
  const changed = files().flatMap((path) => {
    const text = path === CHANGELOG ? changelog : withVersion(path, read(path), version);
    return text === read(path) ? [] : [{ path, text }];
  });
  for (const { path, text } of changed) writeFileSync(join(ROOT, path), text);
  return changed.map(({ path }) => path);
}

const NEXT = (version: string): string => `Next:
  npm run generate && npm test
  git commit -am "Release ${version}"
  git tag v${version}
  git push origin HEAD v${version}    # the tag starts .github/workflows/publish.yaml
`;

/** @returns the exit code */
function main(): number {
  const { values, positionals } = parseArgs({
    options: { check: { type: 'boolean', default: false }, tag: { type: 'string' } },
    allowPositionals: true,
  });
  const [version, ...more] = positionals;
  if (values.check && version === undefined) {
    const problems = check(values.tag);
    process.stdout.write(problems.length === 0 ? 'All places have the same version.\n' : `${problems.join('\n')}\n`);
    return problems.length === 0 ? 0 : 1;
  }
  if (version === undefined || more.length > 0 || values.check || values.tag !== undefined || !isVersion(version)) {
    process.stderr.write(USAGE);
    return 2;
  }
  process.stdout.write(`${release(version).join('\n')}\n\n${NEXT(version)}`);
  return 0;
}

try {
  process.exitCode = main();
} catch (thrown) {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exitCode = 1;
}
