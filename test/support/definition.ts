import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import type { StructuralSchema } from './mutations.ts';

const FILE = new URL('../../crds/distillation.dev_distillationjobs.yaml', import.meta.url);

interface Definition {
  readonly spec: { readonly versions: readonly [{ readonly schema: { readonly openAPIV3Schema: StructuralSchema } }] };
}

/** Schema of `spec` as the API server has it. */
export function specSchema(): StructuralSchema {
  const { spec } = load(readFileSync(FILE, 'utf8')) as Definition;
  return spec.versions[0].schema.openAPIV3Schema.properties?.['spec'] ?? {};
}
