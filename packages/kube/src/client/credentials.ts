import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { Agent, type buildConnector, type Dispatcher, ProxyAgent } from 'undici';
import { type Clock, systemClock } from '../clock.ts';
import { ConfigError } from './config-error.ts';

/** How often files and plugins are asked again; client-go's interval. A service account token is replaced long before it ends. */
const REFRESH_MS = 60_000;

/** How long an idle connection is kept: below the 90 s after which the API server closes it. */
const KEEP_ALIVE_MS = 60_000;

/**
 * How long a connection may take to come about. One that hangs keeps the calls behind it waiting, and two must fit into the time in
 * which a leader has to renew.
 */
const CONNECT_MS = 4_000;

/** What of client-node's KubeConfig is used here. */
export type ApiConfig = Pick<
  KubeConfig,
  'getCurrentCluster' | 'getCurrentContext' | 'getCurrentUser' | 'applyToHTTPSOptions' | 'createDispatcherOptions'
>;

/** What a request needs of a kubeconfig. */
export interface Access {
  /** Scheme, host, port and perhaps a base path. */
  readonly server: string;
  /** Authorization and impersonation. */
  readonly headers: Readonly<Record<string, string>>;
  /** Pool of keep-alive connections; the same one until the TLS files change. */
  readonly dispatcher: Dispatcher;
}

export interface Credentials {
  /** Reads files anew when they are due or a token file has changed; `force` after the server has refused what there was. */
  access(force?: boolean): Promise<Access>;
  close(): Promise<void>;
}

/**
 * Access by a kubeconfig's current context, or in-cluster. client-node makes a new HTTP agent for every call (2.0.1); here there is
 * one, replaced only when CA, certificate or key are. Tokens, basic auth, exec plugins and OIDC are client-node's.
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
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(options.headers ?? {})) headers[name] = String(value);
    if (typeof options.auth === 'string') {
      headers['Authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
    }
    // client-node's own reader of this file keeps what it has for a minute, whatever changes.
    if (tokenFile !== undefined) headers['Authorization'] = `Bearer ${readFileSync(tokenFile, 'utf8').trim()}`;
    const tls = tlsFilesOf(options);
    const tlsHash = hashOf(tls);
    const old = current?.access.dispatcher;
    const kept = current?.tlsHash === tlsHash ? old : undefined;
    const access = { server, headers, dispatcher: kept ?? dispatcherFor(config, tls) };
    current = { access, readAt: clock.now(), tokenStamp: stamp, tlsHash };
    // Calls and watches under way end on the old connections.
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

/** A pool of connections for what client-node makes of the cluster's proxy and TLS settings. */
function dispatcherFor(config: ApiConfig, tls: TlsFiles): Dispatcher {
  const options = config.createDispatcherOptions(config.getCurrentCluster(), tls);
  // HTTP/1.1: a connection a watch. Over HTTP/2 one stalled connection would stall every watch and call at once.
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

/** The file a token is read from: in-cluster the service account's. */
function tokenFileOf(config: ApiConfig): string | undefined {
  const provider = config.getCurrentUser()?.authProvider as { config?: { tokenFile?: unknown } } | undefined;
  return typeof provider?.config?.tokenFile === 'string' ? provider.config.tokenFile : undefined;
}

/** Changes when the file is replaced. The kubelet swaps a link to its folder, so the file behind the link is another one then. */
function stampOf(file: string | undefined): string {
  if (file === undefined) return '';
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? 'none' : `${stat.ino}-${stat.mtimeMs}`;
}
