import { json } from 'node:stream/consumers';
import { fetchError, httpGet } from './http.ts';
import type { NpmSettings } from './npm-settings.ts';

/** What the registry says of one version of a package. */
export interface Tarball {
  /** Where it may lie, the likeliest first. */
  readonly urls: readonly string[];
  /** Subresource integrity, such as "sha512-...". */
  readonly integrity: string;
}

interface Packument {
  readonly versions?: Readonly<
    Record<string, { readonly dist?: { readonly tarball?: string; readonly integrity?: string } } | undefined>
  >;
}

/** A mirror may hand on the address at the registry it mirrors: the same path is tried at the mirror first. */
function candidates(tarball: string, registry: string): string[] {
  const given = new URL(tarball);
  const mirror = new URL(registry);
  if (given.host === mirror.host) return [given.href];
  const path = mirror.pathname.replace(/\/$/, '') + given.pathname;
  return [new URL(path, mirror).href, given.href];
}

/** Looks a version up as npm does. @throws DistillError DISTILL_E_FETCH */
export async function findTarball(settings: NpmSettings, name: string, version: string): Promise<Tarball> {
  const url = new URL(name.replace('/', '%2f'), settings.registry).href;
  const response = await httpGet(url, settings, { accept: 'application/vnd.npm.install-v1+json, application/json' });
  if (response.statusCode !== 200) {
    response.resume();
    throw fetchError(url, `the registry answers ${response.statusCode ?? 0}`);
  }
  const packument = await json(response).catch((cause: unknown) => {
    throw fetchError(url, 'the registry does not answer in JSON', cause);
  });
  const dist = (packument as Packument).versions?.[version]?.dist;
  if (dist?.tarball === undefined || dist.integrity === undefined) {
    throw fetchError(url, `the registry has no ${name} ${version} with an integrity`);
  }
  return { urls: candidates(dist.tarball, settings.registry), integrity: dist.integrity };
}
