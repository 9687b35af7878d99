import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { devClusterCommands } from './commands.ts';

const guide = await readFile(new URL('../../docs/cluster.md', import.meta.url), 'utf8');

it('are those of the guide, with the images of the cluster and GPUs that are only played', () => {
  const [install = '', ...rest] = devClusterCommands(guide);
  expect(install).toContain('export REPOSITORY=docker.io/library\n');
  expect(install).toMatch(/^helm install distillation charts\/distillation-operator/m);
  expect(install).toContain('--set worker.requireGpu=false --wait');
  expect(rest.map((block) => guide.includes(block))).toEqual([true, true]);
  // Pasted, they run one after the other: nothing waits for a person.
  expect([install, ...rest].join('\n')).not.toMatch(/(-w|--watch|--follow|-f)$/m);
});

it('say so when the guide is another', () => {
  expect(() => devClusterCommands(guide.replace(/--wait/g, ''))).toThrow('docs/cluster.md does not say');
});
