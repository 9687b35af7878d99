import { DEFAULT_USER } from '@distillation/api/labels';
import { ANY_HOST, type Address } from '@distillation/runtime/address';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { PodClasses } from '@distillation/core/pod-classes';
import type { PodTemplate } from '@distillation/core/pod-template';
import { labelKeys, podClasses, podDefaults } from './option-child-values.ts';
import { NONE, address, collect, dnsName, duration, idOrNone, positive } from './option-values.ts';

/** The operator's flags. Each can also be set by an environment variable, as the Deployment does; a flag takes precedence. */

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'] as const;

/** The validated options. Times are in milliseconds. */
export interface OperatorOptions {
  /** Empty for the whole cluster. */
  readonly namespaces: readonly string[];
  /** Absent: the pod's service account, or the kubeconfig that kubectl would use. */
  readonly kubeconfig?: string;
  readonly leaderElect: boolean;
  readonly leaderElection: {
    readonly leaseName: string;
    /** Absent: the operator's own namespace. */
    readonly leaseNamespace?: string;
    readonly leaseDurationMs: number;
    readonly renewDeadlineMs: number;
    readonly retryPeriodMs: number;
  };
  readonly workerImage: string;
  readonly imagePullPolicy?: (typeof PULL_POLICIES)[number];
  readonly requireGpu: boolean;
  /** Absent: decided by image and platform. */
  readonly runAsUser?: number;
  readonly fsGroup?: number;
  /** Absent: none. */
  readonly propagateLabels?: readonly string[];
  readonly podDefaults?: PodTemplate;
  readonly podClasses?: PodClasses;
  /** Absent: not served. */
  readonly metricsAddress?: Address;
  readonly healthAddress?: Address;
  readonly concurrency: number;
  readonly pollIntervalMs: number;
  readonly resyncMs: number;
  readonly logLevel: LogLevel;
}

/** Options as commander returns them, under names derived from the flags. */
interface Flags {
  readonly namespace: readonly string[];
  readonly kubeconfig?: string;
  readonly leaderElect: boolean;
  readonly leaseName: string;
  readonly leaseNamespace?: string;
  readonly leaseDuration: number;
  readonly renewDeadline: number;
  readonly retryPeriod: number;
  readonly workerImage: string;
  readonly imagePullPolicy?: (typeof PULL_POLICIES)[number];
  readonly requireGpu: boolean;
  readonly runAsUser: number | typeof NONE;
  readonly fsGroup: number | typeof NONE;
  readonly propagateLabels: readonly string[];
  readonly podDefaults?: PodTemplate;
  readonly podClasses?: PodClasses;
  readonly metricsAddress: Address | '';
  readonly healthAddress: Address | '';
  readonly concurrency: number;
  readonly pollInterval: number;
  readonly resync: number;
  readonly logLevel: LogLevel;
}

/**
 * Reads the command line and the environment.
 *
 * @param version what `--version` prints
 * @throws CommanderError for `--help` and `--version` (exitCode 0, text already printed) and for bad values (message names the value)
 */
export function parseOptions(argv: readonly string[], env: NodeJS.ProcessEnv, version: string): OperatorOptions {
  const command = program(version);
  command.parse([...environmentArguments(command, env, argv), ...argv], { from: 'user' });
  const flags = command.opts<Flags>();
  const { leaseDuration, renewDeadline, retryPeriod } = flags;
  if (!(retryPeriod < renewDeadline && renewDeadline < leaseDuration)) {
    command.error(
      `error: --retry-period (${retryPeriod} ms) must be shorter than --renew-deadline (${renewDeadline} ms), and that shorter than ` +
        `--lease-duration (${leaseDuration} ms): a leader must have given up before another one may take over`,
    );
  }
  return {
    namespaces: flags.namespace,
    ...(flags.kubeconfig === undefined ? {} : { kubeconfig: flags.kubeconfig }),
    leaderElect: flags.leaderElect,
    leaderElection: {
      leaseName: flags.leaseName,
      ...(flags.leaseNamespace === undefined ? {} : { leaseNamespace: flags.leaseNamespace }),
      leaseDurationMs: leaseDuration,
      renewDeadlineMs: renewDeadline,
      retryPeriodMs: retryPeriod,
    },
    workerImage: flags.workerImage,
    ...(flags.imagePullPolicy === undefined ? {} : { imagePullPolicy: flags.imagePullPolicy }),
    requireGpu: flags.requireGpu,
    ...(flags.runAsUser === NONE ? {} : { runAsUser: flags.runAsUser }),
    ...(flags.fsGroup === NONE ? {} : { fsGroup: flags.fsGroup }),
    ...(flags.propagateLabels.length === 0 ? {} : { propagateLabels: flags.propagateLabels }),
    ...(flags.podDefaults === undefined ? {} : { podDefaults: flags.podDefaults }),
    ...(flags.podClasses === undefined ? {} : { podClasses: flags.podClasses }),
    ...(flags.metricsAddress === '' ? {} : { metricsAddress: flags.metricsAddress }),
    ...(flags.healthAddress === '' ? {} : { healthAddress: flags.healthAddress }),
    concurrency: flags.concurrency,
    pollIntervalMs: flags.pollInterval,
    resyncMs: flags.resync,
    logLevel: flags.logLevel,
  };
}

