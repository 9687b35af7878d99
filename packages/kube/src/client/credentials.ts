import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { Agent, type buildConnector, type Dispatcher, ProxyAgent } from 'undici';
import { type Clock, systemClock } from '../clock.ts';
import { ConfigError } from './config-error.ts';

/**
 * How often credential files and plugins are read again; client-go's interval. Service account tokens are renewed long before they
 * expire.
 */
const REFRESH_MS = 60_000;

/** How long an idle connection is kept; less than the 90 s after which the API server closes it. */
const KEEP_ALIVE_MS = 60_000;

/**
 * Timeout for establishing a connection. A hanging attempt delays the calls behind it, and two attempts must fit into the renew deadline of
 * leader election.
 */
const CONNECT_MS = 4_000;

/** The part of client-node's KubeConfig that is used here. */
export type ApiConfig = Pick<
  KubeConfig,
  'getCurrentCluster' | 'getCurrentContext' | 'getCurrentUser' | 'applyToHTTPSOptions' | 'createDispatcherOptions'
>;

/** What a request needs from a kubeconfig. */
export interface Access {
  /** Scheme, host, port and possibly a base path. */
  readonly server: string;
  /** Authorization and impersonation; a header with several values is sent once for each. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** Pool of keep-alive connections; the same one until the TLS files change. */
  readonly dispatcher: Dispatcher;
}

export interface Credentials {
  /** Reads files again when they are due or a token file has changed, or with `force` after the server has rejected the credentials. */
  access(force?: boolean): Promise<Access>;
  close(): Promise<void>;
}

/**
 * Access by a kubeconfig's current context, or in-cluster. client-node (2.0.1) creates a new HTTP agent for every call; here there is one,
 * replaced only when CA, certificate or key change. Tokens, basic auth, exec plugins and OIDC are left to client-node.
 */
export function credentialsOf(config: ApiConfig, clock: Clock = systemClock): Credentials {
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    const context = config.getCurrentContext() as string | undefined;
    throw new ConfigError(`The kubeconfig's current context "${context ?? ''}" names no cluster.`);
  }
  const server = cluster.server.replace(/\/+$/, '');
  const tokenFile = tokenFileOf(config);
  let current: { access: Access; readAt: number; tokenStamp: string; tlsHash: string } | undefined;
  let reading: Promise<Access> | undefined;

  async function read(): Promise<Access> {
    const stamp = stampOf(tokenFile);
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const headers: Record<string, string | string[]> = {};
    for (const [name, value] of Object.entries(options.headers ?? {})) {
      headers[name] = Array.isArray(value) ? value.map(String) : String(value);
    }
    if (typeof options.auth === 'string') {
      headers['Authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
    }
    // client-node caches this file for a minute, even if it changes.
    if (tokenFile !== undefined) headers['Authorization'] = `Bearer ${readFileSync(tokenFile, 'utf8').trim()}`;
    const tls = tlsFilesOf(options);
    const tlsHash = hashOf(tls);
    const old = current?.access.dispatcher;
    const kept = current?.tlsHash === tlsHash ? old : undefined;
    const access = { server, headers, dispatcher: kept ?? dispatcherFor(config, tls) };
    current = { access, readAt: clock.now(), tokenStamp: stamp, tlsHash };
    // Calls and watches in flight finish on the old connections.
    if (kept === undefined) void old?.close();
    return access;
  }

  return {
    access(force = false) {
      const fresh =
        current !== undefined && clock.now() - current.readAt < REFRESH_MS && current.tokenStamp === stampOf(tokenFile);
      if (current !== undefined && fresh && !force) return Promise.resolve(current.access);
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    },
    async close() {
      await current?.access.dispatcher.destroy();
    },
  };
}

/** A connection pool with the proxy and TLS settings that client-node derives from the kubeconfig. */
function dispatcherFor(config: ApiConfig, tls: TlsFiles): Dispatcher {
  const options = config.createDispatcherOptions(config.getCurrentCluster(), tls);
  // HTTP/1.1, one connection per watch: with HTTP/2, one stalled connection would stall all watches and calls.
  const common = {
    allowH2: false,
    connectTimeout: CONNECT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    pipelining: 1,
  } as const;
  switch (options.type) {
    case 'proxy':
      return new ProxyAgent({ ...common, uri: options.uri, requestTls: options.requestTls });
    case 'agent':
      return new Agent({ ...common, connect: options.connect as buildConnector.BuildOptions });
    case 'none':
      return new Agent(common);
    case 'socks':
      throw new ConfigError(
        `The kubeconfig names the SOCKS proxy ${options.uri}, which cannot be used; give an http(s) proxy.`,
      );
  }
}

type TlsFiles = Pick<
  RequestOptions,
  'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'rejectUnauthorized' | 'servername'
>;

const tlsFilesOf = (options: RequestOptions): TlsFiles => ({
  ca: options.ca,
  cert: options.cert,
  key: options.key,
  pfx: options.pfx,
  passphrase: options.passphrase,
  rejectUnauthorized: options.rejectUnauthorized,
  servername: options.servername,
});

const hashOf = (tls: TlsFiles): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.values(tls).map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : value))))
    .digest('hex');

/** The file that holds the token; in a cluster, that of the service account. */
function tokenFileOf(config: ApiConfig): string | undefined {
  const provider = config.getCurrentUser()?.authProvider as { config?: { tokenFile?: unknown } } | undefined;
  return typeof provider?.config?.tokenFile === 'string' ? provider.config.tokenFile : undefined;
}

/** Changes when the file is replaced. The kubelet replaces a link to its folder, so the file behind the link is another one. */
function stampOf(file: string | undefined): string {
  if (file === undefined) return '';
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? 'none' : `${stat.ino}-${stat.mtimeMs}`;
}
