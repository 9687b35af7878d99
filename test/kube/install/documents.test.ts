import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { CONFIG_MAPS, NAMESPACES, PODS } from '@distillation/kube/resources';
import { expect, inject, it } from 'vitest';
import { shellBlocks } from '../../../tools/docs/shell.ts';
import { findTools } from '../../../tools/kube-harness/assets.ts';
import { adminClient, newNamespace } from '../support/support.ts';
import { ROOT } from './helm.ts';

/** Commands of documents that look at a cluster or set something on it, as they stand. */

const run = promisify(execFile);

/** Types the first block of a section, in a namespace. @returns what it printed */
async function typed(document: string, heading: string, { namespace = 'default', name = '' } = {}): Promise<string> {
  const { kubectl } = await findTools(['kubectl']);
  const [block = ''] = shellBlocks(await readFile(join(ROOT, document), 'utf8'), heading);
  expect(block).toContain('kubectl');
  const folder = await mkdtemp(join(tmpdir(), 'distill-documents-'));
  try {
    const kubeconfig = join(folder, 'config');
    await copyFile(inject('kubeconfig'), kubeconfig);
    const path = [dirname(kubectl), process.env['PATH'] ?? ''].join(delimiter);
    const env = { ...process.env, PATH: path, KUBECONFIG: kubeconfig };
    await run('kubectl', ['config', 'set-context', '--current', '--namespace', namespace], { env });
    // Placeholders are in capital letters.
    const script = block.replace(/\bPOD\b/, name);
    return (await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: ROOT, env })).stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

it('docs/install/on-premises.md tells how many GPUs each node has', async () => {
  // There are no nodes here; the columns are what kubectl makes of the path to a name with dots.
  const said = await typed('docs/install/on-premises.md', 'On machines of your own, with the GPU operator');
  expect(said.trimEnd().split(/\s+/)).toEqual(['NODE', 'GPUS']);
});

it('docs/gitops.md gives Argo CD the health check', async () => {
  const namespace = 'argocd';
  await adminClient().create(NAMESPACES, { metadata: { name: namespace } });
  await adminClient().create(CONFIG_MAPS, {
    metadata: { namespace, name: 'argocd-cm' },
    data: { url: 'https://argo' },
  });
  await typed('docs/gitops.md', 'Argo CD');
  const { data } = await adminClient().get(CONFIG_MAPS, { namespace, name: 'argocd-cm' });
  expect(data?.['url']).toBe('https://argo');
  expect(data?.['resource.customizations.health.distillation.dev_DistillationJob']).toContain('return health(');
});

it('docs/reference/worker.md shows the last words of a pod', async () => {
  const namespace = await newNamespace();
  const name = 'worker';
  const securityContext = {
    allowPrivilegeEscalation: false,
    runAsNonRoot: true,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  };
  await adminClient().create(PODS, {
    metadata: { namespace, name },
    spec: { containers: [{ name, image: 'worker:test', securityContext }] },
  });
  const message = '{"version":1,"type":"NothingLeft"}';
  const now = new Date().toISOString();
  await adminClient().mergePatch(
    PODS,
    { namespace, name, subresource: 'status' },
    {
      status: {
        phase: 'Succeeded',
        containerStatuses: [
          {
            name,
            image: 'worker:test',
            imageID: '',
            ready: false,
            restartCount: 0,
            state: { terminated: { exitCode: 0, message, finishedAt: now, startedAt: now } },
          },
        ],
      },
    },
  );
  expect(await typed('docs/reference/worker.md', 'How a process ends', { namespace, name })).toBe(message);
});
