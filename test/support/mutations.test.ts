import { manifestWith } from '../../packages/api/test/corpus/corpus.ts';
import { GOOD } from '../../packages/api/test/corpus/manifests.ts';
import { validateJob } from '@distillation/api/validate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { specSchema } from './definition.ts';
import { type StructuralSchema, everyMutation, mutationOf, sitesOf, valueOf } from './mutations.ts';

const schema = specSchema();
const specOf = (set: Readonly<Record<string, unknown>>): object => (manifestWith(set) as { spec: object }).spec;

/** Paths of the fields in which two objects differ, the outermost ones. */
function differences(a: unknown, b: unknown, path: string): string[] {
  if (
    typeof a !== 'object' ||
    typeof b !== 'object' ||
    a === null ||
    b === null ||
    Array.isArray(a) !== Array.isArray(b)
  ) {
    return a === b ? [] : [path];
  }
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) return [path];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key) => {
    const at = Array.isArray(a) ? `${path}[${key}]` : `${path}.${key}`;
    return differences((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], at);
  });
}

const pathsOf = (node: StructuralSchema, path: string): string[] =>
  Object.entries(node.properties ?? {}).map(([name]) => `${path}.${name}`);

describe('mutations of a spec', () => {
  it('change the one field that they name, and nothing of what they are given', () => {
    for (const [index, { set }] of GOOD.entries()) {
      const value = specOf(set);
      const before = structuredClone(value);
      for (const mutation of everyMutation({ schema, value, path: 'spec' }, index)) {
        const changed = differences(value, mutation.value, 'spec');
        expect(changed.length, `${mutation.kind} ${mutation.path}`).toBeGreaterThan(0);
        for (const path of changed) expect(path.startsWith(mutation.path)).toBe(true);
      }
      expect(value).toEqual(before);
    }
  });

  it('reach every field: sections that are absent are added, those that are there are gone into', () => {
    const sparse = everyMutation({ schema, value: specOf({}), path: 'spec' }, 1);
    expect(new Set(sparse.map(({ path }) => path))).toEqual(
      new Set([...pathsOf(schema, 'spec'), ...sparse.map(({ path }) => path)]),
    );
    const validated = validateJob(manifestWith({}));
    if (!('job' in validated)) throw new Error('the minimal job is refused');
    const full = new Set(everyMutation({ schema, value: validated.job.spec, path: 'spec' }, 1).map(({ path }) => path));
    for (const section of ['training', 'training.optimizer', 'training.optimizer.schedule', 'cluster.gpu']) {
      const node = section.split('.').reduce<StructuralSchema>((at, name) => at.properties?.[name] ?? {}, schema);
      for (const path of pathsOf(node, `spec.${section}`)) expect(full).toContain(path);
    }
  });

  it('know every kind of change', () => {
    const value = {
      number: 3,
      word: 'A',
      flag: true,
      text: 'abc',
      list: ['x', 'y'],
      map: { cpu: 1 },
      part: { inner: 1 },
    };
    const node: StructuralSchema = {
      type: 'object',
      properties: {
        number: { type: 'integer', minimum: 0, maximum: 9 },
        word: { type: 'string', enum: ['A', 'B', 'C'] },
        flag: { type: 'boolean' },
        text: { type: 'string', pattern: '^[a-z]{3}$' },
        list: { type: 'array', items: { type: 'string', pattern: '^[xyz]$' } },
        map: { type: 'object', additionalProperties: { 'x-kubernetes-int-or-string': true } },
        part: { type: 'object', properties: { inner: { type: 'integer' } } },
        absent: {
          type: 'object',
          required: ['must'],
          properties: { must: { type: 'boolean' }, may: { type: 'boolean' } },
        },
      },
    };
    const made = everyMutation({ schema: node, value, path: 'spec' }, 7);
    const kindsAt = (path: string) => made.filter((one) => one.path === path).map(({ kind }) => kind);
    expect(kindsAt('spec.number')).toEqual(['Delete', 'Increase', 'Decrease', 'Change']);
    expect(kindsAt('spec.word')).toEqual(['Delete', 'Choose', 'Choose']);
    expect(kindsAt('spec.flag')).toEqual(['Delete', 'Toggle']);
    expect(kindsAt('spec.text')).toEqual(['Delete', 'Change']);
    expect(kindsAt('spec.list')).toEqual(['Delete', 'Push', 'Pop', 'Empty']);
    expect(kindsAt('spec.list[1]')).toEqual(['Change']);
    expect(kindsAt('spec.map')).toEqual(['Delete', 'Empty']);
    expect(kindsAt('spec.map.cpu')).toEqual(['Delete', 'Increase', 'Decrease', 'Change']);
    expect(kindsAt('spec.part.inner')).toEqual(['Delete', 'Increase', 'Decrease', 'Change']);
    expect(kindsAt('spec.absent')).toEqual(['Add']);
    const added = made.find(({ path }) => path === 'spec.absent')?.value as unknown as { absent: object };
    expect(Object.keys(added.absent)).toEqual(['must']);
  });

  it('are drawn at random from the same places', () => {
    const value = specOf({});
    const places = new Set(
      everyMutation({ schema, value, path: 'spec' }, 1).map(({ path, kind }) => `${kind} ${path}`),
    );
    expect(sitesOf({ schema, value })).not.toHaveLength(0);
    fc.assert(
      fc.property(mutationOf({ schema, value, path: 'spec' }), ({ path, kind }) => places.has(`${kind} ${path}`)),
    );
  });

  it('draw values that the schema takes', () => {
    fc.assert(
      fc.property(valueOf(schema.properties?.['training'] ?? {}), (training) => {
        expect(validateJob(manifestWith({ 'spec.training': training }))).toHaveProperty('job');
      }),
    );
  });
});
