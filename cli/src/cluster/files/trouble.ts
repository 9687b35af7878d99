import type { WireEvent } from '@distillation/kube/resources';
import type { WirePod } from '@distillation/kube/wire';

/** What keeps the pod from running, and what to do about it. */
interface Trouble {
  readonly message: string;
  readonly fix: string;
  /** Whether waiting would not help. */
  readonly final: boolean;
}

const IMAGE_FIX =
  'Name an image that the nodes can pull by --image, and the secret for it as `imagePullSecrets` of the job’s workerTemplate.';
const NODE_FIX =
  'Wait until that node has room or is back, or end the pod there that holds the claim; a claim that is ReadWriteMany has no such limit.';
const STORAGE_FIX = 'See what `kubectl describe pvc` says of the claim, and at the storage behind it.';

/** @param events of the pod, in any order; none where they may not be read */
export function troubleOf(pod: WirePod, events: readonly WireEvent[]): Trouble | undefined {
  const { status } = pod;
  const [container] = status?.containerStatuses ?? [];
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return ended(pod);
  const waiting = container?.state?.waiting;
  if (waiting?.reason !== undefined && !['ContainerCreating', 'PodInitializing'].includes(waiting.reason)) {
    return notStarted(pod, waiting.reason, waiting.message ?? '');
  }
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False') return notPlaced(scheduled.message ?? scheduled.reason ?? '');
  const warning = events.filter(({ type }) => type === 'Warning').at(-1);
  if (warning === undefined) return undefined;
  const { reason = '', note = '' } = warning;
  if (/Multi-Attach|already (?:used|attached)/i.test(note)) {
    return { message: `The claim is in use on another node: ${note}`, fix: NODE_FIX, final: false };
  }
  return { message: `${reason}: ${note}`, fix: STORAGE_FIX, final: false };
}

function ended({ status }: WirePod): Trouble {
  const { exitCode, message } = status?.containerStatuses?.[0]?.state?.terminated ?? {};
  const why = [status?.reason, status?.message, message].filter((part) => part !== undefined && part !== '').join(': ');
  const code = exitCode === undefined ? '' : ` with exit code ${exitCode}`;
  return {
    message: `The pod ended${code} before anything could be done${why === '' ? '.' : `: ${why}`}`,
    fix: 'See that the image is the worker’s, of the version of this command line (`--image`).',
    final: true,
  };
}

function notStarted({ spec }: WirePod, reason: string, message: string): Trouble {
  const image = spec?.containers[0]?.image ?? '';
  if (/Image|ErrPull/.test(reason)) {
    // The first failure of a pull may be one of the network.
    const final = reason !== 'ErrImagePull';
    return { message: `The image ${image} cannot be pulled: ${message || reason}`, fix: IMAGE_FIX, final };
  }
  return {
    message: `The container cannot be started (${reason}): ${message}`,
    fix: 'Correct what the kubelet names; the user of the pod is that of the operator’s --run-as-user.',
    final: true,
  };
}

function notPlaced(message: string): Trouble {
  if (/volume node affinity conflict|ReadWriteOncePod|node\(s\) didn't match Pod's node affinity/.test(message)) {
    return { message: `The node that holds the claim takes no further pod: ${message}`, fix: NODE_FIX, final: false };
  }
  if (/persistentvolumeclaim "[^"]*" not found/.test(message)) {
    return { message: `The claim is gone: ${message}`, fix: STORAGE_FIX, final: true };
  }
  if (message.includes('unbound immediate PersistentVolumeClaims')) {
    return { message: `The claim has no volume: ${message}`, fix: STORAGE_FIX, final: false };
  }
  return {
    message: `No node takes the pod: ${message}`,
    fix: 'Wait until a node has room, or let the pod tolerate what the nodes are tainted with, by the job’s workerTemplate.',
    final: false,
  };
}
