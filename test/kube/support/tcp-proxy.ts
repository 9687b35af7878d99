import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** A connection to a server that can fail like a network. */
export interface TcpProxy {
  /** Address to connect to, such as `https://127.0.0.1:4711` for a target `https://127.0.0.1:6443`. */
  readonly url: string;
  /** Stops forwarding; connections stay open and can still be made. */
  freeze(): void;
  /** From now on new connections work; frozen ones stay as they are. */
  thaw(): void;
  /** Resets all open connections. */
  cut(): void;
  /** How many connections are open. */
  readonly open: number;
  close(): Promise<void>;
}

/** Forwards loopback connections to the host and port of a URL. */
export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port, protocol } = new URL(target);
  const pairs = new Set<readonly [Socket, Socket]>();
  let frozen = false;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    if (frozen) return;
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${protocol}//127.0.0.1:${(server.address() as AddressInfo).port}`,
    freeze: () => {
      frozen = true;
      for (const [near, far] of pairs) {
        near.unpipe(far).pause();
        far.unpipe(near).pause();
      }
    },
    thaw: () => {
      frozen = false;
    },
    cut: () => {
      for (const [near] of pairs) near.resetAndDestroy();
    },
    get open() {
      return pairs.size;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const [near] of pairs) near.destroy();
      }),
  };
}
