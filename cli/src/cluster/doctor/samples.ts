import type { WirePod } from '@distillation/kube/wire';
import { type Check, problem } from '../../present/check.ts';
import type { JobObject } from '../jobs.ts';

/** The pods that lay the samples of a first job onto its claim (manifests/quickstart, the chart's quickstart). */
export const SAMPLES_SELECTOR = 'app.kubernetes.io/name=distillation-samples';

/**
 * Why the samples that a job waits for do not come. Nobody else tells: the pods are not the job's own. Pure.
 * @param pods those of `SAMPLES_SELECTOR` in its namespace
 * @returns nothing while they are on their way, or are not what it waits for
 */
export function judgeSamples({ metadata, spec, status }: JobObject, pods: readonly WirePod[]): Check[] {
  const waits = status?.conditions?.some(({ reason }) => reason === 'WaitingForInputs') ?? false;
  const { claimName } = spec.cluster.volume ?? {};
  if (!waits || claimName === undefined) return [];
  const own = pods
    .filter((pod) => pod.spec?.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === claimName))
    .sort((a, b) => madeAt(a) - madeAt(b));
  const last = own.at(-1);
  const words = last === undefined ? undefined : troubleOf(last);
  if (last === undefined || words === undefined) return [];
  const { namespace } = metadata;
  const by = `npm start -- --prepare, then kubectl distill push --claim ${claimName} distill-data/teachers distill-data/datasets -n ${namespace}`;
  return [
    problem(
      'samples',
      `pod ${last.metadata?.name ?? ''}, which is to bring them, ${words}`,
      `Its log: kubectl logs ${last.metadata?.name ?? ''} -n ${namespace}. Without a way to the registry, in a clone after npm ci: ${by}`,
    ),
  ];
}

const madeAt = ({ metadata }: WirePod): number => Date.parse(String(metadata?.creationTimestamp ?? 0));

/** The words of a pod that ended badly or cannot start. */
function troubleOf({ status }: WirePod): string | undefined {
  const [container] = status?.containerStatuses ?? [];
  const { terminated, waiting } = container?.state ?? {};
  if (terminated !== undefined && terminated.exitCode !== 0) {
    const { exitCode, message = '' } = terminated;
    return `failed (exit code ${exitCode})${message === '' ? '' : `: ${message.trim().split('\n').at(-1) ?? ''}`}`;
  }
  if (waiting?.reason !== undefined && /BackOff|Err|Invalid/.test(waiting.reason))
    return `cannot start: ${waiting.reason}${waiting.message === undefined ? '' : `: ${waiting.message}`}`;
  if (status?.phase === 'Failed') return `failed${status.message === undefined ? '' : `: ${status.message}`}`;
  return undefined;
}
