import type { DistillationJobStatus } from '@distillation/api/job';
import type { BlockDigest, LiveProgress } from '@distillation/api/progress';
import { planKey } from '@distillation/api/recipe';
import { encodeTermination, type PlanSummary, type Termination } from '@distillation/api/termination';
import { FILE } from '../children/config-maps.ts';
import { binsOf, fitOfChild, LABEL, roleOf } from '../children/labels.ts';
import { fitOf } from '../children/fit.ts';
import { CONTAINER } from '../children/pod.ts';
import { recipeOf } from './result.ts';
import type { DistillationJobObject, Snapshot, WireConfigMap, WireJob, WirePod, Write } from './snapshot.ts';
import { timestamp } from './timestamp.ts';
import { verdictOf } from './terminal.ts';

/**
 * A cluster as far as a reconcile can tell: objects that change by the rules of the Job controller and the kubelet, and a volume that
 * pods work on. Only for properties of the pure function; that the rules are as they are here is for the tests on real components.
 */

export const NAMES = ['a', 'b', 'c', 'd', 'e'];
export const EPOCHS = 2;

export const planFor = (job: DistillationJobObject): PlanSummary => ({
  version: 1,
  key: planKey(job.spec),
  recipe: 'recipe',
  epochs: EPOCHS,
  stepsPerEpoch: 10,
  costUnit: 'MAC',
  costSource: job.spec.scheduling.costSource,
  samples: { train: 100, validation: 10, test: 10 },
  teacher: { sha256: 'teacher', params: 1000, macs: 5000, validationAccuracy: 0.78 },
  datasetSha256: 'data',
  kept: 1,
  blocks: NAMES.map((name, i) => ({ name, cost: { prefix: 10 * i, own: 10 } })),
});

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Child {
  job: WireJob;
  pods: WirePod[];
}

export class TestCluster {
  job: DistillationJobObject;
  jobs: WireJob[] = [];
  pods: WirePod[] = [];
  configMaps: WireConfigMap[] = [];
  live: LiveProgress | undefined;
  blocks = new Map<string, BlockDigest>(NAMES.map((name) => [name, { name, state: 'Pending', epoch: 0 }]));
  now = Date.parse('2026-11-22T20:00:10Z');
  gone = false;
  /** Files of each pod that has started. */
  #mounted = new Map<string, Readonly<Record<string, string>>>();
  /** How often each name was given. */
  #given = new Map<string, number>();
  /** What the operator's caches show of the children; each kind by a watch of its own. */
  #seen: Pick<Snapshot, 'jobs' | 'pods' | 'configMaps'> = { jobs: [], pods: [], configMaps: [] };

  constructor(job: DistillationJobObject) {
    this.job = job;
  }

  /** The same in every respect, for trying something out. */
  copy(): TestCluster {
    const other = new TestCluster(this.job);
    Object.assign(other, {
      jobs: this.jobs,
      pods: this.pods,
      configMaps: this.configMaps,
      live: this.live,
      blocks: new Map(this.blocks),
      now: this.now,
      gone: this.gone,
    });
    other.#mounted = new Map(this.#mounted);
    other.#given = new Map(this.#given);
    other.#seen = this.#seen;
    return other;
  }

