import { join } from 'node:path';
import { DistillError } from '@distillation/api/errors';
import { LAYOUT } from '@distillation/api/layout';
import { createExclusive } from '@distillation/ledger/atomic';
import { encodeEnvelope } from '@distillation/ledger/envelope';
import type { Ledger } from '@distillation/ledger/ledger';
import {
  judgeProcess,
  ownProcess,
  type ProcessIdentity,
  readProcessIdentity,
} from '@distillation/ledger/process-identity';

/**
 * Allows only one run of a job at a time on a machine. Two runs would produce the same student, but their workers would take blocks from
 * each other at every epoch until one of them gives up.
 */

/** Whether this process is alive. For other machines that is not known; the claims on blocks protect against those. */
const runs = (runner: ProcessIdentity): boolean => runner.pid !== process.pid && judgeProcess(runner) === 'Alive';

/**
 * Takes the next run number of the job, which belongs to this process until it ends. Since a dead process holds no lock, it need not be
 * released. If two try at once, link(2) lets only one succeed, as with the claims on blocks.
 * @throws DISTILL_E_JOB_RUNNING naming the process that runs the job.
 */
export async function lockJob(ledger: Ledger): Promise<void> {
  const self: ProcessIdentity = ownProcess() ?? { pid: process.pid, table: 'unknown' };
  for (;;) {
    const names = (await ledger.files.readdir(ledger.path(LAYOUT.runFolder))).map(({ name }) => name);
    const last = names.reduce((top, name) => Math.max(top, Number(/^(\d+)\.json$/.exec(name)?.[1] ?? 0)), 0);
    const holder = last === 0 ? undefined : await ledger.readAs(LAYOUT.run(last), readProcessIdentity);
    if (holder !== undefined && runs(holder)) {
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
