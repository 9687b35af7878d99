import type {
  V1Container,
  V1EnvVar,
  V1PodSpec,
  V1PodTemplateSpec,
  V1Toleration,
  V1Volume,
} from '@kubernetes/client-node';
import { ANY_HOST, addressText } from '@distillation/runtime/address';
import type { DistillationJobSpec } from '@distillation/api/job';
import type { DistillationJobObject } from './snapshot.ts';
import type { Wire } from '@distillation/kube/wire';
import type { ChildConfig } from './config.ts';
import { FILE } from './config-maps.ts';
import { WORKER_PORT } from '@distillation/api/labels';
import { childLabels, propagatedLabels, type ChildIdentity } from './labels.ts';
import type { Role } from '@distillation/api/words';
import { childName } from './names.ts';
import { gpuOf, resourcesOf } from '@distillation/core/pod-resources';
import { defaultsFor } from '@distillation/core/pod-classes';
import { type PodTemplate, templateOf } from '@distillation/core/pod-template';
import { MOUNT, claimMounts, podVolumes } from './volumes.ts';

/** Name of the operator's one container in every pod. */
export const CONTAINER = 'worker';

/** Name of the port that serves `/progress`, `/metrics` and `/healthz`. */
const PORT_NAME = 'metrics';

interface PodInput {
  readonly config: ChildConfig;
  /** For workers: bin of each completion index. */
  readonly bins?: readonly number[];
}

/**
 * The pod template of a Job: image, resources and placement from the user's template, the rest as Pod Security level `restricted` requires.
 * Work is checkpointed, so pods leave a dead node quickly. Containers are never restarted in place: each run is a pod of its own, whose
 * termination message can still be read.
 *
 * @throws DISTILL_E_MANIFEST_INVALID without a working volume
 */
export function podTemplate(
  job: DistillationJobObject,
  identity: ChildIdentity,
  { config, bins }: PodInput,
): Wire<V1PodTemplateSpec> {
  const { role, revision } = identity;
  const template = templateOf(role, job.spec.cluster, defaultsFor(job.spec.cluster, config));
  const { volumes, volumeMounts } = podVolumes(
    claimMounts(job.spec.cluster),
    childName(job.metadata.name, { role, revision }),
  );
  const spec: Wire<V1PodSpec> = {
    restartPolicy: 'Never',
    ...(template.serviceAccountName !== undefined && { serviceAccountName: template.serviceAccountName }),
    automountServiceAccountToken: template.automountServiceAccountToken ?? false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 30,
    securityContext: {
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
      ...(config.runAsUser !== undefined && { runAsUser: config.runAsUser, runAsGroup: config.runAsUser }),
      // Only if the root of the volume belongs to another group: changing every file of a data set takes minutes.
      ...(config.fsGroup !== undefined && { fsGroup: config.fsGroup, fsGroupChangePolicy: 'OnRootMismatch' }),
    },
    ...placement(template),
    containers: [
      {
        name: CONTAINER,
        image: template.image ?? config.workerImage,
        ...(config.imagePullPolicy !== undefined && { imagePullPolicy: config.imagePullPolicy }),
        args: argumentsOf(role, job.spec, config),
        env: environment(job.spec, template, bins),
        ...(template.envFrom !== undefined && { envFrom: copyOf(template.envFrom) }),
        ports: [{ name: PORT_NAME, containerPort: WORKER_PORT, protocol: 'TCP' }],
        resources: resourcesOf(template, gpuOf(role, job.spec)),
        ...PROBES,
        terminationMessagePolicy: 'FallbackToLogsOnError',
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [...volumeMounts, ...copyOf(template.volumeMounts ?? [])],
      },
    ],
    volumes: [...volumes, ...copyOf(template.volumes ?? []).map(volumeOf)],
  };
  const { labels, annotations } = template;
  // The operator's own labels override the user's, which the API forbids to set them.
  const metadata = {
    labels: { ...propagatedLabels(job, config), ...labels, ...childLabels(job, identity) },
    ...(annotations && { annotations: { ...annotations } }),
  };
  return { metadata, spec };
}

const healthz = { httpGet: { path: '/healthz', port: PORT_NAME } };

/**
 * A separate thread answers the probes and reports "hung" only after minutes without a step (worker/src/serve), so few failures suffice.
 * Under load that thread takes seconds to start; the initial delay avoids an event for it.
 */
const PROBES: Pick<Wire<V1Container>, 'startupProbe' | 'livenessProbe'> = {
  startupProbe: { ...healthz, initialDelaySeconds: 3, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 60 },
  livenessProbe: { ...healthz, periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 4 },
};