  /** The watches catch up. */
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
            ? { ...job, spec: { ...job.spec, suspend: write.suspend } }
            : job,
        );
        return;
      case 'Abandon':
        this.pods = this.pods.filter(({ metadata }) => metadata?.uid !== write.uid);
        return;
      case 'Delete':
        if (write.resource === 'distillationjobs') this.gone = true;
        if (write.resource === 'jobs') this.#deleteJob(write.uid);
        if (write.resource === 'configmaps') this.#deleteConfigMap(write.uid);
    }
  }

  /** A Job that is there is left as it is: its template cannot change, and the same name is the same Job. */
  #create(job: WireJob): void {
    const name = job.metadata?.name ?? '';
    const [again] = this.jobs.filter((other) => fitOfChild(other) === fitOfChild(job) && this.#hasTold(other));
    if (again !== undefined && again.metadata?.name !== name) throw new Error(`${name} does again what was done`);
    if (this.jobs.some(({ metadata }) => metadata?.name === name)) return;
    // One of another fit, made just before the spec was changed, may not be in the caches yet.
    const beside = this.jobs.filter((other) => fitOfChild(other) === fitOfChild(job) && !isFinished(other));
    if (beside.length > 0) throw new Error(`${name} was made beside ${beside[0]?.metadata?.name ?? ''}`);
    const metadata = { ...job.metadata, uid: this.#unique(name), creationTimestamp: timestamp(new Date(this.now)) };
    this.jobs = [...this.jobs, { ...job, metadata }];
  }

  #applyConfigMap(object: WireConfigMap): void {
    const name = object.metadata?.name ?? '';
    const old = this.configMaps.find(({ metadata }) => metadata?.name === name);
    const uid = old?.metadata?.uid ?? this.#unique(name);
    const rest = this.configMaps.filter((other) => other !== old);
    this.configMaps = [...rest, { ...object, metadata: { ...object.metadata, uid } }];
  }

  #deleteJob(uid: string): void {
    const job = this.jobs.find(({ metadata }) => metadata?.uid === uid);
    if (job === undefined) return;
    const isStale = fitOfChild(job) !== fitOf(roleOf(job) ?? 'planner', this.job);
    const isReopened = verdictOf(this.job.status)?.status === 'False';
    if (!isStale && !isReopened && job.metadata?.labels?.[LABEL.queue] === undefined) {
      throw new Error(`${job.metadata?.name ?? ''} is current and was deleted`);
    }
    const metadata = { ...job.metadata, deletionTimestamp: timestamp(new Date(this.now)) };
    this.jobs = this.jobs.map((other) => (other === job ? { ...job, metadata } : other));
  }

  /** Of a planner or finalizer: it ended well, and its pod that said so is still there. */
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
    if (fitOfChild(child) === fitOf(roleOf(child) ?? 'planner', this.job)) {
      throw new Error(`${child.metadata?.name ?? ''} is current and was deleted`);
    }
    this.configMaps = this.configMaps.filter((other) => other !== child);
  }

  /** A name that was never given before. */
  #unique(name: string): string {
    const times = this.#given.get(name) ?? 0;
    this.#given.set(name, times + 1);
    return `${name}-${times}`;
  }

  /** The Job controller does what there is to do. */
  runJobController(): void {
    for (const job of this.jobs.filter(({ metadata }) => metadata?.deletionTimestamp !== undefined)) {
      this.jobs = this.jobs.filter((other) => other !== job);
      this.pods = this.pods.filter((pod) => !isOwnedBy(pod, job));
    }
    for (const job of this.jobs.filter((each) => !isFinished(each))) {
      const child: Child = { job, pods: this.pods.filter((pod) => isOwnedBy(pod, job)) };
      if (job.spec?.suspend === true) {
        this.pods = this.pods.filter((pod) => !isOwnedBy(pod, job) || isOver(pod));
        continue;
      }
      const indexes = job.spec?.completionMode === 'Indexed' ? binsOf(job).map((_, index) => index) : [undefined];
      const outcomes = indexes.map((index) => this.#runIndex(child, index));
      this.#updateStatus(job, outcomes);
    }
  }

  /** Retries the pod of an index, or says how the index ended. */
  #runIndex({ job, pods }: Child, index: number | undefined): Outcome {
    const mine = pods.filter((pod) => index === undefined || indexOfPod(pod) === index);
    const counted = mine.filter((pod) => isOver(pod) && !isDisrupted(pod));
    const codes = counted.map(exitCodeOf);
    const failures = codes.filter((code) => code !== 0).length;
    if (codes.includes(0)) return { state: 'Completed', failures };
    const refused = codes.find((code) => code !== undefined && [64, 65, 78].includes(code));
    if (refused !== undefined) return { state: 'Failed', failures, refused };
    const limit = job.spec?.backoffLimitPerIndex ?? job.spec?.backoffLimit ?? 0;
    if (failures > limit) return { state: 'Failed', failures };
    if (!mine.some((pod) => !isOver(pod))) this.#createPod(job, index);
    return { state: 'Active', failures };
  }

  #updateStatus(job: WireJob, outcomes: readonly Outcome[]): void {
    const at = timestamp(new Date(this.now));
    const list = (state: Outcome['state']): string =>
      outcomes.flatMap((outcome, index) => (outcome.state === state ? index : [])).join(',');
    const isOverNow = outcomes.every(({ state }) => state !== 'Active');
    const failed = outcomes.find(({ state }) => state === 'Failed');
    const indexed = job.spec?.completionMode === 'Indexed';
    const condition =
      failed === undefined
        ? { type: 'Complete', reason: 'CompletionsReached', message: '' }
        : {
            type: 'Failed',
            reason: indexed
              ? 'FailedIndexes'
              : failed.refused === undefined
                ? 'BackoffLimitExceeded'
                : 'PodFailurePolicy',
            message:
              failed.refused === undefined ? '' : `Container worker failed with exit code ${failed.refused} matching`,
          };
    const status: Mutable<NonNullable<WireJob['status']>> = {
      succeeded: outcomes.filter(({ state }) => state === 'Completed').length,
      failed: outcomes.reduce((sum, { failures }) => sum + failures, 0),
      ...(indexed && { completedIndexes: list('Completed'), failedIndexes: list('Failed') }),
      ...(isOverNow && { conditions: [{ ...condition, status: 'True', lastTransitionTime: at }] }),
    };
    this.jobs = this.jobs.map((other) => (other === job ? { ...job, status } : other));
  }

  #createPod(job: WireJob, index: number | undefined): void {
    const name = this.#unique(`${job.metadata?.uid ?? ''}-${index ?? 'x'}`);
    const pod: WirePod = {
      metadata: {
        name,
        uid: name,
        creationTimestamp: timestamp(new Date(this.now)),
        labels: job.spec?.template.metadata?.labels ?? {},
        annotations: index === undefined ? {} : { 'batch.kubernetes.io/job-completion-index': String(index) },
        ownerReferences: [
          { apiVersion: 'batch/v1', kind: 'Job', name: '', uid: job.metadata?.uid ?? '', controller: true },
        ],
      },
      spec: { containers: [{ name: CONTAINER }], nodeName: 'node' },
      status: { phase: 'Pending' },
    };
    this.pods = [...this.pods, pod];
  }

  activePods(): WirePod[] {
    return this.pods.filter((pod) => !isOver(pod) && pod.metadata?.deletionTimestamp === undefined);
  }

  /** It starts once there is what it mounts. */
  start(pod: WirePod): void {
    const configMap = this.configMaps.find(
      (each) => roleOf(each) === roleOf(pod) && fitOfChild(each) === fitOfChild(pod),
    );
    if (configMap === undefined) return;
    this.#mounted.set(pod.metadata?.uid ?? '', configMap.data ?? {});
    this.#setStatus(pod, {
      phase: 'Running',
      podIP: '10.0.0.1',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [containerStatus({ running: { startedAt: timestamp(new Date(this.now)) } })],
    });
  }

  /** A running pod does a piece of its work, and ends when nothing is left of it. */
  work(pod: WirePod, pick: number): void {
    const role = roleOf(pod);
    if (role === 'planner') {
      this.end(pod, 0, { type: 'Planned', plan: planFor(this.job) });
      return;
    }
    if (role === 'finalizer') {
      this.#finalize(pod);
      return;
    }
    const names = this.#reach(pod).filter((name) => !this.#isFinished(name));
    const name = names[pick % Math.max(1, names.length)];
    if (name === undefined) {
      const told: Termination = { type: 'NothingLeft', ...this.#ledger() };
      // Now and then the last words are too long to be passed on.
      this.end(pod, 0, pick % 7 === 0 ? undefined : told);
      return;
    }
    const epoch = (this.blocks.get(name)?.epoch ?? 0) + 1;
    const state = pick % 11 === 0 ? 'Failed' : epoch >= EPOCHS ? 'Done' : 'Training';
    this.blocks.set(name, { name, epoch, state, loss: 1 / (epoch + 2) });
  }

  end(pod: WirePod, exitCode: number, termination?: Termination): void {
    const message = termination === undefined ? undefined : encodeTermination(termination);
    const at = timestamp(new Date(this.now));
    const terminated = { exitCode, startedAt: at, finishedAt: at, ...(message !== undefined && { message }) };
    this.#setStatus(pod, {
      phase: exitCode === 0 ? 'Succeeded' : 'Failed',
      containerStatuses: [containerStatus({ terminated })],
    });
  }

  disrupt(pod: WirePod): void {
    this.#setStatus(pod, {
      phase: 'Failed',
      conditions: [{ type: 'DisruptionTarget', status: 'True' }],
      containerStatuses: [containerStatus({ terminated: { exitCode: 143 } })],
    });
  }

  /** Its node is cut off and the pod told to end; nobody hears of it again. */
  cut(pod: WirePod): void {
    const deletionTimestamp = timestamp(new Date(this.now + 30_000));
    this.pods = this.pods.map((other) =>
      other === pod ? { ...pod, metadata: { ...pod.metadata, deletionTimestamp } } : other,
    );
  }

  /** A file of a trained block is lost. */
  lose(pick: number): void {
    const done = NAMES.filter((name) => this.#isFinished(name));
    const name = done[pick % Math.max(1, done.length)];
    if (name !== undefined) this.blocks.set(name, { name, state: 'Training', epoch: 1 });
  }

  poll(): void {
    this.live = { version: 1, workers: [], at: this.now, ...this.#ledger() };
  }

  #ledger(): { planKey: string; blocks: BlockDigest[]; seconds: { useful: number; redone: number } } {
    return { planKey: planKey(this.job.spec), blocks: [...this.blocks.values()], seconds: { useful: 10, redone: 1 } };
  }

  #finalize(pod: WirePod): void {
    if (!NAMES.every((name) => this.#isFinished(name))) {
      const [code, reason] = ['DISTILL_E_BLOCKS_INCOMPLETE', 'BlocksIncomplete'];
      this.end(pod, 75, { type: 'Error', code, reason, message: 'Blocks are missing.', fix: '' });
      return;
    }
    const network = { testAccuracy: 0.78, params: 1000, macs: 5000 };
    this.end(pod, 0, {
      type: 'Finalized',
      result: {
        recipe: recipeOf(this.job.spec, planFor(this.job)),
        outcome: 'StudentBuilt',
        teacher: network,
        student: { ...network, params: 250 },
        studentSha256: 'student',
        blocks: NAMES.map((block) => ({ block, selected: true, accuracy: 0.77 })),
        seconds: { finalize: 3 },
      },
    });
  }

  #isFinished(name: string): boolean {
    const state = this.blocks.get(name)?.state;
    return state === 'Done' || state === 'Failed';
  }

  /** Blocks that a worker may train, by the schedule that it mounts. */
  #reach(pod: WirePod): string[] {
    const job = this.jobs.find((each) => isOwnedBy(pod, each));
    const text = this.#mounted.get(pod.metadata?.uid ?? '')?.[FILE.schedule];
    if (job === undefined || text === undefined) throw new Error('a worker runs without a schedule');
    const { policy, bins } = JSON.parse(text) as { policy: string; bins: { index: number; blocks: string[] }[] };
    const own = bins.find(({ index }) => index === binsOf(job)[indexOfPod(pod) ?? -1])?.blocks ?? [];
    return policy === 'WorkStealing' ? NAMES : own;
  }

  #setStatus(pod: WirePod, status: NonNullable<WirePod['status']>): void {
    this.pods = this.pods.map((other) => (other === pod ? { ...pod, status } : other));
  }
}

