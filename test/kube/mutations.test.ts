import { manifestWith } from '@distillation/api/corpus';
import { GOOD_CLUSTER } from '@distillation/api/corpus/cluster';
import { validateJob } from '@distillation/api/validate';
import { type ApiError, isApiError } from '@distillation/operator/kube/api-error';
import { kubeClient } from '@distillation/operator/kube/client';
import { DISTILLATION_JOBS } from '@distillation/operator/kube/resources';
import type { DistillationJobObject } from '@distillation/operator/lifecycle/snapshot';
import { expect, it } from 'vitest';
import { specSchema } from '../support/definition.ts';
import { everyMutation } from '../support/mutations.ts';
import { adminConfig, newNamespace } from './support.ts';

/** One with every default written out, so that every field of every section is there to be changed, and those of clusters. */
function manifests(): DistillationJobObject[] {
  const checked = validateJob(manifestWith({ 'spec.training.earlyStopping': {} }), 'Cluster');
  const full = 'job' in checked ? [checked.job] : [];
  const cases = GOOD_CLUSTER.filter(({ place }) => place !== 'Local').map(({ set }) => manifestWith(set));
  return [...full, ...cases] as DistillationJobObject[];
}

/** Beyond the corpus: whatever single field of a good manifest is changed, the API server and `validateJob` agree on what becomes of it. */
it('judges every mutation of every good manifest as the local check does', async () => {
  const namespace = await newNamespace();
  const client = kubeClient(adminConfig(), {
    wrap: (next) => (call) => next({ ...call, path: `${call.path}?dryRun=All&fieldValidation=Strict` }),
  });
  const schema = specSchema();
  const disagreements: string[] = [];
  let [accepted, refused] = [0, 0];
  for (const [seed, manifest] of manifests().entries()) {
    for (const { path, kind, value } of everyMutation({ schema, value: manifest.spec, path: 'spec' }, seed)) {
      const mutant = { ...manifest, metadata: { ...manifest.metadata, namespace }, spec: value };
      const local = validateJob(mutant, 'Cluster');
      const server = await client.create(DISTILLATION_JOBS, mutant).then(
        () => undefined,
        (thrown: unknown) => {
          if (isApiError(thrown, ({ status }) => status === 422)) return thrown as ApiError;
          throw thrown;
        },
      );
      if (server === undefined) accepted++;
      else refused++;
      if ('job' in local === (server === undefined)) continue;
      const said = server === undefined ? JSON.stringify(local) : server.message;
      disagreements.push(`${kind} ${path}: ${said.slice(0, 400)}`);
    }
  }
  await client.close();
  expect(disagreements).toEqual([]);
  // Both happen, and often: a generator that makes only nonsense, or nothing wrong, proves little.
  expect(accepted).toBeGreaterThan(500);
  expect(refused).toBeGreaterThan(150);
});
