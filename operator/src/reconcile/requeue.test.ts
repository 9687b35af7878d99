import { describe, expect, it } from 'vitest';
import { findUnexplained } from './requeue.ts';
import type { WirePod } from '@distillation/kube/wire';
import { ago, childJob, childrenOf, endedPod, NOW, podOf } from '../../test/simulated-cluster/objects.ts';

const worker = childJob('worker', { created: ago(600), status: { active: 2 } });
const waiting = { waiting: { reason: 'ContainerCreating' } };

/** A pod that was created long ago and scheduled a number of seconds before now. */
const onNode = (index: number, seconds: number, state: object = waiting): WirePod =>
  podOf(worker, {
    index,
    created: ago(500),
    node: 'node1',
    state,
    status: { conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: ago(seconds) }] },
  });
const needsEvents = (pods: readonly WirePod[], job = worker): string[] =>
  findUnexplained(childrenOf('worker', [job], pods).attempts[0], NOW);

describe('the events are read of', () => {
  it('a pod that has waited on its node for some time, however long it waited for the node', () => {
    const [fresh, stuck] = [onNode(0, 14), onNode(1, 15)];
    expect(needsEvents([fresh, stuck])).toEqual([stuck.metadata?.name]);
  });

  it('no pod that gives a reason, runs, or has no node', () => {
    const says = onNode(0, 60, { waiting: { reason: 'ImagePullBackOff' } });
    const runs = onNode(1, 60, { running: {} });
    expect(needsEvents([says, runs, podOf(worker, { index: 2 })])).toEqual([]);
  });

  it('a running pod that has not answered its startup probe for some time', () => {
    const running = (index: number, seconds: number, started: boolean): WirePod => {
      const pod = onNode(index, 60, { running: { startedAt: ago(seconds) } });
      const containerStatuses = pod.status?.containerStatuses?.map((each) => ({ ...each, started })) ?? [];
      return { ...pod, status: { ...pod.status, phase: 'Running', containerStatuses } };
    };
    const [fresh, up, silent] = [running(0, 19, false), running(1, 60, true), running(2, 20, false)];
    expect(needsEvents([fresh, up, silent])).toEqual([silent.metadata?.name]);
  });

  it('a pod that was killed without a termination message, if it is the newest of its bin', () => {
    const killed = endedPod(worker, 137, { index: 0, name: 'killed' });
    expect(needsEvents([killed, endedPod(worker, 1, { index: 1 })])).toEqual(['killed']);
    expect(needsEvents([killed, podOf(worker, { index: 0, name: 'next', created: ago(10) })])).toEqual([]);
  });

  it('a Job that lacks pods, soon: only its events say what keeps them from being created', () => {
    const podless = (created: string) => childJob('worker', { created, status: { active: 0 } });
    expect(needsEvents([], podless(ago(4)))).toEqual([]);
    expect(needsEvents([], podless(ago(5)))).toEqual([worker.metadata?.name]);
  });
});
