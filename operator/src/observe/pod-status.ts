import { COMPLETION_INDEX, roleOf } from '@distillation/api/labels';
import { EXIT } from '@distillation/api/errors';
import { otherVersion, type Reading } from '@distillation/api/reading';
import { readTermination, type Termination } from '@distillation/api/termination';
import { CONTAINER } from '../objects/pod.ts';
import type { WirePod } from '@distillation/kube/wire';
import { sameRelease, suspicion, wayOut } from '../problems/problems.ts';
import type { ProcessState } from '@distillation/core/state';

/** A pod's status, as far as it concerns the worker's container; others may have been injected by an admission webhook. */

/** How a pod ended. */
export interface PodEnd {
  /** Absent when the container never ran or its end was not observed (evicted, node lost). */
  readonly exitCode?: number;
  /** The worker's termination message, decoded. */
  readonly termination?: Termination;
  /** Why it ended, for people, as far as the pod's status says. */
  readonly error: ProcessState['termination'];
}

const FAILURES = 'batch.kubernetes.io/job-index-failure-count';
const MAX_TEXT = 2000;
/** Higher exit codes mean death by a signal. */
const MAX_EXIT = 128;

/** Status of the worker's container. */
export const containerOf = (pod: Pick<WirePod, 'status'>) =>
  pod.status?.containerStatuses?.find(({ name }) => name === CONTAINER);

