import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { networkInterfaces } from 'node:os';
import type { LiveProgress } from '@distillation/api/progress';
import { workerProgress } from '../../../packages/api/test/testing.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PollResult } from '../metrics/metrics.ts';
import { differs, parseProgress } from './live-progress.ts';
import { Poller, type PollerOptions } from './poller.ts';
import { soon } from '../../test/soon.ts';

const LIVE: LiveProgress = {
  version: 1,
  planKey: 'key',
  blocks: [{ name: 'conv1', state: 'Training', epoch: 1, loss: 0.5, bin: 0 }],
  workers: [
    workerProgress({
      blocks: ['conv1'],
      epoch: 2,
      step: 3,
      losses: { conv1: 0.4 },
      imagesPerSecond: 100,
    }),
  ],
  seconds: { useful: 1, redone: 0 },
  at: 1,
};

describe('an answer', () => {
  it('is accepted when it is valid', () => {
    expect(parseProgress(JSON.stringify(LIVE))).toEqual(LIVE);
    const pace = { step: 16, steps: 46, seconds: 3.5, epochSeconds: 11 };
    const finalizer = { stage: 'FineTune', epoch: 2, epochs: 3, ...pace, updatedAt: 3 };
    expect(parseProgress(JSON.stringify({ ...LIVE, finalizer }))).toEqual({ ...LIVE, finalizer });
  });

  it.each([
    ['no JSON', 'oops'],
    ['a list', '[]'],
    ['nothing', 'null'],
    ['another version', JSON.stringify({ ...LIVE, version: 2 })],
    ['no blocks', JSON.stringify({ ...LIVE, blocks: undefined })],
    ['an unknown state', JSON.stringify({ ...LIVE, blocks: [{ name: 'a', state: 'Lost', epoch: 1 }] })],
    ['a negative epoch', JSON.stringify({ ...LIVE, blocks: [{ name: 'a', state: 'Done', epoch: -1 }] })],
    ['an endless name', JSON.stringify({ ...LIVE, planKey: 'x'.repeat(300) })],
    ['too many blocks', JSON.stringify({ ...LIVE, blocks: Array(1025).fill(LIVE.blocks[0]) })],
    [
      'a finalizer that takes less than no time',
      JSON.stringify({ ...LIVE, finalizer: { stage: 'FineTune', epochs: 2, seconds: -1, updatedAt: 3 } }),
    ],
    ['seconds that are none', JSON.stringify({ ...LIVE, seconds: { useful: '1', redone: 0 } })],
  ])('is refused when it is %s', (_, body) => {
    expect(parseProgress(body)).toBeUndefined();
  });

  it('is new when a block or worker has advanced, not when only a loss has changed', () => {
    expect(differs(undefined, LIVE)).toBe(true);
    const calm = {
      ...LIVE,
      at: 2,
      blocks: [{ name: 'conv1', state: 'Training', epoch: 1, loss: 0.4, bin: 0 }],
    } as const;
    expect(differs(LIVE, calm)).toBe(false);
    expect(differs(LIVE, { ...LIVE, blocks: [{ name: 'conv1', state: 'Done', epoch: 2, bin: 0 }] })).toBe(true);
    expect(differs(LIVE, { ...LIVE, finalizer: { stage: 'Measure', epochs: 2, updatedAt: 1 } })).toBe(true);
    const at = (imagesPerSecond: number): LiveProgress => ({ ...LIVE, workers: [workerProgress({ imagesPerSecond })] });
    expect([differs(at(0), at(80)), differs(at(80), at(90))]).toEqual([true, false]);
  });
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

describe('the poller', () => {
  const servers: Server[] = [];
  let poller: Poller | undefined;
  /** The limit of each request, in their order, and its milliseconds. The tests end them: by the clock a slow machine would. */
  const limits: AbortController[] = [];
  const allowed: number[] = [];
  beforeEach(() => {
    limits.length = 0;
    allowed.length = 0;
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
      allowed.push(milliseconds);
      const limit = new AbortController();
      limits.push(limit);
      return limit.signal;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    poller?.stop();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  const pod = (handler: Handler, host = '127.0.0.1'): Promise<number> =>
    new Promise((resolve) => {
      const server = createServer(handler);
      servers.push(server);
      server.listen(0, host, () => {
        const bound = server.address();
        resolve(typeof bound === 'object' && bound !== null ? bound.port : 0);
      });
    });
  const saying =
    (body: () => unknown): Handler =>
    (_, response) => {
      response.end(JSON.stringify(body()));
    };
  const target = (podUid = 'p', podIP = '127.0.0.1') => ({ podName: 'pod', podUid, podIP });
  function pollerOn(port: number, options: Partial<PollerOptions> = {}) {
    const news: string[] = [];
    const results: PollResult[] = [];
    poller = new Poller({
      intervalMs: 3_600_000,
      port,
      onNews: (key) => news.push(key),
      onPoll: (result) => results.push(result),
      ...options,
    });
    return { poller, news, results };
  }

  const IPV6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
  it.skipIf(!IPV6)('asks a pod by its IPv6 address (left out on a machine without IPv6)', async () => {
    const { poller: it, results } = pollerOn(
      await pod(
        saying(() => LIVE),
        '::1',
      ),
    );
    it.watch('u', 'ns/a', target('p', '::1'));
    it.askAll();
    await soon(() => {
      expect(results).toEqual(['success']);
    });
  });

  it('keeps the newest answer and reports it when it is new', async () => {
    let answer = LIVE;
    const { poller: it, news, results } = pollerOn(await pod(saying(() => answer)));
    it.watch('u', 'ns/a', target());
    it.askAll();
    await soon(() => {
      expect(results).toHaveLength(1);
    });
    expect(it.answerOf('u')).toEqual(LIVE);
    answer = { ...LIVE, at: 2 };
    it.askAll();
    await soon(() => {
      expect(it.answerOf('u')?.at).toBe(2);
    });
    expect(news).toEqual(['ns/a']);
    answer = { ...answer, blocks: [{ name: 'conv1', state: 'Done', epoch: 2 }] };
    it.askAll();
    await soon(() => {
      expect(news).toEqual(['ns/a', 'ns/a']);
    });
    it.watch('u', 'ns/a', undefined);
    it.askAll();
    expect(it.answerOf('u')).toEqual(answer);
    it.forget('u');
    expect(it.answerOf('u')).toBeUndefined();
    expect(results).toEqual(['success', 'success', 'success']);
  });

  it('keeps what a planner waits for, with the pod that said so, and reports each change of it', async () => {
    let awaits: string | undefined = 'There is no teacher.';
    const {
      poller: it,
      news,
      results,
    } = pollerOn(
      await pod(saying(() => ({ version: 1, role: 'planner', ...(awaits !== undefined && { awaits }), at: 1 }))),
    );
    it.watch('u', 'ns/a', target());
    const ask = async (times: number): Promise<void> => {
      it.askAll();
      await soon(() => {
        expect(results).toHaveLength(times);
      });
    };
    for (const times of [1, 2]) await ask(times);
    expect(it.plannerOf('u')).toEqual({ podUid: target().podUid, awaits });
    expect(it.answerOf('u')).toBeUndefined();
    expect(news).toEqual(['ns/a']);
    awaits = undefined;
    await ask(3);
    expect(it.plannerOf('u')).toEqual({ podUid: target().podUid });
    expect(news).toEqual(['ns/a', 'ns/a']);
  });

  it('reports small changes from time to time', async () => {
    let at = 0;
    const handler = saying(() => ({ ...LIVE, at: ++at }));
    const { poller: it, news } = pollerOn(await pod(handler), { refreshMs: 0 });
    it.watch('u', 'ns/a', target());
    for (const times of [1, 2]) {
      it.askAll();
      await soon(() => {
        expect(news).toHaveLength(times);
      });
    }
  });

  it('gives up on a pod that does not answer, and never polls it twice at once', async () => {
    const asked = vi.fn();
    const { poller: it, results } = pollerOn(await pod(asked), { timeoutMs: 100 });
    it.watch('u', 'ns/a', target());
    it.askAll();
    it.askAll();
    await soon(() => {
      expect(asked).toHaveBeenCalledOnce();
    });
    expect(allowed).toEqual([100]);
    limits[0]?.abort();
    await soon(() => {
      expect(results).toEqual(['timeout']);
    });
    expect(asked).toHaveBeenCalledOnce();
  });

  it('rejects garbage, error pages, endless answers and closed ports', async () => {
    let handler: Handler = saying(() => ({ version: 7 }));
    const port = await pod((request, response) => {
      handler(request, response);
    });
    const { poller: it, news, results } = pollerOn(port);
    it.watch('u', 'ns/a', target());
    const ask = async (): Promise<PollResult | undefined> => {
      const before = results.length;
      it.askAll();
      await soon(() => {
        expect(results).toHaveLength(before + 1);
      });
      return results.at(-1);
    };
    expect(await ask()).toBe('invalid');
    handler = (_, response) => {
      response.statusCode = 500;
      response.end(JSON.stringify(LIVE));
    };
    expect(await ask()).toBe('invalid');
    handler = (_, response) => {
      const more = (): void => {
        if (!response.destroyed && response.write('x'.repeat(65_536))) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    };
    expect(await ask()).toBe('invalid');
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
    expect(await ask()).toBe('unreachable');
    expect(news).toEqual([]);
    expect(it.answerOf('u')).toBeUndefined();
  });

  it('limits the number of concurrent requests, and polls every pod in the end', async () => {
    const open: ServerResponse[] = [];
    let most = 0;
    const port = await pod((_, response) => {
      open.push(response);
      most = Math.max(most, open.length);
    });
    const { poller: it, results } = pollerOn(port, { atOnce: 3 });
    for (let n = 0; n < 8; n++) it.watch(`u${n}`, `ns/${n}`, target());
    it.askAll();
    await soon(() => {
      if (open.length >= Math.min(3, 8 - results.length)) open.shift()?.end(JSON.stringify(LIVE));
      expect(results).toHaveLength(8);
    });
    expect(most).toBe(3);
  });

  it('polls responsive pods first; silent ones never take up more than half of the requests', async () => {
    let handler: Handler = () => undefined;
    const port = await pod((request, response) => {
      handler(request, response);
    });
    const { poller: it, results } = pollerOn(port, { atOnce: 4 });
    const watch = (name: string): void => {
      it.watch(name, `ns/${name}`, target(name));
    };
    ['silent1', 'silent2', 'silent3', 'silent4'].forEach(watch);
    it.askAll();
    for (const limit of limits) limit.abort();
    await soon(() => {
      expect(results).toEqual(['timeout', 'timeout', 'timeout', 'timeout']);
    });
    const open: ServerResponse[] = [];
    handler = (_, response) => open.push(response);
    it.askAll();
    ['other1', 'other2'].forEach(watch);
    it.askAll();
    await soon(() => {
      expect(open).toHaveLength(4);
    });
    handler = saying(() => ({ ...LIVE, at: 2 }));
    for (const response of open) response.end(JSON.stringify(LIVE));
    await soon(() => {
      expect(results.slice(4)).toHaveLength(6);
    });
    const [first, later] = [1, 2].map((at) =>
      ['silent1', 'silent2', 'silent3', 'silent4', 'other1', 'other2'].filter((name) => it.answerOf(name)?.at === at),
    );
    expect(first).toEqual(['silent1', 'silent2', 'other1', 'other2']);
    expect(later).toEqual(['silent3', 'silent4']);
  });

  it('drops the answer of a pod that is no longer the target', async () => {
    const open: ServerResponse[] = [];
    const { poller: it, results } = pollerOn(await pod((_, response) => open.push(response)));
    it.watch('u', 'ns/a', target('old'));
    it.askAll();
    await soon(() => {
      expect(open).toHaveLength(1);
    });
    it.watch('u', 'ns/a', target('new'));
    open[0]?.end(JSON.stringify(LIVE));
    await soon(() => {
      expect(results).toEqual(['success']);
    });
    expect(it.answerOf('u')).toBeUndefined();
  });
});
