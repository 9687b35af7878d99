import type { Changes } from '../../../packages/api/test/corpus/corpus.ts';
import { LABEL, roleOf } from '@distillation/api/labels';
import type { Role } from '@distillation/api/words';
import { Reflector } from '@distillation/kube/reflector';
import { JOBS, PODS } from '@distillation/kube/resources';
import { DISTILLATION_JOBS } from '../../../operator/src/objects/distillation-jobs.ts';
import type { Change } from '@distillation/kube/store';
import { indexOf, isActive } from '../../../operator/src/observe/pod-status.ts';
import type { DistillationJobObject } from '../../../operator/src/objects/snapshot.ts';
import type { WireJob, WirePod } from '@distillation/kube/wire';
import { PATIENCE_MS, until } from '../../../tools/kube-harness/access/until.ts';
import { type Settings, type TestOperator, operatorFor } from '../support/operator.ts';
import { bindClaim } from '../support/claim.ts';
import { PlayedJob } from '../support/played-job.ts';
import { adminClient, newNamespace } from '../support/support.ts';
import { type EndState, endStateOf } from './end-state.ts';

/**
 * The course of a job whose pods all succeed, in a namespace of its own. Every pod is simulated as soon as it is created, over connections
 * without injected faults; it ends only after the operator has recorded that it runs, so that every run has the same steps.
 */
export class Life {
  readonly job: PlayedJob;
  readonly #pods: Reflector<WirePod>;
  readonly #jobs: Reflector<WireJob>;
  readonly #distillationJobs: Reflector<DistillationJobObject>;
  /** By UID, of every pod that was ever played. */
  readonly #played = new Map<string, { readonly jobUid: string | undefined; readonly what: string }>();
  /** UIDs of worker pods that are being played and have not ended. */
  readonly #working = new Set<string>();
  /** UIDs of jobs whose workers were once all seen to run at the same time. */
  readonly #allTrained = new Set<string>();
  readonly #waiters = new Set<() => void>();
  readonly #ignored = new Set<string>();
  #leftAlone: Role | undefined;
  /** Of the job last applied. */
  #uid: string | undefined;
  #defect: Error | undefined;

