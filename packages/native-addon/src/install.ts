import { cacheFolder } from '@distillation/runtime/cache-folder';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ADDON, locatePackage, probeAddon, type NativePackage } from './addon.ts';
import { installOfficial } from './official.ts';
import { bindBuild } from './symbols/bind-build.ts';
import { buildFromWheel } from './wheel.ts';

export interface EnsureNativeOptions {
  readonly package: NativePackage;
  /** Receives one line of text per step. */
  readonly log: (line: string) => void;
  /** Cache of finished builds, which survives `npm ci`; default `nativeCacheFolder()`. */
  readonly cacheFolder?: string;
  /** Which ways to try; default all. From the environment's `DISTILL_NATIVE`. */
  readonly mode?: NativeMode;
  /** Folder of the installed package; default where npm put it. */
  readonly packageFolder?: string;
  /** Ways to obtain an addon, in this order; default `waysFor` the package. */
  readonly ways?: readonly Way[];
}

type NativeMode = 'any' | 'official' | 'wheel' | 'skip';

/** Result of `ensureNativeAddon`. */
export interface NativeState {
  readonly usable: boolean;
  /** One line for the user: what is installed and where it came from, or why nothing is. */
  readonly summary: string;
}

/** Cache of finished builds, in the user's cache folder (XDG Base Directory Specification). */
export function nativeCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheFolder(env), 'native');
}

/** Parses `DISTILL_NATIVE`; undefined for an invalid value. */
export function nativeMode(value: string | undefined): NativeMode | undefined {
  if (value === undefined || value === '') return 'any';
  return value === 'official' || value === 'wheel' || value === 'skip' ? value : undefined;
}

/** Marks, in the package, an addon that was loaded successfully, and, in the cache, a complete build. */
const MARKER = 'distill-native.json';
const PARTS = ['deps', 'lib'];
const TEMPORARY = '.building-';
const DAY = 24 * 3600 * 1000;

/** One way to obtain an addon. */
export interface Way {
  readonly way: 'official' | 'wheel';
  /** Log text before it is tried. */
  readonly trying: string;
  /** Text for the summary when it has worked. */
  readonly origin: string;
  /** Fills `folder` with `deps` and `lib`; throws with the reason on failure. */
  readonly make: (name: NativePackage, packageFolder: string, folder: string) => Promise<void>;
  /** Improves what works already, and says how; throws with the reason where it stays as it is. */
  readonly finish?: (folder: string) => Promise<string>;
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
  finish: bindBuild,
};

interface Marker {
  readonly tensorflow: string;
  readonly origin: string;
}

/**
 * Makes TensorFlow's native addon usable in node_modules: if it is not there already, links a cached build, or else makes one, from the
 * official binary or by compiling against a TensorFlow wheel. Every build is loaded before it is accepted. Any number of processes may call
 * this at once. Never throws because there is no addon: the WebAssembly backend takes over.
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

  // An existing addon was used above; nothing is fetched or built.
  if (mode === 'skip') return { usable: false, summary: `${options.package}: left out, as DISTILL_NATIVE=skip says` };
  const cacheFolder = options.cacheFolder ?? nativeCacheFolder();
  const build = join(
    cacheFolder,
    `${options.package}-${located.version}-${process.platform}-${process.arch}-napi8-bound`,
  );
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

/** The official GPU binary comes last, since it is built for CUDA 11.2 and does not support newer GPUs. */
function waysFor(name: NativePackage): readonly Way[] {
  return name === 'tfjs-node-gpu' ? [WHEEL, OFFICIAL] : [OFFICIAL, WHEEL];
}

/** The cached build, if there is one that still loads on this machine. */
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

/** Makes a build in a temporary folder, tests it, and moves it into place atomically. */
async function makeBuild(
  build: string,
  packageFolder: string,
  options: EnsureNativeOptions,
): Promise<Marker | undefined> {
  const { package: name, log, mode = 'any', ways = waysFor(name) } = options;
  await mkdir(dirname(build), { recursive: true });
  await removeAbandoned(dirname(build));
  for (const { way, trying, origin, make, finish } of ways) {
    if (mode !== 'any' && mode !== way) continue;
    const folder = await mkdtemp(join(dirname(build), TEMPORARY));
    try {
      log(`${name}: ${trying}`);
      await make(name, packageFolder, folder);
      if (finish !== undefined)
        log(`${name}: ${await finish(folder).catch((thrown: unknown) => `used as it is: ${reason(thrown)}`)}`);
      const marker = { tensorflow: await probeAddon(folder), origin };
      await writeMarker(join(folder, 'lib'), marker);
      // mkdtemp creates a private folder, but an image runs as another user than the one that built it.
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

/** Moves a finished build into place; if another process was first, its build is used. */
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

/** Links the package's `deps` and `lib` to a build. Each link replaces an existing one atomically, but not a folder. */
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

/** Removes a folder after renaming it, so that nobody sees it half removed. */
async function discard(folder: string): Promise<void> {
  const aside = join(dirname(folder), `${TEMPORARY}${basename(folder)}-${randomUUID()}`);
  await rename(folder, aside);
  await rm(aside, { recursive: true, force: true });
}

/** Removes the leftovers of killed builds; no build takes as long as a day. */
async function removeAbandoned(cacheFolder: string): Promise<void> {
  for (const entry of await readdir(cacheFolder)) {
    if (!entry.startsWith(TEMPORARY)) continue;
    const path = join(cacheFolder, entry);
    const changed = (await stat(path).catch(() => undefined))?.mtimeMs;
    if (changed !== undefined && Date.now() - changed > DAY) await rm(path, { recursive: true, force: true });
  }
}

/** Version of the TensorFlow that an installed package computes with; undefined where `ensureNativeAddon` has not made it usable. */
export async function nativeVersion(packageFolder: string): Promise<string | undefined> {
  return (await readMarker(join(packageFolder, 'lib')))?.tensorflow;
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
