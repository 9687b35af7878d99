import { duration, plural, ratio, short } from '@distillation/api/format';
import type { SchedulingSpec } from '@distillation/api/job';
import type { Plan } from '@distillation/api/plan';
import { scheduleBlocks } from '@distillation/core/schedule';
import { simulate } from '@distillation/core/simulate';
import { inColumns } from './tables/columns.ts';

/** Numbers of bins to compare with the job's own. */
const OTHERS = [1, 2, 3, 4, 6, 8, 12, 16];

/** Expected training time for a number of bins, and the fraction of it in which they train. */
interface Forecast {
  readonly bins: number;
  readonly makespan: number;
  /** Number of blocks that idle workers take over. */
  readonly stolen: number;
  /** Fraction of the makespan in which a bin trains, 0 to 1; the mean over all bins, including those without blocks. */
  readonly busy: number;
}

/** Simulates the workers, with their own stealing decisions, on each number of bins that this plan could use. */
export function forecasts(plan: Pick<Plan, 'blocks' | 'epochs'>, scheduling: SchedulingSpec): Forecast[] {
  const useful = OTHERS.filter((bins) => bins <= plan.blocks.length);
  const numbers = [...new Set([...useful, scheduling.bins])].sort((a, b) => a - b);
  return numbers.map((bins) => {
    const { blocks, epochs } = plan;
    const schedule = scheduleBlocks(blocks, epochs, { ...scheduling, bins });
    const { makespan, passes, thefts } = simulate({ blocks, epochs, schedule });
    const worked = passes.reduce((sum, { start, end }) => sum + end - start, 0);
    return {
      bins,
      makespan,
      stolen: thefts.reduce((sum, theft) => sum + theft.blocks.length, 0),
      busy: makespan > 0 ? worked / (bins * makespan) : 0,
    };
  });
}

/** The forecasts as a table: the effect of more or fewer workers. */
export function forecastTable(plan: Pick<Plan, 'blocks' | 'epochs' | 'costUnit'>, scheduling: SchedulingSpec): string {
  const rows = forecasts(plan, scheduling);
  const one = rows.find(({ bins }) => bins === 1)?.makespan;
  const unit = plan.costUnit === 'MAC' ? 'MACs' : 'time';
  const lines = inColumns(
    [
      ['bins', `expected ${unit}`, 'speed-up', 'busy', ''],
      ...rows.map(({ bins, makespan, stolen, busy }) => [
        String(bins),
        plan.costUnit === 'MAC' ? short(makespan) : duration(makespan),
        ratio(one, makespan) ?? '',
        `${Math.round(100 * busy)} %`,
        [
          ...(bins === scheduling.bins ? ['this job'] : []),
          ...(stolen > 0 ? [`${plural(stolen, 'block')} stolen`] : []),
        ].join(', '),
      ]),
    ],
    ['right', 'right', 'right', 'right', 'left'],
  );
  return lines.join('\n');
}
