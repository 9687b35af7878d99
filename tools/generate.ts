import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { argoSettingsText } from './generate/argocd.ts';
import { benchmarksText } from './generate/benchmarks.ts';
import { chartSchemaText } from './generate/chart-schema.ts';
import { cliReferenceText } from './generate/cli-reference.ts';
import { conditionsReferenceText } from './generate/conditions-reference.ts';
import { crdText } from './generate/crd.ts';
import { editorSchemaText } from './generate/editor-schema.ts';
import { errorReferenceText } from './generate/error-reference.ts';
import { baseRbacText, chartRulesText, permissionsReferenceText } from './generate/permissions.ts';
import { metricsReferenceText } from './generate/metrics-reference.ts';
import { chartQuickstartText } from './generate/quickstart.ts';
import { referenceText } from './generate/reference.ts';
import { schemaCheckText } from './generate/schema-check.ts';
import { teachersReferenceText } from './generate/teachers-reference.ts';
import { troubleshootingText } from './generate/troubleshooting.ts';

/**
 * Writes every file that is derived from the contract: `npm run generate`. With `--check`, which CI runs, nothing is written and a stale
 * file is a failure.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Generator of each file, by path from the repository's root. */
export const GENERATED: Readonly<Record<string, () => string>> = {
  'crds/distillation.dev_distillationjobs.yaml': crdText,
  'charts/distillation-operator/files/crd.yaml': crdText,
  'charts/distillation-operator/files/quickstart.yaml': chartQuickstartText,
  'charts/distillation-operator/files/rules.yaml': chartRulesText,
  'charts/distillation-operator/values.schema.json': chartSchemaText,
  'manifests/base/rbac.yaml': baseRbacText,
  'manifests/argocd/argocd-cm.yaml': argoSettingsText,
  'docs/benchmarks.md': benchmarksText,
  'docs/reference/cli.md': cliReferenceText,
  'docs/reference/conditions.md': conditionsReferenceText,
  'docs/reference/distillationjob.md': referenceText,
  'docs/reference/distillationjob.schema.json': editorSchemaText,
  'docs/reference/errors.md': errorReferenceText,
  'docs/reference/metrics.md': metricsReferenceText,
  'docs/reference/permissions.md': permissionsReferenceText,
  'docs/reference/teachers.md': teachersReferenceText,
  'docs/troubleshooting.md': troubleshootingText,
  'packages/api/src/validation/schema-check.js': schemaCheckText,
};

/** The generated files that are missing or out of date. */
export async function staleFiles(root: string): Promise<string[]> {
  const states = await Promise.all(
    Object.entries(GENERATED).map(async ([path, text]) => ({
      path,
      fresh: (await textOf(join(root, path))) === text(),
    })),
  );
  return states.filter(({ fresh }) => !fresh).map(({ path }) => path);
}

/** Writes the stale files. @returns their paths */
export async function writeGenerated(root: string): Promise<string[]> {
  const stale = await staleFiles(root);
  for (const path of stale) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), GENERATED[path]?.() ?? '');
  }
  return stale;
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

if (import.meta.main) {
  const check = process.argv.includes('--check');
  const stale = check ? await staleFiles(ROOT) : await writeGenerated(ROOT);
  for (const path of stale) console.log(check ? `stale: ${path}` : `wrote ${path}`);
  if (check && stale.length > 0) {
    console.error('Run `npm run generate` and commit the result.');
    process.exitCode = 1;
  }
}
