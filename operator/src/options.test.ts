import { CommanderError } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isGracefulExit, parseOptions } from './options.ts';

const IMAGE = ['--worker-image', 'worker:1'];

let printed: string;
beforeEach(() => {
  printed = '';
  const keep = (chunk: unknown): boolean => {
    printed += String(chunk);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const parse = (argv: readonly string[], env: NodeJS.ProcessEnv = {}) => parseOptions(argv, env, '9.9.9');

describe('the flags', () => {
  it('default to a cluster-wide operator with leader election', () => {
    expect(parse(IMAGE)).toEqual({
      namespaces: [],
      leaderElect: true,
      leaderElection: {
        leaseName: 'distillation-operator',
        leaseDurationMs: 15_000,
        renewDeadlineMs: 10_000,
        retryPeriodMs: 2000,
      },
      workerImage: 'worker:1',
      requireGpu: true,
      runAsUser: 65_532,
      fsGroup: 65_532,
      metricsAddress: { host: '::', port: 8080 },
      healthAddress: { host: '::', port: 8081 },
      concurrency: 4,
      pollIntervalMs: 5000,
      resyncMs: 600_000,
      logLevel: 'info',
    });
  });

  it('take every value', () => {
    const options = parse([
      ...['--namespace', 'a', '--namespace=b', '--kubeconfig', '/k', '--no-leader-elect', '--lease-name', 'l'],
      ...['--lease-namespace', 'n', '--lease-duration', '3s', '--renew-deadline', '2s', '--retry-period', '500ms'],
      ...['--worker-image', 'w', '--image-pull-policy', 'Never', '--no-require-gpu', '--run-as-user', '7'],
      ...['--fs-group', 'none', '--metrics-address', '[::1]:9', '--health-address', '', '--concurrency', '2'],
      ...['--poll-interval', '1m', '--resync', '1h', '--log-level', 'debug'],
    ]);
    expect(options).toEqual({
      namespaces: ['a', 'b'],
      kubeconfig: '/k',
      leaderElect: false,
      leaderElection: {
        leaseName: 'l',
        leaseNamespace: 'n',
        leaseDurationMs: 3000,
        renewDeadlineMs: 2000,
        retryPeriodMs: 500,
      },
      workerImage: 'w',
      imagePullPolicy: 'Never',
      requireGpu: false,
      runAsUser: 7,
      metricsAddress: { host: '::1', port: 9 },
      concurrency: 2,
      pollIntervalMs: 60_000,
      resyncMs: 3_600_000,
      logLevel: 'debug',
    });
  });

  it('can all be set by the environment, and take precedence over it', () => {
    const env = {
      DISTILL_OPERATOR_NAMESPACE: 'a, b',
      DISTILL_OPERATOR_WORKER_IMAGE: 'env:1',
      DISTILL_OPERATOR_LEADER_ELECT: 'false',
      DISTILL_OPERATOR_REQUIRE_GPU: 'true',
      DISTILL_OPERATOR_METRICS_ADDRESS: '',
      DISTILL_OPERATOR_CONCURRENCY: '9',
    };
    expect(parse([], env)).toMatchObject({
      namespaces: ['a', 'b'],
      workerImage: 'env:1',
      leaderElect: false,
      requireGpu: true,
      concurrency: 9,
    });
    expect(parse([], env)).not.toHaveProperty('metricsAddress');
    const flags = ['--namespace', 'c', '--leader-elect', '--no-require-gpu', '--concurrency', '1', ...IMAGE];
    expect(parse(flags, env)).toMatchObject({
      namespaces: ['c'],
      workerImage: 'worker:1',
      leaderElect: true,
      requireGpu: false,
      concurrency: 1,
    });
  });

  it.each([
    [['--concurrency', '0'], {}, /--concurrency.*'0' is invalid.*whole number from 1/],
    [['--concurrency', '4.5'], {}, /'4\.5' is invalid/],
    [['--poll-interval', '5'], {}, /'5' is invalid.*such as 500ms/],
    [['--resync', '9999h'], {}, /'9999h' is invalid/],
    [['--metrics-address', '8080'], {}, /'8080' is invalid.*HOST:PORT/],
    [['--health-address', 'x:99999'], {}, /'x:99999' is invalid/],
    [['--namespace', 'Team_A'], {}, /'Team_A' is invalid/],
    [['--log-level', 'loud'], {}, /'loud' is invalid.*trace, debug/],
    [['--image-pull-policy', 'Sometimes'], {}, /'Sometimes' is invalid.*IfNotPresent/],
    [['--run-as-user', '0'], {}, /'0' is invalid/],
    [['--lease-duration', '5s'], {}, /--renew-deadline \(10000 ms\)/],
    [['--worker-imge', 'x'], {}, /unknown option.*--worker-image/s],
    [['extra'], {}, /too many arguments/],
    [[], { DISTILL_OPERATOR_CONCURRENCY: 'many' }, /DISTILL_OPERATOR_CONCURRENCY value 'many' is invalid/],
    [
      [],
      { DISTILL_OPERATOR_LEADER_ELECT: 'yes' },
      /DISTILL_OPERATOR_LEADER_ELECT value 'yes' is invalid.*true or false/,
    ],
  ] as const)('%j with environment %j are refused by name', (argv, env, message) => {
    expect(() => parse([...IMAGE, ...argv], env)).toThrow(CommanderError);
    expect(printed).toMatch(message);
  });

  it('require a worker image', () => {
    expect(() => parse([])).toThrow(/--worker-image/);
  });

  it('are all in the help, with their variables and defaults', () => {
    let thrown: unknown;
    try {
      parse(['--help']);
    } catch (error) {
      thrown = error;
    }
    expect(isGracefulExit(thrown)).toBe(true);
    for (const name of Object.keys(parse(IMAGE)).filter((key) => !/^(leaderElection|.*Ms)$/.test(key))) {
      const flagName = `--${name.replace(/s$/, '').replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
      expect(printed, flagName).toContain(flagName.replace('--metrics-addres', '--metrics-address'));
    }
    expect(printed).toMatch(/--lease-duration <time>.*"?15s"?.*DISTILL_OPERATOR_LEASE_DURATION/s);
    expect(printed).toContain('Exit status');
  });
});
