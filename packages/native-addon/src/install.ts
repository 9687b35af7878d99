import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ADDON, locatePackage, probeAddon, type NativePackage } from './addon.ts';
import { installOfficial } from './official.ts';
import { buildFromWheel } from './wheel.ts';

export interface EnsureNativeOptions {
  readonly package: NativePackage;
  /** Takes one plain line a step. */
  readonly log: (line: string) => void;
  /** Where finished builds are kept for the next `npm ci`; default `nativeCacheFolder()`. */
  readonly cacheFolder?: string;
  /** Which ways to take; default all. `DISTILL_NATIVE` of the environment. */
  readonly mode?: NativeMode;
  /** The installed package; default where npm put it. */
  readonly packageFolder?: string;
  /** How an addon is made, in this order; default `waysFor` the package. */
  readonly ways?: readonly Way[];
}

export type NativeMode = 'any' | 'official' | 'wheel' | 'skip';

/** How the addon stands after `ensureNativeAddon`. */
export interface NativeState {
  readonly usable: boolean;
  /** One line for the user: what is installed and where it came from, or why nothing is. */
  readonly summary: string;
}

/** Where finished builds are kept: the user's cache folder by the XDG rules. */
export function nativeCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base = env['XDG_CACHE_HOME'] ?? '';
  return join(base.startsWith('/') ? base : join(homedir(), '.cache'), 'distillation-operator', 'native');
}

/** `DISTILL_NATIVE` as a mode; undefined when it is none. */
export function nativeMode(value: string | undefined): NativeMode | undefined {
  if (value === undefined || value === '') return 'any';
  return value === 'official' || value === 'wheel' || value === 'skip' ? value : undefined;
}

/** In the package: the addon was loaded once and found good. In a cached build: it is complete. */
const MARKER = 'distill-native.json';
const PARTS = ['deps', 'lib'];
const TEMPORARY = '.building-';
const DAY = 24 * 3600 * 1000;

/** One way to make an addon. */
export interface Way {
  readonly way: 'official' | 'wheel';
  /** For the log, before it is tried. */
  readonly trying: string;
  /** For the summary, once it worked. */
  readonly origin: string;
  /** Fills `folder` with `deps` and `lib`; throws with the reason when it cannot. */
  readonly make: (name: NativePackage, packageFolder: string, folder: string) => Promise<void>;
}

const OFFICIAL: Way = {
  way: 'official',
  trying: 'fetching the official binary',
  origin: 'the official binary',
  make: installOfficial,
};
const WHEEL: Way = {
  way: 'wheel',
  trying: 'building against a TensorFlow wheel (about 260 MB to fetch; 5 GB with CUDA)',
  origin: 'built against a TensorFlow wheel',
  make: buildFromWheel,
};

interface Marker {
  readonly tensorflow: string;
  readonly origin: string;
}

/**
 * Makes TensorFlow's native addon usable in node_modules. It is there already, or a finished build in the cache is linked
 * in, or it is made there: the official binary, else compiled against a TensorFlow wheel. Every build is loaded before it counts. Any number
 * of processes may do this at once. Never throws for want of an addon: the WebAssembly backend takes over.
 */
export async function ensureNativeAddon(options: EnsureNativeOptions): Promise<NativeState> {
  const { log, mode = 'any' } = options;
  const located = locatePackage(options.package);
  if (located === undefined) return { usable: false, summary: `${options.package}: npm has not installed the package` };
  const folder = options.packageFolder ?? located.folder;

  const marker = await readMarker(join(folder, 'lib'));
  if (marker !== undefined && existsSync(join(folder, ADDON))) return ready(options.package, marker);
  if (existsSync(join(folder, ADDON))) {
    try {
      const tensorflow = await probeAddon(folder);
      const here = { tensorflow, origin: 'found in node_modules' };
      await writeMarker(join(folder, 'lib'), here);
      return ready(options.package, here);
    } catch (thrown) {
      log(`${options.package}: the addon in node_modules does not load (${reason(thrown)}); it is replaced`);
    }
  }

  // What is there is used; nothing is fetched or built.
  if (mode === 'skip') return { usable: false, summary: `${options.package}: left out, as DISTILL_NATIVE=skip says` };
  const cacheFolder = options.cacheFolder ?? nativeCacheFolder();
  const build = join(cacheFolder, `${options.package}-${located.version}-${process.platform}-${process.arch}-napi8`);
  const cached = (await cachedBuild(build, options)) ?? (await makeBuild(build, folder, options));
  if (cached === undefined) {
    return { usable: false, summary: `${options.package}: none could be fetched or built; WebAssembly takes over` };
  }
  await linkInto(folder, build);
  return ready(options.package, cached);
}

