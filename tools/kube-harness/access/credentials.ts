import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The key that signs service account tokens, and the file with the users' static tokens. */
export const SERVICE_ACCOUNT_KEY = 'certs/service-accounts.key';
export const TOKENS = 'tokens.csv';

/**
 * Writes both into `folder`.
 * @returns token of each user: `admin`, `kube-controller-manager`, `kube-scheduler`, `kube-proxy`, `node1`, `node2`, ...
 */
export async function writeCredentials(folder: string, nodes: number): Promise<Readonly<Record<string, string>>> {
  const users: { name: string; user: string; group?: string }[] = [
    { name: 'admin', user: 'admin', group: 'system:masters' },
    ...['kube-controller-manager', 'kube-scheduler', 'kube-proxy'].map((name) => ({ name, user: `system:${name}` })),
  ];
  for (let node = 1; node <= nodes; node += 1) {
    users.push({ name: `node${node}`, user: `system:node:node${node}`, group: 'system:nodes' });
  }
  const known = users.map((user) => ({ ...user, token: randomBytes(16).toString('hex') }));
  const lines = known.map(({ name, user, group, token }) => `${token},${user},${name}${group ? `,"${group}"` : ''}`);
  await writeFile(join(folder, TOKENS), `${lines.join('\n')}\n`, { mode: 0o600 });

  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs1', format: 'pem' });
  await writeFile(join(folder, SERVICE_ACCOUNT_KEY), key, { mode: 0o600 });
  return Object.fromEntries(known.map(({ name, token }) => [name, token]));
}

/** A self-contained kubeconfig as JSON, which is valid YAML. */
export async function writeKubeconfig(
  file: string,
  access: { readonly server: string; readonly certificate: string; readonly user: string; readonly token: string },
): Promise<void> {
  const { server, certificate, user, token } = access;
  const authority = Buffer.from(certificate).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': authority } }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user } }],
    'current-context': 'test',
  };
  await writeFile(file, JSON.stringify(config, null, 2), { mode: 0o600 });
}
