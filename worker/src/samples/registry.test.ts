import { readFile, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestRegistry } from '../../../test/support/registry.ts';
import { SamplesWorld } from '../../test/samples-world.ts';
import { fetchTarball } from './registry.ts';

/** From a registry as bad as a test asks. */

let world: SamplesWorld;
let registry: TestRegistry;
let root: string;
let url: string;
let lines: string[];

beforeEach(async () => {
  world = await SamplesWorld.create();
  ({ registry, root } = world);
  ({ url } = registry);
  lines = [];
});

afterEach(async () => {
  await world.close();
});

/** With pauses of a test. */
const fetched = (more: object = {}): Promise<void> =>
  fetchTarball(world.tiny, {
    registry: new URL(url),
    file: join(root, 'tarball.tgz'),
    say: (line) => lines.push(line),
    pauseMs: 1,
    ...more,
  });

describe('fetchTarball', () => {
  it('asks once, by the address that registries have for it', async () => {
    await fetched({ registry: new URL(url.replace(/\/$/, '')) });
    expect(registry.asked).toEqual(['/tiny-data/-/tiny-data-1.0.0.tgz']);
    expect((await readFile(join(root, 'tarball.tgz'))).equals(registry.body)).toBe(true);
  });

  it('goes on where a connection broke off, and says what happened', async () => {
    registry.cuts = [100_000, 50_000];
    await fetched();
    expect(registry.ranges).toHaveLength(3);
    // What had been received and not yet been read is lost with the connection.
    const starts = registry.ranges.map((range) => Number(/\d+/.exec(range ?? '')?.[0] ?? 0));
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(lines.join('\n')).toMatch(/tiny-data-1\.0\.0\.tgz: .*\. Trying again/);
    expect((await readFile(join(root, 'tarball.tgz'))).equals(registry.body)).toBe(true);
  });

  it('tries again when a registry is busy or broken', async () => {
    registry.statuses = [503, 429];
    await fetched();
    expect(registry.ranges).toHaveLength(3);
  });

  it('gives up when nothing comes, with the cause', async () => {
    registry.statuses = [502, 502, 502, 502];
    const error = { code: 'DISTILL_E_FETCH', message: expect.stringContaining('answered 502 Bad Gateway') as string };
    await expect(fetched({ attempts: 3 })).rejects.toMatchObject(error);
    expect(registry.ranges).toHaveLength(3);
  });

  it('says that there is no network', async () => {
    await registry.close();
    await expect(fetched({ attempts: 2 })).rejects.toMatchObject({
      code: 'DISTILL_E_FETCH',
      message: expect.stringContaining('ECONNREFUSED') as string,
      fix: expect.stringContaining('kubectl distill push') as string,
    });
    await registry.listen();
  });

  it('ends a connection that has gone silent', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as { port: number };
    const silent = { registry: new URL(`http://127.0.0.1:${port}/`), attempts: 1, silenceMs: 50 };
    await expect(fetched(silent)).rejects.toMatchObject({
      message: expect.stringContaining('nothing came for 0.05 s') as string,
    });
    server.close();
  });

  it('asks no registry twice that does not have the package', async () => {
    registry.statuses = [404];
    await expect(fetched()).rejects.toMatchObject({
      code: 'DISTILL_E_FETCH_REFUSED',
      message: expect.stringContaining('404 Not Found when asked for http://127.0.0.1') as string,
      fix: expect.stringContaining('mirror') as string,
    });
    expect(registry.ranges).toHaveLength(1);
  });

  it('takes no tarball with one bit flipped, and keeps nothing of it', async () => {
    const damaged = Buffer.from(registry.body);
    damaged[60_000] = (damaged[60_000] ?? 0) ^ 1;
    registry.body = damaged;
    await expect(fetched()).rejects.toMatchObject({ code: 'DISTILL_E_FETCH_INTEGRITY' });
    expect((await readdir(root)).filter((name) => name.startsWith('tarball'))).toEqual([]);
  });

  it.each([
    ['as long as it', 1],
    ['longer than it', 2],
    ['shorter than it', 0.5],
  ])('begins anew where what is there is %s, and no part of it', async (_, share) => {
    await writeFile(join(root, 'tarball.tgz.part'), Buffer.alloc(registry.body.length * share));
    await fetched();
    expect(registry.ranges.at(-1)).toBeUndefined();
    expect((await readFile(join(root, 'tarball.tgz'))).equals(registry.body)).toBe(true);
  });

  it.each([
    ['begins from the start', 'Ignored'],
    ['has no part of it', 'Refused'],
    ['goes on with something else', 'Wrong'],
  ] as const)('gives up a registry that breaks off each time and %s', async (_, parts) => {
    registry.parts = parts;
    // Now more, now less, but never more than before.
    registry.cuts = Array.from({ length: 400 }, (_one, index) => (index % 2 === 0 ? 90_000 : 50_000));
    await expect(fetched({ attempts: 4 })).rejects.toMatchObject({ code: 'DISTILL_E_FETCH' });
    expect(registry.ranges.length).toBeLessThan(40);
  });

  it('takes the whole from a registry that gives no parts', async () => {
    [registry.parts, registry.cuts] = ['Refused', [100_000]];
    await fetched();
    expect((await readFile(join(root, 'tarball.tgz'))).equals(registry.body)).toBe(true);
  });

  it('measures what comes by itself, not by what lay there', async () => {
    await writeFile(join(root, 'tarball.tgz.part'), Buffer.alloc(registry.body.length * 2));
    // Unlike a connection that is cut, a silent one loses nothing that was sent.
    registry.holdAfter = 50_000;
    await fetched({ attempts: 6, silenceMs: 200 });
    expect((await readFile(join(root, 'tarball.tgz'))).equals(registry.body)).toBe(true);
  });

  it('does not ask for what is there whole, and asks for what is there damaged', async () => {
    await writeFile(join(root, 'tarball.tgz'), registry.body);
    await fetched();
    expect(registry.ranges).toEqual([]);
    await writeFile(join(root, 'tarball.tgz'), registry.body.subarray(1));
    await fetched();
    expect(registry.ranges).toEqual([undefined]);
    expect((await readFile(join(root, 'tarball.tgz'))).equals(registry.body)).toBe(true);
  });
});
