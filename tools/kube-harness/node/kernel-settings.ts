import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Owned } from '../owned.ts';

/** Settings that the kubelet changes for the whole machine, and that are restored. */
const KERNEL_SETTINGS: Readonly<Record<string, string>> = {
  'vm/overcommit_memory': '1',
  'vm/panic_on_oom': '0',
  'kernel/panic': '10',
  'kernel/panic_on_oops': '1',
};

/** Records how to restore the settings at the end. */
export function keepSettings(owned: Owned): void {
  const lines = Object.entries(KERNEL_SETTINGS).flatMap(([name, wanted]) => {
    const file = join('/proc/sys', name);
    const value = readFileSync(file, 'utf8').trim();
    // It already has the kubelet's value; if another cluster set it, that cluster restores it.
    return value === wanted ? [] : [`echo ${value} > ${file}`];
  });
  if (lines.length > 0) owned.undo(['sh', '-c', lines.join('; ')]);
}
