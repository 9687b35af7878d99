import { createHash } from 'node:crypto';
import { LAYOUT } from '@distillation/api/layout';
import { readerOf } from '@distillation/api/reading';
import { among, amount, count, listOf, object, type Of, optional, orNull, word } from '@distillation/api/shape';
import type { Tensor } from '@tensorflow/tfjs';
import type { Network } from '../../teacher/graph/graph.ts';
import { assembleStudent, studentParts } from '../../teacher/graph/rewrite/replace.ts';
import { type GatheredBlock, replacementsOf } from '../gather.ts';
import { imageTensor, type LabelledBatch } from '../measuring/batches.ts';
import { expectation, type Measurement, Meter } from '../measuring/measure.ts';
import type { Run } from '../run.ts';

/** Measures students as assembled, on the split of the selection. Each is measured once, and the volume remembers it. */

/** Students in memory at once; each pass over the data, and over the teacher, serves so many. */
export const AT_ONCE = 4;

/** An assembled student's measurement on the volume, with the weights it was measured with. */
type AssemblyRecord = Of<typeof assemblyRecord>;
const assemblyRecord = object({
  blocks: listOf(object({ block: word, weightsSha256: word })),
  split: among('train', 'validation', 'test'),
  /** Absent without labels. */
  score: optional(object({ correct: count, total: count })),
  /** Null where the student computed numbers that are not finite. */
  divergence: orNull(amount),
});
const readAssembly = readerOf(assemblyRecord);

interface AssembliesOptions {
  readonly run: Pick<Run, 'backend' | 'ledger' | 'teacher'>;
  readonly blocks: readonly GatheredBlock[];
  readonly labelled: boolean;
  readonly split: AssemblyRecord['split'];
  /** Starts a pass over the split, of which so many have been begun before. */
  readonly batches: (passes: number) => AsyncIterable<LabelledBatch>;
}

/** Measurements of the students of these blocks, in the same order. Each list names at least one block. */
export async function measureAssemblies(
  students: readonly (readonly string[])[],
  options: AssembliesOptions,
): Promise<Measurement[]> {
  const { run, labelled, split } = options;
  const known = new Map<string, Measurement>();
  const missing = new Map<string, readonly string[]>();
  for (const student of students) {
    const { name } = identityOf(student, options);
    const record = await run.ledger.readAs(LAYOUT.assembly(name), readAssembly);
    if (record !== undefined && labelled === (record.score !== undefined)) {
      known.set(name, { ...(record.score && { score: record.score }), divergence: record.divergence ?? NaN });
    } else missing.set(name, student);
  }
  const entries = [...missing];
  for (let from = 0; from < entries.length; from += AT_ONCE) {
    const group = entries.slice(from, from + AT_ONCE);
    const measured = await measureTogether(
      group.map(([, student]) => student),
      options,
      from / AT_ONCE,
    );
    for (const [i, [name, student]] of group.entries()) {
      const measurement = measured[i];
      if (measurement === undefined) continue;
      known.set(name, measurement);
      const record: AssemblyRecord = {
        blocks: identityOf(student, options).blocks,
        split,
        ...measurement,
        divergence: Number.isFinite(measurement.divergence) ? measurement.divergence : null,
      };
      await run.ledger.writeJson(LAYOUT.assembly(name), record);
    }
  }
  return students.map((student) => known.get(identityOf(student, options).name) ?? { divergence: NaN });
}

/** What a measurement depends on besides teacher and data, and a name for it. */
function identityOf(
  student: readonly string[],
  { blocks, split }: AssembliesOptions,
): { readonly name: string; readonly blocks: AssemblyRecord['blocks'] } {
  const parts = blocks.flatMap(({ plan, trained }) =>
    trained !== undefined && student.includes(plan.name) ? [{ block: plan.name, weightsSha256: trained.sha256 }] : [],
  );
  const hash = createHash('sha256').update(JSON.stringify({ split, parts }));
  return { name: hash.digest('hex').slice(0, 32), blocks: parts };
}

async function measureTogether(
  students: readonly (readonly string[])[],
  { run, blocks, labelled, batches }: AssembliesOptions,
  passes: number,
): Promise<Measurement[]> {
  const { teacher, backend } = run;
  const { tf } = backend;
  const { outputs } = teacher;
  const networks: Network[] = [];
  try {
    for (const student of students) {
      networks.push(await assembleStudent(tf, studentParts(teacher, replacementsOf(blocks, new Set(student)))));
    }
    const meters = networks.map(() => new Meter({ outputs, labelled }));
    for await (const batch of batches(passes)) {
      tf.tidy(() => {
        const labels = tf.tensor1d(Int32Array.from(batch.labels));
        const images = imageTensor(tf, teacher.model, batch);
        const expected = expectation(teacher.model.apply(images) as Tensor, outputs);
        for (const [i, { model }] of networks.entries()) {
          tf.tidy(() => meters[i]?.add(tf, { output: model.apply(images) as Tensor, labels, expected }));
        }
      });
    }
    return meters.map((meter) => meter.result);
  } finally {
    for (const { model } of networks) model.dispose();
  }
}
