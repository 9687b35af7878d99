import { type Changes, manifestWith } from '../../../packages/api/test/corpus/corpus.ts';
import type { DistillationJobStatus } from '@distillation/api/job';
import { planKey } from '@distillation/api/recipe';
import type { PlanSummary, Termination } from '@distillation/api/termination';
import { validateJob } from '@distillation/api/validate';
import { LABEL } from '@distillation/api/labels';
import { isApiError } from '@distillation/kube/api-error';
import type { Role } from '@distillation/api/words';
import { CONTAINER } from '../../../operator/src/objects/pod.ts';
import { CONFIG_MAPS, JOBS, type KubeObject, PODS } from '@distillation/kube/resources';
import { DISTILLATION_JOBS } from '../../../operator/src/objects/distillation-jobs.ts';
import { containerOf, endOf, isActive } from '../../../operator/src/observe/pod-status.ts';
import { recipeOf } from '../../../operator/src/observe/result.ts';
import type { DistillationJobObject } from '../../../operator/src/objects/snapshot.ts';
import type { WireConfigMap, WireJob, WirePod } from '@distillation/kube/wire';
import { timestamp } from '@distillation/kube/time';
import { encodeShort } from '../../../worker/src/process/termination.ts';
import { Abort, until } from '../../../tools/kube-harness/access/until.ts';
import { admin, adminClient } from './support.ts';

/**
 * A job on the shared control plane, where the Job controller creates real pods and no kubelet runs them: the test simulates the kubelet by
 * writing the pods' status.
 */

export type Condition = NonNullable<DistillationJobStatus['conditions']>[number];

const BLOCKS: PlanSummary['blocks'] = ['conv_1', 'conv_2', 'conv_3', 'conv_4'].map((name, i) => ({
  name,
  cost: { prefix: i, own: 10 },
}));

export class PlayedJob {
  readonly namespace: string;
  readonly name: string;
  /** Of its plan. */
  readonly blocks: PlanSummary['blocks'];

  constructor(namespace: string, name = 'job', blocks = BLOCKS) {
    this.namespace = namespace;
    this.name = name;
    this.blocks = blocks;
  }

  /** Applies the corpus' minimal job with these changes, on two bins and its own output path. */
  async apply(changes: Changes = {}): Promise<DistillationJobObject> {
    const manifest = manifestWith({
      'metadata.name': this.name,
      'spec.scheduling.bins': 2,
      'spec.training.epochs': 3,
      ...changes,
    }) as KubeObject;
    return (await admin().apply(manifest, this.namespace)) as DistillationJobObject;
  }

  get(): Promise<DistillationJobObject> {
    return adminClient().get(DISTILLATION_JOBS, this);
  }

  async delete(): Promise<void> {
    await adminClient().delete(DISTILLATION_JOBS, this, { propagationPolicy: 'Background' });
  }

  async condition(type: Condition['type']): Promise<Condition | undefined> {
    return (await this.get()).status?.conditions?.find((condition) => condition.type === type);
  }

  /** Waits until the condition has this status, and for its reason where one is given. */
  reaches(type: Condition['type'], status: Condition['status'], reason?: string): Promise<Condition> {
    return until(`${this.name} has ${type}=${status} ${reason ?? ''}`, async () => {
      const condition = await this.condition(type);
      if (condition?.status === status && (reason === undefined || condition.reason === reason)) return condition;
      const verdict = type === 'Succeeded' ? condition : await this.condition('Succeeded');
      if (verdict?.status === 'False' && !(type === 'Succeeded' && status === 'Unknown')) {
        throw new Abort(`failed instead: ${JSON.stringify(verdict)}`);
      }
      throw new Error(JSON.stringify(condition));
    });
  }

