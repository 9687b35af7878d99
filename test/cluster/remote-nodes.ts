import { createServer, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { ClusterNode } from '../../tools/kube-harness/node.ts';

/**
 * Nodes belong to the process that set the cluster up, and tests run in others: they say there what is to happen to a node, over a
 * socket in the cluster's folder.
 */

/** What a test does to a node. Each resolves when it has happened. */
export interface RemoteNode {
  readonly name: string;
  /** A power cut. */
  kill(): Promise<void>;
  /** Switches it on again; ready when this resolves. */
  start(): Promise<void>;
  cutNetwork(): Promise<void>;
  healNetwork(): Promise<void>;
  /** Which of its GPUs (from 0) are broken; the cluster knows when this resolves. */
  setUnhealthyGpus(gpus: readonly number[]): Promise<void>;
  /** A file system of so many bytes at a folder of this machine, as this node sees it. */
  limitFolder(folder: string, bytes: number): Promise<void>;
}

/** What is said of an action. */
interface Details {
  readonly gpus?: readonly number[];
  readonly folder?: string;
  readonly bytes?: number;
}

type Action = Exclude<keyof RemoteNode, 'name'>;
const ACTIONS: Readonly<Record<Action, (node: ClusterNode, details: Details) => Promise<void> | void>> = {
  kill: (node) => node.kill(),
  start: (node) => node.start(),
  cutNetwork: (node) => {
    node.cutNetwork();
  },
  healNetwork: (node) => {
    node.healNetwork();
  },
  setUnhealthyGpus: (node, { gpus = [] }) => node.setUnhealthyGpus(gpus),
  limitFolder: (node, { folder = '', bytes = 0 }) => node.limitFolder(folder, bytes),
};

/** Lets others act on the nodes. @returns how to end it */
export async function serveNodes(socket: string, nodes: readonly ClusterNode[]): Promise<() => void> {
  const act = async (call: IncomingMessage): Promise<void> => {
    const [, name, action] = (call.url ?? '').split('/');
    const node = nodes.find((one) => one.name === name);
    if (node === undefined || action === undefined || !(action in ACTIONS)) throw new Error(`no ${call.url ?? ''}`);
    await ACTIONS[action as Action](node, JSON.parse(await text(call)) as Details);
  };
  const server = createServer((call, answer) => {
    act(call).then(
      () => answer.end(),
      (thrown: unknown) => answer.writeHead(500).end(thrown instanceof Error ? thrown.message : String(thrown)),
    );
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return () => {
    server.close();
    server.closeAllConnections();
  };
}

/** A node as tests have it. */
export function remoteNode(socket: string, name: string): RemoteNode {
  const tell = async (action: Action, details: Details = {}): Promise<void> => {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ socketPath: socket, path: `/${name}/${action}`, method: 'POST' }, resolve)
        .once('error', reject)
        .end(JSON.stringify(details));
    });
    const complaint = await text(answer);
    if (answer.statusCode !== 200) throw new Error(`${name}: ${action}: ${complaint}`);
  };
  return {
    name,
    kill: () => tell('kill'),
    start: () => tell('start'),
    cutNetwork: () => tell('cutNetwork'),
    healNetwork: () => tell('healNetwork'),
    setUnhealthyGpus: (gpus) => tell('setUnhealthyGpus', { gpus }),
    limitFolder: (folder, bytes) => tell('limitFolder', { folder, bytes }),
  };
}
