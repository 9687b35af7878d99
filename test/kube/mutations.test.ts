import { canonicalJson } from '@distillation/api/canonical';
import { manifestWith } from '../../packages/api/test/corpus/corpus.ts';
import { GOOD_CLUSTER } from '../../packages/api/test/corpus/cluster.ts';
import { validateJob } from '@distillation/api/validate';
import { finalizerJob, plannerJob, workerJob } from '../../operator/src/objects/jobs.ts';
import { CONFIG, jobObject } from '../../operator/test/children.ts';
import { type ApiError, isApiError } from '@distillation/kube/api-error';
import { type KubeClient, kubeClient } from '@distillation/kube/client';
import { JOBS, type KubeObject, PODS, type Resource } from '@distillation/kube/resources';
import { DISTILLATION_JOBS } from '../../operator/src/objects/distillation-jobs.ts';
import type { DistillationJobObject } from '../../operator/src/objects/snapshot.ts';
import type { WireJob, WirePod } from '@distillation/kube/wire';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { specSchema } from '../support/definition.ts';
import { everyMutation } from '../support/mutations.ts';
import { adminConfig, newNamespace } from './support/support.ts';

/** One with every default written out, so that every field of every section is there to be changed, and those of clusters. */
function manifests(): DistillationJobObject[] {
  const checked = validateJob(manifestWith({ 'spec.training': { epochs: 4, earlyStopping: {} } }), 'Cluster');
  const full = 'job' in checked ? [checked.job] : [];
  const cases = GOOD_CLUSTER.filter(({ place }) => place !== 'Local').map(({ set }) => manifestWith(set));
  return [...full, ...cases] as DistillationJobObject[];
}

/** Asks the server and keeps nothing. @returns what it has against the object; undefined when it would take it */
async function refusalOf<T extends KubeObject>(resource: Resource<T>, object: T): Promise<string | undefined> {
  try {
    await create(resource, object);
    return undefined;
  } catch (thrown) {
    if (isApiError(thrown, ({ status }) => status === 422)) return (thrown as ApiError).message;
    throw thrown;
  }
}

/** Of thousands of calls one may be lost with its connection. */
async function create<T extends KubeObject>(resource: Resource<T>, object: T): Promise<void> {
  try {
    await client.create(resource, object);
  } catch (thrown) {
    if (!isApiError(thrown, ({ status }) => status === 0)) throw thrown;
    await client.create(resource, object);
  }
}

let client: KubeClient;
let namespace: string;
beforeAll(async () => {
  client = kubeClient(adminConfig(), {
    wrap: (next) => (call) => next({ ...call, path: `${call.path}?dryRun=All&fieldValidation=Strict` }),
  });
  namespace = await newNamespace();
});
afterAll(() => client.close());

interface Mutant {
  readonly title: string;
  readonly manifest: DistillationJobObject;
  /** Which of the manifests was changed. */
  readonly base: number;
}

const MANIFESTS = manifests();

/** Every manifest with every change of a single field. Outside `cluster` the cases are all alike, so that one is changed there. */
const MUTANTS: readonly Mutant[] = MANIFESTS.flatMap((manifest, seed) =>
  everyMutation({ schema: specSchema(), value: manifest.spec, path: 'spec' }, seed)
    .filter(({ path }) => seed === 0 || path.startsWith('spec.cluster'))
    .map(({ path, kind, value }) => ({
      title: `${kind} ${path}`,
      manifest: { ...manifest, spec: value },
      base: seed,
    })),
);

