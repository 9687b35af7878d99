import { readFile, readdir } from 'node:fs/promises';
import { API_VERSION, KIND } from '@distillation/api/words';
import { parseManifest } from '@distillation/api/manifest';
import { type KubeClient, kubeClient } from '@distillation/kube/client';
import { JOBS, type KubeObject, PODS } from '@distillation/kube/resources';
import { loadAll } from 'js-yaml';
import { afterAll, describe, expect, it } from 'vitest';
import { finalizerJob, plannerJob, workerJob } from '../../operator/src/objects/jobs.ts';
import { CONFIG, jobObject } from '../../operator/test/children.ts';
import { admin, adminConfig, newNamespace } from './support/support.ts';

/** Every sample is what the API server takes, with no field that it does not know, and so are the Jobs and pods that the operator makes of it. */

const FOLDER = new URL('../../manifests/samples/', import.meta.url);
const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.yaml'));

/** Refuses unknown fields. */
function strictClient(more = ''): KubeClient {
  return kubeClient(adminConfig(), {
    wrap: (next) => (call) => {
      const separator = call.path.includes('?') ? '&' : '?';
      return next({ ...call, path: `${call.path}${separator}fieldValidation=Strict${more}` });
    },
  });
}
const strict = strictClient();
const dryRun = strictClient('&dryRun=All');
afterAll(async () => {
  await strict.close();
  await dryRun.close();
});

/** What the operator makes of a job is taken, its pods under Pod Security `restricted`; classes need not be there. */
async function expectChildrenAreTaken(text: string, file: string, namespace: string): Promise<void> {
  const { metadata, spec } = parseManifest(text, file, 'Cluster');
  const job = jobObject({ 'metadata.namespace': namespace, 'metadata.name': metadata.name, spec });
  for (const child of [
    plannerJob(job, { config: CONFIG, attempt: 0 }),
    workerJob(job, { config: CONFIG, attempt: 0, bins: [0, 1] }),
    finalizerJob(job, { config: CONFIG, attempt: 0 }),
  ]) {
    const { priorityClassName, ...pod } = child.spec?.template.spec ?? { containers: [] };
    expect([undefined, spec.cluster.workerTemplate?.priorityClassName]).toContain(priorityClassName);
    expect((await dryRun.create(JOBS, child)).metadata?.uid).toBeDefined();
    const made = await dryRun.create(PODS, { metadata: { name: 'pod', namespace }, spec: pod });
    expect(made.metadata?.uid).toBeDefined();
  }
}

describe('manifests/samples', () => {
  it('hold a job for each usual case', () => {
    const cases = ['own-keras-file', 'unlabelled-folder', 'budget', 'kueue-queue', 'suspended', 'one-node'];
    expect(files).toEqual(expect.arrayContaining(['cifar10-vgg16', ...cases].map((name) => `${name}.yaml`)));
  });

  it.each(files)('%s is applied as it is', async (file) => {
    const namespace = await newNamespace();
    const text = await readFile(new URL(file, FOLDER), 'utf8');
    for (const document of text.split(/^---$/m)) {
      for (const parsed of loadAll(document)) {
        if (parsed === null || parsed === undefined) continue;
        const object = parsed as KubeObject;
        const resource = await admin().resourceOf(object);
        const made = await strict.create(resource, { ...object, metadata: { ...object.metadata, namespace } });
        expect(made.metadata?.uid).toBeDefined();
        // What the command line says of a job's file on a cluster, it says rightly.
        if (object.kind !== KIND || object.apiVersion !== API_VERSION) continue;
        await expectChildrenAreTaken(document, file, namespace);
      }
    }
  });
});
