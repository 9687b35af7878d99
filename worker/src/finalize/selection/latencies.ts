import { LAYOUT } from '@distillation/api/layout';
import { plural } from '@distillation/api/format';
import { speedBatch } from '../measuring/onnx-speed.ts';
import type { Run } from '../run.ts';
import { type About, covers, type LatencyTable, readLatencyTable, tableOf } from './latency-table.ts';
import { timeLayers } from './times.ts';

/**
 * The latencies of the plan's layers and blocks. A time cannot be measured twice with the same result, so the first measurement is
 * written to the volume before it decides anything, and every later run of the finalizer decides by it: after a kill, on another machine
 * and under another budget.
 *
 * @throws DistillError DISTILL_E_LATENCY_UNMEASURED
 */
export async function latencyTable({
  job,
  plan,
  ledger,
  teacher,
  backend,
  log,
}: Pick<Run, 'job' | 'plan' | 'backend' | 'ledger' | 'teacher' | 'log'>): Promise<LatencyTable> {
  const { blocks } = plan;
  const batch = speedBatch(teacher, job.spec.dataset.batchSize);
  const about: About = { teacherSha256: teacher.sha256, batch, blocks };
  const kept = await ledger.readAs(LAYOUT.latencies, readLatencyTable);
  if (kept !== undefined) {
    if (covers(kept, about)) return kept;
    log(
      `${LAYOUT.latencies} is of another teacher or batch, or has no time for some layer or block: all are timed again`,
    );
  }
  const times = await timeLayers({ tf: backend.tf, teacher, blocks, spec: job.spec.blocks, batch });
  const table = tableOf(times, about);
  await ledger.writeJson(LAYOUT.latencies, table);
  log(`timed ${plural(times.layers.size, 'layer')} and ${plural(times.blocks.size, 'block')} in ${table.runtime}`);
  return table;
}