/** Beyond the corpus: whatever single field of a good manifest is changed, the API server and `validateJob` agree on what becomes of it. */
it('judges every mutation of every good manifest as the local check does', async () => {
  const disagreements: string[] = [];
  let [accepted, refused] = [0, 0];
  for (const { title, manifest } of MUTANTS) {
    const { metadata } = manifest;
    const local = validateJob(manifest, 'Cluster');
    const refusal = await refusalOf(DISTILLATION_JOBS, { ...manifest, metadata: { ...metadata, namespace } });
    if (refusal === undefined) accepted++;
    else refused++;
    if ('job' in local === (refusal === undefined)) continue;
    disagreements.push(`${title}: ${(refusal ?? JSON.stringify(local)).slice(0, 400)}`);
  }
  expect(disagreements).toEqual([]);
  // Both happen, and often: a generator that makes only nonsense, or nothing wrong, proves little.
  expect(accepted).toBeGreaterThan(500);
  expect(refused).toBeGreaterThan(150);
});

/** What the operator makes of a manifest: its Jobs, each with the pod that it makes. */
function childrenOf(job: DistillationJobObject): { readonly child: WireJob; readonly pod: WirePod }[] {
  const config = { ...CONFIG, workerImage: 'none.invalid/worker:1' };
  return [
    plannerJob(job, { config, attempt: 0 }),
    workerJob(job, { config, attempt: 0, bins: [0, 1] }),
    finalizerJob(job, { config, attempt: 0 }),
  ].map((child) => {
    const spec = { containers: [], ...child.spec?.template.spec };
    // Whether these are there is a matter of the cluster, not of the manifest.
    delete spec.serviceAccountName;
    delete spec.priorityClassName;
    delete spec.runtimeClassName;
    return { child, pod: { metadata: { name: 'pod', namespace }, spec } };
  });
}

/** What of a value is another than in a base, by its path. */
function changesIn(base: unknown, value: unknown, path = ''): readonly (readonly [path: string, value: unknown])[] {
  if (canonicalJson(base ?? null) === canonicalJson(value ?? null)) return [];
  if (!isObject(base) || !isObject(value) || Array.isArray(base) !== Array.isArray(value)) return [[path, value]];
  // Of a list that is shorter or longer it is not known which items are the same.
  if (Array.isArray(base) && base.length !== (value as unknown as readonly unknown[]).length) return [[path, value]];
  const keys = [...new Set([...Object.keys(base), ...Object.keys(value)])].sort();
  return keys.flatMap((key) => changesIn(base[key], value[key], `${path}.${key}`));
}

/** What of a Job is for the server to judge, without the hashes in names. */
const shown = ({ metadata, spec }: WireJob): unknown =>
  JSON.parse(canonicalJson([metadata?.labels ?? {}, spec ?? {}]).replaceAll(/\b[0-9a-f]{10}\b/g, ''));

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** A message about a field for each accepted mutant would be late: its author has gone by the time that the pods are made. */
it('accepts no mutation whose Jobs or pods it refuses later', async () => {
  const late: string[] = [];
  const asked = new Set<string>();
  const childrenBy = ({ metadata: { name } }: DistillationJobObject, { spec }: { readonly spec: object }) =>
    childrenOf(jobObject({ 'metadata.namespace': namespace, 'metadata.name': name, spec }));
  const bases = MANIFESTS.map((manifest) => {
    const checked = validateJob(manifest, 'Cluster');
    return 'job' in checked ? childrenBy(manifest, checked.job).map(({ child }) => shown(child)) : [];
  });
  for (const { title, manifest, base } of MUTANTS) {
    const checked = validateJob(manifest, 'Cluster');
    if ('problems' in checked) continue;
    // Most fields are not for the pods, and most of the others change those of all roles alike: then the finalizer's are asked for, which has
    // GPUs and a template of its own.
    for (const [index, { child, pod }] of [...childrenBy(manifest, checked.job).entries()].toReversed()) {
      const change = changesIn(bases[base]?.[index], shown(child));
      const looks = canonicalJson([base, change.length === 0 ? index : change]);
      if (asked.size === asked.add(looks).size) continue;
      const refusals = [await refusalOf(JOBS, child), await refusalOf(PODS, pod)];
      late.push(...refusals.flatMap((refusal) => (refusal === undefined ? [] : `${title}: ${refusal.slice(0, 400)}`)));
    }
  }
  expect(late).toEqual([]);
  expect(asked.size).toBeGreaterThan(200);
});
