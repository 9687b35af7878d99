import type { Credentials } from './credentials.ts';

/** One HTTP request to the API server. */
export interface Call {
  readonly verb: Verb;
  /** Plural of the resource, with its subresource, such as `jobs` or `distillationjobs/status`. */
  readonly resource: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly contentType?: string;
  readonly body?: string;
  /** Time limit until the response headers. */
  readonly headersTimeoutMs: number;
  /** Maximum time between two chunks of the response body. */
  readonly bodyTimeoutMs: number;
  readonly signal: AbortSignal;
}

/** As in RBAC rules, with `apply` separate from other patches. */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'apply' | 'delete';

export interface Answer {
  readonly status: number;
  readonly retryAfter?: string | undefined;
  /** Must be read to its end or destroyed; otherwise its connection stays occupied. */
  readonly body: AnswerBody;
}

export interface AnswerBody extends AsyncIterable<Uint8Array> {
  text(): Promise<string>;
  destroy(): void;
}

/** Sends a request and resolves with the head of the response, whatever its status. Tests wrap it to inject faults. */
export type Transport = (call: Call) => Promise<Answer>;

const USER_AGENT = 'distillation-operator';

/** The transport over a pool of keep-alive connections. After a 401 the request is sent once more with fresh credentials. */
export function httpTransport(credentials: Credentials): Transport {
  const send = async (call: Call, force: boolean): Promise<Answer> => {
    const access = await credentials.access(force);
    const url = new URL(access.server + call.path);
    const answer = await access.dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: call.method,
      headers: {
        ...access.headers,
        'User-Agent': USER_AGENT,
        Accept: 'application/json',
        ...(call.contentType === undefined ? {} : { 'Content-Type': call.contentType }),
      },
      body: call.body ?? null,
      headersTimeout: call.headersTimeoutMs,
      bodyTimeout: call.bodyTimeoutMs,
      signal: call.signal,
    });
    // Without a listener, the error of a truncated body would end the process. Whoever reads the body receives it as well.
    answer.body.on('error', () => undefined);
    const retryAfter = answer.headers['retry-after'];
    return {
      status: answer.statusCode,
      retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
      body: {
        [Symbol.asyncIterator]: () => answer.body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>,
        text: () => answer.body.text(),
        destroy: () => {
          answer.body.destroy();
        },
      },
    };
  };
  return async (call) => {
    const answer = await send(call, false);
    if (answer.status !== 401) return answer;
    await answer.body.text();
    return send(call, true);
  };
}
