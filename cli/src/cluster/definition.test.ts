import { ApiError } from '@distillation/kube/api-error';
import type { KubeClient } from '@distillation/kube/client';
import { expect, it } from 'vitest';
import { crd } from '../../../tools/generate/crd.ts';
import { differencesOf, refusedByOlder } from './definition.ts';

interface Served {
  readonly properties: { readonly spec: Fields };
}
interface Fields {
  readonly properties: Record<string, Fields>;
  enum?: string[];
}

/** The definition of this checkout, which is what the API server publishes, with a change. */
function served(change: (spec: Fields) => void = () => undefined): Served {
  const { spec } = structuredClone(crd()) as { spec: { versions: [{ schema: { openAPIV3Schema: Served } }] } };
  const schema = spec.versions[0].schema.openAPIV3Schema;
  change(schema.properties.spec);
  return schema;
}

const at = (fields: Fields, ...path: string[]): Fields =>
  path.reduce((found, name) => found.properties[name] ?? expect.fail(`no ${name}`), fields);

it('finds no difference to the definition of its own release', () => {
  expect(differencesOf(served())).toEqual({ missing: [], surplus: [] });
});

it('finds the fields and values that an older definition does not know, and those of a newer one', () => {
  const older = served((spec) => {
    delete at(spec, 'cluster').properties['className'];
    at(spec, 'teacher', 'format').enum = ['Auto', 'KerasH5', 'TfjsLayers'];
    delete spec.properties['managedBy'];
  });
  expect(differencesOf(older)).toEqual({
    missing: ['spec.teacher.format: Keras', 'spec.cluster.className', 'spec.managedBy'],
    surplus: [],
  });
  const newer = served((spec) => (spec.properties['next'] = { properties: { below: { properties: {} } } }));
  expect(differencesOf(newer)).toEqual({ missing: [], surplus: ['spec.next'] });
});

const access = (schema: object | undefined) => ({
  client: { schemaOf: () => Promise.resolve(schema) } as unknown as KubeClient,
});
const older = served((spec) => delete spec.properties['managedBy']);
const undeclared = new ApiError({
  status: 500,
  reason: 'Unknown',
  message:
    'failed to create typed patch object (a/b; distillation.dev/v1alpha1, Kind=DistillationJob): errors:\n' +
    '  .spec.cluster.className: field not declared in schema\n  .spec.managedBy: field not declared in schema',
});
const invalid = new ApiError({ status: 422, reason: 'Invalid', message: 'spec.x: Unsupported value: "Y"' });

it('tells why an older definition refuses a job: its field or its value', async () => {
  expect(await refusedByOlder(access(undefined), 'apply the job vgg', undeclared)).toMatchObject({
    code: 'DISTILL_E_CLUSTER_REFUSED',
    exitCode: 65,
    message:
      'Cannot apply the job vgg: the definition of DistillationJobs on this cluster is older than this command line: ' +
      'it does not know spec.cluster.className, spec.managedBy.',
    fix: expect.stringContaining('Upgrade operator and definition') as string,
  });
  expect(await refusedByOlder(access(older), 'apply the job vgg', invalid)).toMatchObject({
    message: expect.stringMatching(/is older than this command line: spec.x: Unsupported value: "Y"\.$/) as string,
  });
});

it('blames no definition that is of its release or cannot be read, and no other error', async () => {
  for (const schema of [served(), undefined])
    expect(await refusedByOlder(access(schema), 'apply the job vgg', invalid)).toBeUndefined();
  const busy = new ApiError({ status: 503, reason: 'ServiceUnavailable', message: 'no' });
  expect(await refusedByOlder(access(older), 'apply the job vgg', busy)).toBeUndefined();
  expect(await refusedByOlder(access(older), 'apply the job vgg', new Error('no'))).toBeUndefined();
});
