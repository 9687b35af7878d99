import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessCluster } from './access.ts';
import type { ClusterOptions } from './options.ts';

const KUBECONFIG = `
apiVersion: v1
kind: Config
current-context: here
clusters:
  - { name: one, cluster: { server: 'https://127.0.0.1:1' } }
contexts:
  - { name: here, context: { cluster: one, user: me, namespace: team-a } }
  - { name: there, context: { cluster: one, user: me } }
users:
  - { name: me, user: { token: secret } }
`;

let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
  file = join(folder, 'config');
  await writeFile(file, KUBECONFIG);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the options say of the cluster. */
async function found(options: ClusterOptions, env: NodeJS.ProcessEnv = { HOME: folder }) {
  const access = await accessCluster(options, env);
  const headers: Record<string, unknown> = {};
  const request: { headers?: unknown } = {};
  await access.config.applyToHTTPSOptions(request);
  Object.assign(headers, request.headers);
  await access.close();
  return { namespace: access.namespace, server: access.server, headers };
}

describe('accessCluster', () => {
  it('takes cluster and namespace from the context, and the namespace from its flag before that', async () => {
    expect(await found({ kubeconfig: file })).toMatchObject({ namespace: 'team-a', server: 'https://127.0.0.1:1' });
    expect(await found({ kubeconfig: file, context: 'there' })).toMatchObject({ namespace: 'default' });
    expect(await found({ kubeconfig: file, namespace: 'mine' })).toMatchObject({ namespace: 'mine' });
  });

  it('acts as another user and its groups', async () => {
    const { headers } = await found({ kubeconfig: file, as: 'jane', asGroup: ['dev', 'ops'] });
    expect(headers).toMatchObject({ 'Impersonate-User': 'jane', 'Impersonate-Group': ['dev', 'ops'] });
    await expect(found({ kubeconfig: file, asGroup: ['dev'] })).rejects.toMatchObject({ code: 'DISTILL_E_USAGE' });
  });

  it('says where it looked for a kubeconfig, and that there is another way where the command has one', async () => {
    const missing = join(folder, '.kube', 'config');
    await expect(found({})).rejects.toMatchObject({ fix: 'Name one by --kubeconfig or $KUBECONFIG.' });
    await expect(found({ hasLocal: true })).rejects.toMatchObject({
      code: 'DISTILL_E_KUBECONFIG',
      message: `There is no kubeconfig: no file ${missing}.`,
      fix: expect.stringContaining('--local') as string,
    });
  });

  it('names the contexts there are', async () => {
    await expect(found({ kubeconfig: file, context: 'nowhere' })).rejects.toMatchObject({
      code: 'DISTILL_E_KUBECONFIG',
      message: 'The kubeconfig has no context nowhere.',
      fix: 'Give one that it has: here, there.',
    });
  });

  it('names a kubeconfig that cannot be read', async () => {
    const broken = join(folder, 'broken');
    await writeFile(broken, 'clusters: [');
    await expect(found({ kubeconfig: broken })).rejects.toMatchObject({
      code: 'DISTILL_E_KUBECONFIG',
      message: expect.stringContaining(`The kubeconfig ${broken} cannot be read`) as string,
    });
  });
});
