import { ApiError, errorOfNoAnswer, errorOfStatus } from './api-error.ts';
import type {
  ApplyOptions,
  DeleteOptions,
  ListOptions,
  LogOptions,
  ObjectName,
  Observation,
  Page,
  WatchEvent,
  WatchOptions,
} from './calls.ts';
import { type ApiConfig, credentialsOf } from './credentials.ts';
import { linesOf } from './json-lines.ts';
import { API_GROUPS, OPEN_API, PODS, apiVersionOf, type KubeObject, type Resource } from './resources.ts';
import { Sender } from './sender.ts';
import { type Answer, httpTransport, type Transport } from './transport.ts';

export interface KubeClientOptions {
  /** Time limit of a whole call, or of a watch until its response starts; default 30 000. */
  readonly timeoutMs?: number;
  readonly onRequest?: (observation: Observation) => void;
  /** Wraps the transport to the server, for example to inject faults. */
  readonly wrap?: (next: Transport) => Transport;
}

/** Name and namespace of `apply` and `update` come from the object's own metadata. */
const nameOf = (object: KubeObject): ObjectName => {
  const name = object.metadata?.name;
  if (name === undefined) throw new TypeError(`an object to apply or update needs a name: ${JSON.stringify(object)}`);
  return { namespace: object.metadata?.namespace, name };
};

/**
 * A client of the API server with one pool of keep-alive connections. Every method rejects with `ApiError`, with status 0 if there was no
 * response. It retries only after a rejected credential; other retries are up to the work queue and the reflector.
 */
export class KubeClient {
  readonly #sender: Sender;
  readonly #close: () => Promise<void>;

  constructor(sender: Sender, close: () => Promise<void>) {
    this.#sender = sender;
    this.#close = close;
  }

