import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiError } from '@distillation/kube/api-error';
import { createMetrics } from '../metrics/metrics.ts';
import { Controller } from './controller.ts';
import type { Condition } from '../status/conditions.ts';
import type { Outcome } from './reconciler.ts';
import { soon } from '../../test/soon.ts';

/** Only the worker loop; what a reconcile does is tested with a real API server (test/kube). */

let controller: Controller | undefined;
afterEach(async () => {
  await controller?.stop();
});

function controllerOn(look: (key: string) => Promise<Outcome>, concurrency = 2) {
  const told: (readonly [string, Pick<Condition, 'reason' | 'message'>])[] = [];
  const metrics = createMetrics({ version: '1' }, () => undefined);
  controller = new Controller({
    reconciler: {
      reconcile: look,
      patchStatus: (key, problem) => {
        told.push([key, problem]);
        return Promise.resolve();
      },
    },
    metrics,
    log: pino({ level: 'silent' }),
    concurrency,
    resyncMs: 3_600_000,
  });
  return { controller, told, metrics };
}

const SUCCESS: Outcome = { result: 'success' };

describe('the controller', () => {
  it('reconciles keys added before and after its start, and never one job twice at the same time', async () => {
    const running = new Set<string>();
    const seen: string[] = [];
    let most = 0;
    const { controller: it } = controllerOn(async (key) => {
      expect(running.has(key)).toBe(false);
      running.add(key);
      most = Math.max(most, running.size);
      await new Promise(setImmediate);
      running.delete(key);
      seen.push(key);
      return SUCCESS;
    });
    for (const key of ['a', 'b', 'c']) it.add(key);
    expect(seen).toEqual([]);
    expect(it.depth).toBe(3);
    it.start();
    it.add('a');
    await soon(() => {
      expect(new Set(seen)).toEqual(new Set(['a', 'b', 'c']));
    });
    expect(most).toBe(2);
    expect(it.isWorking).toBe(true);
  });

  it('requeues when a reconcile asks for it', async () => {
    let looks = 0;
    const { controller: it } = controllerOn(() => {
      looks += 1;
      return Promise.resolve(looks < 3 ? { result: 'success', requeueAfterMs: 1 } : SUCCESS);
    });
    it.start();
    it.add('a');
    await soon(() => {
      expect(looks).toBe(3);
    });
  });

  it('retries after errors and reports those that persist, except for conflicts', async () => {
    const errors = [409, 503, 503, 503, 503].map((status) => new ApiError({ status, reason: 'R', message: 'm' }));
    const {
      controller: it,
      told,
      metrics,
    } = controllerOn(() => {
      const error = errors.shift();
      return error === undefined ? Promise.resolve(SUCCESS) : Promise.reject(error);
    });
    it.start();
    it.add('a');
    await soon(async () => {
      expect(await metrics.registry.metrics()).toContain('distill_reconcile_total{result="success"} 1');
    });
    expect(told.map(([key, { reason }]) => `${key} ${reason}`)).toEqual(['a ApiUnavailable', 'a ApiUnavailable']);
    const text = await metrics.registry.metrics();
    expect(text).toContain('distill_reconcile_errors_total{cause="conflict"} 1');
    expect(text).toContain('distill_reconcile_errors_total{cause="server"} 4');
    expect(text).toContain('distill_workqueue_retries_total 5');
    expect(text).toContain('distill_reconcile_duration_seconds_count 6');
  });

  it('waits for a running reconcile before it stops, and starts no other', async () => {
    let finish: () => void = () => undefined;
    const looked: string[] = [];
    const { controller: it } = controllerOn((key) => {
      looked.push(key);
      return new Promise((resolve) => {
        finish = () => {
          resolve(SUCCESS);
        };
      });
    }, 1);
    it.start();
    it.add('a');
    it.add('b');
    await soon(() => {
      expect(it.runningSince).toHaveLength(1);
    });
    let stopped = false;
    const stopping = it.stop().then(() => {
      stopped = true;
    });
    await new Promise(setImmediate);
    expect(stopped).toBe(false);
    expect(it.isWorking).toBe(false);
    finish();
    await stopping;
    expect(looked).toEqual(['a']);
  });
});