  private constructor(namespace: string) {
    const client = adminClient();
    const options = { client, timing: { firstRetryMs: 50, maxRetryMs: 500 } };
    const look = (): void => {
      this.#look();
    };
    const selection = { namespace, labelSelector: LABEL.job };
    this.job = new PlayedJob(namespace);
    this.#distillationJobs = new Reflector({
      ...options,
      resource: DISTILLATION_JOBS,
      selection: { namespace },
      onChange: (change) => {
        this.#noteTraining(change);
        look();
      },
    });
    this.#jobs = new Reflector({ ...options, resource: JOBS, selection, onChange: look });
    this.#pods = new Reflector({
      ...options,
      resource: PODS,
      selection,
      onChange: ({ new: pod }) => {
        if (pod !== undefined) void this.#play(pod);
        look();
      },
    });
  }

  /** A namespace with its volume, and someone who plays its pods. */
  static async begin(): Promise<Life> {
    const namespace = await newNamespace();
    await bindClaim(namespace);
    const life = new Life(namespace);
    const reflectors = [life.#distillationJobs, life.#jobs, life.#pods];
    for (const reflector of reflectors) reflector.start();
    await Promise.all(reflectors.map((reflector) => reflector.synced()));
    return life;
  }

  async apply(changes: Changes = {}): Promise<DistillationJobObject> {
    const object = await this.job.apply(changes);
    this.#uid = object.metadata.uid;
    return object;
  }

  /** Pods of this role that come from now on are never played; none: all that come are. */
  leaveAlone(role: Role | undefined): void {
    this.#leftAlone = role;
  }

  /** The job as last heard of. */
  get object(): DistillationJobObject | undefined {
    return this.#distillationJobs.store.get(`${this.job.namespace}/${this.job.name}`);
  }

  /** Jobs and pods in the cluster now, of whichever DistillationJob of the name. */
  get children(): readonly (WireJob | WirePod)[] {
    return [...this.#jobs.store.values(), ...this.#pods.store.values()];
  }

  /** Waits until something holds of what the watches tell. @throws what went wrong with a pod, or after 180 s with the job's conditions */
  when(what: string, holds: (life: this) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        this.#waiters.delete(look);
        settle();
      };
      const look = (): void => {
        if (holds(this)) end(resolve);
        const defect = this.#defect;
        if (defect !== undefined) {
          end(() => {
            reject(defect);
          });
        }
      };
      const timer = setTimeout(() => {
        end(() => {
          reject(new Error(`${what}: not so; ${this.#told()}`));
        });
      }, PATIENCE_MS);
      this.#waiters.add(look);
      look();
    });
  }

  /** Waits for the verdict `Succeeded=True` on the job last applied. */
  succeeds(): Promise<void> {
    const uid = this.#uid;
    return this.when('the job succeeds', ({ object }) => {
      const verdict = object?.status?.conditions?.find(({ type }) => type === 'Succeeded');
      if (object?.metadata.uid !== uid) return false;
      if (verdict?.status === 'False') this.#fail(new Error(`it failed: ${JSON.stringify(verdict)}`));
      return verdict?.status === 'True';
    });
  }

  /** What is left in the end, in words that do not depend on names and times. */
  async endState(): Promise<EndState> {
    const played = [...this.#played.values()].filter(({ jobUid }) => jobUid === this.#uid);
    return endStateOf(this.job, played.map(({ what }) => what).sort());
  }

  async stop(): Promise<void> {
    await Promise.all([this.#distillationJobs, this.#jobs, this.#pods].map((reflector) => reflector.stop()));
  }

  async #play(pod: WirePod): Promise<void> {
    const uid = pod.metadata?.uid ?? '';
    const role = roleOf(pod);
    if (role === undefined || !isActive(pod) || pod.metadata?.deletionTimestamp !== undefined) return;
    if (role === this.#leftAlone) this.#ignored.add(uid);
    if (this.#played.has(uid) || this.#ignored.has(uid)) return;
    this.#played.set(uid, { jobUid: pod.metadata?.labels?.[LABEL.jobUid], what: `${role} ${indexOf(pod) ?? 0}` });
    const isGone = (): boolean => this.#pods.store.values().every(({ metadata }) => metadata?.uid !== uid);
    const once = async (what: string, call: () => Promise<void>): Promise<void> => {
      // The API server may be down for a while.
      await until(what, async () => {
        if (!isGone()) await call();
        return true;
      });
    };
    if (role === 'worker') this.#working.add(uid);
    try {
      await once(`${role} pod runs`, () => this.job.run(pod));
      await this.when(`the operator knows that the ${role} runs`, () => isGone() || this.#isNoted(pod, role));
      // With the result the operator stops what still runs: which that is must not depend on who is faster.
      if (role === 'finalizer') await this.when('all workers have ended', () => isGone() || this.#working.size === 0);
      await once(`${role} pod ends`, () => this.job.succeed(pod, role));
    } catch (thrown) {
      if (!isGone()) this.#fail(thrown as Error);
    } finally {
      this.#working.delete(uid);
      this.#look();
    }
  }

  /** A worker says that all blocks are finished: none may before all run, or the operator would rightly stop those that wait. */
  #isNoted({ metadata }: WirePod, role: Role): boolean {
    if (role === 'worker') return this.#allTrained.has(metadata?.labels?.[LABEL.jobUid] ?? '');
    const succeeded = this.object?.status?.conditions?.find(({ type }) => type === 'Succeeded');
    return succeeded?.reason === (role === 'planner' ? 'Planning' : 'Finalizing');
  }

  #noteTraining({ new: job }: Change<DistillationJobObject>): void {
    if (job === undefined || !/^([1-9]\d*)\/\1$/.test(job.status?.progress?.bins ?? '')) return;
    this.#allTrained.add(job.metadata.uid);
  }

  #fail(why: Error): void {
    this.#defect ??= why;
    this.#look();
  }

  /** Has all who wait look whether it is so now. */
  #look(): void {
    for (const waiter of [...this.#waiters]) waiter();
  }

  #told(): string {
    const { status } = this.object ?? {};
    const children = this.children.map(({ metadata }) => metadata?.name ?? '');
    return `${JSON.stringify(status?.conditions?.slice(0, 3))}; there are ${children.join(', ') || 'no children'}`;
  }
}

/** A whole life under one operator. */
export async function liveThrough(
  settings: Settings = {},
  changes: Changes = {},
): Promise<{ readonly end: EndState; readonly operator: TestOperator }> {
  const life = await Life.begin();
  const operator = await operatorFor(life.job.namespace, settings);
  await life.apply(changes);
  await life.succeeds();
  await operator.stop();
  await life.stop();
  return { end: await life.endState(), operator };
}
