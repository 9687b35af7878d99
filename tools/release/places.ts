/** Where the project's version stands: text in, spans out. */

/** A semantic version, with or without a pre-release. */
const VERSION = String.raw`\d+\.\d+\.\d+(?:-[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*)?`;

export function isVersion(text: string): boolean {
  return new RegExp(`^${VERSION}$`).test(text);
}

/** One place: the version as it stands there, and where. */
export interface Place {
  readonly version: string;
  /** Offset in the text. */
  readonly start: number;
}

const MANIFEST = /^(?:(?:packages\/[^/]+|operator|worker|cli)\/)?package\.json$/;
const LOCK = 'package-lock.json';

/** Files with versions that a release leaves alone: earlier ones, and examples. By path, with the reason. */
const LEFT_ALONE: Readonly<Record<string, string>> = {
  'CHANGELOG.md': 'tells all versions',
  'operator/src/objects/labels.ts': 'names of labels up to a version',
  'test/local/earlier-volume.test.ts': 'a volume that an earlier version wrote',
  'operator/test/children.ts': 'an image of any version',
  'cli/src/cluster/doctor/doctor.test.ts': 'an operator of any version',
  'test/kube/cli/doctor.test.ts': 'an operator of any version',
  'worker/test/report.ts': 'an example of a report, of any version',
  'tools/release/places.test.ts': 'examples',
  'tools/release/changelog.test.ts': 'examples',
};
const OTHERS = /(?:^|\/)go\.(?:mod|sum)$/;

/** The text's matches of patterns whose first group is a version, `offset` added. */
function matches(text: string, pattern: RegExp, offset = 0): Place[] {
  return [...text.matchAll(pattern)].flatMap(({ 0: whole, 1: version = '', index }) => [
    { version, start: offset + index + whole.lastIndexOf(version) },
  ]);
}

/** `"@distillation/api": "VERSION"`, as packages depend on each other. */
const DEPENDENCY = new RegExp(String.raw`"@distillation\/[^"]+": "(${VERSION})"`, 'g');

/** The lock names each workspace by its folder; all else is of others. */
function placesInLock(text: string): Place[] {
  const entries = [...text.matchAll(/^ {4}"([^"]*)": \{\n[^]*?^ {4}\}/gm)].filter(
    ({ 1: folder = '' }) => !/(?:^|\/)node_modules\//.test(folder),
  );
  return [
    ...matches(text, new RegExp(String.raw`^ {2}"version": "(${VERSION})"`, 'gm')),
    ...entries.flatMap(({ 0: entry, index }) => [
      ...matches(entry, new RegExp(String.raw`^ {6}"version": "(${VERSION})"`, 'gm'), index),
      ...matches(entry, DEPENDENCY, index),
    ]),
  ];
}

/** All places of the version in a file. @param path relative to the repository's root */
export function placesIn(path: string, text: string): Place[] {
  if (path in LEFT_ALONE || OTHERS.test(path)) return [];
  if (path === LOCK) return placesInLock(text);
  const patterns = [
    new RegExp(String.raw`\bdistillation-(?:operator|worker|worker-cpu):(${VERSION})`, 'g'),
    new RegExp(String.raw`@refs/tags/v(${VERSION})`, 'g'),
    new RegExp(String.raw`\bkubectl-distill-(${VERSION})\.tgz`, 'g'),
  ];
  if (MANIFEST.test(path)) patterns.push(new RegExp(String.raw`^ {2}"version": "(${VERSION})"`, 'gm'), DEPENDENCY);
  if (path.endsWith('Chart.yaml')) patterns.push(new RegExp(String.raw`^(?:version|appVersion): (${VERSION})$`, 'gm'));
  if (/(?:^|\/)Dockerfile(?:\.\w+)?$/.test(path))
    patterns.push(new RegExp(String.raw`\borg\.opencontainers\.image\.version="(${VERSION})"`, 'g'));
  if (path.endsWith('kustomization.yaml')) patterns.push(new RegExp(String.raw`^\s+newTag: (${VERSION})$`, 'gm'));
  return patterns.flatMap((pattern) => matches(text, pattern));
}

/** The text with another version in all its places. */
export function withVersion(path: string, text: string, version: string): string {
  const places = placesIn(path, text).sort((a, b) => b.start - a.start);
  return places.reduce(
    (changed, place) => changed.slice(0, place.start) + version + changed.slice(place.start + place.version.length),
    text,
  );
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/**
 * What is wrong in a file where the project has this version: places with another one, and the version where a release would not
 * find it.
 * @returns a sentence each, with path and line
 */
export function problemsIn(path: string, text: string, version: string): string[] {
  const places = placesIn(path, text);
  const others = places
    .filter((place) => place.version !== version)
    .map((place) => `${path}:${lineOf(text, place.start)} says ${place.version}, not ${version}.`);
  if (path in LEFT_ALONE || OTHERS.test(path) || path === LOCK) return others;
  const known = new Set(places.map(({ start }) => start));
  const plain = version.replaceAll('.', String.raw`\.`);
  const stray = matches(text, new RegExp(String.raw`(?<![\w.-])(${plain})(?![\w-]|\.\d)`, 'g'))
    .filter(({ start }) => !known.has(start))
    .map(
      ({ start }) =>
        `${path}:${lineOf(text, start)} has ${version} where a release would not change it (tools/release/places.ts).`,
    );
  return [...others, ...stray];
}