/** Completion index of an Indexed Job's pod. */
export function indexOf(pod: WirePod): number | undefined {
  const text = pod.metadata?.annotations?.[COMPLETION_INDEX] ?? pod.metadata?.labels?.[COMPLETION_INDEX];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/**
 * Number of earlier failed pods of its index, as the Job controller counts them; undefined unless the Job has a backoff limit per index.
 */
export function failuresBefore({ metadata }: WirePod): number | undefined {
  const text = metadata?.annotations?.[FAILURES];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Whether all its containers have ended. Until then it holds its node's resources, and its Job ignores how the worker ended. */
export const isOver = ({ status }: WirePod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

/**
 * Whether the worker has ended while an injected container (a proxy, a log shipper) keeps running. A native sidecar (an init container with
 * `restartPolicy: Always`) does not count, since the kubelet stops it.
 */
export function lingers(pod: WirePod): boolean {
  if (isOver(pod) || containerOf(pod)?.state?.terminated === undefined) return false;
  return (
    pod.status?.containerStatuses?.some(({ name, state }) => name !== CONTAINER && state?.terminated === undefined) ??
    false
  );
}

/** Whether its worker has neither succeeded nor failed. */
export function isActive(pod: WirePod): boolean {
  return !isOver(pod) && containerOf(pod)?.state?.terminated === undefined;
}

/** Whether its container runs or has run. */
export function hasStarted(pod: WirePod): boolean {
  const state = containerOf(pod)?.state;
  return state?.running !== undefined || !isActive(pod);
}

export const isRunning = (pod: WirePod): boolean => isActive(pod) && hasStarted(pod);

/** Whether it runs and is not being deleted; a deleted pod may be on a node that is lost. */
export const isAtWork = (pod: WirePod): boolean => isRunning(pod) && pod.metadata?.deletionTimestamp === undefined;

/** Whether it waits to start and is not being deleted. */
export const isPending = (pod: WirePod): boolean =>
  isActive(pod) && !hasStarted(pod) && pod.metadata?.deletionTimestamp === undefined;

/** Whether its container runs but has not passed its startup probe yet. */
export const isStarting = (pod: WirePod): boolean => isAtWork(pod) && containerOf(pod)?.started === false;

/** Whether it can be polled for its progress. */
export function isReady(pod: WirePod): boolean {
  const ready = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
  return ready && isAtWork(pod);
}

/** Whether its container was killed by SIGKILL or SIGTERM and left no termination message of ours; its events may say why. */
export function isKilledSilently(pod: WirePod): boolean {
  const end = endOf(pod);
  const code = end?.exitCode;
  return end?.termination === undefined && end?.error?.code === undefined && (code === 137 || code === 143);
}

/** Whether its container has ended and its status says when. */
export const hasEnded = (pod: WirePod): boolean => containerOf(pod)?.state?.terminated !== undefined;

/** Seconds for which the container ran between two times, all in whole seconds since the epoch like the container's own times. */
export function ranSeconds(pod: WirePod, from: number, to: number): number {
  const { running, terminated } = containerOf(pod)?.state ?? {};
  const started = terminated?.startedAt ?? running?.startedAt;
  if (started === undefined) return 0;
  const ended = terminated === undefined ? to : Math.min(to, secondsOf(terminated.finishedAt ?? started));
  return Math.max(0, ended - Math.max(from, secondsOf(started)));
}

const secondsOf = (time: string): number => Math.floor(Date.parse(time) / 1000);

/** Keyed by object identity, since decoding a termination message is costly and the caches return the same object until it changes. */
const ends = new WeakMap<WirePod, PodEnd>();

/** How the pod ended; undefined while its worker is active. */
export function endOf(pod: WirePod): PodEnd | undefined {
  if (isActive(pod)) return undefined;
  const end = ends.get(pod) ?? readEnd(pod);
  ends.set(pod, end);
  return end;
}

function readEnd(pod: WirePod): PodEnd {
  const terminated = containerOf(pod)?.state?.terminated;
  if (terminated === undefined) {
    const { reason, message } = pod.status ?? {};
    const text = [reason, message].filter((part) => part !== undefined && part !== '').join(': ');
    return { error: text === '' ? undefined : { message: `Its pod was ended from outside: ${text}` } };
  }
  const { exitCode, message } = terminated;
  const found: Reading<Termination> = message === undefined ? { as: 'Damaged' } : readTermination(message);
  if (found.as === 'Value') return { exitCode, termination: found.value, error: errorOf(found.value) };
  if (found.as === 'OtherVersion') {
    const text = `Its termination message ${otherVersion(found)}.`;
    return { exitCode, error: { message: text, fix: sameRelease(roleOf(pod)) } };
  }
  if (terminated.reason === 'OOMKilled') return { exitCode, error: outOfMemory(pod) };
  return {
    exitCode,
    error: exitCode > MAX_EXIT ? lastLines(exitCode, message) : withoutMessage(pod, exitCode, message),
  };
}

function errorOf(termination: Termination): ProcessState['termination'] {
  if (termination.type !== 'Error') return undefined;
  const { code, message, fix } = termination;
  return { code, message: clip(message), fix: clip(fix) };
}

function outOfMemory(pod: WirePod): ProcessState['termination'] {
  const limit = pod.spec?.containers.find(({ name }) => name === CONTAINER)?.resources?.limits?.['memory'];
  const bound = limit === undefined ? 'the memory of its node' : `its memory limit of ${limit}`;
  const code = 'DISTILL_E_OUT_OF_MEMORY';
  const fix = wayOut('OOMKilled', roleOf(pod));
  return { code, message: `The container exceeded ${bound} and was killed (OOMKilled).`, fix };
}

/**
 * It exited without a worker's termination message, so its exit code may not have a worker's meaning: from another image, 64 says nothing
 * about the job's input.
 */
function withoutMessage(pod: WirePod, exitCode: number, message: string | undefined): ProcessState['termination'] {
  const bare =
    exitCode === EXIT.ok
      ? 'It ended without an error and said nothing of its work.'
      : `It ended with exit code ${exitCode} and no message.`;
  return { message: bare, ...lastLines(exitCode, message), fix: suspicion(roleOf(pod)) };
}

/** With `terminationMessagePolicy: FallbackToLogsOnError`, a message that is not ours is the end of the log. */
function lastLines(exitCode: number, message: string | undefined): ProcessState['termination'] {
  const text = message?.trim() ?? '';
  if (text === '') return undefined;
  return { message: `It ended with exit code ${exitCode}; its log ends: ${clip(text.slice(-MAX_TEXT))}` };
}

/**
 * Whether its Job will not retry it: it succeeded, or it exited with a code on which the pod failure policy fails the Job. Such a Job must
 * not be suspended, which would delete the pod and its log before the Job controller has counted it.
 */
export function isLast(pod: WirePod): boolean {
  const exitCode = endOf(pod)?.exitCode;
  return exitCode === EXIT.ok || exitCode === EXIT.usage || exitCode === EXIT.input || exitCode === EXIT.config;
}

const clip = (text: string): string => (text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}...`);
