import { type IncomingMessage, type Server, createServer } from 'node:http';
import { ANY_HOST, type Address, addressText } from './address.ts';
import { DistillError } from '@distillation/api/errors';

/** Response of a path. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export type Routes = Readonly<Record<string, () => Answer | Promise<Answer>>>;

export const text = (status: number, body: string): Answer => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body,
});

/** A listening server. */
export interface Listening {
  /** The actual port, also when port 0 was requested. */
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves GET and HEAD of a few fixed paths. Deliberately minimal: its clients are the kubelet and Prometheus.
 *
 * @throws DistillError DISTILL_E_USAGE when it cannot listen on the address
 */
export async function serve(address: Address, routes: Routes): Promise<Listening> {
  const server = createServer((request, response) => {
    void answer(request, routes).then(({ status, contentType, body }) => {
      response.writeHead(status, { 'Content-Type': contentType, 'Cache-Control': 'no-store' });
      response.end(request.method === 'HEAD' ? undefined : body);
    });
  });
  // A client that sends its request very slowly must not hold a connection for long.
  server.requestTimeout = 10_000;
  server.headersTimeout = 10_000;
  await listen(server, address);
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, routes: Routes): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'Only GET is answered.\n');
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (route === undefined) return text(404, `There is ${Object.keys(routes).join(', ')}.\n`);
  try {
    return await route();
  } catch (thrown) {
    return text(500, `${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  }
}

function listen(server: Server, address: Address): Promise<void> {
  const { host, port } = address;
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const where = addressText(address);
      reject(new DistillError('DISTILL_E_USAGE', `Cannot listen on ${where}: ${error.message}.`, { cause: error }));
    });
    // Without a host, Node listens on both IPv4 and IPv6, or on IPv4 alone if the kernel has no IPv6.
    server.listen(host === ANY_HOST ? { port } : { port, host }, () => {
      resolve();
    });
  });
}
