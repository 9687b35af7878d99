import type { DistillationJobStatus } from '@distillation/api/job';
import { isStageReason, type JobStage } from '@distillation/api/words';
import { verdictOf } from '@distillation/api/verdict';

/** What `kubectl get` shows of a job: a word for its state and, beside it, the cause of a failure or what is in its way. */
type ShownState = Pick<DistillationJobStatus, 'stage' | 'reason'>;

/** @param reason of the condition `Succeeded` */
export const shownState = (stage: JobStage, reason: string): ShownState => ({
  stage: reason === 'Suspending' ? reason : stage,
  ...(!isStageReason(reason) && { reason }),
});

/** That of a finished job, by its verdict: an operator from before there was one has not written it. */
export function shownStateOver(status: DistillationJobStatus | undefined): ShownState {
  const verdict = verdictOf(status);
  return verdict === undefined ? {} : shownState(verdict.status === 'True' ? 'Succeeded' : 'Failed', verdict.reason);
}
