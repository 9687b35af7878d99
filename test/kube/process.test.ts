import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { LEASES } from '@distillation/kube/resources';
import { afterEach, describe, expect, test } from 'vitest';
import { until } from '../../tools/kube-harness/access/until.ts';
import { builtProgram } from '../support/cli.ts';
import { operatorKubeconfig, powerlessKubeconfig } from './support/operator-account.ts';
import { bindClaim } from './support/claim.ts';
import { PlayedJob } from './support/played-job.ts';
import { adminClient, eventually, newNamespace } from './support/support.ts';

/** The operator as a process, as its Deployment runs it. */

const LEASE = { namespace: 'distillation-system', name: 'distillation-operator' } as const;

interface Line {
  readonly msg: string;
  readonly [field: string]: unknown;
}

interface Replica {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Waits for a line of the log. */
  line(msg: string): Promise<Line>;
  /** Status and text of a path that it serves. */
  get(server: 'health' | 'metrics', path: string): Promise<{ readonly status: number; readonly body: string }>;
  readonly ended: Promise<number | null>;
}

const replicas: Replica[] = [];

afterEach(async () => {
  for (const { child } of replicas) child.kill('SIGKILL');
  await Promise.all(replicas.splice(0).map(({ ended }) => ended));
});

function spawnOperator(args: readonly string[], env: NodeJS.ProcessEnv = {}): Replica {
  const flags = [
    '--metrics-address',
    '127.0.0.1:0',
    '--health-address',
    '127.0.0.1:0',
    '--worker-image',
    'w:1',
    ...args,
  ];
  const child = spawn(process.execPath, [builtProgram('operator'), ...flags], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const lines = (): Line[] =>
    text
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as Line);
  const line = (msg: string): Promise<Line> =>
    until(`the operator says "${msg}"`, () => lines().find((each) => each.msg === msg));
  const replica: Replica = {
    child,
    output: () => text,
    line,
    get: async (server, path) => {
      const { [`${server}Port`]: port } = await line('operator started');
      const response = await fetch(`http://127.0.0.1:${String(port)}${path}`);
      return { status: response.status, body: await response.text() };
    },
    ended: new Promise((resolve) => {
      child.on('exit', resolve);
    }),
  };
  replicas.push(replica);
  return replica;
}

const LONG_LEASE_SECONDS = 300;

async function elected(namespace: string, leaseSeconds = 4): Promise<Replica> {
  const deadline = `${leaseSeconds - 1}s`;
  const timing = ['--lease-duration', `${leaseSeconds}s`, '--renew-deadline', deadline, '--retry-period', '500ms'];
  const kubeconfig = await operatorKubeconfig();
  return spawnOperator(
    ['--kubeconfig', kubeconfig, '--namespace', namespace, '--lease-namespace', LEASE.namespace, ...timing],
    { DISTILL_OPERATOR_POLL_INTERVAL: '1s' },
  );
}

const isReady = (replica: Replica): Promise<true> =>
  until('a replica is ready', async () => ((await replica.get('health', '/readyz')).status === 200 ? true : undefined));

describe('the operator as a process', () => {
  test('leads or stands by, hands over on SIGTERM, and serves probes and metrics', async () => {
    const namespace = await newNamespace();
    await bindClaim(namespace);
    const start = performance.now();
    // Longer than the test waits for anything: whoever takes over was handed the lease.
    const leader = await elected(namespace, LONG_LEASE_SECONDS);
    await leader.line('working');
    const startMs = performance.now() - start;
    const standby = await elected(namespace, LONG_LEASE_SECONDS);
    await isReady(standby);
    // Not being the leader is no reason for a warning.
    expect(standby.output()).not.toContain('"level":40');
    expect((await standby.get('metrics', '/metrics')).body).toContain('distill_leader 0');
    await eventually(async () => {
      const { body } = await leader.get('metrics', '/metrics');
      expect(body).toContain('distill_leader 1');
      for (const resource of ['distillationjobs', 'jobs', 'pods', 'configmaps']) {
        expect(body).toContain(`distill_watches_open{resource="${resource}"} 1`);
      }
    });
    expect(await leader.get('health', '/healthz')).toMatchObject({ status: 200 });

    const job = new PlayedJob(namespace);
    await job.apply();
    await job.activePods('planner');
    const asked = performance.now();
    leader.child.kill('SIGTERM');
    expect(await leader.ended).toBe(0);
    const stopMs = performance.now() - asked;
    await standby.line('working');
    const takeoverMs = performance.now() - asked;
    await job.plan();
    await job.activePods('worker', 2);
    const memory = /process_resident_memory_bytes (\d+)/.exec((await standby.get('metrics', '/metrics')).body)?.[1];
    process.stdout.write(
      `operator process: working after ${Math.round(startMs)} ms, stopped in ${Math.round(stopMs)} ms, taken over after ` +
        `${Math.round(takeoverMs)} ms, ${Math.round(Number(memory) / 2 ** 20)} MiB resident\n`,
    );
    // The next test is not to wait for its lease.
    standby.child.kill('SIGTERM');
    expect(await standby.ended).toBe(0);
  });

  test('ends at once when another holds its lease', async () => {
    const leader = await elected(await newNamespace(), LONG_LEASE_SECONDS);
    await leader.line('working');
    await until('the lease is taken over', async () => {
      const lease = await adminClient().get(LEASES, LEASE);
      return adminClient().update(LEASES, { ...lease, spec: { ...lease.spec, holderIdentity: 'somebody-else' } });
    });
    expect(await leader.ended).toBe(75);
    expect(await leader.line('lost the lease, exiting')).toMatchObject({ level: 60 });
    const lease = await adminClient().get(LEASES, LEASE);
    await adminClient().update(LEASES, { ...lease, spec: { ...lease.spec, holderIdentity: '' } });
  });

  test('is alive but not ready as long as its caches cannot sync', async () => {
    // Another service account's token: it may read nothing.
    const replica = spawnOperator(['--kubeconfig', await powerlessKubeconfig(), '--no-leader-elect']);
    expect(await replica.line('jobs of this namespace cannot be run')).toMatchObject({ namespace: 'all' });
    const ready = await replica.get('health', '/readyz');
    expect(ready).toMatchObject({ status: 503 });
    expect(ready.body).toContain('failed: namespaces: 0 of 1 can be served');
    expect(ready.body).toMatch(/not served: all namespaces: the API server refuses: .*forbidden/);
    expect(await replica.get('health', '/healthz')).toMatchObject({ status: 200 });
    replica.child.kill('SIGTERM');
    expect(await replica.ended).toBe(0);
  });

  test.each([
    ['a kubeconfig that is not there', '--kubeconfig=/nowhere/config', /--kubeconfig \/nowhere\/config cannot be read/],
    ['a bad value', '--concurrency=all', /--concurrency.*'all' is invalid/],
  ])('refuses %s', async (_, flag, message) => {
    const replica = spawnOperator([flag]);
    expect(await replica.ended).toBe(64);
    expect(replica.output()).toMatch(message);
  });

  test('refuses an address that is taken', async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, '127.0.0.1', () => {
        const address = taken.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    const kubeconfig = await operatorKubeconfig();
    const replica = spawnOperator(['--kubeconfig', kubeconfig, '--health-address', `127.0.0.1:${port}`]);
    expect(await replica.ended).toBe(64);
    expect(replica.output()).toContain(`Cannot listen on 127.0.0.1:${port}`);
    taken.close();
  });

  test('prints its version and help', async () => {
    const version = spawnOperator(['--version']);
    expect(await version.ended).toBe(0);
    expect(version.output()).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
