import type { BlockPlan } from '@distillation/api/plan';
import { readerOf } from '@distillation/api/reading';
import { count, listOf, object, type Of, word } from '@distillation/api/shape';
import type { Latencies } from './budget.ts';
import type { Times } from './times.ts';

/** The table by which a student's latency is predicted. Pure. */

/** The least that a student is predicted to take of the teacher's time: what parts save alone may add up to more than the whole. */
const LEAST_SHARE = 0.05;

export type LatencyTable = Of<typeof latencyTable>;
const latencyTable = object({
  /** In which it was measured, such as `ONNX Runtime 1.30.0`, on one thread. */
  runtime: word,
  teacherSha256: word,
  /** Images a batch. */
  batch: count,
  /** Nanoseconds of processor time for a batch: of the whole teacher, of each layer alone, of each block in its place. */
  teacher: count,
  layers: listOf(
    object({
      layer: word,
      time: count,
      /** With what each block is, so that no other is taken for it. */
      blocks: listOf(object({ block: word, params: count, macs: count, time: count })),
    }),
  ),
});
export const readLatencyTable = readerOf(latencyTable);

type PlannedBlock = Pick<BlockPlan, 'name' | 'params' | 'macs'> & { readonly layer: Pick<BlockPlan['layer'], 'name'> };

export interface About {
  readonly teacherSha256: string;
  readonly batch: number;
  /** All blocks of the plan. */
  readonly blocks: readonly PlannedBlock[];
}

export function tableOf({ runtime, teacher, layers, blocks }: Times, about: About): LatencyTable {
  const { teacherSha256, batch } = about;
  const whole = (time = 0): number => Math.max(1, Math.round(time));
  return {
    runtime,
    teacherSha256,
    batch,
    teacher: whole(teacher),
    layers: [...layers].map(([layer, time]) => ({
      layer,
      time: whole(time),
      blocks: about.blocks
        .filter((block) => block.layer.name === layer)
        .map(({ name, params, macs }) => ({ block: name, params, macs, time: whole(blocks.get(name)) })),
    })),
  };
}

/** Whether a table has all that a plan needs; it may have more, as after another layer was excluded. */
export function covers(table: LatencyTable, { teacherSha256, batch, blocks }: About): boolean {
  if (table.teacherSha256 !== teacherSha256 || table.batch !== batch) return false;
  const layers = new Map(table.layers.map((entry) => [entry.layer, entry.blocks]));
  return blocks.every(({ name, layer, params, macs }) =>
    layers.get(layer.name)?.some((one) => one.block === name && one.params === params && one.macs === macs),
  );
}

/**
 * What each layer and block adds to a network's time. A student is predicted to take the teacher's time less what each of its blocks saves
 * alone, so that what timing a part alone costs counts for nothing: layer and block have the same.
 */
export function latenciesIn({ teacher, layers }: LatencyTable): Latencies {
  const saved = layers.reduce(
    (sum, { time, blocks }) => sum + time - Math.min(time, ...blocks.map((block) => block.time)),
    0,
  );
  const most = (1 - LEAST_SHARE) * teacher;
  const part = saved > most ? most / saved : 1;
  const scaled = (time: number): number => Math.floor(part * time);
  return {
    teacher,
    layers: new Map(layers.map(({ layer, time }) => [layer, scaled(time)])),
    blocks: new Map(layers.flatMap(({ blocks }) => blocks.map(({ block, time }) => [block, scaled(time)] as const))),
  };
}
