import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packTarball, TestRegistry } from '../../test/support/registry.ts';
import { relayRegistry, type RegistryRelay } from './registry-relay.ts';

let folder: string;
let registry: TestRegistry;
let relay: RegistryRelay;
const TARBALL = 'some/-/some-1.0.0.tgz';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'distill-relay-'));
  registry = new TestRegistry({ name: 'some', version: '1.0.0', tarball: await packTarball(folder, { a: 'b' }) });
  await registry.listen();
  relay = await relayRegistry('127.0.0.1', new URL(registry.url));
});
afterAll(async () => {
  await relay.close();
  await registry.close();
  await rm(folder, { recursive: true });
});

const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

it('gives what the registry gives, whole or from where a download broke off', async () => {
  expect(await bytesOf(await fetch(relay.url + TARBALL))).toEqual(registry.body);
  const part = await fetch(relay.url + TARBALL, { headers: { range: 'bytes=10-' } });
  expect(part.status).toBe(206);
  expect(part.headers.get('content-range')).toBe(`bytes 10-${registry.body.length - 1}/${registry.body.length}`);
  expect(await bytesOf(part)).toEqual(registry.body.subarray(10));
});

it('passes refusals on, asks no other host, and takes no other method', async () => {
  expect((await fetch(`${relay.url}none`)).status).toBe(404);
  await fetch(`${relay.url}/example.com/some`);
  expect(registry.asked.at(-1)).toBe('/some');
  expect((await fetch(relay.url + TARBALL, { method: 'PUT' })).status).toBe(405);
});

it('says that the registry is out of reach', async () => {
  const away = new TestRegistry({ name: 'away', version: '1.0.0', tarball: registry.body });
  await away.listen();
  const lost = await relayRegistry('127.0.0.1', new URL(away.url));
  await away.close();
  expect((await fetch(`${lost.url}away`)).status).toBe(502);
  await lost.close();
});
