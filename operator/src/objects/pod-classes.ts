import type { PodTemplate } from '@distillation/core/pod-template';
import type { ClusterSpec } from '@distillation/api/job';
import type { ChildConfig, PodClasses } from './config.ts';

type Configured = Pick<ChildConfig, 'podDefaults' | 'podClasses'>;
type Named = Pick<ClusterSpec, 'className'>;

/** What stands for what a job's templates leave out: the fields of its class, and for those that this leaves out what all jobs get. */
export function clusterDefaults({ podDefaults, podClasses }: Configured, { className }: Named): PodTemplate {
  return { ...podDefaults, ...(className !== undefined && classOf(podClasses, className)) };
}

/** The name of the job's class, if there is no class of that name here. */
export function unknownClass({ podClasses }: Configured, { className }: Named): string | undefined {
  return className === undefined || classOf(podClasses, className) !== undefined ? undefined : className;
}

const classOf = (classes: PodClasses = {}, name: string): PodTemplate | undefined =>
  Object.hasOwn(classes, name) ? classes[name] : undefined;
