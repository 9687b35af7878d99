import { describe, expect, it } from 'vitest';
import { findPuzzling } from './look-again.ts';
import type { WirePod } from './snapshot.ts';
import { ago, childJob, childrenOf, NOW, podOf } from './testing-objects.ts';

const worker = childJob('worker', { created: ago(600), status: { active: 2 } });
const waiting = { waiting: { reason: 'ContainerCreating' } };

/** A pod that was made long ago and given to its node so many seconds before now. */
const onNode = (index: number, seconds: number, state: object = waiting): WirePod =>
  podOf(worker, {
    index,
    created: ago(500),
    node: 'node1',
    state,
    status: { conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: ago(seconds) }] },
  });
const puzzling = (pods: readonly WirePod[], job = worker): string[] =>
  findPuzzling(childrenOf('worker', [job], pods).rounds[0], NOW);

describe('who is asked about', () => {
  it('a pod that has waited on its node for a while, however long it waited for the node', () => {
    const [fresh, stuck] = [onNode(0, 14), onNode(1, 15)];
    expect(puzzling([fresh, stuck])).toEqual([stuck.metadata?.name]);
  });

  it('nobody who says why, runs, or has no node', () => {
    const says = onNode(0, 60, { waiting: { reason: 'ImagePullBackOff' } });
    const runs = onNode(1, 60, { running: {} });
    expect(puzzling([says, runs, podOf(worker, { index: 2 })])).toEqual([]);
  });

  it('a Job that lacks pods, soon: what keeps them from being made stands nowhere else', () => {
    const podless = (created: string) => childJob('worker', { created, status: { active: 0 } });
    expect(puzzling([], podless(ago(4)))).toEqual([]);
    expect(puzzling([], podless(ago(5)))).toEqual([worker.metadata?.name]);
  });
});
