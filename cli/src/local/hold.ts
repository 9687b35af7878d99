import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import { LAYOUT } from '@distillation/api/layout';
import { createExclusive } from '@distillation/worker/volume/atomic';
import { encodeEnvelope } from '@distillation/worker/volume/envelope';
import type { Ledger } from '@distillation/worker/volume/ledger';

/**
 * One run of a job at a time on a machine. Two would end with the same student, but their workers would take the blocks from
 * each other, epoch for epoch, until one of them gives up.
 */

/** A process that runs the job. */
interface Runner {
  readonly host: string;
  readonly pid: number;
  /** When it began, as the kernel counts; absent where there is no /proc. With it a number that was given anew misleads nobody. */
  readonly started?: string;
}

/** Start time of a process in clock ticks since boot; undefined when it is gone or the system has no /proc. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in brackets, may hold anything; what follows is separated by spaces.
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

async function lives({ host, pid, started }: Runner): Promise<boolean> {
  // Of another machine nothing is known; the claims on blocks hold between machines too.
  if (host !== hostname() || pid === process.pid) return false;
  if (started !== undefined) return (await startOf(pid)) === started;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Takes the next number of the job's runs, which is this process' until it ends; a dead process holds nothing, so nothing has to
 * be given back. Of two that try at once link(2) lets one win, as with the claims on blocks.
 * @throws DISTILL_E_JOB_RUNNING naming the process that runs the job.
 */
export async function holdJob(ledger: Ledger): Promise<void> {
  const started = await startOf(process.pid);
  const self: Runner = { host: hostname(), pid: process.pid, ...(started !== undefined && { started }) };
  for (;;) {
    const names = (await ledger.files.readdir(ledger.path(LAYOUT.runFolder))).map(({ name }) => name);
    const last = names.reduce((top, name) => Math.max(top, Number(/^(\d+)\.json$/.exec(name)?.[1] ?? 0)), 0);
    const holder = last === 0 ? undefined : ((await ledger.readJson(LAYOUT.run(last))) as Runner | undefined);
    if (holder !== undefined && (await lives(holder))) {
      throw new DistillError('DISTILL_E_JOB_RUNNING', `Process ${holder.pid} runs the job in ${ledger.folder}.`, {
        subject: String(holder.pid),
      });
    }
    const path = ledger.path(LAYOUT.run(last + 1));
    if (!(await createExclusive(ledger.files, path, { bytes: encodeEnvelope(self), writer: 'local' }))) continue;
    for (const name of names) await ledger.files.unlink(join(ledger.path(LAYOUT.runFolder), name));
    return;
  }
}
