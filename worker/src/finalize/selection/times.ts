import type { BlocksSpec } from '@distillation/api/job';
import { DistillError, toDistillError } from '@distillation/api/errors';
import type { BlockPlan } from '@distillation/api/plan';
import type { Tf } from '../../backend/tf.ts';
import { buildBlock } from '../../blocks/architectures.ts';
import { exportBlock } from '../../blocks/export.ts';
import { initialWeights } from '../../blocks/weights.ts';
import { onnxModel } from '../../onnx/model.ts';
import { type OnnxRuntime, type OnnxSession, openOnnxRuntime, openSession } from '../../onnx/runtime.ts';
import { movedShape } from '../../onnx/samples.ts';
import { layerAlone } from '../../teacher/graph/alone.ts';
import type { Network } from '../../teacher/graph/graph.ts';
import { assembleStudent, type Replacement, studentParts } from '../../teacher/graph/rewrite/replace.ts';
import { inputShape } from '../measuring/batches.ts';
import { UNNAMED } from '../measuring/onnx-speed.ts';
import { timesInTurns } from '../measuring/turns.ts';

const ROUNDS = 9;

/** Nanoseconds of processor time for a batch, by name: of the whole teacher, and of layers and blocks as networks of their own. */
export interface Times {
  /** In which they were measured, such as `ONNX Runtime 1.30.0`. */
  readonly runtime: string;
  readonly teacher: number;
  readonly layers: ReadonlyMap<string, number>;
  readonly blocks: ReadonlyMap<string, number>;
}

interface Timed {
  readonly tf: Tf;
  readonly teacher: Network;
  readonly blocks: readonly Pick<BlockPlan, 'name' | 'layer' | 'architecture' | 'ratio'>[];
  readonly spec: BlocksSpec;
  /** Images a batch. */
  readonly batch: number;
}

/**
 * Times the teacher, each layer that has a block, and each block in ONNX Runtime on one thread, all taking turns. Of several processor
 * times the least counts: with one thread ONNX Runtime computes on the thread that calls it, so that what other programs take of the
 * machine is left out, and what disturbs all the same only adds. A block has its initial weights, since its time depends on its structure
 * alone. Together this takes as long as a few dozen batches of the teacher.
 *
 * @throws DistillError DISTILL_E_LATENCY_UNMEASURED
 */
export async function timeLayers(timed: Timed): Promise<Times> {
  const { runtime, name } = await latencyRuntime();
  const sessions: OnnxSession[] = [];
  try {
    const parts = await partsOf(timed);
    const runs: (() => Promise<number>)[] = [];
    for (const { file, shape } of parts) {
      const session = await openSession(runtime, file, { threads: 1 });
      sessions.push(session);
      const sizes = [timed.batch, ...shape];
      const images = new Float32Array(sizes.reduce((product, size) => product * size, 1)).fill(0.5);
      runs.push(() => processorTime(() => session.run(images, sizes)));
    }
    const least = (await timesInTurns(runs, ROUNDS)).map((times) => Math.min(...times));
    const timesOf = (kind: Part['kind']): Map<string, number> =>
      new Map(parts.flatMap((part, i) => (part.kind === kind ? [[part.name, least[i] ?? 0] as const] : [])));
    return { runtime: name, teacher: least[0] ?? 0, layers: timesOf('layer'), blocks: timesOf('block') };
  } catch (error) {
    throw unmeasured(toDistillError(error).message);
  } finally {
    for (const session of sessions) await session.close();
  }
}

/** Refuses a job whose latencies could not be measured. @throws DistillError DISTILL_E_LATENCY_UNMEASURED */
export async function requireLatency(teacher: Network): Promise<void> {
  const { runtime } = await latencyRuntime();
  try {
    const session = await openSession(runtime, onnxModel(teacher, UNNAMED), { threads: 1 });
    await session.close();
  } catch (error) {
    throw unmeasured(toDistillError(error).message);
  }
}

async function latencyRuntime(): Promise<{ readonly runtime: OnnxRuntime; readonly name: string }> {
  const { runtime, version, missing } = await openOnnxRuntime();
  if (runtime === undefined) throw unmeasured(`${missing}.`);
  return { runtime, name: `ONNX Runtime ${version}` };
}

const unmeasured = (reason: string): DistillError =>
  new DistillError(
    'DISTILL_E_LATENCY_UNMEASURED',
    `The budget limits the student's latency, which cannot be measured. ${reason}`,
    { subject: 'spec.selection.budget.latency' },
  );

/** A network to be timed. */
interface Part {
  readonly kind: 'teacher' | 'layer' | 'block';
  readonly name: string;
  readonly file: Uint8Array;
  /** Of one input. */
  readonly shape: readonly number[];
}

/** The teacher, then each layer followed by its blocks. */
async function partsOf({ tf, teacher, blocks, spec }: Timed): Promise<Part[]> {
  const whole = { kind: 'teacher', name: '', shape: inputShape(teacher.model) } as const;
  const parts: Part[] = [{ ...whole, file: onnxModel(teacher, UNNAMED) }];
  const layers = new Map(blocks.map(({ layer }) => [layer.name, layer]));
  // With the channels in front, as ONNX Runtime has them inside a network.
  const add = (kind: Part['kind'], name: string, network: Network): void => {
    const file = onnxModel(network, { ...UNNAMED, form: 'moved' });
    parts.push({ kind, name, file, shape: movedShape(inputShape(network.model)) });
  };
  for (const layer of layers.values()) {
    const alone = await layerAlone(tf, teacher, layer);
    try {
      add('layer', layer.name, alone);
      for (const block of blocks.filter((each) => each.layer.name === layer.name)) {
        const structure = buildBlock(block, spec);
        const weights = initialWeights(structure, { seed: 0, block: block.name, attempt: 0 });
        const replacement: Replacement = { block: exportBlock(structure), weights };
        const replaced = await assembleStudent(tf, studentParts(alone, new Map([[layer.name, replacement]])));
        add('block', block.name, replaced);
        replaced.model.dispose();
      }
    } finally {
      alone.model.dispose();
    }
  }
  return parts;
}

/** Nanoseconds of processor time that a call takes. */
async function processorTime(call: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await call();
  const { user, system } = process.cpuUsage(before);
  return 1000 * (user + system);
}
