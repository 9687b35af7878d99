import { type ChildConfig, childConfig } from '../../../operator/src/objects/config.ts';
import { type Observation } from '@distillation/kube/calls';
import type { ReflectorTiming } from '@distillation/kube/reflector-options';
import type { Transport } from '@distillation/kube/transport';
import { type RunningOperator, startOperator } from '../../../operator/src/operator.ts';
import { parseOptions } from '../../../operator/src/options.ts';
import { type Logger, pino } from 'pino';
import { operatorKubeconfig } from './operator-account.ts';

/** The operator in this process, under its own account. */

export interface TestOperator extends RunningOperator {
  /** Calls to the API server that have ended, lists and watches at the start included. */
  readonly calls: readonly Observation[];
  /** Lines of warning and worse. */
  readonly complaints: readonly string[];
}

export interface Settings {
  readonly args?: readonly string[];
  readonly wrap?: (next: Transport) => Transport;
  /** Told that the lease is lost; else that is a defect. */
  readonly onLost?: (why: string) => void;
  /** Does not wait until it works: another one leads. */
  readonly standby?: boolean;
  readonly watchTiming?: Partial<ReflectorTiming>;
}

/** What decides about the children of an operator that is started without flags of the test's own. */
const CHILD_FLAGS: readonly string[] = ['--worker-image', 'none.invalid/worker:1'];
const VERSION = '0.0.0';

export const CHILD_CONFIG: ChildConfig = childConfig(parseOptions(CHILD_FLAGS, {}, VERSION), VERSION);

/** pino's. */
const WARNING = 40;

const running = new Set<TestOperator>();

/**
 * Starts an operator for one namespace, or for all of the cluster, which works when this resolves; it is stopped with the file at the
 * latest.
 */
export async function operatorFor(namespace: string | undefined, settings: Settings = {}): Promise<TestOperator> {
  const { args = [], wrap, onLost, standby = false, watchTiming } = settings;
  const calls: Observation[] = [];
  const complaints: string[] = [];
  const flags = [
    ...(namespace === undefined ? [] : ['--namespace', namespace]),
    ...['--kubeconfig', await operatorKubeconfig(), '--no-leader-elect'],
    ...CHILD_FLAGS,
    ...['--metrics-address', '127.0.0.1:0', '--health-address', '127.0.0.1:0'],
    ...['--poll-interval', '500ms', ...args],
  ];
  const operator = await startOperator({
    options: parseOptions(flags, {}, VERSION),
    version: VERSION,
    log: complaining((line) => complaints.push(line)),
    env: {},
    onLost:
      onLost ??
      ((why) => {
        throw new Error(`lost the lease: ${why}`);
      }),
    onRequest: (observation) => {
      calls.push(observation);
    },
    ...(wrap === undefined ? {} : { wrap }),
    ...(watchTiming === undefined ? {} : { watchTiming }),
  });
  const stop = async (): Promise<void> => {
    running.delete(started);
    await operator.stop();
  };
  const started: TestOperator = { ...operator, stop, calls, complaints };
  running.add(started);
  if (!standby) await operator.working;
  return started;
}

/** Stops what the file that is done has left running. */
export async function stopOperators(): Promise<void> {
  await Promise.all([...running].map((operator) => operator.stop()));
}

const complaining = (take: (line: string) => void): Logger =>
  pino(
    { level: process.env['DISTILL_TEST_LOG'] ?? 'warn', base: null },
    {
      write: (line: string) => {
        if (process.env['DISTILL_TEST_LOG'] !== undefined) process.stdout.write(line);
        if ((JSON.parse(line) as { level: number }).level >= WARNING) take(line);
      },
    },
  );
