import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Owned } from '../owned.ts';

/** What the kubelet sets for the whole machine; it is put back. */
const KERNEL_SETTINGS: Readonly<Record<string, string>> = {
  'vm/overcommit_memory': '1',
  'vm/panic_on_oom': '0',
  'kernel/panic': '10',
  'kernel/panic_on_oops': '1',
};

/** Has them put back when all is over. */
export function keepSettings(owned: Owned): void {
  const lines = Object.entries(KERNEL_SETTINGS).flatMap(([name, wanted]) => {
    const file = join('/proc/sys', name);
    const value = readFileSync(file, 'utf8').trim();
    // As the kubelet wants it already: if another cluster's did that, it is that cluster's to put back.
    return value === wanted ? [] : [`echo ${value} > ${file}`];
  });
  if (lines.length > 0) owned.undo(['sh', '-c', lines.join('; ')]);
}
