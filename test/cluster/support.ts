import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { KubeClient } from '@distillation/kube/client';
import { VOLUME_CLAIMS } from '@distillation/kube/resources';
import { inject } from 'vitest';
import { until } from '../../tools/kube-harness/access/until.ts';
import { folderVolume } from '../../tools/kube-harness/volumes.ts';
import { type Connection, connect } from '../../tools/kube-harness/access/connect.ts';
import { remoteNode, type RemoteNode } from './remote-nodes.ts';
import { QUIET, TROUBLED, type SharedCluster } from './shared-cluster.ts';

/** Real nodes and pods for the files of the project `cluster`. Each test has its own namespace and volume. */

const run = promisify(execFile);
/** The longest that the tests before may take: who comes last may wait for several. */
const TURN_MS = 3_000_000;
const shared = (): SharedCluster => inject('cluster');
let connection: Connection | undefined;

/** The administrator's connection, one for the whole file and closed with it. */
export function admin(): Connection {
  return (connection ??= connect(shared().kubeconfig));
}

export function adminClient(): KubeClient {
  return admin().client;
}

export function adminKubeconfig(): string {
  return shared().kubeconfig;
}

/** Holds `log/`, `volumes/` and `material/`, what a new volume has. */
export function clusterFolder(): string {
  return shared().folder;
}

/** The nodes that tests may disturb. A test must undo what it does (`try ... finally`), since others use them afterwards. */
export function troubledNodes(): [RemoteNode, RemoteNode] {
  const [first, second] = TROUBLED.nodes;
  const { nodesSocket } = shared();
  return [remoteNode(nodesSocket, first), remoteNode(nodesSocket, second)];
}

/** A node on which the pods of many tests run: what is done to it must be no matter of theirs. */
const quietNode = (): RemoteNode => remoteNode(shared().nodesSocket, QUIET.nodes[0]);

/** Files run side by side: one at a time does what is of this name. */
export async function alone<T>(name: string, body: () => Promise<T>): Promise<T> {
  const lock = join(shared().folder, `${name.replaceAll(' ', '-')}.lock`);
  await until(`nobody else has ${name}`, () => mkdir(lock).then(() => true), TURN_MS);
  try {
    return await body();
  } finally {
    await rmdir(lock);
  }
}

/**
 * Runs kubectl as the administrator. @returns standard output
 * @throws Error with its standard error
 */
export async function kubectl(...args: readonly string[]): Promise<string> {
  const { kubectl: program, kubeconfig } = shared();
  const { stdout } = await run(program, ['--kubeconfig', kubeconfig, ...args], { maxBuffer: 1 << 26 });
  return stdout;
}

/** Log of a pod, or of the pods of a `job/NAME`; the `previous` container's on request. */
export function logs(namespace: string, what: string): Promise<string> {
  return kubectl('--namespace', namespace, 'logs', '--all-containers', what);
}

export function execIn(namespace: string, pod: string, ...command: readonly string[]): Promise<string> {
  return kubectl('--namespace', namespace, 'exec', pod, '--', ...command);
}

/** A namespace with a volume of its own. */
export interface TestNamespace {
  readonly name: string;
  /** The volume as this machine sees it; pods have it by the claim `distillation`. */
  readonly volume: string;
  /** A file of the volume. */
  readonly read: (path: string) => Promise<Buffer>;
}

/** Name of the claim, as the samples have it. */
export const CLAIM = 'distillation';

const namespaces: string[] = [];

/**
 * A new namespace under Pod Security `restricted`, with a volume that all nodes may write and that holds the sample teacher, CIFAR-10
 * and the tiny world, owned by the pods' user. When the file is done it is deleted; the volume's folder stays until the cluster ends.
 */
export async function newNamespace(): Promise<TestNamespace> {
  const name = `e2e-${randomBytes(4).toString('hex')}`;
  const volume = join(shared().folder, 'volumes', name);
  await mkdir(volume, { recursive: true });
  // The data set is linked, not copied: nobody writes to it.
  await run('cp', ['--archive', '--link', join(shared().material, 'datasets'), volume]);
  const copied = ['teachers', 'teacher', 'data'].map((name) => join(shared().material, name));
  await run('cp', ['--archive', ...copied, volume]);
  await run('chown', ['--recursive', '65532:65532', volume]);
  namespaces.push(name);
  await admin().createNamespace(name);
  const claim = { namespace: name, name: CLAIM };
  await admin().apply(folderVolume({ name, path: volume, claim, storageClass: '' }));
  await bindClaim({ namespace: name, claim: CLAIM, volumeName: name });
  return { name, volume, read: (path) => readFile(join(volume, path)) };
}

async function bindClaim({
  namespace,
  claim,
  volumeName,
}: {
  readonly namespace: string;
  readonly claim: string;
  readonly volumeName: string;
}): Promise<void> {
  const spec = { accessModes: ['ReadWriteMany'], storageClassName: '', volumeName };
  await admin().apply(
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: claim },
      ...{ spec: { ...spec, resources: { requests: { storage: '1Mi' } } } },
    },
    namespace,
  );
  await until(`the claim ${claim} of ${namespace} is bound`, async () => {
    const { status } = await adminClient().get(VOLUME_CLAIMS, { namespace, name: claim });
    return status?.phase === 'Bound' || undefined;
  });
}

/** A small volume, whose claim a pod on one node alone can mount. */
interface SmallVolume {
  readonly claim: string;
  /** Makes it larger. */
  readonly grow: (bytes: number) => Promise<void>;
}

/** A volume of so many bytes, with a claim in the namespace. */
export async function smallVolume(namespace: string, bytes: number): Promise<SmallVolume> {
  const [node, claim] = [quietNode(), 'small'];
  const volumeName = `${namespace}-${claim}`;
  const path = join(shared().folder, 'volumes', volumeName);
  await mkdir(path, { recursive: true });
  await node.limitFolder(path, bytes);
  const volume = folderVolume({ name: volumeName, path, claim: { namespace, name: claim }, storageClass: '' });
  const term = { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node.name] }] };
  await admin().apply({
    ...volume,
    ...{ spec: { ...specOf(volume), nodeAffinity: { required: { nodeSelectorTerms: [term] } } } },
  });
  volumes.push(volumeName);
  await bindClaim({ namespace, claim, volumeName });
  return { claim, grow: (size) => node.limitFolder(path, size) };
}

const specOf = (object: object): object =>
  'spec' in object && typeof object.spec === 'object' ? (object.spec ?? {}) : {};

const volumes: string[] = [];

/** Deletes what the file that has ended made, and closes its connection. */
export async function leaveCluster(): Promise<void> {
  for (const volume of volumes.splice(0)) await kubectl('delete', 'persistentvolume', volume, '--wait=false');
  for (const name of namespaces.splice(0)) {
    await kubectl('delete', 'namespace', name, '--wait=false');
    await kubectl('delete', 'persistentvolume', name, '--wait=false');
  }
  await connection?.close();
  connection = undefined;
}
