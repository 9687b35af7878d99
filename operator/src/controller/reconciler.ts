import type { DistillationJobStatus } from '@distillation/api/job';
import { API_VERSION, KIND } from '@distillation/api/words';
import type { Problem } from '@distillation/api/problems';
import { validateJob } from '@distillation/api/validate';
import type { ChildConfig } from '../objects/config.ts';
import { FIELD_MANAGER, isHeld } from '../objects/labels.ts';
import { isApiError } from '@distillation/kube/api-error';
import type { KubeClient } from '@distillation/kube/client';
import type { EventRecorder, EventDraft } from '@distillation/kube/events';
import { DISTILLATION_JOBS } from '../objects/distillation-jobs.ts';
import type { Change } from '@distillation/kube/store';
import { executeWrite } from './execute-write.ts';
import { wantsPods } from '../diagnosis/diagnose.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import type { DistillationJobObject, Reconciliation, Snapshot, Write } from '../objects/snapshot.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { record, transitionsOf } from '../metrics/transitions.ts';
import type { InformerCaches } from './informer-caches.ts';
import type { LiveReads } from './live-reads.ts';
import { OwnUpdates } from './own-updates.ts';
import type { Poller } from './poller.ts';
import type { Condition } from '../status/conditions.ts';
import { invalidStatus, sameStatus, problemStatus } from '../status/problem-status.ts';
import { verdictOf } from '@distillation/api/verdict';

interface ReconcilerParts {
  readonly client: KubeClient;
  readonly caches: Pick<InformerCaches, 'jobOf' | 'childrenOf'>;
  readonly liveReads: Pick<LiveReads, 'claimsOf' | 'warningsOf' | 'isEnding' | 'hasKueue'>;
  /** Whether the job with this key may be reconciled here; one that may not is enqueued again once it may. */
  readonly admits: (key: string) => boolean;
  readonly poller: Pick<Poller, 'watch' | 'forget' | 'answerOf' | 'plannerOf'>;
  readonly events: Pick<EventRecorder, 'record'>;
  readonly metrics: Metrics;
  readonly config: ChildConfig;
  /** Called after each write, for the log. */
  readonly onWrite?: (key: string, write: Write, outcome: 'Done' | 'Missed') => void;
  readonly now?: () => Date;
}

/** Outcome of a reconcile that did not fail. */
export interface Outcome {
  readonly result: 'success' | 'invalid_spec' | 'gone' | 'not_served';
  readonly requeueAfterMs?: number;
}

