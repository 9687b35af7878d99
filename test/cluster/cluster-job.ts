import type { DistillationJob, DistillationJobStatus } from '@distillation/api/job';
import type { EpochRecord } from '@distillation/api/ledger';
import { LABEL, roleOf } from '@distillation/api/labels';
import type { Role } from '@distillation/api/words';
import { PODS } from '@distillation/kube/resources';
import { DISTILLATION_JOBS } from '../../operator/src/objects/distillation-jobs.ts';
import { indexOf } from '../../operator/src/observe/pod-status.ts';
import type { WirePod } from '@distillation/kube/wire';
import type { Ledger } from '@distillation/ledger/ledger';
import { readEverything } from '@distillation/ledger/view';
import { Abort, PATIENCE_MS, until } from '../../tools/kube-harness/access/until.ts';
import { type Made, madeBy, openForReading } from '../support/local-job.ts';
import { type Pool, QUIET } from './shared-cluster.ts';
import { type TestNamespace, admin, adminClient, kubectl, newNamespace } from './support.ts';

type Condition = NonNullable<DistillationJobStatus['conditions']>[number];

/** The longest that a whole job may take on a busy machine. */
const WHOLE_JOB_MS = 4 * PATIENCE_MS;

/** A worker amid its work. */
interface InMidEpoch {
  readonly pod: WirePod;
  readonly block: string;
  /** The epoch under way. */
  readonly epoch: number;
}

/** A job on the cluster, in a namespace and on a volume of its own. */
export class ClusterJob {
  readonly namespace: TestNamespace;
  readonly job: DistillationJob;
  readonly name: string;
  readonly #ledger: Ledger;

  constructor(namespace: TestNamespace, job: DistillationJob) {
    this.namespace = namespace;
    this.job = job;
    this.name = job.metadata.name;
    this.#ledger = openForReading(namespace.volume, job);
  }

  /** Makes the job, as `kubectl apply` does, when all nodes of the pool take pods: one that an earlier test did something to, too. */
  static async apply(job: DistillationJob, { nodes }: Pool = QUIET): Promise<ClusterJob> {
    await until('no node is tainted', async () => {
      const taints = await kubectl('get', 'nodes', ...nodes, '--output', 'jsonpath={.items[*].spec.taints[*].key}');
      return taints === '' || undefined;
    });
    const namespace = await newNamespace();
    await admin().apply(job, namespace.name);
    return new ClusterJob(namespace, job);
  }

  async status(): Promise<DistillationJobStatus> {
    const where = { namespace: this.namespace.name, name: this.name };
    return (await adminClient().get(DISTILLATION_JOBS, where)).status ?? {};
  }

  /** A merge patch of `spec.cluster`; the operator has taken note of it when this resolves. */
  async patchCluster(cluster: object): Promise<void> {
    const patch = JSON.stringify({ spec: { cluster } });
    await kubectl('--namespace', this.namespace.name, 'patch', 'dj', this.name, '--type', 'merge', '--patch', patch);
    const where = { namespace: this.namespace.name, name: this.name };
    await until(`the operator has seen the change of ${this.name}`, async () => {
      const { metadata, status } = await adminClient().get(DISTILLATION_JOBS, where);
      return status?.observedGeneration === metadata.generation || undefined;
    });
  }

  /** Pods of a role, or all; the oldest first. */
  async pods(role?: Role): Promise<WirePod[]> {
    const { items } = await adminClient().list(PODS, { namespace: this.namespace.name });
    const age = ({ metadata }: WirePod): string => metadata?.creationTimestamp ?? '';
    return items
      .filter((pod) => pod.metadata?.labels?.[LABEL.job] === this.name)
      .filter((pod) => role === undefined || roleOf(pod) === role)
      .sort((a, b) => age(a).localeCompare(age(b)));
  }

  /** Waits for something about the job; that the job ends is the end of the wait too. */
  async untilStatus<T>(
    what: string,
    look: (status: DistillationJobStatus) => Promise<T | undefined> | T | undefined,
    timeoutMs = PATIENCE_MS,
  ): Promise<T> {
    let last: DistillationJobStatus = {};
    try {
      return await until(
        what,
        async () => {
          last = await this.status();
          const found = await look(last);
          if (found === undefined && isJobOver(last)) throw new Abort('the job is over');
          return found;
        },
        timeoutMs,
      );
    } catch (thrown) {
      const pods = await kubectl('--namespace', this.namespace.name, 'get', 'pods', '--output', 'wide');
      throw new Error([`${what}:`, JSON.stringify(last, null, 1), pods].join('\n'), { cause: thrown });
    }
  }

  /** The job's `Succeeded` condition, once its reason is the given one. */
  untilReason(reason: string): Promise<Condition> {
    return this.untilStatus(`Succeeded has the reason ${reason}`, (status) => {
      const condition = conditionOf(status, 'Succeeded');
      return condition?.reason === reason ? condition : undefined;
    });
  }

  /** Waits for `Succeeded=True`. @returns what came of it */
  async succeeded(): Promise<DistillationJobStatus> {
    return this.untilStatus(
      `job ${this.name} in ${this.namespace.name} succeeds`,
      (status) => (conditionOf(status, 'Succeeded')?.status === 'True' ? status : undefined),
      WHOLE_JOB_MS,
    );
  }

  /** Messages of the job's warning events of a reason. */
  warnings(reason: string): Promise<string> {
    const ofJob = `type=Warning,reason=${reason},involvedObject.name=${this.name}`;
    const words = ['--field-selector', ofJob, '--output', 'jsonpath={.items[*].message}'];
    return kubectl('--namespace', this.namespace.name, 'get', 'events', ...words);
  }

  /** Hashes of all that it made. */
  made(): Promise<Made> {
    return madeBy(this.namespace.volume, this.job);
  }

  /** All epochs on record. */
  async records(): Promise<EpochRecord[]> {
    return (await readEverything(this.#ledger)).blocks.flatMap(({ history }) => history);
  }

  /** Waits for a running worker with an epoch of a block on record and the next one under way: the one begins when the other ends. */
  midEpoch(wanted: (pod: WirePod) => boolean = () => true): Promise<InMidEpoch> {
    return this.untilStatus('a worker is in mid-epoch', () => this.#findMidEpoch(wanted));
  }

  async #findMidEpoch(wanted: (pod: WirePod) => boolean): Promise<InMidEpoch | undefined> {
    const pods = (await this.pods('worker')).filter((pod) => isRunning(pod) && wanted(pod));
    if (pods.length === 0) return undefined;
    const { blocks } = await readEverything(this.#ledger);
    // All bins are in the one attempt of workers there is: a pod's index is its bin.
    for (const { name, state, history } of blocks) {
      const last = history.at(-1);
      if (state !== 'Training' || last === undefined) continue;
      const pod = pods.find((one) => indexOf(one) === last.timing.bin);
      if (pod !== undefined) return { pod, block: name, epoch: last.epoch + 1 };
    }
    return undefined;
  }
}

export const isRunning = ({ status, metadata }: WirePod): boolean =>
  status?.phase === 'Running' && metadata?.deletionTimestamp === undefined;

export const isOver = ({ status }: WirePod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

export function conditionOf({ conditions }: DistillationJobStatus, type: Condition['type']): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

const isJobOver = (status: DistillationJobStatus): boolean =>
  ['True', 'False'].includes(conditionOf(status, 'Succeeded')?.status ?? '');
