import { roleOf } from '@distillation/api/labels';
import type { BlockDigest } from '@distillation/api/progress';
import { planKey } from '@distillation/api/recipe';
import type { Termination } from '@distillation/api/termination';
import { FILE } from '../../src/objects/config-maps.ts';
import { binsOf } from '../../src/objects/labels.ts';
import { recipeOf } from '../../src/observe/result.ts';
import type { WirePod } from '@distillation/kube/wire';
import type { TestCluster } from './cluster.ts';
import { end } from './kubelet.ts';
import { EPOCHS, NAMES, planFor } from './plan.ts';
import { indexOfPod, isOwnedBy } from './status.ts';

/** What the pods of a `TestCluster` do on its volume. */

/** A running pod does a part of its work, and ends when none is left. */
export function work(cluster: TestCluster, pod: WirePod, pick: number): void {
  const role = roleOf(pod);
  if (role === 'planner') {
    end(cluster, pod, { exitCode: 0, said: { type: 'Planned', plan: planFor(cluster.job) } });
    return;
  }
  if (role === 'finalizer') {
    finalize(cluster, pod);
    return;
  }
  const names = reach(cluster, pod).filter((name) => !isFinished(cluster, name));
  const name = names[pick % Math.max(1, names.length)];
  if (name === undefined) {
    const told: Termination = { type: 'NothingLeft', ...ledger(cluster) };
    // From time to time the termination message is too long to be passed on.
    end(cluster, pod, { exitCode: 0, said: pick % 7 === 0 ? undefined : told });
    return;
  }
  const epoch = (cluster.blocks.get(name)?.epoch ?? 0) + 1;
  const state = pick % 11 === 0 ? 'Failed' : epoch >= EPOCHS ? 'Done' : 'Training';
  cluster.blocks.set(name, { name, epoch, state, loss: 1 / (epoch + 2) });
}

/** Loses a file of a trained block. */
export function lose(cluster: TestCluster, pick: number): void {
  const done = NAMES.filter((name) => isFinished(cluster, name));
  const name = done[pick % Math.max(1, done.length)];
  if (name !== undefined) cluster.blocks.set(name, { name, state: 'Training', epoch: 1 });
}

/** The operator polls a pod for its progress. */
export function poll(cluster: TestCluster): void {
  cluster.live = { version: 1, workers: [], at: cluster.now, ...ledger(cluster) };
}

function ledger({ job, blocks }: TestCluster): {
  planKey: string;
  blocks: BlockDigest[];
  seconds: { useful: number; redone: number };
} {
  return { planKey: planKey(job.spec), blocks: [...blocks.values()], seconds: { useful: 10, redone: 1 } };
}

function finalize(cluster: TestCluster, pod: WirePod): void {
  if (!NAMES.every((name) => isFinished(cluster, name))) {
    const [code, reason] = ['DISTILL_E_BLOCKS_INCOMPLETE', 'BlocksIncomplete'];
    const said: Termination = { type: 'Error', code, reason, message: 'Blocks are missing.', fix: '' };
    end(cluster, pod, { exitCode: 75, said });
    return;
  }
  const network = { testAccuracy: 0.78, params: 1000, macs: 5000 };
  const said: Termination = {
    type: 'Finalized',
    result: {
      recipe: recipeOf(cluster.job.spec, planFor(cluster.job)),
      outcome: 'StudentBuilt',
      teacher: network,
      student: { ...network, params: 250 },
      studentSha256: 'student',
      blocks: NAMES.map((block) => ({ block, selected: true, accuracy: 0.77 })),
      seconds: { finalize: 3 },
    },
  };
  end(cluster, pod, { exitCode: 0, said });
}

function isFinished({ blocks }: TestCluster, name: string): boolean {
  const state = blocks.get(name)?.state;
  return state === 'Done' || state === 'Failed';
}

/** Blocks that a worker may train, by the schedule in the ConfigMap that it mounts. */
function reach(cluster: TestCluster, pod: WirePod): string[] {
  const job = cluster.jobs.find((each) => isOwnedBy(pod, each));
  const text = cluster.mounted.get(pod.metadata?.uid ?? '')?.[FILE.schedule];
  if (job === undefined || text === undefined) throw new Error('a worker runs without a schedule');
  const { policy, bins } = JSON.parse(text) as { policy: string; bins: { index: number; blocks: string[] }[] };
  const own = bins.find(({ index }) => index === binsOf(job)[indexOfPod(pod) ?? -1])?.blocks ?? [];
  return policy === 'WorkStealing' ? NAMES : own;
}
