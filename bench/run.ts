import { runSteps } from '../tools/run-steps.ts';

/** `npm run bench`: runs every benchmark. Each prints a ratio of things measured alternately in one run. */
const results = await runSteps([
  { title: 'native backend', args: ['tools/setup.ts'] },
  { title: 'fused against independent passes', args: ['bench/fused.ts'] },
  { title: 'schedules', args: ['bench/scheduling.ts'] },
]);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
