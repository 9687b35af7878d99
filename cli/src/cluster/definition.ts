import { DistillError } from '@distillation/api/errors';
import { DistillationJobSchema } from '@distillation/api/job';
import { DISTILLATION_JOB_RESOURCE } from '@distillation/api/job-object';
import { someOf } from '@distillation/api/format';
import { ApiError } from '@distillation/kube/api-error';
import type { ClusterAccess } from './access.ts';

/** The definition that a cluster serves, beside the one that this command line was made with. */

/** What is read of a schema, whether the API server publishes it or TypeBox wrote it. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  /** Values of a map with free keys, as the API server writes them. */
  readonly additionalProperties?: Schema | boolean;
  /** The same, as TypeBox does. */
  readonly patternProperties?: Readonly<Record<string, Schema>>;
}

/** Fields and values that only one of two definitions has, such as `spec.cluster.className` and `spec.cluster.policy: Never`. */
export interface Differences {
  /** What the cluster's does not know: it is older. */
  readonly missing: readonly string[];
  /** What this command line does not know: it is the older one. */
  readonly surplus: readonly string[];
}

/** Compares spec and status of what a cluster serves with the contract of this command line. Pure. */
export function differencesOf(served: object): Differences {
  const own = DistillationJobSchema as unknown as Schema;
  const parts = ['spec', 'status'] as const;
  const between = (one: Schema, other: Schema): string[] =>
    parts.flatMap((part) => onlyIn(one.properties?.[part], other.properties?.[part], part));
  return { missing: between(own, served), surplus: between(served, own) };
}

/** Paths of what the first schema has and the second one has not; nothing of what lies below such a field. */
function onlyIn(one: Schema | undefined, other: Schema | undefined, path: string): string[] {
  if (one === undefined) return [];
  if (other === undefined) return [path];
  const values =
    other.enum === undefined ? [] : (one.enum ?? []).filter((value) => other.enum?.includes(value) !== true);
  return [
    ...values.map((value) => `${path}: ${String(value)}`),
    ...Object.entries(one.properties ?? {}).flatMap(([name, child]) =>
      onlyIn(child, other.properties?.[name], `${path}.${name}`),
    ),
    ...onlyIn(one.items, other.items, `${path}[]`),
    ...onlyIn(valuesOf(one), valuesOf(other), `${path}.*`),
  ];
}

function valuesOf({ additionalProperties, patternProperties = {} }: Schema): Schema | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : Object.values(patternProperties)[0];
}

/** The differences on a cluster; undefined where its definition cannot be read, which is no reason to fail. */
export async function definitionDifferences({
  client,
}: Pick<ClusterAccess, 'client'>): Promise<Differences | undefined> {
  try {
    const served = await client.schemaOf(DISTILLATION_JOB_RESOURCE);
    return served && differencesOf(served);
  } catch (thrown) {
    if (thrown instanceof ApiError) return undefined;
    throw thrown;
  }
}

/** Most fields that a message names. */
const NAMED = 3;

/** "spec.a, spec.b, spec.c and 2 more". */
export const namedFields = (fields: readonly string[]): string => someOf(fields, NAMED);

export const UPGRADE_DEFINITION =
  'Upgrade operator and definition (`helm upgrade`, or the manifests of this release again), or use the command line of the release that is there.';

/**
 * Why an applied job was refused, where that is because the definition there is older; undefined where it is not.
 *
 * A field that it does not know comes as an error of the server (500) that no repetition helps against; a value that it does not know as
 * one of the request (422).
 */
export async function refusedByOlder(
  access: Pick<ClusterAccess, 'client'>,
  doing: string,
  thrown: unknown,
): Promise<DistillError | undefined> {
  if (!(thrown instanceof ApiError)) return undefined;
  const undeclared = undeclaredFields(thrown);
  if (undeclared.length === 0 && thrown.status !== 422) return undefined;
  if (undeclared.length === 0 && !(await isOlder(access))) return undefined;
  const what = undeclared.length > 0 ? `it does not know ${namedFields(undeclared)}` : thrown.message;
  return new DistillError(
    'DISTILL_E_CLUSTER_REFUSED',
    `Cannot ${doing}: the definition of DistillationJobs on this cluster is older than this command line: ${what}`,
    { cause: thrown, fix: UPGRADE_DEFINITION },
  );
}

const isOlder = async (access: Pick<ClusterAccess, 'client'>): Promise<boolean> =>
  ((await definitionDifferences(access))?.missing.length ?? 0) > 0;

/** The fields that the API server names in "failed to create typed patch object ... .spec.a: field not declared in schema". */
function undeclaredFields({ message }: ApiError): string[] {
  return [...message.matchAll(/\.(\S+): field not declared in schema/g)].map(([, field = '']) => field);
}
