import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { install, olderRepository, onEmptyPlane, shell } from './empty-plane.ts';
import { ROOT } from './helm.ts';

/** What can be wrong with a first job's values, and that the ways out which Helm and the documents name are ways out. */

onEmptyPlane();

/** Waits until the definition is served; `kubectl wait` fails on one so new that it has no conditions. */
const SERVED = 'until kubectl get dj > /dev/null 2>&1; do sleep 0.2; done';
/** The definition is there, and nothing of a first job. */
const ready = (): Promise<string> =>
  shell(`
    kubectl apply -k crds
    ${SERVED}
    kubectl --namespace distillation-system delete --ignore-not-found dj,pvc --all
  `);
/** Installs or upgrades a release whose definition is another's. */
const release = async (...settings: readonly string[]): Promise<string> =>
  `${(await install()).replace('helm install', 'helm upgrade --install')} --set crds.install=false,quickstart.enabled=true${settings.map((one) => `,${one}`).join('')}`;

describe('the chart', () => {
  it('is refused with nothing made where its definition is another’s, and missing or older', async () => {
    await expect(shell(await release())).rejects.toThrow(/has no DistillationJobs.*kubectl apply -k crds/);
    await shell('kubectl apply -k crds', await olderRepository());
    await shell(SERVED);
    await expect(shell(await release())).rejects.toThrow(
      /older than this chart and does not know .*spec\.cluster\.inputs/,
    );
    expect(await shell('helm list --short --namespace distillation-system')).toBe('');
    await shell(`kubectl apply -k crds\n${await release()}`);
    expect(await shell('kubectl --namespace distillation-system get dj -o name')).toContain('/quickstart');
  });

  it('has the class of its claim mended by the command that its refusal names', async () => {
    await ready();
    await shell(await release('quickstart.storageClassName=nosuch'));
    const mended = await release('quickstart.storageClassName=fast');
    const refusal = String(await shell(mended).catch((error: unknown) => error));
    expect(refusal).toMatch(/storageClassName is fast, but the claim distillation-quickstart is there with nosuch/);
    const wayOut = /kubectl -n distillation-system delete \S+ -l \S+/.exec(refusal)?.[0] ?? 'false';
    await shell(`${wayOut}\n${mended}`);
    const claim = 'pvc distillation-quickstart -o jsonpath={.spec.storageClassName}';
    expect(await shell(`kubectl --namespace distillation-system get ${claim}`)).toBe('fast');
    await expect(
      shell(await release('quickstart.storageClassName=fast', 'quickstart.accessMode=ReadWriteMany')),
    ).rejects.toThrow(/accessMode is ReadWriteMany.* with ReadWriteOnce, which cannot be changed/);
  });

  it('notes what holds for the bins of the job that is there', async () => {
    await ready();
    expect(await shell(await release('quickstart.bins=2'))).toContain('the job has 2 bins');
    expect(await shell(await release('quickstart.bins=1'))).toContain('the job has 2 bins');
  });
});

describe('manifests/quickstart', () => {
  it('has the image of the first job mended as the kustomization says', async () => {
    await shell('kubectl apply -k crds');
    const folder = await mkdtemp(join(tmpdir(), 'distill-first-'));
    await cp(join(ROOT, 'manifests/quickstart'), folder, { recursive: true });
    await shell(`${SERVED}\nkubectl apply -k .`, folder);
    const file = join(folder, 'kustomization.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/^# (images:|  - name: |    newName: )/gm, '$1'));
    await expect(shell('kubectl apply -k .', folder)).rejects.toThrow(/immutable/);
    const wayOut = /kubectl delete job \S+$/m.exec(text)?.[0] ?? 'false';
    expect(await readFile(join(ROOT, 'docs/cluster.md'), 'utf8')).toContain(wayOut);
    await shell(`${wayOut}\nkubectl apply -k .`, folder);
    expect(await shell('kubectl get jobs -o jsonpath={..image}')).toBe(
      'registry.example.com/you/distillation-worker:0.1.0',
    );
    await shell('kubectl delete -k .', folder);
    await rm(folder, { recursive: true });
  });
});
