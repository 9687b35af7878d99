import { parseArgs } from 'node:util';
import { ADDRESS_WORDS, type Address, parseAddress } from '@distillation/runtime/address';
import { DistillError } from '@distillation/api/errors';

/** The arguments of every subcommand. */
export interface Invocation {
  /** Path of the job's file, validated and with defaults; `-` for stdin, up to an empty line or its end. */
  readonly job: string;
  /** Root of the volume for working files, student and report. */
  readonly volume: string;
  /** Root that `spec.teacher.path` is relative to. */
  readonly teacherVolume: string;
  /** Root that `spec.dataset.path` is relative to. */
  readonly datasetVolume: string;
  /** Path of the current schedule; when absent, the one on the volume is used. */
  readonly schedule?: string;
  /** Path of the plan's summary, from which a plan that is missing on the volume is made again. */
  readonly plan?: string;
  /** Address on which to serve progress, metrics and health; when absent, nothing is served. */
  readonly listen?: Address;
  /** Index of the bin, for `train`. */
  readonly bin?: number;
  /** Whether computing on a CPU is an error, because the pod was given a GPU. */
  readonly gpuRequired: boolean;
  /** For `plan`: prints the plan and leaves nothing on the volume. */
  readonly dryRun?: boolean;
}

const COMMANDS = ['plan', 'train', 'finalize'] as const;
type Command = (typeof COMMANDS)[number];

const OPTIONS = {
  job: { type: 'string' },
  volume: { type: 'string' },
  'teacher-volume': { type: 'string' },
  'dataset-volume': { type: 'string' },
  schedule: { type: 'string' },
  plan: { type: 'string' },
  listen: { type: 'string' },
  bin: { type: 'string' },
  gpu: { type: 'string' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * Parses the command line and the environment, which in a pod is that of an Indexed Job.
 * @returns undefined when help was asked for.
 * @throws DISTILL_E_USAGE naming the argument.
 */
export function parseInvocation(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): { readonly command: Command; readonly call: Invocation } | undefined {
  const { values, positionals } = parsed(argv);
  const [name, ...more] = positionals;
  if (values.help === true || name === undefined) return undefined;
  const command = COMMANDS.find((known) => known === name);
  if (command === undefined) throw usage(`There is no subcommand ${name}.`);
  if (more.length > 0) throw usage(`${more.join(' ')} is not understood after ${name}.`);
  const { job, volume, schedule, plan, listen, gpu } = values;
  if (job === undefined || volume === undefined) throw usage('--job and --volume are needed.');
  if (gpu !== undefined && gpu !== 'required') throw usage(`--gpu ${gpu}: only \`--gpu required\` is known.`);
  if (command === 'plan' && schedule !== undefined)
    throw usage('A plan comes before its schedule: leave out --schedule.');
  if (command === 'plan' && plan !== undefined) throw usage('`plan` makes the plan: leave out --plan.');
  const dryRun = values['dry-run'] === true;
  if (dryRun && command !== 'plan') throw usage(`\`${command}\` has no --dry-run; \`plan\` has.`);
  if (dryRun && listen !== undefined) throw usage('With --dry-run nothing is served: leave out --listen.');
  const bin = command === 'train' ? binOf(values.bin, env) : undefined;
  return {
    command,
    call: {
      job,
      volume,
      teacherVolume: values['teacher-volume'] ?? volume,
      datasetVolume: values['dataset-volume'] ?? volume,
      ...(schedule !== undefined && { schedule }),
      ...(plan !== undefined && { plan }),
      ...(listen !== undefined && { listen: listenAddress(listen) }),
      ...(bin !== undefined && { bin }),
      gpuRequired: gpu !== undefined,
      ...(dryRun && { dryRun }),
    },
  };
}

function parsed(
  argv: readonly string[],
): ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
  } catch (cause) {
    throw new DistillError('DISTILL_E_USAGE', cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

const usage = (message: string): DistillError => new DistillError('DISTILL_E_USAGE', message);

const isIndex = (text: string): boolean => /^\d+$/.test(text);

/** The bin given by the argument, otherwise that of the pod's completion index: an Indexed Job has only the bins that have work. */
function binOf(text: string | undefined, env: Readonly<Record<string, string | undefined>>): number {
  if (text !== undefined) {
    if (!isIndex(text)) throw usage(`--bin ${text} is not a bin index.`);
    return Number(text);
  }
  const { DISTILL_BINS: list, JOB_COMPLETION_INDEX: index } = env;
  if (list === undefined || index === undefined) {
    throw usage('`train` needs --bin, or DISTILL_BINS and JOB_COMPLETION_INDEX in the environment of its pod.');
  }
  const bins = list.split(',').map((bin) => bin.trim());
  const bin = isIndex(index) ? bins[Number(index)] : undefined;
  if (bin === undefined || !bins.every(isIndex)) {
    throw usage(`JOB_COMPLETION_INDEX=${index} names no bin of DISTILL_BINS=${list}.`);
  }
  return Number(bin);
}

function listenAddress(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw usage(`--listen ${text} is not ${ADDRESS_WORDS}.`);
  return address;
}
