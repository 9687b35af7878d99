import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPackageMeters } from './rapl.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rapl-'));
});
afterEach(() => rm(root, { recursive: true }));

/** A zone as the kernel shows it. */
async function zone(folder: string, name: string, microjoules: string): Promise<void> {
  await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, folder, 'name'), `${name}\n`);
  await writeFile(join(root, folder, 'energy_uj'), `${microjoules}\n`);
  await writeFile(join(root, folder, 'max_energy_range_uj'), '10000000\n');
}

test('the packages are metered since the start, across the wrap of their counter', async () => {
  await zone('intel-rapl:0', 'package-0', '7000000');
  await zone('intel-rapl:0:0', 'core', '1');
  await zone('intel-rapl:1', 'psys', '1');
  const meters = await openPackageMeters(root);
  expect(meters.map(({ name }) => name)).toEqual(['package-0']);
  expect(await meters[0]?.joules()).toBe(0);
  await zone('intel-rapl:0', 'package-0', '9500000');
  expect(await meters[0]?.joules()).toBe(2.5);
  await zone('intel-rapl:0', 'package-0', '1500000');
  expect(await meters[0]?.joules()).toBe(4.5);
});

test('a machine without counters, or that does not let them be read, has no meters', async () => {
  expect(await openPackageMeters(join(root, 'none'))).toEqual([]);
  await zone('intel-rapl:0', 'package-0', '');
  expect(await openPackageMeters(root)).toEqual([]);
});
