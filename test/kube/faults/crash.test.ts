import { expect, test } from 'vitest';
import { type Story, killedWithEveryWrite } from './crash.ts';

const story: Story = async (life) => {
  await life.apply();
  await life.succeeds();
};

test.each([
  ['before it learns of the answer', false],
  ['when it has learnt of the answer', true],
])('an operator killed with its k-th write, for every k, %s', async (_, learnsOfIt) => {
  const { active, played } = await killedWithEveryWrite(story, learnsOfIt);
  expect(active).toEqual([]);
  expect(played).toEqual(['finalizer 0', 'planner 0', 'worker 0', 'worker 1']);
});
