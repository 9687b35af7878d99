import { get } from 'node:https';

/**
 * Minimal client of an API server, for its readiness and discovery before the operator's client can be used. It has a connection for each
 * read: the server closes an idle one after 90 s, and a read that was just sent on it would fail.
 */
export interface HttpsReader {
  /**
   * The body of the answer.
   * @throws Error when the status is not 200
   */
  read(path: string): Promise<string>;
}

export function httpsReader(server: string, certificate: string, token: string): HttpsReader {
  return {
    read: (path) =>
      new Promise((resolve, reject) => {
        const headers = { Authorization: `Bearer ${token}` };
        const options = { agent: false, ca: certificate, headers, timeout: 60_000 } as const;
        const request = get(`${server}${path}`, options, (answer) => {
          let body = '';
          answer.setEncoding('utf8').on('data', (text: string) => (body += text));
          answer.once('error', reject).once('end', () => {
            if (answer.statusCode === 200) resolve(body);
            else reject(new Error(`GET ${path}: status ${answer.statusCode ?? 0}: ${body.slice(0, 200)}`));
          });
        });
        request.once('error', reject).once('timeout', () => {
          request.destroy(new Error(`GET ${path}: no answer within 60 s`));
        });
      }),
  };
}
