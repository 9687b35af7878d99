import type { NetworkFigures } from '@distillation/api/report';
import type { LayersModel } from '@tensorflow/tfjs';
import type { Backend, BackendName } from '../../backend/select.ts';
import { modelCosts } from '../../teacher/graph/costs.ts';
import type { Network } from '../../teacher/graph/graph.ts';
import { measureLatency } from './evaluate.ts';

/** Multiply-accumulates that a backend computes in a few tenths of a second; an order of magnitude. */
const SLICE: Readonly<Record<BackendName, number>> = { 'native-gpu': 4e11, 'native-cpu': 4e9, wasm: 1e9, cpu: 1e6 };
const LARGEST_BATCH = 64;

/** Weights, multiply-accumulates for one sample, and size of the network's files in bytes. */
export function sizeOf(network: Network, bytes: number): Pick<NetworkFigures, 'params' | 'macs' | 'bytes'> {
  const { params, macs } = modelCosts(network);
  return { params, macs, bytes };
}

/**
 * Latencies of teacher and student side by side, with a batch that this backend computes in acceptable time. A teacher that is
 * returned unchanged is measured once, since two measurements would differ by chance.
 */
export async function latencies(
  { tf, name }: Backend,
  networks: { readonly teacher: LayersModel; readonly student: LayersModel },
  teacherMacs: number,
): Promise<Record<'teacher' | 'student', Pick<NetworkFigures, 'latencyMs' | 'latencyBatch'>>> {
  const batch = Math.max(1, Math.min(LARGEST_BATCH, Math.floor(SLICE[name] / teacherMacs)));
  const repetitions = name === 'cpu' ? 3 : 9;
  const different = [...new Set([networks.teacher, networks.student])];
  const times = await measureLatency(tf, different, { batch, repetitions });
  const of = (latencyMs = NaN): { latencyMs: number; latencyBatch: number } => ({ latencyMs, latencyBatch: batch });
  return { teacher: of(times[0]), student: of(times.at(-1)) };
}