  async jobs(role?: Role): Promise<readonly WireJob[]> {
    return (await adminClient().list(JOBS, this.#ofRole(role))).items;
  }

  async pods(role?: Role): Promise<readonly WirePod[]> {
    return (await adminClient().list(PODS, this.#ofRole(role))).items;
  }

  async configMaps(role?: Role): Promise<readonly WireConfigMap[]> {
    return (await adminClient().list(CONFIG_MAPS, this.#ofRole(role))).items;
  }

  /** Waits until so many pods of the role are neither over nor ending, in the order of their indexes. */
  async activePods(role: Role, count = 1): Promise<readonly WirePod[]> {
    const enough = async (): Promise<readonly WirePod[] | undefined> => {
      const pods = (await this.pods(role)).filter(
        (pod) => isActive(pod) && pod.metadata?.deletionTimestamp === undefined,
      );
      return pods.length === count ? pods : undefined;
    };
    try {
      const pods = await until(`${this.name} has ${count} active ${role} pods`, enough);
      return pods.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)));
    } catch (thrown) {
      const [{ status }, jobs, pods] = await Promise.all([this.get(), this.jobs(role), this.pods(role)]);
      throw new Error(JSON.stringify({ conditions: status?.conditions, jobs, pods }), { cause: thrown });
    }
  }

  async activePod(role: Role): Promise<WirePod> {
    const [pod] = await this.activePods(role);
    if (pod === undefined) throw new Error(`no ${role} pod`);
    return pod;
  }

  /** The container runs, and answers at this address. */
  async run(pod: WirePod, podIP = '127.0.0.1'): Promise<void> {
    await this.#play(pod, {
      phase: 'Running',
      podIP,
      podIPs: [{ ip: podIP }],
      startTime: timestamp(new Date()),
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [status({ running: { startedAt: timestamp(new Date()) } }, true)],
    });
  }

  /** The container ended. */
  async end(pod: WirePod, exitCode: number, { message = '', reason = 'Error' } = {}): Promise<void> {
    const now = timestamp(new Date());
    const terminated = { exitCode, reason, message, startedAt: now, finishedAt: now };
    await this.#play(pod, {
      phase: exitCode === 0 ? 'Succeeded' : 'Failed',
      startTime: now,
      conditions: [{ type: 'Ready', status: 'False' }],
      containerStatuses: [status({ terminated })],
    });
  }

  async say(pod: WirePod, exitCode: number, termination: Termination): Promise<void> {
    await this.end(pod, exitCode, { message: encodeShort(termination) ?? '' });
  }

  /** The worker has ended, an injected container keeps running. */
  async linger(pod: WirePod, exitCode: number, termination?: Termination): Promise<void> {
    await this.#playTwo(pod, { exitCode, message: termination && encodeShort(termination) });
  }

  /** Waits until the pod is deleted, and then ends its other container, as the kubelet would report it. */
  async endRest(pod: WirePod, exitCode: number): Promise<void> {
    const name = { namespace: this.namespace, name: nameOf(pod) };
    const told = await until(`${name.name} is told to end`, async () => {
      const found = await adminClient().get(PODS, name);
      return found.metadata?.deletionTimestamp === undefined ? undefined : found;
    });
    const { exitCode: workers = 0, message } = containerOf(told)?.state?.terminated ?? {};
    await this.#playTwo(told, { exitCode: workers, message }, exitCode);
    await until(`${name.name} is gone`, async () =>
      (await adminClient().find(PODS, name)) === undefined ? true : undefined,
    );
  }

  async #playTwo(
    pod: WirePod,
    { exitCode, message = '' }: { readonly exitCode: number; readonly message?: string | undefined },
    others?: number,
  ): Promise<void> {
    const now = timestamp(new Date());
    const ended = (code: number, said = ''): object => ({
      terminated: {
        exitCode: code,
        reason: code === 0 ? 'Completed' : 'Error',
        message: said,
        startedAt: now,
        finishedAt: now,
      },
    });
    const proxy = others === undefined ? { running: { startedAt: now } } : ended(others);
    await this.#play(pod, {
      phase: others === undefined ? 'Running' : exitCode === 0 && others === 0 ? 'Succeeded' : 'Failed',
      startTime: now,
      containerStatuses: [status(ended(exitCode, message)), { ...status(proxy), name: 'proxy' }],
    });
  }

  /** The next planner pod succeeds. */
  async plan(): Promise<PlanSummary> {
    await this.#succeedNext('planner');
    return this.planSummary();
  }

  /**
   * Every active worker pod reports that nothing is left. All must run first: the operator would stop a waiting one, and its Job would
   * never complete.
   */
  async train(count = 2): Promise<void> {
    const pods = await this.activePods('worker', count);
    for (const pod of pods) await this.run(pod);
    for (const pod of pods) await this.succeed(pod, 'worker');
  }

  /** The next finalizer pod succeeds. */
  async finalize(): Promise<void> {
    await this.#succeedNext('finalizer');
  }

  /** The pod succeeds, with the termination message of its role. */
  async succeed(pod: WirePod, role: Role): Promise<void> {
    await this.say(pod, 0, await this.lastWords(role));
  }

  /** The plan that a planner would report for the current job. */
  async planSummary(): Promise<PlanSummary> {
    const spec = await this.#spec();
    return {
      version: 1,
      key: planKey(spec),
      recipe: 'r'.repeat(64),
      epochs: spec.training.epochs,
      stepsPerEpoch: 10,
      costUnit: 'Second',
      costSource: spec.scheduling.costSource,
      samples: { train: 1000, validation: 100, test: 100 },
      teacher: { sha256: 'a'.repeat(64), params: 4000, macs: 80_000, validationAccuracy: 0.78 },
      datasetSha256: 'b'.repeat(64),
      kept: 1,
      blocks: this.blocks,
    };
  }

  /** Termination message of a pod of the role on success. */
  async lastWords(role: Role): Promise<Termination> {
    const plan = await this.planSummary();
    const { key, epochs } = plan;
    switch (role) {
      case 'planner':
        return { type: 'Planned', plan };
      case 'worker': {
        const blocks = this.blocks.map(
          ({ name }, i) => ({ name, state: 'Done', epoch: epochs, bin: i % 2, seconds: 5 }) as const,
        );
        return { type: 'NothingLeft', planKey: key, blocks, seconds: { useful: 20, redone: 0 } };
      }
      case 'finalizer': {
        const result = {
          recipe: recipeOf(await this.#spec(), plan),
          outcome: 'StudentBuilt',
          teacher: { testAccuracy: 0.786, params: 4000, macs: 80_000 },
          student: { testAccuracy: 0.77, params: 1000, macs: 20_000 },
          studentSha256: 'f'.repeat(64),
          blocks: this.blocks.map(({ name }) => ({ block: name, accuracy: 0.78, selected: true })),
          seconds: { training: 20, finalize: 5 },
        } as const;
        return { type: 'Finalized', result };
      }
    }
  }

  /** Where the Job controller deleted the pod that was active a moment ago, the one after it. */
  async #succeedNext(role: Role): Promise<void> {
    for (;;) {
      const pod = await this.activePod(role);
      try {
        await this.succeed(pod, role);
        return;
      } catch (thrown) {
        if (!isApiError(thrown, ({ isNotFound }) => isNotFound)) throw thrown;
      }
    }
  }

  async #spec() {
    const { apiVersion, kind, metadata, spec } = await this.get();
    const checked = validateJob({ apiVersion, kind, metadata: { name: metadata.name }, spec }, 'Cluster');
    if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
    return checked.job.spec;
  }

  #ofRole(role: Role | undefined) {
    const ofJob = `${LABEL.job}=${this.name}`;
    return { namespace: this.namespace, labelSelector: role === undefined ? ofJob : `${ofJob},${LABEL.role}=${role}` };
  }

  async #play({ metadata }: WirePod, played: object): Promise<void> {
    const { name, namespace, uid } = metadata ?? {};
    const object = { metadata: { name, namespace, uid }, status: played } as KubeObject;
    await adminClient().apply(PODS, object, { fieldManager: 'kubelet', force: true, subresource: 'status' });
  }
}

export const nameOf = ({ metadata }: KubeObject): string => metadata?.name ?? '';

export const hasEnded = (pod: WirePod): boolean => endOf(pod) !== undefined;

const status = (state: object, ready = false) => ({
  name: CONTAINER,
  image: 'none.invalid/worker:1',
  imageID: '',
  ready,
  started: ready,
  restartCount: 0,
  state,
});
