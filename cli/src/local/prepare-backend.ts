import { EXIT } from '@distillation/api/errors';
import { setUpNative, withoutNative } from '@distillation/native-addon/setup';
import { requireLocalPackages } from './packages.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Sets up the native backend for a command that computes, and warns if it is not available. @throws DistillError DISTILL_E_LOCAL_PACKAGES */
export async function prepareBackend(log: (line: string) => void): Promise<void> {
  requireLocalPackages();
  // An orderly exit also ends the processes that fetch or build it.
  const stop = (): never => process.exit(EXIT.retry);
  for (const signal of SIGNALS) process.once(signal, stop);
  const remark = withoutNative(await setUpNative(log));
  for (const signal of SIGNALS) process.off(signal, stop);
  if (remark !== undefined) log(remark);
}
