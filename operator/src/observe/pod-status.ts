import { EXIT } from '@distillation/api/errors';
import { type Termination, decodeTermination } from '@distillation/api/termination';
import { roleOf } from '../objects/labels.ts';
import { CONTAINER } from '../objects/pod.ts';
import type { WirePod } from '@distillation/kube/wire';
import { suspicion, wayOut } from '../diagnosis/reasons.ts';
import type { ProcessState } from '@distillation/core/state';

/** What a pod's status says of the one container that matters; others may have been added by an admission webhook. */

/** How a pod ended. */
export interface PodEnd {
  /** Absent when the container never ran or nobody saw it end: evicted, its node gone. */
  readonly exitCode?: number;
  /** Last words in our format. */
  readonly termination?: Termination;
  /** For people: why it ended, as far as the pod tells. */
  readonly error: ProcessState['termination'];
}

const INDEX = 'batch.kubernetes.io/job-completion-index';
const FAILURES = 'batch.kubernetes.io/job-index-failure-count';
const MAX_SAID = 2000;
/** Higher ones are of signals. */
const MAX_EXIT = 128;

/** Status of the container that matters. */
export const containerOf = (pod: Pick<WirePod, 'status'>) =>
  pod.status?.containerStatuses?.find(({ name }) => name === CONTAINER);

/** Completion index of an Indexed Job's pod. */
export function indexOf(pod: WirePod): number | undefined {
  const text = pod.metadata?.annotations?.[INDEX] ?? pod.metadata?.labels?.[INDEX];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Pods of its index that failed before it, as the Job controller counts them; undefined of another kind of Job. */
export function failuresBefore({ metadata }: WirePod): number | undefined {
  const text = metadata?.annotations?.[FAILURES];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Every container of it has ended: until then it holds its node's resources, and its Job takes no notice of how its worker ended. */
export const isOver = ({ status }: WirePod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

/**
 * Its worker has ended and a container that was added to it (a proxy, a log shipper) has not, nor will: one that Kubernetes knows as a
 * sidecar, an init container that restarts always, is ended by the kubelet and does not count.
 */
export function lingers(pod: WirePod): boolean {
  if (isOver(pod) || containerOf(pod)?.state?.terminated === undefined) return false;
  return (
    pod.status?.containerStatuses?.some(({ name, state }) => name !== CONTAINER && state?.terminated === undefined) ??
    false
  );
}

/** Its worker has neither succeeded nor failed. */
export function isActive(pod: WirePod): boolean {
  return !isOver(pod) && containerOf(pod)?.state?.terminated === undefined;
}

/** Its container runs, or did. */
export function hasStarted(pod: WirePod): boolean {
  const state = containerOf(pod)?.state;
  return state?.running !== undefined || !isActive(pod);
}

export const isRunning = (pod: WirePod): boolean => isActive(pod) && hasStarted(pod);

/** It runs and is to go on: one that was told to end, perhaps on a node that is gone, does not count. */
export const isAtWork = (pod: WirePod): boolean => isRunning(pod) && pod.metadata?.deletionTimestamp === undefined;

/** It waits to start, and nobody has told it to end. */
export const isPending = (pod: WirePod): boolean =>
  isActive(pod) && !hasStarted(pod) && pod.metadata?.deletionTimestamp === undefined;

/** Its container runs and has yet to answer its start-up probe. */
export const isStarting = (pod: WirePod): boolean => isAtWork(pod) && containerOf(pod)?.started === false;

/** It can be asked for its progress. */
export function isReady(pod: WirePod): boolean {
  const ready = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
  return ready && isAtWork(pod);
}

/** Its container was ended by SIGKILL or SIGTERM and left no words of ours: its events may say why. */
export function isKilledSilently(pod: WirePod): boolean {
  const end = endOf(pod);
  const code = end?.exitCode;
  return end?.termination === undefined && end?.error?.code === undefined && (code === 137 || code === 143);
}

/** Its container has ended, and its status says when. */
export const hasEnded = (pod: WirePod): boolean => containerOf(pod)?.state?.terminated !== undefined;

/** Whole seconds of UNIX time between these two for which the container ran; its own times are whole seconds. */
export function ranSeconds(pod: WirePod, from: number, to: number): number {
  const { running, terminated } = containerOf(pod)?.state ?? {};
  const started = terminated?.startedAt ?? running?.startedAt;
  if (started === undefined) return 0;
  const ended = terminated === undefined ? to : Math.min(to, secondsOf(terminated.finishedAt ?? started));
  return Math.max(0, ended - Math.max(from, secondsOf(started)));
}

const secondsOf = (time: string): number => Math.floor(Date.parse(time) / 1000);

/** By object, since reading a termination message takes a while: the caches hand out the same one until it changes. */
const ends = new WeakMap<WirePod, PodEnd>();

/** Undefined as long as it has not ended. */
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
  const termination = message === undefined ? undefined : decodeTermination(message);
  if (termination !== undefined) return { exitCode, termination, error: errorOf(termination) };
  if (terminated.reason === 'OOMKilled') return { exitCode, error: outOfMemory(pod) };
  return { exitCode, error: exitCode > MAX_EXIT ? lastLines(exitCode, message) : wordless(pod, exitCode, message) };
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
 * It ended by itself and not in the worker's words, so that its exit code need not mean what it means of a worker: of another image, 64
 * tells nothing of our input.
 */
function wordless(pod: WirePod, exitCode: number, message: string | undefined): ProcessState['termination'] {
  const bare =
    exitCode === EXIT.ok
      ? 'It ended without an error and said nothing of its work.'
      : `It ended with exit code ${exitCode} and no message.`;
  return { message: bare, ...lastLines(exitCode, message), fix: suspicion(roleOf(pod)) };
}

/** With the policy `FallbackToLogsOnError` a message that is not ours is the end of the log. */
function lastLines(exitCode: number, message: string | undefined): ProcessState['termination'] {
  const text = message?.trim() ?? '';
  if (text === '') return undefined;
  return { message: `It ended with exit code ${exitCode}; its log ends: ${clip(text.slice(-MAX_SAID))}` };
}

/**
 * Its Job does not try it again: it did what it had to, or ended by a fault of the input, on which the pod failure policy ends the Job.
 * Such a Job needs no stopping, which would take the pod and its log away before the Job controller has counted it.
 */
export function isLast(pod: WirePod): boolean {
  const exitCode = endOf(pod)?.exitCode;
  return exitCode === EXIT.ok || exitCode === EXIT.usage || exitCode === EXIT.input || exitCode === EXIT.config;
}

const clip = (text: string): string => (text.length <= MAX_SAID ? text : `${text.slice(0, MAX_SAID)}...`);
