import { ERRORS, EXIT, isErrorCode } from '@distillation/api/errors';
import { sentence, sentences } from '@distillation/api/sentences';
import { allOf, plural, someOf } from '@distillation/api/format';
import type { FailureCause, ProcessState, JobState } from './state.ts';

/** Why a job has failed, as messages for the user. */

/** The failure of the first process that exited because of invalid input, which no retry can fix. */
export function inputFailure({ planner, workers, finalizer }: JobState): FailureCause | undefined {
  const processes: (readonly [string, ProcessState])[] = [
    ['planner', planner],
    ...[...workers].sort(([a], [b]) => a - b).map(([bin, worker]) => [`bin ${bin}`, worker] as const),
    ['finalizer', finalizer],
  ];
  const faulty = processes.find(([, process]) => process.state === 'Exited' && isInputFault(process.exitCode));
  return faulty === undefined ? undefined : causeOf(...faulty);
}

/** The failure of a process that has used up its retries. */
export function giveUp(name: string, process: ProcessState): FailureCause {
  const cause = causeOf(name, process);
  return {
    ...cause,
    message: sentences(cause.message, `Given up after ${plural(process.ended, 'run')}`),
  };
}

/** The failure of a job whose finalizer had no trained block to build a student from. */
export function noBlockTrained({ plan, blocks }: JobState): FailureCause {
  const { reason, fix } = ERRORS.DISTILL_E_NO_BLOCK_TRAINED;
  const planned = new Set(plan?.blocks.map(({ name }) => name));
  const failed = blocks.filter(({ name, state }) => planned.has(name) && state === 'Failed');
  const codes = [...new Set(failed.map(({ failure }) => failure ?? ''))];
  const causes = codes.map((code) => {
    const names = failed.filter(({ failure = '' }) => failure === code).map(({ name }) => name);
    return `${someOf(names, MAX_NAMES)}${code === '' ? '' : ` by ${code}`}`;
  });
  const fixes = codes.flatMap((code) => (isErrorCode(code) ? ERRORS[code].fix : []));
  const which = failed.length === 0 ? '' : `: ${causes.join('; ')}`;
  return {
    process: 'job',
    exitCode: EXIT.input,
    code: 'DISTILL_E_NO_BLOCK_TRAINED',
    reason,
    message: `${allOf(planned.size, 'block')} failed to train${which}. The network returned is the teacher, unchanged.`,
    fix: fixes.length === 0 ? fix : sentences(...fixes),
  };
}

/** Maximum number of layer names in a message. */
const MAX_NAMES = 10;

const isInputFault = (code: number | undefined): boolean =>
  code === EXIT.usage || code === EXIT.input || code === EXIT.config;

function causeOf(name: string, { exitCode, termination }: ProcessState): FailureCause {
  const code = termination?.code !== undefined && isErrorCode(termination.code) ? termination.code : undefined;
  const known = code === undefined ? undefined : ERRORS[code];
  // A code from a newer worker's catalogue. Without any code, the process may not have been a worker at all.
  const isRefusal = termination?.code !== undefined && isInputFault(exitCode);
  const said = termination?.message ?? '';
  const fix = termination?.fix ?? known?.fix;
  return {
    process: name,
    exitCode,
    ...(code !== undefined && { code }),
    reason: known?.reason ?? (isRefusal ? 'InputRejected' : ERRORS.DISTILL_E_WORKER_FAILED.reason),
    message: sentence(`${label(name)}: ${said.trim() === '' ? describeExit(exitCode) : said}`),
    ...(fix !== undefined && { fix }),
  };
}

/** `Bin 3`, at the beginning of a sentence. */
const label = (name: string): string => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;

/** Signals by which a process ends for a fault of its own or of a library. */
const CRASHES: Readonly<Record<number, string>> = {
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  11: 'SIGSEGV',
};

/** Describes an exit code. Shells and container runtimes report death by signal n as 128 + n. */
export function describeExit(code: number | undefined): string {
  if (code === undefined) return 'It did not end by itself.';
  if (code === EXIT.ok) return 'It ended without an error, but its work is not done.';
  if (code === 137) return 'It was killed (exit code 137), by memory shortage of the node or by hand.';
  const crash = CRASHES[code - 128];
  if (crash !== undefined) return `It crashed (${crash}, exit code ${code}).`;
  if (code > 128) return `It was ended by signal ${code - 128}.`;
  return `It ended with exit code ${code} and no message.`;
}
