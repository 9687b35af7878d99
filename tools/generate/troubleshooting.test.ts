import { expect, it } from 'vitest';
import { misplaced, troubleshootingText } from './troubleshooting.ts';

it('gives every problem and every error one place', () => {
  expect(misplaced()).toEqual([]);
});

it('links to its own headings', () => {
  const text = troubleshootingText();
  const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
  const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, link]) => link);
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter((link) => !headings.includes(link ?? ''))).toEqual([]);
});