interface Outcome {
  readonly state: 'Active' | 'Completed' | 'Failed';
  readonly failures: number;
  /** Exit code by which the input was refused. */
  readonly refused?: number;
}

function containerStatus(state: NonNullable<NonNullable<WirePod['status']>['containerStatuses']>[number]['state']) {
  return {
    name: CONTAINER,
    image: '',
    imageID: '',
    ready: true,
    restartCount: 0,
    ...(state !== undefined && { state }),
  };
}

const isFinished = ({ status }: WireJob): boolean => (status?.conditions ?? []).length > 0;
const isOver = ({ status }: WirePod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';
const isDisrupted = ({ status }: WirePod): boolean =>
  status?.conditions?.some(({ type }) => type === 'DisruptionTarget') ?? false;
const exitCodeOf = ({ status }: WirePod): number | undefined =>
  status?.containerStatuses?.[0]?.state?.terminated?.exitCode;
const isOwnedBy = (pod: WirePod, job: WireJob): boolean =>
  pod.metadata?.ownerReferences?.[0]?.uid === job.metadata?.uid;
const indexOfPod = (pod: WirePod): number | undefined => {
  const text = pod.metadata?.annotations?.['batch.kubernetes.io/job-completion-index'];
  return text === undefined ? undefined : Number(text);
};
