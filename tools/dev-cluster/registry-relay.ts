import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What of an answer is passed on: enough to read it, and to go on where it broke off. */
const PASSED = ['content-type', 'content-range', 'etag'] as const;

export interface RegistryRelay {
  /** Its address, as pods know it. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Pods of the development cluster reach this machine and nothing else. What they ask of npm's registry is asked for them.
 * @param host address of this machine in the cluster's network
 * @param registry the one that this machine uses
 */
export async function relayRegistry(host: string, registry: URL): Promise<RegistryRelay> {
  const server = createServer((request, response) => {
    void answer(request, response, registry).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  { method, url, headers }: IncomingMessage,
  response: ServerResponse,
  registry: URL,
): Promise<void> {
  if (method !== 'GET') {
    response.writeHead(405).end();
    return;
  }
  const { range } = headers;
  // Below the registry's own path, and on no other host.
  const { pathname } = new URL(url ?? '/', 'http://any');
  const asked = new URL(`${registry.href.replace(/\/$/, '')}${pathname}`);
  const found = await fetch(asked, { headers: range === undefined ? {} : { range } }).catch(
    (thrown: unknown) => thrown,
  );
  if (!(found instanceof Response)) {
    response.writeHead(502).end(String(found));
    return;
  }
  for (const name of PASSED) {
    const value = found.headers.get(name);
    if (value !== null) response.setHeader(name, value);
  }
  response.writeHead(found.status);
  if (found.body === null) response.end();
  else await pipeline(Readable.fromWeb(found.body), response);
}
