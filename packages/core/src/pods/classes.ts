import type { ClusterSpec } from '@distillation/api/job';
import type { PodTemplate } from './template.ts';

/** Defaults for the pods that whoever runs the cluster gives a name, and that a job takes by it (`spec.cluster.className`). */
export type PodClasses = Readonly<Record<string, PodTemplate>>;

/** What whoever runs the cluster sets for the pods of jobs. */
export interface ClusterDefaults {
  /** What the pods get where the job's templates say nothing. */
  readonly podDefaults?: PodTemplate;
  /** The same for jobs that name it, over those of all jobs. */
  readonly podClasses?: PodClasses;
}

type Named = Pick<ClusterSpec, 'className'>;

/** What stands for what a job's templates leave out: the fields of its class, and for those that this leaves out what all jobs get. */
export function defaultsFor({ className }: Named, { podDefaults, podClasses }: ClusterDefaults): PodTemplate {
  return { ...podDefaults, ...(className !== undefined && classOf(podClasses, className)) };
}

/** The name of the job's class, if there is no class of that name. */
export function unknownClass({ className }: Named, { podClasses }: ClusterDefaults): string | undefined {
  return className === undefined || classOf(podClasses, className) !== undefined ? undefined : className;
}

const classOf = (classes: PodClasses = {}, name: string): PodTemplate | undefined =>
  Object.hasOwn(classes, name) ? classes[name] : undefined;
