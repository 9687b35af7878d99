import { expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { GPUS_PER_NODE } from './shared-cluster.ts';
import { kubectl, nodes } from './support.ts';

/** What other tests rely on: that what they do to a node happens, and that it can be taken back. */

const get = (path: string): Promise<string> => kubectl('get', 'node', 'node2', '-o', `jsonpath={${path}}`);

async function readyIs(wanted: string): Promise<void> {
  await until(`node2 is ready: ${wanted}`, async () => {
    return (await get('.status.conditions[?(@.type=="Ready")].status')) === wanted || undefined;
  });
}

it('a node whose cable is out is given up, and comes back', async () => {
  const { node2 } = nodes();
  await node2.cutNetwork();
  try {
    await readyIs('Unknown');
  } finally {
    await node2.healNetwork();
  }
  await readyIs('True');
});

it('a node that lost its power is given up, and comes back with its GPUs when it is switched on', async () => {
  const { node2 } = nodes();
  await node2.kill();
  try {
    await readyIs('Unknown');
  } finally {
    await node2.start();
  }
  await readyIs('True');
  expect(await get('.status.allocatable.nvidia\\.com/gpu')).toBe(String(GPUS_PER_NODE));
});

it('a broken GPU is no longer to be had', async () => {
  const { node2 } = nodes();
  await node2.setUnhealthyGpus([0]);
  try {
    expect(await get('.status.allocatable.nvidia\\.com/gpu')).toBe(String(GPUS_PER_NODE - 1));
  } finally {
    await node2.setUnhealthyGpus([]);
  }
  expect(await get('.status.allocatable.nvidia\\.com/gpu')).toBe(String(GPUS_PER_NODE));
});
