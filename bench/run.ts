import { runSteps } from '../tools/run-steps.ts';

/** `npm run bench`: every benchmark, each printing a ratio of things measured in turn in one run. */
const failed = await runSteps([
  { title: 'native backend', args: ['tools/setup.ts'] },
  { title: 'fused against independent passes', args: ['bench/fused.ts'] },
  { title: 'schedules', args: ['bench/scheduling.ts'] },
]);
process.exitCode = failed.length > 0 ? 1 : 0;
