import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { devClusterCommands } from './commands.ts';

const guide = await readFile(new URL('../../docs/cluster.md', import.meta.url), 'utf8');

it('the commands are those of the guide, with the images of the cluster and simulated GPUs', () => {
  const [install = '', ...rest] = devClusterCommands(guide);
  expect(install).toContain('export REPOSITORY=docker.io/library\n');
  expect(install).toMatch(/^helm install distillation charts\/distillation-operator/m);
  expect(install).toContain('--set worker.requireGpu=false --wait');
  expect(rest.map((block) => guide.includes(block))).toEqual([true, true]);
  // When pasted they run one after the other, so none may wait for a person.
  expect([install, ...rest].join('\n')).not.toMatch(/(-w|--watch|--follow|-f)$/m);
});

it('a changed guide is an error', () => {
  expect(() => devClusterCommands(guide.replace(/--wait/g, ''))).toThrow('The document does not say');
});
