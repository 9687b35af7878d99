/** CHANGELOG.md, in the form of Keep a Changelog: text in, text out. */

const UNRELEASED = /^## \[Unreleased\]\n/m;

const headingOf = (version: string): string => `## [${version}]`;

/** Whether the change log tells this version. */
export function tells(changelog: string, version: string): boolean {
  return changelog.includes(`\n${headingOf(version)} - `);
}

/**
 * Makes what is unreleased a release, with an empty list of the unreleased above it.
 * @param date as 2026-12-31
 * @throws Error where nothing is unreleased, or the version is told already
 */
export function released(changelog: string, version: string, date: string): string {
  if (tells(changelog, version)) throw new Error(`CHANGELOG.md has ${version} already.`);
  const [before = '', after] = changelog.split(UNRELEASED);
  if (after === undefined) throw new Error('CHANGELOG.md has no heading "## [Unreleased]".');
  const news = after.split(/^## /m)[0] ?? '';
  if (news.trim() === '') throw new Error('CHANGELOG.md has nothing under "Unreleased".');
  return `${before}## [Unreleased]\n\n${headingOf(version)} - ${date}\n${after}`;
}
