import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { DistillError, internalError } from '@distillation/api/errors';
import { WORKER_PROGRAM } from '@distillation/api/transfer';
import { ChunkReader } from '@distillation/runtime/chunk-reader';
import type { V1Status } from '@kubernetes/client-node';
import type { ClusterAccess } from '../access.ts';
import { rightsFix } from '../rights.ts';
import { CONTAINER } from './pod.ts';
import type { Session, SessionEnd } from './session.ts';

/** Bytes on their way, in either direction, above which the sender waits. */
const IN_FLIGHT = 4 << 20;
const POLL_MS = 5;

/** What is used of the socket that client-node returns; its types come with a package that is not installed. */
interface Socket {
  readonly bufferedAmount: number;
  readonly readyState: number;
  readonly on: (event: 'message' | 'close' | 'error', listener: () => void) => void;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly terminate: () => void;
}
const OPEN = 1;
const isSocket = (value: unknown): value is Socket =>
  typeof value === 'object' && value !== null && 'terminate' in value && 'bufferedAmount' in value;

/**
 * Runs the worker in a pod's container, by the API server's `exec`.
 * @throws DistillError DISTILL_E_CLUSTER_FORBIDDEN, DISTILL_E_TRANSFER when it does not start
 */
export async function execIn(
  { config, namespace }: Pick<ClusterAccess, 'config' | 'namespace'>,
  pod: string,
  args: readonly string[],
): Promise<Session> {
  // Imported late: most commands need no pod, and it takes a quarter of a second.
  const { Exec, KubeConfig } = await import('@kubernetes/client-node');
  const kubeConfig = new KubeConfig();
  kubeConfig.getCurrentCluster = () => config.getCurrentCluster();
  kubeConfig.applyToHTTPSOptions = (options) => config.applyToHTTPSOptions(options);
  const stdin = new PassThrough();
  const stdout = new PassThrough({ highWaterMark: IN_FLIGHT });
  const stderr = new PassThrough();
  let said = '';
  stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  let code: number | undefined;
  const onStatus = (status: V1Status): void => {
    code = exitCodeOf(status);
  };
  const command = [...WORKER_PROGRAM, ...args];
  const socket: unknown = await new Exec(kubeConfig)
    .exec(namespace, pod, CONTAINER, command, stdout, stderr, stdin, false, onStatus)
    .catch((thrown: unknown) => {
      throw notStarted(thrown, { namespace, pod });
    });
  if (!isSocket(socket)) throw internalError('The client of Kubernetes returned no socket of a known kind.');
  const ended = new Promise<SessionEnd>((resolve) => {
    socket.on('close', () => {
      stdout.end();
      resolve({ code, stderr: said.trim() });
    });
  });
  socket.on('error', () => undefined);
  socket.on('message', () => {
    if (stdout.writableNeedDrain) socket.pause();
  });
  stdout.on('drain', () => {
    socket.resume();
  });
  return {
    ended,
    output: new ChunkReader(stdout),
    close: () => {
      socket.terminate();
    },
    write: async (chunk) => {
      while (socket.readyState === OPEN && socket.bufferedAmount > IN_FLIGHT) await sleep(POLL_MS);
      if (socket.readyState === OPEN) stdin.write(chunk);
    },
  };
}

/** What the API server sends last of an `exec`: the part of a `Status` that is read. */
interface EndOfExec {
  readonly status?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

/** The exit code that the API server reports; undefined when it reports a failure of its own. */
export function exitCodeOf({ status, details }: EndOfExec): number | undefined {
  if (status === 'Success') return 0;
  const code = Number(details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message);
  return Number.isInteger(code) ? code : undefined;
}

/** The answer to a refused WebSocket has no more than its HTTP status. */
export function notStarted(
  thrown: unknown,
  { namespace, pod }: { readonly namespace: string; readonly pod: string },
): DistillError {
  const why =
    typeof thrown === 'object' && thrown !== null && 'message' in thrown ? String(thrown.message) : String(thrown);
  const [, refused] = /\b(40[13])\b/.exec(why) ?? [];
  if (refused !== undefined) {
    return new DistillError(
      'DISTILL_E_CLUSTER_FORBIDDEN',
      `Commands may not be run in the pod ${pod} of the namespace ${namespace}: ${why}`,
      {
        fix:
          refused === '401'
            ? rightsFix(401, why)
            : 'Ask for the verbs get and create on `pods/exec` in this namespace; the role `edit` has them.',
      },
    );
  }
  return new DistillError('DISTILL_E_TRANSFER', `No command can be run in the pod ${pod}: ${why}`, { cause: thrown });
}
