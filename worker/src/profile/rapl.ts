import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Energy counters of the processor packages (RAPL, of Intel and AMD), where the kernel lets this process read them. They count
 * the whole node.
 */

const POWERCAP = '/sys/class/powercap';

export interface PackageMeter {
  /** Such as `package-0`. */
  readonly name: string;
  /** Joules since the meter was opened; undefined when the counter cannot be read any more. To be asked more often than it wraps, which takes some minutes. */
  joules(): Promise<number | undefined>;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch {
    return undefined;
  }
}

async function readMicrojoules(path: string): Promise<number | undefined> {
  const text = await readText(path);
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
}

/** The meters that can be read; none where there is no RAPL, or only root may read it. */
export async function openPackageMeters(root = POWERCAP): Promise<PackageMeter[]> {
  const zones = await readdir(root).catch(() => []);
  const meters: PackageMeter[] = [];
  for (const zone of zones.filter((name) => /^intel-rapl:\d+$/.test(name)).sort()) {
    const name = await readText(join(root, zone, 'name'));
    const counter = join(root, zone, 'energy_uj');
    const range = await readMicrojoules(join(root, zone, 'max_energy_range_uj'));
    const start = await readMicrojoules(counter);
    // `psys` holds the packages once more.
    if (name === undefined || !/^package-\d+$/.test(name) || start === undefined || range === undefined) continue;
    let [last, total] = [start, 0];
    meters.push({
      name,
      async joules() {
        const now = await readMicrojoules(counter);
        if (now === undefined) return undefined;
        total += now >= last ? now - last : now + range - last;
        last = now;
        return total / 1e6;
      },
    });
  }
  return meters;
}
