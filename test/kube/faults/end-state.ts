import { roleOf } from '@distillation/api/labels';
import type { DistillationJobStatus } from '@distillation/api/job';
import { ANNOTATION, revisionOfChild } from '../../../operator/src/objects/labels.ts';
import type { KubeObject } from '@distillation/kube/resources';
import type { WireJob, WirePod } from '@distillation/kube/wire';
import { isActive } from '../../../operator/src/observe/pod-status.ts';
import { until } from '../../../tools/kube-harness/access/until.ts';
import type { PlayedJob } from '../support/played-job.ts';

/** All that counts of a job once it is over: two jobs of the same spec must not differ in it. */
export interface EndState {
  /** Without times. */
  readonly status: unknown;
  readonly jobs: readonly unknown[];
  readonly configMaps: readonly unknown[];
  /** Pods that are left and still active. */
  readonly active: readonly string[];
  /** Pods that ever ran, as `role index`: nothing that is finished is done again. */
  readonly played: readonly string[];
}

/**
 * The state once the garbage collector has removed the pods of Jobs that are gone. Names that differ from one job to the next (UIDs, hashes over
 * them, pods, namespaces) are replaced by what they stand for.
 */
export async function endStateOf(job: PlayedJob, played: readonly string[]): Promise<EndState> {
  const object = await job.get();
  const [jobs, configMaps] = await Promise.all([job.jobs(), job.configMaps()]);
  const uids = new Set(jobs.map(({ metadata }) => metadata?.uid));
  const pods = await until('pods without their Job are gone', async () => {
    const left = await job.pods();
    const isOrphan = ({ metadata }: KubeObject): boolean => !uids.has(metadata?.ownerReferences?.[0]?.uid);
    return left.some(isOrphan) ? undefined : left;
  });
  const names = new Map([
    [object.metadata.uid, '<uid>'],
    [job.namespace, '<namespace>'],
  ]);
  for (const child of [...jobs, ...configMaps]) names.set(revisionOfChild(child) ?? '', `<${roleOf(child) ?? ''} fit>`);
  for (const child of jobs) {
    names.set(child.metadata?.uid ?? '', '<job uid>');
    names.set(child.metadata?.annotations?.[ANNOTATION.made] ?? '', `<${roleOf(child) ?? ''} as made>`);
  }
  for (const { metadata } of pods) names.set(metadata?.name ?? '', '<pod>');
  const plain = <T>(value: T): T => {
    let text = JSON.stringify(value);
    // Longest first: names are made of other names.
    const ordered = [...names].filter(([name]) => name !== '').sort(([a], [b]) => b.length - a.length);
    for (const [name, meaning] of ordered) text = text.replaceAll(name, meaning);
    return JSON.parse(text) as T;
  };
  return {
    status: plain(timeless(object.status ?? {})),
    jobs: sorted(jobs.map((child) => plain(wordsOf(child, pods)))),
    configMaps: sorted(configMaps.map((child) => plain({ ...identityOf(child), data: child.data }))),
    active: pods.filter(isActive).map(({ metadata }) => metadata?.name ?? ''),
    played,
  };
}

/**
 * A Job without `suspend` once all its pods have succeeded: an operator that has heard of the result and not yet of the last pod tells the Job
 * to stop, which then does nothing.
 */
function wordsOf(job: WireJob, pods: readonly WirePod[]): ReturnType<typeof identityOf> & { readonly spec: unknown } {
  const { spec } = job;
  const words = { ...identityOf(job), spec };
  const isSucceeded = ({ metadata, status }: WirePod): boolean =>
    metadata?.ownerReferences?.[0]?.uid === job.metadata?.uid && status?.phase === 'Succeeded';
  // An API server that was killed may have the Job controller make a pod twice.
  if (pods.filter(isSucceeded).length < (spec?.completions ?? Infinity)) return words;
  const annotations = { ...words.annotations, [ANNOTATION.suspend]: '<no matter>' };
  return { ...words, annotations, spec: { ...spec, suspend: undefined } };
}

function identityOf({ metadata }: KubeObject) {
  const { name = '', labels, annotations, ownerReferences } = metadata ?? {};
  return { name, labels, annotations, ownerReferences };
}

const sorted = <T extends { readonly name: string }>(items: readonly T[]): T[] =>
  items.toSorted((a, b) => a.name.localeCompare(b.name));

function timeless({ conditions, progress, ...rest }: DistillationJobStatus): unknown {
  return {
    ...rest,
    conditions: conditions?.map((condition) => ({ ...condition, lastTransitionTime: '' })),
    progress: { ...progress, lastUpdateTime: '' },
    startTime: '',
    completionTime: '',
    gpuSeconds: {},
  };
}
