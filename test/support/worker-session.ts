import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ChunkReader } from '@distillation/runtime/chunk-reader';
import type { Session } from '../../cli/src/cluster/files/session.ts';

const WORKER = fileURLToPath(import.meta.resolve('@distillation/worker/main'));

/** A session of the command line with the real worker, as a process of this machine instead of one in a pod. */
export function workerSession(args: readonly string[]): Session {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', WORKER, ...args]);
  child.setMaxListeners(0);
  let stderr = '';
  const closed = once(child, 'close');
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.setMaxListeners(0).on('error', () => undefined);
  return {
    output: new ChunkReader(child.stdout),
    ended: closed.then(([code]: unknown[]) => ({
      code: code === null ? undefined : Number(code),
      stderr,
    })),
    close: () => child.kill('SIGKILL'),
    write: async (chunk) => {
      if (!child.stdin.write(chunk)) await Promise.race([once(child.stdin, 'drain').catch(() => []), closed]);
    },
  };
}
