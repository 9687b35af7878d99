import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLocal } from '../../cli/src/local/run.ts';
import { openBackend } from '../../worker/src/backend/select.ts';
import { jobOf, type Made, madeBy, silent } from '../support/local-job.ts';
import { makeTinyWorld, tinyJob } from '../support/tiny-world.ts';

/** Invariant 1: for one seed and one backend the result is the same to the bit, however the work was spread. */

let volume: string;
let reference: Made;

async function run(output: string, scheduling: object): Promise<Made> {
  const job = jobOf(tinyJob(output, { scheduling }));
  await runLocal({ job, volume, display: silent, signal: new AbortController().signal });
  return madeBy(volume, job);
}

beforeAll(async () => {
  volume = await mkdtemp(join(tmpdir(), 'distill-same-'));
  const { tf } = await openBackend({ cpuThreads: 1 });
  await makeTinyWorld(tf, volume);
  reference = await run('jobs/reference', { bins: 1, policy: 'RoundRobin', passes: 'Independent' });
}, 120_000);

afterAll(async () => {
  await rm(volume, { recursive: true, force: true });
});

const POLICIES = ['RoundRobin', 'BinPacking', 'WorkStealing'] as const;
const VARIANTS = POLICIES.flatMap((policy) =>
  (['Fused', 'Independent'] as const).flatMap((passes) => [1, 2, 3].map((bins) => ({ policy, passes, bins }))),
).filter(({ policy, passes, bins }) => !(policy === 'RoundRobin' && passes === 'Independent' && bins === 1));

describe('the same job gives the same student', () => {
  it('has blocks to compare', () => {
    expect(Object.keys(reference.blocks).length).toBeGreaterThanOrEqual(3);
    expect(Object.values(reference.blocks)).not.toContain('none');
  });

  it.each(VARIANTS)('$policy, $passes passes, $bins bins', async ({ policy, passes, bins }) => {
    expect(await run(`jobs/${policy}-${passes}-${bins}`, { policy, passes, bins })).toEqual(reference);
  });

  it('and another seed another student, so the comparison can fail', async () => {
    const job = jobOf(
      tinyJob('jobs/other-seed', { training: { epochs: 3, seed: 6, optimizer: { learningRate: '0.01' } } }),
    );
    await runLocal({ job, volume, display: silent, signal: new AbortController().signal });
    const other = await madeBy(volume, job);
    expect(other.student).not.toBe(reference.student);
    for (const [block, hash] of Object.entries(other.blocks)) expect(hash).not.toBe(reference.blocks[block]);
  });
});
