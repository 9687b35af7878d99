import { DistillError } from '@distillation/api/errors';
import type { DistillationJob } from '@distillation/api/job';
import { type Plan, readPlanBody } from '@distillation/api/plan';
import { valueOf } from '@distillation/api/reading';
import { VOLUMES_FOLDER } from '@distillation/api/transfer';
import { CutShort } from '@distillation/runtime/chunk-reader';
import { whyEnded } from '../files/answers.ts';
import { type Mounts, VOLUMES } from '../files/pod.ts';
import type { OpenSession, Session } from '../files/session.ts';

const FLAGS = { work: '--volume', teacher: '--teacher-volume', dataset: '--dataset-volume' } as const;

/**
 * The plan of a job, as the worker makes it beside the volumes without leaving anything there.
 * @throws DistillError the worker's own, of teacher, data and budget; DISTILL_E_TRANSFER where it gives no answer
 */
export async function askPlan(
  open: OpenSession,
  { job, mounts }: { readonly job: DistillationJob; readonly mounts: Mounts },
): Promise<Plan> {
  const volumes = VOLUMES.filter((volume) => mounts[volume] !== undefined);
  const folders = volumes.flatMap((volume) => [FLAGS[volume], `${VOLUMES_FOLDER}/${volume}`]);
  const session = await open(['plan', '--dry-run', '--job', '-', ...folders]);
  try {
    // Over several lines, of which none is too long to be read as one; the empty one is the end.
    await session.write(`${JSON.stringify(job, null, 1)}\n\n`);
    const text = await said(session);
    if ((await session.ended).code !== 0) throw await whyEnded(session);
    const plan = valueOf(readPlanBody(parsed(text)));
    if (plan !== undefined) return plan;
    throw new DistillError('DISTILL_E_TRANSFER', 'The plan that the pod gives is not understood.', {
      fix: 'Name an image of the version of this command line by --image.',
    });
  } finally {
    session.close();
  }
}

async function said({ output }: Session): Promise<string> {
  const lines: string[] = [];
  try {
    for (let line = await output.line(); line !== undefined; line = await output.line()) lines.push(line);
  } catch (thrown) {
    // How the process has ended says why.
    if (!(thrown instanceof CutShort)) throw thrown;
  }
  return lines.join('\n');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
