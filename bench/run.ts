import { runSteps } from '../tools/run-steps.ts';

/** `npm run bench`: every benchmark, each printing a ratio of things measured in turn in one run. */
const results = await runSteps([
  { title: 'native backend', args: ['tools/setup.ts'] },
  { title: 'fused against independent passes', args: ['bench/fused.ts'] },
  { title: 'schedules', args: ['bench/scheduling.ts'] },
]);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