/** One reconcile of a job: reads the caches, calls the pure `reconcile`, and carries out the result in order: writes, status, events. */
export class Reconciler {
  readonly #parts: ReconcilerParts;
  readonly #now: () => Date;
  readonly #own = new OwnUpdates();

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
    this.#now = parts.now ?? (() => new Date());
  }

  /** @throws ApiError or any defect; the status is then unchanged, and the call may be repeated */
  async reconcile(key: string): Promise<Outcome> {
    const { caches, poller } = this.#parts;
    const cached = caches.jobOf(key);
    if (cached === undefined) return { result: 'gone' };
    if (!this.#parts.admits(key)) {
      poller.forget(cached.metadata.uid);
      return { result: 'not_served' };
    }
    const job = this.#own.newer(cached);
    if (job.metadata.deletionTimestamp !== undefined) {
      poller.forget(job.metadata.uid);
      const children = caches.childrenOf(job.metadata.uid);
      const snapshot = { job, ...children, podWarnings: new Map(), now: this.#now() };
      await this.#write(key, job, reconcile(snapshot, this.#parts.config));
      return { result: 'gone' };
    }
    const checked = checkSpec(job);
    if ('problems' in checked) return this.#refuse(job, checked.problems);
    const { snapshot, todo } = await this.#decide({ ...job, spec: checked.spec });
    await this.#write(key, job, todo);
    if (todo.status !== undefined) {
      if (!(await this.#writeStatus(job, todo.status))) return { result: 'gone' };
      record(this.#parts.metrics, transitionsOf(snapshot, todo.status));
    }
    for (const event of todo.events) this.#recordEvent(job, event);
    poller.watch(job.metadata.uid, key, todo.poll);
    const { requeueAfterMs } = todo;
    return { result: 'success', ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }) };
  }

  /** Records in the job's conditions why it makes no progress. Does nothing when they say so already, or the job is finished or gone. */
  async patchStatus(key: string, problem: Pick<Condition, 'reason' | 'message'>): Promise<void> {
    const cached = this.#parts.caches.jobOf(key);
    const job = cached === undefined ? undefined : this.#own.newer(cached);
    if (job === undefined || job.metadata.deletionTimestamp !== undefined || verdictOf(job.status) !== undefined)
      return;
    const status = problemStatus(job, problem, this.#now());
    if (sameStatus(job.status, status)) return;
    this.#own.announce(job.metadata.uid, status);
    if (!(await this.#writeStatus(job, status))) return;
    this.#recordEvent(job, { type: 'Warning', reason: problem.reason, action: 'Reconcile', note: problem.message });
  }

  /** Whether a change is only this operator's own problem status coming back. To be called exactly once for every change of a job. */
  isOwnUpdate(change: Change<DistillationJobObject>): boolean {
    return this.#own.isOwnUpdate(change);
  }

  /** The job with this UID is gone. */
  forget(uid: string): void {
    this.#own.forget(uid);
    this.#parts.poller.forget(uid);
  }

  async #write(key: string, { metadata }: DistillationJobObject, { writes }: Reconciliation): Promise<void> {
    for (const write of writes) {
      const outcome = await executeWrite(this.#parts.client, metadata.namespace, write);
      this.#parts.onWrite?.(key, write, outcome);
    }
  }

  async #decide(job: DistillationJobObject): Promise<{ snapshot: Snapshot; todo: Reconciliation }> {
    const { caches, liveReads, poller, config } = this.#parts;
    const children = caches.childrenOf(job.metadata.uid);
    const live = poller.answerOf(job.metadata.uid);
    const planner = poller.plannerOf(job.metadata.uid);
    // The claims that a finished job names may have been deleted.
    const claims = verdictOf(job.status) !== undefined ? undefined : await liveReads.claimsOf(job);
    const { jobs, pods } = children;
    // No event announces the end of a namespace to a job; its pods are deleted first.
    const mayEnd = jobs.some(wantsPods) || pods.some(({ metadata }) => metadata?.deletionTimestamp !== undefined);
    const namespaceEnds = mayEnd ? await liveReads.isEnding(job.metadata.namespace) : undefined;
    const hasKueue = jobs.some(isHeld) ? await liveReads.hasKueue() : undefined;
    const snapshot: Snapshot = {
      job,
      ...children,
      podWarnings: new Map(),
      now: this.#now(),
      ...(namespaceEnds === undefined ? {} : { namespaceEnds }),
      ...(hasKueue === undefined ? {} : { hasKueue }),
      ...(claims === undefined ? {} : { claims }),
      ...(live === undefined ? {} : { live }),
      ...(planner === undefined ? {} : { planner }),
    };
    const todo = reconcile(snapshot, config);
    const needsEvents = [...children.jobs, ...children.pods].filter(({ metadata }) =>
      todo.needsEvents.includes(metadata?.name ?? ''),
    );
    if (needsEvents.length === 0) return { snapshot, todo };
    const podWarnings = await liveReads.warningsOf(needsEvents);
    if (podWarnings.size === 0) return { snapshot, todo };
    const explained = { ...snapshot, podWarnings };
    return { snapshot: explained, todo: reconcile(explained, config) };
  }

  async #refuse(job: DistillationJobObject, problems: readonly Problem[]): Promise<Outcome> {
    if (verdictOf(job.status) !== undefined) return { result: 'invalid_spec' };
    const status = invalidStatus(job, problems, this.#now());
    if (sameStatus(job.status, status)) return { result: 'invalid_spec' };
    if (await this.#writeStatus(job, status)) {
      const ready = status.conditions?.find(({ type }) => type === 'Ready');
      const { reason = '', message: note = '' } = ready ?? {};
      this.#recordEvent(job, { type: 'Warning', reason, action: 'Validate', note });
    }
    return { result: 'invalid_spec' };
  }

  /**
   * False when the job is gone. Rejects with a conflict when it was changed since it was read, or another one has taken its name. The
   * precondition is the resourceVersion, since the API server (observed on 1.34) ignores a wrong UID in a write to a custom resource's
   * status.
   */
  async #writeStatus(job: DistillationJobObject, status: DistillationJobStatus): Promise<boolean> {
    const { name, namespace, resourceVersion } = job.metadata;
    const options = { fieldManager: FIELD_MANAGER, force: true, subresource: 'status' } as const;
    try {
      const object = { metadata: { name, namespace, resourceVersion }, status };
      this.#own.keep(await this.#parts.client.apply(DISTILLATION_JOBS, object, options));
      return true;
    } catch (error) {
      if (isApiError(error, ({ isNotFound }) => isNotFound)) return false;
      throw error;
    }
  }

  #recordEvent({ metadata: { name, namespace, uid } }: DistillationJobObject, event: EventDraft): void {
    this.#parts.events.record({ apiVersion: API_VERSION, kind: KIND, namespace, name, uid }, event);
  }
}

type Checked = { readonly spec: DistillationJobObject['spec'] } | { readonly problems: readonly Problem[] };

/** Keyed by object identity: the cache returns the same object until it changes. */
const checks = new WeakMap<object, Checked>();

/**
 * The spec with every default, including those that depend on other fields and that the API server therefore cannot fill in; the worker
 * hashes the same spec. A job that was admitted by another version of the definition may be invalid here.
 */
function checkSpec({ metadata: { name, namespace }, spec }: DistillationJobObject): Checked {
  const known = checks.get(spec);
  if (known !== undefined) return known;
  const result = validateJob({ apiVersion: API_VERSION, kind: KIND, metadata: { name, namespace }, spec }, 'Cluster');
  const checked = 'job' in result ? { spec: result.job.spec } : result;
  checks.set(spec, checked);
  return checked;
}