const COMMAND: Record<Role, string> = { planner: 'plan', worker: 'train', finalizer: 'finalize' };

/** The image's entrypoint is the worker. */
function argumentsOf(role: Role, spec: DistillationJobSpec, { requireGpu }: ChildConfig): string[] {
  const { teacherVolume, datasetVolume } = spec.cluster;
  return [
    COMMAND[role],
    ...['--job', `${MOUNT.config}/${FILE.job}`],
    ...['--volume', MOUNT.work],
    ...(teacherVolume === undefined ? [] : ['--teacher-volume', MOUNT.teacher]),
    ...(datasetVolume === undefined ? [] : ['--dataset-volume', MOUNT.dataset]),
    ...(role === 'worker'
      ? ['--schedule', `${MOUNT.config}/${FILE.schedule}`, '--plan', `${MOUNT.config}/${FILE.plan}`]
      : []),
    ...(requireGpu && gpuOf(role, spec) !== undefined ? ['--gpu', 'required'] : []),
    ...['--listen', addressText({ host: ANY_HOST, port: WORKER_PORT })],
  ];
}

/** The same as what a pod holds: a list of the spec is not to be changed. */
const copyOf = <Entry extends object>(list: readonly Entry[]): Entry[] => list.map((entry) => ({ ...entry }));

/** As the API server returns it: a quantity is a text. */
function volumeOf({ emptyDir, ...volume }: NonNullable<PodTemplate['volumes']>[number]): Wire<V1Volume> {
  if (emptyDir === undefined) return volume;
  const { sizeLimit, ...rest } = emptyDir;
  return { ...volume, emptyDir: { ...rest, ...(sizeLimit !== undefined && { sizeLimit: String(sizeLimit) }) } };
}

const fromPod = (name: string, fieldPath: string): Wire<V1EnvVar> => ({ name, valueFrom: { fieldRef: { fieldPath } } });

/** The user's variables override the defaults, except for the operator's own (`DISTILL_...`), which the API forbids to set. */
function environment(
  { dataset }: DistillationJobSpec,
  template: PodTemplate,
  bins?: readonly number[],
): Wire<V1EnvVar>[] {
  const defaults: Wire<V1EnvVar>[] = [
    { name: 'HOME', value: MOUNT.scratch },
    { name: 'TMPDIR', value: MOUNT.scratch },
    { name: 'TF_CPP_MIN_LOG_LEVEL', value: '2' },
    // Node does file I/O on four threads by default; loader threads would queue for them, and the ledger's I/O needs some too.
    { name: 'UV_THREADPOOL_SIZE', value: String(4 + dataset.loaderThreads) },
    fromPod('POD_NAME', 'metadata.name'),
    fromPod('POD_IP', 'status.podIP'),
    fromPod('NODE_NAME', 'spec.nodeName'),
  ];
  const own = bins === undefined ? [] : [{ name: 'DISTILL_BINS', value: bins.join(',') }];
  // Of variables with the same name the last one wins: server-side apply rejects duplicates.
  const all = [...defaults, ...copyOf(template.env ?? []), ...own];
  return [...new Map(all.map((variable) => [variable.name, variable])).values()];
}

/**
 * How long a pod stays bound to a dead node. Kubernetes' default of 300 s is wasted time: the work resumes elsewhere from its checkpoint.
 */
const DEAD_NODE_SECONDS = 30;

function placement(template: PodTemplate): Partial<Wire<V1PodSpec>> {
  const { nodeSelector, affinity, priorityClassName, imagePullSecrets, schedulerName, runtimeClassName } = template;
  return {
    tolerations: tolerations(template),
    ...(nodeSelector !== undefined && { nodeSelector: { ...nodeSelector } }),
    ...(affinity !== undefined && { affinity }),
    ...(priorityClassName !== undefined && { priorityClassName }),
    ...(imagePullSecrets !== undefined && { imagePullSecrets: [...imagePullSecrets] }),
    ...(schedulerName !== undefined && { schedulerName }),
    ...(runtimeClassName !== undefined && { runtimeClassName }),
  };
}

/** Ours and the user's. If the user tolerates a dead node's taint, ours is left out, since the shorter of the two would apply. */
function tolerations(template: PodTemplate): Wire<V1Toleration>[] {
  const theirs = (template.tolerations ?? []) as readonly Wire<V1Toleration>[];
  const ours = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
    .filter((key) => !theirs.some((toleration) => toleration.key === key))
    .map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: DEAD_NODE_SECONDS }));
  return [...ours, ...theirs];
}