  /** The same connections with another time limit. */
  withTimeout(timeoutMs: number): KubeClient {
    return new KubeClient(this.#sender.withTimeout(timeoutMs), this.#close);
  }

  /** One page of a list. As the server sends them, items have no `apiVersion` and `kind`. */
  async list<T extends KubeObject>(resource: Resource<T>, options: ListOptions = {}): Promise<Page<T>> {
    const { namespace, signal, ...query } = options;
    const request = { verb: 'list', method: 'GET', where: { namespace }, query: { ...query } } as const;
    const list = await this.#sender.json(resource, request, signal);
    const { items, metadata } = list as {
      items?: T[] | null;
      metadata: { resourceVersion?: string; continue?: string };
    };
    const token = metadata.continue;
    return {
      items: items ?? [],
      resourceVersion: metadata.resourceVersion ?? '',
      continue: token === '' ? undefined : token,
    };
  }

  async get<T extends KubeObject>(resource: Resource<T>, name: ObjectName): Promise<T> {
    return (await this.#sender.json(resource, { verb: 'get', method: 'GET', where: name })) as T;
  }

  /** The object, or undefined if it does not exist. */
  async find<T extends KubeObject>(resource: Resource<T>, name: ObjectName): Promise<T | undefined> {
    try {
      return await this.get(resource, name);
    } catch (error) {
      if (error instanceof ApiError && error.isNotFound) return undefined;
      throw error;
    }
  }

  /** Whether the API server serves this group, which needs no permission to ask. */
  async hasGroup(group: string): Promise<boolean> {
    try {
      const path = `/apis/${encodeURIComponent(group)}`;
      await this.#sender.json(API_GROUPS, { verb: 'get', method: 'GET', where: {}, path });
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.isNotFound) return false;
      throw error;
    }
  }

  /**
   * The schema of a kind as the API server publishes it (OpenAPI v3), which every user may read by the cluster role `system:discovery`;
   * undefined where it publishes none.
   */
  async schemaOf({ group, version, kind }: Resource): Promise<object | undefined> {
    const path = `/openapi/v3/apis/${encodeURIComponent(group)}/${encodeURIComponent(version)}`;
    try {
      const document = await this.#sender.json(OPEN_API, { verb: 'get', method: 'GET', where: {}, path });
      const { components } = document as { readonly components?: { readonly schemas?: Record<string, object> } };
      return Object.entries(components?.schemas ?? {}).find(([name]) => name.endsWith(`.${version}.${kind}`))?.[1];
    } catch (error) {
      if (error instanceof ApiError && error.isNotFound) return undefined;
      throw error;
    }
  }

  /**
   * Server-side apply: creates the object or sets the given fields, and removes fields that this manager set before and no longer gives.
   */
  async apply<T extends KubeObject>(resource: Resource<T>, object: KubeObject, options: ApplyOptions): Promise<T> {
    const body = { apiVersion: apiVersionOf(resource), kind: resource.kind, ...object };
    return (await this.#sender.json(resource, {
      verb: 'apply',
      method: 'PATCH',
      where: { ...nameOf(object), subresource: options.subresource },
      query: { fieldManager: options.fieldManager, force: options.force },
      contentType: 'application/apply-patch+yaml',
      body,
    })) as T;
  }

  /** JSON merge patch (RFC 7386); a `metadata.uid` in the patch is a precondition. */
  async mergePatch<T extends KubeObject>(
    resource: Resource<T>,
    name: ObjectName & { readonly fieldManager?: string; readonly subresource?: string },
    patch: object,
  ): Promise<T> {
    const { fieldManager, ...where } = name;
    return (await this.#sender.json(resource, {
      verb: 'patch',
      method: 'PATCH',
      where,
      query: { fieldManager },
      contentType: 'application/merge-patch+json',
      body: patch,
    })) as T;
  }

  async create<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T> {
    const body = { apiVersion: apiVersionOf(resource), kind: resource.kind, ...object };
    const where = { namespace: object.metadata?.namespace };
    return (await this.#sender.json(resource, { verb: 'create', method: 'POST', where, body })) as T;
  }

  /** Replaces the object; with a `metadata.resourceVersion` only if it has not changed since. */
  async update<T extends KubeObject>(resource: Resource<T>, object: T): Promise<T> {
    const body = { apiVersion: apiVersionOf(resource), kind: resource.kind, ...object };
    return (await this.#sender.json(resource, { verb: 'update', method: 'PUT', where: nameOf(object), body })) as T;
  }

  async delete(resource: Resource, name: ObjectName, options: DeleteOptions = {}): Promise<void> {
    const { uid, ...rest } = options;
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', ...rest, ...(uid ? { preconditions: { uid } } : {}) };
    await this.#sender.json(resource, { verb: 'delete', method: 'DELETE', where: name, body });
  }

  /**
   * Every change after a resourceVersion, until the server ends the watch or the signal is aborted (which ends the iteration without an
   * error). Rejects with `isGone` if the version has expired, whether the server reports that as a response or as an event.
   */
  async *watch<T extends KubeObject>(resource: Resource<T>, options: WatchOptions): AsyncGenerator<WatchEvent<T>> {
    const { namespace, silenceMs, signal, ...query } = options;
    const head = { ...query, watch: true, allowWatchBookmarks: true };
    // A function, since the compiler would otherwise narrow the property and assume that it stays false.
    const stopped = (): boolean => signal.aborted;
    if (stopped()) return;
    let answer: Answer | undefined;
    try {
      answer = await this.#sender.head(
        resource,
        { verb: 'watch', method: 'GET', where: { namespace }, query: head },
        { signal, bodyTimeoutMs: silenceMs },
      );
      for await (const line of linesOf(answer.body)) {
        const event = JSON.parse(line) as WatchEvent<T> | { readonly type: 'ERROR'; readonly object: unknown };
        if (event.type === 'ERROR') throw errorOfStatus(event.object);
        yield event;
      }
    } catch (thrown) {
      if (stopped()) return;
      throw thrown instanceof ApiError ? thrown : errorOfNoAnswer(`watch ${resource.plural}`, thrown);
    } finally {
      answer?.body.destroy();
    }
  }

  /**
   * Lines of a container's log, as they come, until it ends (or, without `follow`, until what there is has been read). Aborting the signal
   * ends the iteration without an error.
   */
  async *log(pod: ObjectName, { signal, ...query }: LogOptions): AsyncGenerator<string> {
    const stopped = (): boolean => signal.aborted;
    if (stopped()) return;
    let answer: Answer | undefined;
    try {
      const where = { ...pod, subresource: 'log' };
      const request = { verb: 'get', method: 'GET', where, query: { ...query } } as const;
      // A worker may be silent for as long as it likes.
      answer = await this.#sender.head(PODS, request, { signal, bodyTimeoutMs: 0 });
      yield* linesOf(answer.body);
    } catch (thrown) {
      if (stopped()) return;
      throw thrown instanceof ApiError ? thrown : errorOfNoAnswer(`read the log of ${pod.name}`, thrown);
    } finally {
      answer?.body.destroy();
    }
  }

  /** Closes all connections; calls and watches in flight fail. */
  close(): Promise<void> {
    return this.#close();
  }
}

/** The client of a kubeconfig's current context, or of the pod's service account. */
export function kubeClient(config: ApiConfig, options: KubeClientOptions = {}): KubeClient {
  const credentials = credentialsOf(config);
  const transport = httpTransport(credentials);
  const sender = new Sender({
    transport: options.wrap?.(transport) ?? transport,
    timeoutMs: options.timeoutMs ?? 30_000,
    onRequest: options.onRequest ?? (() => undefined),
  });
  return new KubeClient(sender, () => credentials.close());
}
