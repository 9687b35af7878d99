import { networkInterfaces } from 'node:os';
import { ANY_HOST, addressText } from '@distillation/runtime/address';
import { afterEach, describe, expect, it } from 'vitest';
import { type Vitals, alive, healthRoutes, ready } from './health.ts';
import { type Listening, serve, text } from '@distillation/runtime/http';

const SERVED = { scope: 'a', title: 'namespace a', state: 'Available', detail: 'served' } as const;
const BARRED = {
  scope: 'b',
  title: 'namespace b',
  state: 'Barred',
  detail: 'the API server refuses: no right',
} as const;
const WELL: Vitals = {
  now: 1_000_000,
  scopes: [SERVED],
  reconcilingSince: [],
  apiAnsweredAt: 999_000,
  isWorking: false,
};

describe('/healthz', () => {
  it('succeeds for an idle operator, a standby, and one that cannot reach the API server', () => {
    expect(alive(WELL).ok).toBe(true);
    expect(alive({ ...WELL, apiAnsweredAt: 0, scopes: [BARRED] }).ok).toBe(true);
  });

  it('fails when a reconcile never ends', () => {
    expect(alive({ ...WELL, reconcilingSince: [999_900, 701_000] }).ok).toBe(true);
    const stuck = alive({ ...WELL, reconcilingSince: [999_900, 699_000] });
    expect(stuck.ok).toBe(false);
    expect(stuck.lines.join('\n')).toContain('failed: workers: the longest reconcile has run for 301 s');
  });

  it('fails for a leader that keeps working without its lease', () => {
    expect(alive({ ...WELL, isWorking: true, holdsLease: true }).ok).toBe(true);
    expect(alive({ ...WELL, isWorking: true }).ok).toBe(true);
    expect(alive({ ...WELL, isWorking: false, holdsLease: false }).ok).toBe(true);
    expect(alive({ ...WELL, isWorking: true, holdsLease: false }).ok).toBe(false);
  });
});

describe('/readyz', () => {
  it('requires synced caches and an API server that has answered recently', () => {
    expect(ready(WELL).ok).toBe(true);
    const pending = {
      scope: '*',
      title: 'all namespaces',
      state: 'Pending',
      detail: 'not all of it is read yet',
    } as const;
    const early = ready({ ...WELL, scopes: [pending] });
    expect(early.ok).toBe(false);
    expect(early.lines.at(-1)).toBe('not served: all namespaces: not all of it is read yet');
    expect(ready({ ...WELL, apiAnsweredAt: 969_000 }).ok).toBe(false);
    expect(ready({ ...WELL, apiAnsweredAt: undefined }).lines.join()).toContain('has not answered yet');
  });
});

describe('/readyz of several namespaces', () => {
  it('succeeds as long as one can be served, and names the others with what is wrong', () => {
    const { ok, lines } = ready({ ...WELL, scopes: [SERVED, BARRED] });
    expect(ok).toBe(true);
    expect(lines).toEqual([
      'ok: namespaces: 1 of 2 can be served',
      'ok: api server: answered 1 s ago',
      'ok: namespace a: served',
      'not served: namespace b: the API server refuses: no right',
    ]);
    expect(ready({ ...WELL, scopes: [BARRED, { ...BARRED, scope: 'c' }] }).ok).toBe(false);
  });
});

describe('the server', () => {
  let listening: Listening | undefined;
  afterEach(async () => {
    await listening?.close();
    listening = undefined;
  });
  const get = (path: string, method = 'GET') =>
    fetch(`http://127.0.0.1:${listening?.port ?? 0}${path}`, { method }).then(async (response) => ({
      status: response.status,
      body: await response.text(),
    }));

  it('asks a silent API server before it fails', async () => {
    let vitals: Vitals = { ...WELL, apiAnsweredAt: 900_000 };
    let answers = false;
    let asked = 0;
    const ask = () => {
      asked += 1;
      if (!answers) return Promise.reject(new Error('refused'));
      vitals = { ...vitals, apiAnsweredAt: vitals.now };
      return Promise.resolve();
    };
    listening = await serve(
      { host: '127.0.0.1', port: 0 },
      healthRoutes(() => vitals, ask),
    );
    expect(await get('/readyz')).toMatchObject({ status: 503 });
    answers = true;
    expect(await get('/readyz')).toMatchObject({ status: 200 });
    expect(await get('/readyz')).toMatchObject({ status: 200 });
    expect(asked).toBe(2);
    expect((await get('/healthz')).body).toContain('ok: lease: no election');
  });

  it('answers only GET and HEAD, and survives a route that throws', async () => {
    const routes = {
      '/metrics': () => text(200, 'm 1\n'),
      '/broken': () => {
        throw new Error('no numbers');
      },
    };
    listening = await serve({ host: '127.0.0.1', port: 0 }, routes);
    expect(await get('/metrics?x=1')).toEqual({ status: 200, body: 'm 1\n' });
    expect(await get('/metrics', 'HEAD')).toEqual({ status: 200, body: '' });
    expect(await get('/metrics', 'POST')).toMatchObject({ status: 405 });
    expect(await get('/constructor')).toMatchObject({ status: 404 });
    expect(await get('/broken')).toEqual({ status: 500, body: 'no numbers\n' });
    expect(await get('/metrics')).toMatchObject({ status: 200 });
  });

  it('answers on IPv4 and IPv6 when it listens on all addresses', async () => {
    listening = await serve({ host: ANY_HOST, port: 0 }, { '/healthz': () => text(200, 'well\n') });
    // On a machine without IPv6, only IPv4 is tested.
    const loopbacks = Object.values(networkInterfaces()).flatMap(
      (all) => all?.filter(({ internal }) => internal) ?? [],
    );
    const hosts = loopbacks.map(({ address }) => address).filter((host) => host === '127.0.0.1' || host === '::1');
    expect(hosts).toContain('127.0.0.1');
    for (const host of hosts) {
      const response = await fetch(`http://${addressText({ host, port: listening.port })}/healthz`);
      expect(await response.text()).toBe('well\n');
    }
  });

  it('names an address that is in use', async () => {
    listening = await serve({ host: '127.0.0.1', port: 0 }, {});
    await expect(serve({ host: '127.0.0.1', port: listening.port }, {})).rejects.toThrow(
      `Cannot listen on 127.0.0.1:${listening.port}`,
    );
  });
});
