import { join } from 'node:path';
import type { DistillationJob } from '@distillation/api/job';
import { LAYOUT } from '@distillation/api/layout';
import { type Decision, decide } from '@distillation/core/decide';
import { Ledger } from '@distillation/ledger/ledger';
import type { Standing } from '../present/standing.ts';
import { lastFailure, Onlooker } from './onlooker.ts';
import { observe, type Observation } from './world.ts';

/** A job on a volume as somebody sees it who has no part in it. Reads only. */
export interface Look {
  readonly observation: Observation;
  readonly decision: Decision;
  readonly standing: Standing;
  /** A student is there that an earlier version of the manifest asked for. */
  readonly olderStudent: boolean;
}

export interface LookOptions {
  readonly job: DistillationJob;
  /** Root of the volume. */
  readonly volume: string;
  /** The command that goes on with the job. */
  readonly resume: string;
  readonly log: (line: string) => void;
}

/** A function that looks at the job each time it is called, and remembers what it saw to tell the living from the dead. */
export function lookerAt({ job, volume, resume, log }: LookOptions): () => Promise<Look> {
  const folder = join(volume, job.spec.outputs.path);
  const ledger = new Ledger({ folder, writer: 'onlooker', log });
  const onlooker = new Onlooker(ledger);
  return async () => {
    await onlooker.look();
    const observation = await observe(job, ledger, onlooker);
    const quietSeconds = onlooker.quietSeconds();
    const failure = await lastFailure(ledger);
    const standing: Standing = {
      working: workingOn(observation, onlooker),
      folder,
      resume,
      ...(isOnlyPlanned(observation, onlooker, failure) && { onlyPlanned: true }),
      ...(quietSeconds !== undefined && { quietSeconds }),
      ...(failure !== undefined && { failure }),
    };
    const olderStudent =
      observation.report === undefined && (await ledger.files.stat(ledger.path(LAYOUT.result))) !== undefined;
    return { observation, decision: decide(observation.world), standing, olderStudent };
  };
}

/** Whether all that there is of the job is its plan: nothing has lived since the planner, no block has begun. */
function isOnlyPlanned({ world, view }: Observation, onlooker: Onlooker, failure: Standing['failure']): boolean {
  const begun = view.blocks.some(({ history }) => history.length > 0) || onlooker.sawLifeAfter('planner');
  return world.plan !== undefined && !begun && failure === undefined;
}

function workingOn({ world, view }: Observation, onlooker: Onlooker): string[] {
  const atWork = view.workers.filter(({ state }) => state !== 'Done' && state !== 'Failed').map(({ bin }) => bin);
  return [
    ...(world.plan === undefined ? ['planner'] : []),
    ...atWork.map((bin) => `bin-${bin}`),
    ...(world.result === undefined ? ['finalizer'] : []),
  ].filter((role) => onlooker.state(role).state === 'Running');
}