function program(version: string): Command {
  const command = new Command('distillation-operator')
    .description(
      'Runs DistillationJobs on Kubernetes: watches them, makes their planner, worker and finalizer Jobs, and keeps their status.',
    )
    .version(version, '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .allowExcessArguments(false)
    .exitOverride()
    .showHelpAfterError('(--help shows how)')
    .addHelpText(
      'after',
      `
Times are written like 500ms, 15s or 10m. Each option can be set by the environment variable named with it; a flag wins.

Exit status: 0 stopped by SIGTERM or SIGINT · 64 usage · 70 defect · 75 the lease was lost or the API server could not be reached · 78 fix the configuration`,
    );
  for (const option of options()) command.addOption(option);
  return command;
}

const ENV_PREFIX = 'DISTILL_OPERATOR_';

function options(): Option[] {
  return [
    flag('--namespace <name>', 'watch this namespace only; repeat it for several (default: the whole cluster)')
      .argParser(collect)
      .default([], 'all'),
    flag(
      '--kubeconfig <file>',
      'how to reach the cluster (default: the service account in a pod, else as kubectl does)',
    ),
    flag('--leader-elect', 'work only while holding the lease, so that several replicas can run').default(true),
    new Option('--no-leader-elect', 'work at once; never run two such operators'),
    flag('--lease-name <name>', 'Lease that the leader holds').argParser(dnsName).default('distillation-operator'),
    flag('--lease-namespace <name>', "namespace of the Lease (default: the operator's own)").argParser(dnsName),
    flag('--lease-duration <time>', 'a standby takes over a lease that was not renewed for so long')
      .argParser(duration)
      .default(15_000, '15s'),
    flag('--renew-deadline <time>', 'a leader that could not renew for so long ends')
      .argParser(duration)
      .default(10_000, '10s'),
    flag('--retry-period <time>', 'time between two tries to take or renew the lease')
      .argParser(duration)
      .default(2000, '2s'),
    flag(
      '--worker-image <image>',
      'image of planner, workers and finalizer where a job names none (required)',
    ).makeOptionMandatory(),
    flag('--image-pull-policy <policy>', "of that image (default: Kubernetes' own, by the tag)").choices(PULL_POLICIES),
    flag('--require-gpu', 'let a pod that was given a GPU fail when TensorFlow cannot use it').default(true),
    new Option('--no-require-gpu', 'let such a pod go on on its CPU: for trials without real GPUs'),
    flag('--run-as-user <uid>', 'user of the pods; none: as image and platform decide (OpenShift)')
      .argParser(idOrNone)
      .default(DEFAULT_USER),
    flag('--fs-group <gid>', 'group that volumes are made writable for; none: as the platform decides')
      .argParser(idOrNone)
      .default(DEFAULT_USER),
    flag(
      '--propagate-labels <keys>',
      'labels of a job that its Jobs, pods, ConfigMaps and metrics get too: keys, by commas',
    )
      .argParser(labelKeys)
      .default([], 'none'),
    flag(
      '--pod-defaults <json>',
      'what the pods get where a job’s templates say nothing: a map of fields of spec.cluster.workerTemplate',
    ).argParser(podDefaults),
    flag(
      '--pod-classes <json>',
      'the same by name, for jobs that name one in spec.cluster.className: a map of names to such maps',
    ).argParser(podClasses),
    flag('--metrics-address <host:port>', 'where to serve /metrics; empty: nowhere')
      .argParser(address)
      .default({ host: ANY_HOST, port: 8080 }, '[::]:8080, IPv4 too'),
    flag('--health-address <host:port>', 'where to serve /healthz and /readyz; empty: nowhere')
      .argParser(address)
      .default({ host: ANY_HOST, port: 8081 }, '[::]:8081, IPv4 too'),
    flag('--concurrency <n>', 'jobs reconciled at the same time').argParser(positive).default(4),
    flag('--poll-interval <time>', 'how often a running pod of each job is asked for its progress')
      .argParser(duration)
      .default(5000, '5s'),
    flag('--resync <time>', 'look at every job again this often though nothing changed')
      .argParser(duration)
      .default(600_000, '10m'),
    flag('--log-level <level>', 'least severe kind of line that is logged').choices(LOG_LEVELS).default('info'),
  ];
}

/** An option that can also be set by `DISTILL_OPERATOR_<NAME>`. */
function flag(flags: string, description: string): Option {
  const option = new Option(flags, description);
  return option.env(`${ENV_PREFIX}${option.name().replaceAll('-', '_').toUpperCase()}`);
}

/**
 * The environment as arguments that precede those of the command line, which therefore take precedence. (commander's own support for
 * environment variables can neither turn a boolean off nor name the variable in its message.)
 */
function environmentArguments(command: Command, env: NodeJS.ProcessEnv, argv: readonly string[]): string[] {
  return command.options.flatMap((option) => {
    const text = option.envVar === undefined ? undefined : env[option.envVar];
    const flagName = option.long ?? '';
    if (text === undefined) return [];
    // Values of --namespace accumulate, so the environment's must be dropped when the command line has some.
    if (flagName === '--namespace' && argv.some((arg) => arg === flagName || arg.startsWith(`${flagName}=`))) return [];
    if (option.isBoolean()) {
      if (text !== 'true' && text !== 'false') refuse(command, option, { text, why: 'It must be true or false.' });
      return [text === 'true' ? flagName : flagName.replace('--', '--no-')];
    }
    try {
      option.parseArg?.(text, option.defaultValue);
    } catch (thrown) {
      if (!(thrown instanceof InvalidArgumentError)) throw thrown;
      refuse(command, option, { text, why: thrown.message });
    }
    return [`${flagName}=${text}`];
  });
}

function refuse(command: Command, option: Option, { text, why }: { text: string; why: string }): never {
  command.error(`error: environment variable ${option.envVar ?? ''} value '${text}' is invalid. ${why}`);
}

/** Whether a thrown value ends the program without an error: `--help`, `--version`. */
export const isGracefulExit = (thrown: unknown): boolean => thrown instanceof CommanderError && thrown.exitCode === 0;
