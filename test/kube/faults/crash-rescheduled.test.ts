import { roleOf } from '@distillation/api/labels';
import { expect, test } from 'vitest';
import { type Story, killedWithEveryWrite } from './crash.ts';

/** With the deletion of what no longer fits. */
const story: Story = async (life) => {
  life.leaveAlone('worker');
  await life.apply();
  await life.when('Job and pods of the workers are there', ({ children }) => {
    return children.filter((child) => roleOf(child) === 'worker').length === 3;
  });
  life.leaveAlone(undefined);
  await life.apply({ 'spec.scheduling.bins': 3 });
  await life.succeeds();
};

test('an operator killed with its k-th write, for every k, while the job gets other bins', async () => {
  const { active, played } = await killedWithEveryWrite(story, false);
  expect(active).toEqual([]);
  expect(played).toEqual(['finalizer 0', 'planner 0', 'worker 0', 'worker 1', 'worker 2']);
});