function ready(name: NativePackage, { tensorflow, origin }: Marker): NativeState {
  return { usable: true, summary: `${name}: TensorFlow ${tensorflow}, ${origin}` };
}

/** The official GPU binary comes last: it is built for CUDA 11.2 and has no code for newer GPUs. */
function waysFor(name: NativePackage): readonly Way[] {
  return name === 'tfjs-node-gpu' ? [WHEEL, OFFICIAL] : [OFFICIAL, WHEEL];
}

/** The finished build in the cache, if there is one that still loads here. */
async function cachedBuild(build: string, { package: name, log }: EnsureNativeOptions): Promise<Marker | undefined> {
  const marker = await readMarker(join(build, 'lib'));
  if (marker === undefined) return undefined;
  try {
    await probeAddon(build);
    log(`${name}: linked to the build in ${build}`);
    return marker;
  } catch (thrown) {
    log(`${name}: the build in ${build} does not load (${reason(thrown)}); it is made again`);
    await discard(build);
    return undefined;
  }
}

/** Makes a build beside its place, proves it, and moves it there whole. */
async function makeBuild(
  build: string,
  packageFolder: string,
  options: EnsureNativeOptions,
): Promise<Marker | undefined> {
  const { package: name, log, mode = 'any', ways = waysFor(name) } = options;
  await mkdir(dirname(build), { recursive: true });
  await removeAbandoned(dirname(build));
  for (const { way, trying, origin, make } of ways) {
    if (mode !== 'any' && mode !== way) continue;
    const folder = await mkdtemp(join(dirname(build), TEMPORARY));
    try {
      log(`${name}: ${trying}`);
      await make(name, packageFolder, folder);
      const marker = { tensorflow: await probeAddon(folder), origin };
      await writeMarker(join(folder, 'lib'), marker);
      // mkdtemp makes it private; an image runs as another user than it was built by.
      await chmod(folder, 0o755);
      return await publish(folder, build, marker);
    } catch (thrown) {
      log(`${name}: that did not work: ${reason(thrown)}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return undefined;
}

/** Moves a finished build to its place; where another process was first, its build serves. */
async function publish(folder: string, build: string, marker: Marker): Promise<Marker> {
  try {
    await rename(folder, build);
    return marker;
  } catch (thrown) {
    const other = await readMarker(join(build, 'lib'));
    if (other === undefined) throw thrown;
    return other;
  }
}

/** Points the package's `deps` and `lib` to a build. Each link replaces what is there in one step, unless that is a folder. */
async function linkInto(packageFolder: string, build: string): Promise<void> {
  for (const part of PARTS) {
    const [place, link] = [join(packageFolder, part), join(packageFolder, `.${part}-${randomUUID()}`)];
    await symlink(join(build, part), link);
    try {
      await rename(link, place);
    } catch {
      await rm(place, { recursive: true, force: true });
      await rename(link, place);
    }
  }
}

/** Takes a folder away under another name first, so that nobody sees half of it. */
async function discard(folder: string): Promise<void> {
  const aside = join(dirname(folder), `${TEMPORARY}${basename(folder)}-${randomUUID()}`);
  await rename(folder, aside);
  await rm(aside, { recursive: true, force: true });
}

/** Removes what builds that were killed left behind: a day is longer than any build takes. */
async function removeAbandoned(cacheFolder: string): Promise<void> {
  for (const entry of await readdir(cacheFolder)) {
    if (!entry.startsWith(TEMPORARY)) continue;
    const path = join(cacheFolder, entry);
    const changed = (await stat(path).catch(() => undefined))?.mtimeMs;
    if (changed !== undefined && Date.now() - changed > DAY) await rm(path, { recursive: true, force: true });
  }
}

async function readMarker(folder: string): Promise<Marker | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, MARKER), 'utf8')) as Marker;
  } catch {
    return undefined;
  }
}

async function writeMarker(folder: string, marker: Marker): Promise<void> {
  await writeFile(join(folder, MARKER), `${JSON.stringify(marker)}\n`);
}

function reason(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
