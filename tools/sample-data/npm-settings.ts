import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions } from 'node:https';
import { promisify } from 'node:util';
import { DistillError } from '@distillation/api/errors';

/** The registry and the way to it, as npm is configured on this machine. */

export interface NpmSettings {
  /** URL that ends in a slash. */
  readonly registry: string;
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

/** Added to Node 22.21's agents, not yet to their types. */
interface ProxyAware extends AgentOptions {
  readonly proxyEnv: Readonly<Record<string, string | undefined>>;
}

type NpmConfig = Readonly<Record<string, unknown>>;

async function npmConfig(): Promise<NpmConfig> {
  // Under `npm start` npm tells where it is; else it is the one on the path.
  const script = process.env['npm_execpath'];
  const [command, args] = script === undefined ? ['npm', []] : [process.execPath, [script]];
  try {
    const { stdout } = await promisify(execFile)(command, [...args, 'config', 'ls', '--json'], {
      shell: script === undefined && process.platform === 'win32',
    });
    return JSON.parse(stdout) as NpmConfig;
  } catch (cause) {
    throw new DistillError('DISTILL_E_FETCH', 'The registry setting of npm cannot be read (`npm config ls`).', {
      cause,
    });
  }
}

function text(config: NpmConfig, key: string): string | undefined {
  const value = config[key];
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.join(',');
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Reads npm's registry, proxies, certificates and `strict-ssl`. @throws DistillError DISTILL_E_FETCH where npm cannot be run */
export async function readNpmSettings(): Promise<NpmSettings> {
  const config = await npmConfig();
  const registry = text(config, 'registry');
  if (registry === undefined) throw new DistillError('DISTILL_E_FETCH', 'No registry is configured for npm.');
  const cafile = text(config, 'cafile');
  const ca = cafile === undefined ? text(config, 'ca') : await readFile(cafile, 'utf8');
  const options: ProxyAware = {
    keepAlive: false,
    proxyEnv: {
      HTTPS_PROXY: text(config, 'https-proxy') ?? text(config, 'proxy'),
      HTTP_PROXY: text(config, 'proxy'),
      NO_PROXY: text(config, 'noproxy'),
    },
    rejectUnauthorized: config['strict-ssl'] !== false,
    ...(ca === undefined ? {} : { ca }),
  };
  return {
    registry: registry.endsWith('/') ? registry : `${registry}/`,
    httpAgent: new HttpAgent(options),
    httpsAgent: new HttpsAgent(options),
  };
}
