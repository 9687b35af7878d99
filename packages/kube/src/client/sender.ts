import { ApiError, errorOfAnswer, errorOfNoAnswer } from './api-error.ts';
import type { Observation } from './calls.ts';
import { pathOf, type Resource, type Where } from './resources.ts';
import type { Answer, Call, Transport, Verb } from './transport.ts';

interface ApiRequest {
  readonly verb: Verb;
  readonly method: Call['method'];
  readonly where: Where;
  /** Overrides the path of the resource. */
  readonly path?: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Default: JSON. */
  readonly contentType?: string;
  readonly body?: unknown;
}

interface SenderOptions {
  readonly transport: Transport;
  /** Time limit of a whole call, or of a watch until its response starts. */
  readonly timeoutMs: number;
  readonly onRequest: (observation: Observation) => void;
}

/** Sends requests, enforces time limits and turns every failure into an `ApiError`. */
export class Sender {
  readonly #options: SenderOptions;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  withTimeout(timeoutMs: number): Sender {
    return new Sender({ ...this.#options, timeoutMs });
  }

  /** A call with its complete response, within the time limit. */
  async json(resource: Resource, request: ApiRequest, signal?: AbortSignal): Promise<unknown> {
    const { timeoutMs } = this.#options;
    const limit = new AbortController();
    const stop = (): void => {
      limit.abort(new Error('called off'));
    };
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop);
    const timer = setTimeout(() => {
      limit.abort(new Error(`no answer within ${timeoutMs} ms`));
    }, timeoutMs);
    try {
      const answer = await this.head(resource, request, { signal: limit.signal, bodyTimeoutMs: timeoutMs });
      const text = await answer.body.text();
      return text === '' ? undefined : JSON.parse(text);
    } catch (thrown) {
      throw thrown instanceof ApiError ? thrown : errorOfNoAnswer(describe(resource, request), thrown);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }

  /** A call up to the head of a successful response; any other response is thrown as an error. */
  async head(resource: Resource, request: ApiRequest, limits: Pick<Call, 'signal' | 'bodyTimeoutMs'>): Promise<Answer> {
    const { verb, method, where, body } = request;
    const { transport, timeoutMs, onRequest } = this.#options;
    const started = performance.now();
    const observe = (status: number): void => {
      const seconds = (performance.now() - started) / 1000;
      onRequest({ verb, resource: labelOf(resource, where), status, seconds });
    };
    let answer: Answer;
    try {
      answer = await transport({
        verb,
        resource: labelOf(resource, where),
        method,
        path: (request.path ?? pathOf(resource, where)) + queryOf(request.query ?? {}),
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), contentType: request.contentType ?? 'application/json' }),
        headersTimeoutMs: timeoutMs,
        ...limits,
      });
    } catch (thrown) {
      observe(0);
      throw thrown;
    }
    observe(answer.status);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw errorOfAnswer(answer.status, answer.retryAfter, await answer.body.text());
  }
}

const labelOf = (resource: Resource, where: Where): string =>
  where.subresource === undefined ? resource.plural : `${resource.plural}/${where.subresource}`;

const describe = (resource: Resource, request: ApiRequest): string =>
  `${request.verb} ${labelOf(resource, request.where)} ${request.where.namespace ?? ''}/${request.where.name ?? ''}`;

function queryOf(query: NonNullable<ApiRequest['query']>): string {
  const set = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) set.append(name, String(value));
  return set.size === 0 ? '' : `?${set.toString()}`;
}
