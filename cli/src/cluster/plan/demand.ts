import type { DistillationJobSpec } from '@distillation/api/job';
import type { BinSchedule } from '@distillation/api/plan';
import type { Role } from '@distillation/api/words';
import { gpuOf, type PodResources, resourcesOf } from '@distillation/core/pod-resources';
import { type PodTemplate, templateOf } from '@distillation/core/pod-template';
import { type Amounts, amountsOf, combined, larger, times } from './amounts.ts';

/** What the pods of a job ask for, as the operator will make them. Pure. */

/** The pods of one role, which are there at the same time; those of another role come before or after. */
export interface Demand {
  readonly role: Role;
  readonly pods: number;
  readonly template: PodTemplate;
  /** Of each pod. What has a limit alone has it as its request too, as Kubernetes has it. */
  readonly requests: Amounts;
  readonly limits: Amounts;
}

/** Resources of a role's pods. @param defaults of the operator */
export const resourcesFor = (role: Role, spec: DistillationJobSpec, defaults: PodTemplate): PodResources =>
  resourcesOf(templateOf(role, spec.cluster, defaults), gpuOf(role, spec));

/** Of planner, workers (one a bin with blocks) and finalizer. */
export function demandsOf(
  spec: DistillationJobSpec,
  schedule: Pick<BinSchedule, 'bins'>,
  defaults: PodTemplate,
): Demand[] {
  const workers = schedule.bins.filter(({ blocks }) => blocks.length > 0).length;
  const demand = (role: Role, pods: number): Demand => {
    const { requests, limits = {} } = resourcesFor(role, spec, defaults);
    return {
      role,
      pods,
      template: templateOf(role, spec.cluster, defaults),
      requests: amountsOf({ ...limits, ...requests }),
      limits: amountsOf(limits),
    };
  };
  return [demand('planner', 1), demand('worker', workers), demand('finalizer', 1)];
}

/** The most that is asked for at the same time, by resource. */
export const mostAtOnce = (demands: readonly Demand[]): Amounts =>
  combined(
    demands.map(({ requests, pods }) => times(requests, pods)),
    larger,
  );
