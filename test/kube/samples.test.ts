import { readFile, readdir } from 'node:fs/promises';
import { API_VERSION, KIND } from '@distillation/api/words';
import { parseManifest } from '@distillation/api/manifest';
import { kubeClient } from '@distillation/kube/client';
import type { KubeObject } from '@distillation/kube/resources';
import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { admin, adminConfig, newNamespace } from './support/support.ts';

/** Every sample is what the API server takes, with no field that it does not know. */

const FOLDER = new URL('../../manifests/samples/', import.meta.url);
const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.yaml'));

describe('manifests/samples', () => {
  it('hold jobs', () => {
    expect(files).toContain('cifar10-vgg16.yaml');
  });

  it.each(files)('%s is applied as it is', async (file) => {
    const namespace = await newNamespace();
    const strict = kubeClient(adminConfig(), {
      wrap: (next) => (call) => {
        const separator = call.path.includes('?') ? '&' : '?';
        return next({ ...call, path: `${call.path}${separator}fieldValidation=Strict` });
      },
    });
    const text = await readFile(new URL(file, FOLDER), 'utf8');
    for (const document of loadAll(text)) {
      if (document === null) continue;
      const object = document as KubeObject;
      const resource = await admin().resourceOf(object);
      const made = await strict.create(resource, { ...object, metadata: { ...object.metadata, namespace } });
      expect(made.metadata?.uid).toBeDefined();
      // What the command line says of a job's file on a cluster, it says rightly.
      if (object.kind === KIND && object.apiVersion === API_VERSION) parseManifest(text, file, 'Cluster');
    }
    await strict.close();
  });
});
