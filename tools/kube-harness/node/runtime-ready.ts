import { connect as connectHttp } from 'node:http2';
import { connect } from 'node:net';

/** `VersionRequest` of the CRI without fields, in a gRPC frame: not compressed, of length 0. */
const EMPTY_MESSAGE = Buffer.alloc(5);
const TIMEOUT_MS = 5000;

/**
 * Whether the CRI on that socket serves the kubelet: while it recovers from a power cut it refuses ("not initialized yet") even though
 * containerd itself answers, and the kubelet exits when it is refused.
 */
export function servesKubelet(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const session = connectHttp('http://localhost', { createConnection: () => connect(socket) });
    const settle = (isReady: boolean): void => {
      clearTimeout(timer);
      session.destroy();
      resolve(isReady);
    };
    const timer = setTimeout(settle, TIMEOUT_MS, false);
    session.on('error', () => {
      settle(false);
    });
    const request = session.request({
      ':method': 'POST',
      ':path': '/runtime.v1.RuntimeService/Version',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    let status: unknown;
    const read = (headers: Record<string, unknown>): void => {
      status = headers['grpc-status'] ?? status;
    };
    request.on('response', read);
    request.on('trailers', read);
    request.on('error', () => {
      settle(false);
    });
    request.on('end', () => {
      settle(status === '0');
    });
    request.resume();
    request.end(EMPTY_MESSAGE);
  });
}
