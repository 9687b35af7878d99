import process from 'node:process';
import { DistillError } from '@distillation/api/errors';
import { runSteps, type Step } from '../tools/run-steps.ts';

/**
 * `npm run bench`: the benchmarks that take minutes. Each prints a ratio of things measured alternately in one run. `npm run bench -- students`
 * and `-- curves` measure students instead, for hours, `-- keras` the time of the work in the paper's stack; they keep the results in
 * docs/benchmarks/.
 */

const RATIOS: readonly Step[] = [
  { title: 'fused against independent passes', args: ['bench/fused.ts'] },
  { title: 'schedules', args: ['bench/scheduling.ts'] },
];

const [name, ...args] = process.argv.slice(2);
const NAMED: ReadonlyMap<string | undefined, readonly Step[]> = new Map([
  [undefined, RATIOS],
  ['students', [{ title: 'students', args: ['bench/students/measure.ts', ...args] }]],
  [
    'keras',
    [
      { title: 'programs', args: ['tools/build.ts'] },
      { title: 'against Keras', args: ['bench/keras/against.ts', ...args] },
    ],
  ],
  ['curves', [{ title: 'curves', args: ['bench/students/curves.ts', ...args] }]],
]);
const steps = NAMED.get(name);
if (steps === undefined) throw new DistillError('DISTILL_E_USAGE', `There is no benchmark ${name ?? ''}.`);
const results = await runSteps([{ title: 'native backend', args: ['tools/setup.ts'] }, ...steps]);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
