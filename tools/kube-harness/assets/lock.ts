import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { judgeProcess, ownProcess, type ProcessIdentity } from '@distillation/ledger/process-identity';

/**
 * Runs `work` under a lock file, exclusively between processes. The lock of a dead process counts as free. If two processes find such a
 * lock at the same instant, both may run, which `work` must tolerate (its result is then made twice).
 */
export async function withLock<T>(file: string, log: (line: string) => void, work: () => Promise<T>): Promise<T> {
  let told = false;
  while (!(await tryLock(file))) {
    if (!told) log('another process is making the Kubernetes tools: waiting for it');
    told = true;
    await sleep(500);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function tryLock(file: string): Promise<boolean> {
  try {
    await writeFile(file, JSON.stringify(ownProcess()), { flag: 'wx' });
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  }
  const text = await readFile(file, 'utf8').catch(() => '');
  // Its owner is just writing it.
  if (text === '') return false;
  if (judgeProcess(JSON.parse(text) as ProcessIdentity) !== 'Alive') await rm(file, { force: true });
  return false;
}
