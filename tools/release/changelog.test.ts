import { expect, it } from 'vitest';
import { released, tells } from './changelog.ts';

const CHANGELOG = `# Changelog

## [Unreleased]

### Added
- News.

## [0.1.0] - 2026-01-01

- First.
`;

it('makes what is unreleased a release and leaves an empty heading for what comes', () => {
  const text = released(CHANGELOG, '0.2.0', '2026-12-31');
  expect(text).toBe(CHANGELOG.replace('## [Unreleased]\n', '## [Unreleased]\n\n## [0.2.0] - 2026-12-31\n'));
  expect([tells(text, '0.2.0'), tells(CHANGELOG, '0.2.0'), tells(CHANGELOG, '0.1.0')]).toEqual([true, false, true]);
});

it('refuses a version that is there, and a release of nothing', () => {
  expect(() => released(CHANGELOG, '0.1.0', '2026-12-31')).toThrow('has 0.1.0 already');
  const once = released(CHANGELOG, '0.2.0', '2026-12-31');
  expect(() => released(once, '0.3.0', '2026-12-31')).toThrow('nothing under "Unreleased"');
  expect(() => released('# Changelog\n', '0.3.0', '2026-12-31')).toThrow('no heading "## [Unreleased]"');
});
