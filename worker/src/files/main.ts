import { readdir } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DistillError } from '@distillation/api/errors';
import { VOLUMES_FOLDER } from '@distillation/api/transfer';
import { ChunkReader } from '@distillation/runtime/chunk-reader';
import { shareWithGroup } from '../process/group-rights.ts';
import { answer, type Exchange } from './exchange.ts';
import { ALIVE_MS, hold, signOfLife } from './hold.ts';
import { look } from './look.ts';
import { receive } from './receive.ts';
import { send } from './send.ts';

/** `worker files`: the far end of `kubectl distill push` and `fetch`, in a pod that mounts the volumes. */

const SESSIONS = { look, receive, send } as const;

/** @throws DistillError DISTILL_E_USAGE and those of the sessions */
export async function files(argv: readonly string[]): Promise<void> {
  const { name, root } = parsed(argv);
  if (name === 'hold') {
    // The first process of a container ignores a signal that it does not handle.
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));
    await hold();
    return;
  }
  for (const volume of await readdir(root).catch(() => [])) await shareWithGroup(join(root, volume));
  const exchange: Exchange = { root, input: new ChunkReader(process.stdin), output };
  const stop = await signOfLife();
  // Amid the bytes of a file there is no place for it, and no need.
  const alive = name === 'send' ? undefined : setInterval(() => void answer(exchange, { type: 'Alive' }), ALIVE_MS);
  try {
    await SESSIONS[name](exchange);
  } finally {
    clearInterval(alive);
    stop();
  }
}

async function output(bytes: Uint8Array | string): Promise<void> {
  if (!process.stdout.write(bytes)) await once(process.stdout, 'drain');
}

function parsed(argv: readonly string[]): { name: keyof typeof SESSIONS | 'hold'; root: string } {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { volumes: { type: 'string', default: VOLUMES_FOLDER } },
  });
  const [name, ...more] = positionals;
  if (more.length === 0 && (name === 'look' || name === 'receive' || name === 'send' || name === 'hold')) {
    return { name, root: values.volumes };
  }
  throw new DistillError(
    'DISTILL_E_USAGE',
    `\`files ${positionals.join(' ')}\` is not known: look, receive, send, hold.`,
  );
}
