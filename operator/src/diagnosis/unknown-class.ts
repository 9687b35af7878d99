import type { ChildConfig } from '../objects/config.ts';
import { unknownClass } from '@distillation/core/pod-classes';
import type { DistillationJobObject } from '../objects/snapshot.ts';
import { finding } from '../problems/finding.ts';
import type { JobProblem } from './diagnose.ts';
import { sentences } from '@distillation/api/sentences';

/** A job that names a class that this operator does not have; pods that run were made with one and go on. */
export function classProblem({ metadata, spec }: DistillationJobObject, config: ChildConfig): JobProblem | undefined {
  const name = unknownClass(spec.cluster, config);
  if (name === undefined) return undefined;
  const known = Object.keys(config.podClasses ?? {}).sort();
  const there = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
  const { reason, what, fix } = finding(
    'ClassNotFound',
    `The operator has no class ${name}, which spec.cluster.className names; ${there}.`,
    { role: undefined },
  );
  return { reason, message: sentences(what, fix), since: metadata.creationTimestamp };
}
