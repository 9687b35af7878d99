import type { DistillationJobStatus } from '@distillation/api/job';
import type { BlockDigest, LiveProgress } from '@distillation/api/progress';
import { decodeTermination } from '@distillation/api/termination';
import { revisionOf } from '../../src/objects/revision.ts';
import { LABEL, roleOf } from '@distillation/api/labels';
import { ANNOTATION, endedKey, revisionOfChild, WORK_DONE } from '../../src/objects/labels.ts';
import type { DistillationJobObject, Snapshot, Write } from '../../src/objects/snapshot.ts';
import type { WireConfigMap, WireJob, WirePod } from '@distillation/kube/wire';
import { verdictOf } from '@distillation/api/verdict';
import { NAMES } from './plan.ts';
import { exitCodeOf, isFinished, isOwnedBy } from './status.ts';
import { timestamp } from '@distillation/kube/time';

/**
 * A simulated cluster for properties of the pure `reconcile`: the objects of an API server, and a volume. They change by the rules of the
 * Job controller (`controller.ts`), the kubelets (`kubelet.ts`) and the pods' own work (`work.ts`). That real components follow these rules
 * is tested elsewhere (test/kube).
 */
export class TestCluster {
  job: DistillationJobObject;
  jobs: WireJob[] = [];
  pods: WirePod[] = [];
  /** Deleted pods that the Job controller has counted. */
  counted: WirePod[] = [];
  configMaps: WireConfigMap[] = [];
  live: LiveProgress | undefined;
  blocks = new Map<string, BlockDigest>(NAMES.map((name) => [name, { name, state: 'Pending', epoch: 0 }]));
  now = Date.parse('2026-11-22T20:00:10Z');
  gone = false;
  /** Exit code of an injected container in each pod that outlives the worker; undefined for none. */
  sidecar: number | undefined;
  /** The mounted files of each pod that has started. */
  mounted = new Map<string, Readonly<Record<string, string>>>();
  /** How often each name was assigned. */
  #given = new Map<string, number>();
  /** The children in the operator's caches, of which each kind has its own watch. */
  #seen: Pick<Snapshot, 'jobs' | 'pods' | 'configMaps'> = { jobs: [], pods: [], configMaps: [] };

  constructor(job: DistillationJobObject) {
    this.job = job;
  }

  /** A deep copy, for experiments. */
  copy(): TestCluster {
    const other = new TestCluster(this.job);
    Object.assign(other, {
      jobs: this.jobs,
      pods: this.pods,
      counted: this.counted,
      sidecar: this.sidecar,
      configMaps: this.configMaps,
      live: this.live,
      blocks: new Map(this.blocks),
      mounted: new Map(this.mounted),
      now: this.now,
      gone: this.gone,
    });
    other.#given = new Map(this.#given);
    other.#seen = this.#seen;
    return other;
  }

  /** Lets the watches of these kinds catch up. */
  deliver(kinds: readonly ('jobs' | 'pods' | 'configMaps')[] = ['jobs', 'pods', 'configMaps']): void {
    for (const kind of kinds) this.#seen = { ...this.#seen, [kind]: this[kind] };
  }

  snapshot(): Snapshot {
    return {
      job: this.job,
      ...this.#seen,
      podWarnings: new Map(),
      now: new Date(this.now),
      ...(this.live !== undefined && { live: this.live }),
    };
  }

  respec(change: (spec: DistillationJobObject['spec']) => DistillationJobObject['spec']): void {
    const { metadata } = this.job;
    this.job = {
      ...this.job,
      spec: change(this.job.spec),
      metadata: { ...metadata, generation: metadata.generation + 1 },
    };
  }

  writeStatus(status: DistillationJobStatus): void {
    this.job = { ...this.job, status };
  }

  perform(write: Write): void {
    switch (write.type) {
      case 'Apply':
        if (write.resource === 'jobs') this.#create(write.object);
        else this.#applyConfigMap(write.object);
        return;
      case 'Suspend':
        this.jobs = this.jobs.map((job) =>
          job.metadata?.uid === write.uid && job.spec !== undefined
            ? {
                ...job,
                metadata: {
                  ...job.metadata,
                  annotations: { ...job.metadata.annotations, [ANNOTATION.suspend]: String(write.suspend) },
                },
                spec: { ...job.spec, suspend: write.suspend },
              }
            : job,
        );
        return;
      case 'EndPod':
        this.#endPod(write);
        return;
      case 'ForceDelete':
        this.pods = this.pods.filter(({ metadata }) => metadata?.uid !== write.uid);
        return;
      case 'Delete':
        if (write.resource === 'distillationjobs') this.gone = true;
        if (write.resource === 'jobs') this.#deleteJob(write.uid);
        if (write.resource === 'configmaps') this.#deleteConfigMap(write.uid);
    }
  }

