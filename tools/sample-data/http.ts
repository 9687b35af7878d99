import { type IncomingMessage, get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import { DistillError } from '@distillation/api/errors';
import type { NpmSettings } from './npm-settings.ts';

/** GET through npm's proxies and certificates, following redirections. */

const REDIRECTIONS = 5;
const SILENCE_MS = 30_000;

export function fetchError(url: string, what: string, cause?: unknown): DistillError {
  return new DistillError('DISTILL_E_FETCH', `${url}: ${what}.`, { subject: url, cause });
}

function once(url: URL, settings: NpmSettings, headers: Readonly<Record<string, string>>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = { headers, timeout: SILENCE_MS };
    const request =
      url.protocol === 'https:'
        ? getHttps(url, { ...options, agent: settings.httpsAgent }, resolve)
        : getHttp(url, { ...options, agent: settings.httpAgent }, resolve);
    request.on('timeout', () => request.destroy(new Error(`nothing received for ${SILENCE_MS / 1000} s`)));
    request.on('error', (cause) => {
      reject(fetchError(url.href, cause.message || 'no connection', cause));
    });
  });
}

/** The response's head; its body is the caller's to read or destroy. @throws DistillError DISTILL_E_FETCH */
export async function httpGet(
  url: string,
  settings: NpmSettings,
  headers: Readonly<Record<string, string>>,
): Promise<IncomingMessage> {
  let target = new URL(url);
  for (let turn = 0; turn <= REDIRECTIONS; turn++) {
    const response = await once(target, settings, headers);
    const { statusCode = 0, headers: received } = response;
    if (statusCode < 300 || statusCode >= 400 || received.location === undefined) return response;
    response.resume();
    target = new URL(received.location, target);
  }
  throw fetchError(url, `redirected more than ${REDIRECTIONS} times`);
}
