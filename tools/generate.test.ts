import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifestWith } from '../packages/api/test/corpus/corpus.ts';
import { BAD, GOOD } from '../packages/api/test/corpus/manifests.ts';
import { ERRORS } from '@distillation/api/errors';
import { RULES } from '@distillation/api/rules';
import { validateJob } from '@distillation/api/validate';
import { Ajv } from 'ajv';
import { load } from 'js-yaml';
import { afterEach, describe, expect, it } from 'vitest';
import { GENERATED, staleFiles, writeGenerated } from './generate.ts';
import { crd, crdText, structural } from './generate/crd.ts';
import { editorSchemaText } from './generate/editor-schema.ts';
import { errorReferenceText } from './generate/error-reference.ts';
import { referenceText } from './generate/reference.ts';
import { CONTRACT, type Schema } from './generate/schema.ts';

/** Dotted paths of every field. */
const fieldsOf = (schema: Schema, path: string): string[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, child]) => [
    `${path}.${name}`,
    ...fieldsOf(child, `${path}.${name}`),
  ]);

interface OpenApi {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, OpenApi>>;
}

const openApi = (crd() as { spec: { versions: [{ schema: { openAPIV3Schema: OpenApi } }] } }).spec.versions[0].schema
  .openAPIV3Schema;

let folder: string | undefined;
afterEach(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true });
  folder = undefined;
});

describe('the generated files', () => {
  it('are up to date in the repository', async () => {
    expect(await staleFiles(fileURLToPath(new URL('..', import.meta.url)))).toEqual([]);
  });

  it('are written only when stale, and reported as stale when changed', async () => {
    folder = await mkdtemp(join(tmpdir(), 'generate-'));
    expect(await staleFiles(folder)).toEqual(Object.keys(GENERATED));
    expect(await writeGenerated(folder)).toEqual(Object.keys(GENERATED));
    expect(await writeGenerated(folder)).toEqual([]);
    const path = 'docs/reference/errors.md';
    await writeFile(join(folder, path), `${await readFile(join(folder, path), 'utf8')} `);
    expect(await staleFiles(folder)).toEqual([path]);
  });
});

describe('the custom resource definition', () => {
  it('is a structural schema: a type everywhere, nothing that the API server refuses', () => {
    const visit = (schema: OpenApi, path: string): void => {
      expect(schema['type'] !== undefined || schema['x-kubernetes-int-or-string'] === true, path).toBe(true);
      for (const keyword of ['$id', 'const', 'patternProperties']) expect(schema, path).not.toHaveProperty(keyword);
      expect(schema['additionalProperties'], path).not.toBe(false);
      // The API server uses RE2, without lookaround and backreferences.
      expect(typeof schema['pattern'] === 'string' ? schema['pattern'] : '', path).not.toMatch(/\(\?[=!<]|\\[1-9]/);
      for (const [name, child] of Object.entries(schema.properties ?? {})) visit(child, `${path}.${name}`);
      if (schema['items'] !== undefined) visit(schema['items'] as OpenApi, `${path}[]`);
    };
    visit(openApi, 'root');
  });

  it('requires only fields without a default, and has the same defaults as validateJob', () => {
    expect(openApi.properties?.['spec']?.['required']).toEqual(['teacher', 'dataset', 'outputs']);
    // Fills in defaults as the API server does, from the outside in.
    const fill = (schema: OpenApi, value: unknown): unknown => {
      if (Array.isArray(value)) return value.map((entry) => fill(schema['items'] as OpenApi, entry));
      if (typeof value !== 'object' || value === null) return value;
      const filled: Record<string, unknown> = { ...value };
      for (const [name, child] of Object.entries(schema.properties ?? {})) {
        const given = filled[name] ?? structuredClone(child['default']);
        if (given !== undefined) filled[name] = fill(child, given);
      }
      return filled;
    };
    for (const { set, place } of GOOD) {
      const manifest = manifestWith(set);
      const direct = validateJob(manifest, place);
      expect(direct).toHaveProperty('job');
      expect(validateJob(fill(openApi, manifest), place)).toEqual(direct);
    }
  });

  it('contains every rule, with an existing field and a message of one line', () => {
    const validations = openApi.properties?.['spec']?.['x-kubernetes-validations'] as {
      message: string;
      fieldPath: string;
    }[];
    expect(validations).toHaveLength(RULES.filter(({ place }) => place !== 'Local').length);
    const fields = fieldsOf(CONTRACT, '');
    for (const { message, fieldPath } of validations) {
      expect(fields).toContain(`.spec${fieldPath}`);
      expect(message).not.toContain('\n');
    }
  });

  it('is YAML that is equal to the object', () => {
    expect(load(crdText())).toEqual(JSON.parse(JSON.stringify(crd())));
  });

  it('refuses a keyword that it cannot translate', () => {
    expect(() => structural({ type: 'string', oneOf: [] } as unknown as Schema)).toThrow('no translation for oneOf');
  });
});

describe('the references', () => {
  it('describe every field', () => {
    const text = referenceText();
    for (const path of fieldsOf(CONTRACT, '')) {
      const name = path.split('.').at(-1) ?? '';
      if (path.startsWith('.spec.') || path.startsWith('.metadata.')) expect(text).toContain(`| \`${name}\` |`);
    }
    const visit = (schema: Schema, path: string): void => {
      for (const [name, child] of Object.entries(schema.properties ?? {})) {
        expect(child.description ?? '', `${path}.${name}`).toMatch(/^[A-Z0-9`].*[.)]$/s);
        visit(child, `${path}.${name}`);
      }
    };
    visit(CONTRACT.properties?.['spec'] ?? {}, 'spec');
  });

  it('link only to sections that exist', () => {
    const text = referenceText();
    const anchors = new Set(
      [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title.replaceAll('.', '').toLowerCase()),
    );
    for (const [, anchor = ''] of text.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor);
  });

  it('list every error', () => {
    const text = errorReferenceText();
    for (const code of Object.keys(ERRORS)) expect(text).toContain(`\`${code}\``);
  });

  it('give editors a schema that agrees with the corpus', () => {
    const check = new Ajv({ strict: false, validateFormats: false }).compile(JSON.parse(editorSchemaText()) as object);
    for (const { title, set } of GOOD) expect(check(manifestWith(set)), title).toBe(true);
    for (const { title, set, by } of BAD)
      if (by === 'Schema' || by === 'UnknownField') expect(check(manifestWith(set)), title).toBe(false);
  });
});
