import { beforeAll, describe, expect, it } from 'vitest';
import { POLICIES } from '@distillation/api/words';
import type { Made } from '../support/local-job.ts';
import { type Change, tinyVolume } from '../support/tiny-volume.ts';

/** With one seed and one backend the result is the same bit for bit, however the work was distributed. */

const volume = tinyVolume();
let reference: Made;

/** (block, epoch) that the job trains. */
const EPOCHS = 12;

async function run(output: string, change: Change): Promise<Made> {
  await volume.finish(output, { change });
  return volume.made(output);
}

beforeAll(async () => {
  reference = await volume.reference();
});

/**
 * All ways to distribute the work except that of the reference job. A finalizer begins from the blocks, however they came about: a third goes
 * on to the student, among them each policy and each number of bins with both kinds of passes.
 */
const VARIANTS = POLICIES.flatMap((policy, i) =>
  (['Fused', 'Independent'] as const).flatMap((passes, j) =>
    [1, 2, 3].map((bins) => ({ policy, passes, bins, goal: (i + j + bins) % 3 === 0 ? 'student' : 'blocks' })),
  ),
).filter(({ policy, passes, bins }) => !(policy === 'WorkStealing' && passes === 'Fused' && bins === 2));

describe('the same job gives the same student', () => {
  it('has blocks to compare', () => {
    expect(Object.keys(reference.blocks).length * 3).toBe(EPOCHS);
    expect(Object.values(reference.blocks)).not.toContain('none');
  });

  it.each(VARIANTS)('$policy, $passes passes, $bins bins: the same $goal', async ({ goal, ...scheduling }) => {
    const name = Object.values(scheduling).join('-');
    // The distribution of the work is not part of the plan.
    await volume.copyPlanned(name);
    if (goal === 'student') {
      expect(await run(name, { scheduling })).toEqual(reference);
    } else {
      await volume.runUntilKilled(name, EPOCHS, { change: { scheduling } });
      expect(await volume.blocks(name)).toEqual(reference.blocks);
    }
  });

  it('and another seed another student, so the comparison can fail', async () => {
    const other = await run('other-seed', { training: { seed: 6 } });
    expect(other.student).not.toBe(reference.student);
    for (const [block, hash] of Object.entries(other.blocks)) expect(hash).not.toBe(reference.blocks[block]);
  });
});