  /** An existing Job is left unchanged: its template is immutable, and the same name means the same Job. */
  #create(job: WireJob): void {
    const name = job.metadata?.name ?? '';
    const [again] = this.jobs.filter(
      (other) => revisionOfChild(other) === revisionOfChild(job) && this.#hasTold(other),
    );
    if (again !== undefined && again.metadata?.name !== name) throw new Error(`${name} does again what was done`);
    if (this.jobs.some(({ metadata }) => metadata?.name === name)) return;
    // A Job of another revision, created just before the spec was changed, may not be in the caches yet.
    const beside = this.jobs.filter((other) => revisionOfChild(other) === revisionOfChild(job) && !isFinished(other));
    if (beside.length > 0) throw new Error(`${name} was made beside ${beside[0]?.metadata?.name ?? ''}`);
    const metadata = { ...job.metadata, uid: this.unique(name), creationTimestamp: timestamp(new Date(this.now)) };
    this.jobs = [...this.jobs, { ...job, metadata }];
  }

  #applyConfigMap(object: WireConfigMap): void {
    const name = object.metadata?.name ?? '';
    const old = this.configMaps.find(({ metadata }) => metadata?.name === name);
    const uid = old?.metadata?.uid ?? this.unique(name);
    const rest = this.configMaps.filter((other) => other !== old);
    this.configMaps = [...rest, { ...object, metadata: { ...object.metadata, uid } }];
  }

  #deleteJob(uid: string): void {
    const job = this.jobs.find(({ metadata }) => metadata?.uid === uid);
    if (job === undefined) return;
    const isStale = revisionOfChild(job) !== revisionOf(roleOf(job) ?? 'planner', this.job);
    const isReopened = verdictOf(this.job.status)?.status === 'False';
    if (!isStale && !isReopened && job.metadata?.labels?.[LABEL.queue] === undefined) {
      throw new Error(`${job.metadata?.name ?? ''} is current and was deleted`);
    }
    const metadata = { ...job.metadata, deletionTimestamp: timestamp(new Date(this.now)) };
    this.jobs = this.jobs.map((other) => (other === job ? { ...job, metadata } : other));
  }

  /** Whether a planner or finalizer succeeded and its pod with the termination message still exists. */
  #hasTold(job: WireJob): boolean {
    return roleOf(job) !== 'worker' && this.pods.some((pod) => isOwnedBy(pod, job) && exitCodeOf(pod) === 0);
  }

  /** Somebody deletes a child. */
  meddle(pick: number): void {
    const children = [...this.jobs, ...this.configMaps, ...this.pods];
    const child = children[pick % Math.max(1, children.length)];
    const metadata = { ...child?.metadata, deletionTimestamp: timestamp(new Date(this.now)) };
    this.jobs = this.jobs.map((other) => (other === child ? { ...other, metadata } : other));
    this.configMaps = this.configMaps.filter((other) => other !== child);
    this.pods = this.pods.filter((other) => other !== child);
  }

  #deleteConfigMap(uid: string): void {
    const child = this.configMaps.find(({ metadata }) => metadata?.uid === uid);
    if (child === undefined) return;
    if (revisionOfChild(child) === revisionOf(roleOf(child) ?? 'planner', this.job)) {
      throw new Error(`${child.metadata?.name ?? ''} is current and was deleted`);
    }
    this.configMaps = this.configMaps.filter((other) => other !== child);
  }

  /** The kubelet stops the rest of the pod, the Job controller counts it, and it is gone. */
  #endPod({ uid, isDone, outcome }: Extract<Write, { type: 'EndPod' }>): void {
    this.jobs = this.jobs.map((job) => {
      if (outcome === undefined || job.metadata?.uid !== outcome.jobUid) return job;
      const annotations = { ...job.metadata.annotations, [endedKey(outcome.index)]: String(outcome.exitCode) };
      return { ...job, metadata: { ...job.metadata, annotations } };
    });
    const pod = this.pods.find(({ metadata }) => metadata?.uid === uid);
    if (pod === undefined) return;
    if (exitCodeOf(pod) === undefined) throw new Error(`${pod.metadata?.name ?? ''} was at work and was ended`);
    if (verdictOf(this.job.status) === undefined && !this.#isTold(pod)) {
      throw new Error(`${pod.metadata?.name ?? ''} was ended with what it told`);
    }
    const conditions = isDone ? [{ type: WORK_DONE, status: 'True' }] : [];
    const phase = exitCodeOf(pod) === 0 && this.sidecar === 0 ? 'Succeeded' : 'Failed';
    this.pods = this.pods.filter((other) => other !== pod);
    this.counted = [...this.counted, { ...pod, status: { ...pod.status, phase, conditions } }];
  }

  /** Whether what its termination message says of the blocks is in the status. */
  #isTold(pod: WirePod): boolean {
    const message = pod.status?.containerStatuses?.[0]?.state?.terminated?.message;
    const said = message === undefined ? undefined : decodeTermination(message);
    if (said?.type !== 'NothingLeft' || said.planKey !== this.job.status?.plan?.key) return true;
    const recorded = new Map(this.job.status.blocks?.map(({ name, state }) => [name, state]));
    const isOver = (state: string | undefined): boolean => state === 'Done' || state === 'Failed';
    return said.blocks.every(({ name, state }) => !isOver(state) || isOver(recorded.get(name)));
  }

  /** A name that was never assigned before. */
  unique(name: string): string {
    const times = this.#given.get(name) ?? 0;
    this.#given.set(name, times + 1);
    return `${name}-${times}`;
  }
}
