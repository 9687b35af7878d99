import type { V1Affinity, V1PodSpec, V1Toleration } from '@kubernetes/client-node';
import { DistillError } from '@distillation/api/errors';
import type { ClusterSpec } from '@distillation/api/job';
import { LABEL } from '@distillation/api/labels';
import { VOLUMES_FOLDER } from '@distillation/api/transfer';
import type { Wire, WirePod } from '@distillation/kube/wire';

/** The short-lived pod through which files are copied to and from claims. */

export const CONTAINER = 'files';

/** Labels by which such a pod is known. It is none of a job's, whose pods the operator finds by labels of its own. */
export const FILES_LABELS = {
  [LABEL.managedBy]: 'kubectl-distill',
  'app.kubernetes.io/part-of': 'distillation',
  'app.kubernetes.io/component': 'files',
} as const;

/** How long the command line waits for the pod to start, in seconds. */
const PATIENCE = 'distillation.dev/start-timeout-seconds';

/** A day: nobody's copy takes longer, and a pod whose command line was killed ends long before that by itself. */
const DEADLINE_SECONDS = 86_400;

export const VOLUMES = ['work', 'teacher', 'dataset'] as const;
type VolumeName = (typeof VOLUMES)[number];

export interface Claim {
  readonly claimName: string;
  readonly subPath?: string | undefined;
}

/** Claims by the name under which they are mounted. */
export type Mounts = Readonly<Partial<Record<VolumeName, Claim>>>;

/** The claims of a job, by the names that its pods mount them under. @throws DistillError DISTILL_E_MANIFEST_INVALID without any */
export function mountsOf({
  volume,
  teacherVolume,
  datasetVolume,
}: Pick<ClusterSpec, 'volume' | 'teacherVolume' | 'datasetVolume'>): Mounts {
  if (volume === undefined) {
    throw new DistillError('DISTILL_E_MANIFEST_INVALID', 'The field spec.cluster.volume is absent.', {
      subject: 'spec.cluster.volume',
      fix: 'Write `volume: {claimName: NAME}` there.',
    });
  }
  return {
    work: volume,
    ...(teacherVolume !== undefined && { teacher: teacherVolume }),
    ...(datasetVolume !== undefined && { dataset: datasetVolume }),
  };
}

/** What the pods of jobs are run by, and this one too. */
export interface PodSettings {
  readonly image: string;
  readonly imagePullPolicy?: string | undefined;
  readonly runAsUser?: number | undefined;
  readonly fsGroup?: number | undefined;
  readonly imagePullSecrets?: Wire<V1PodSpec>['imagePullSecrets'];
  readonly nodeSelector?: Readonly<Record<string, string>> | undefined;
  readonly tolerations?: readonly Wire<V1Toleration>[] | undefined;
}

/** Requests and limits of the container. */
export interface ContainerResources {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

/** What copying takes. */
export const COPYING: ContainerResources = {
  requests: { cpu: '100m', memory: '128Mi' },
  limits: { memory: '512Mi' },
};

interface FilesPod {
  readonly name: string;
  readonly namespace: string;
  readonly settings: PodSettings;
  readonly mounts: Mounts;
  readonly readOnly: boolean;
  readonly resources: ContainerResources;
  /** The node that holds a claim which only one node may mount. */
  readonly node?: string | undefined;
  /** How long the command line waits for it to start. */
  readonly timeoutSeconds: number;
}

/** Clocks of two machines may differ by so much, and a pod be deleted so late. */
const MARGIN_SECONDS = 600;

/**
 * Whether a pod of such a command is left over, its command line having been killed: it has ended by itself, or waits to start for longer
 * than anybody waits for it. Pure.
 */
export function isLeftOver({ metadata, status }: WirePod, now: Date): boolean {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return true;
  const patience = Number(metadata?.annotations?.[PATIENCE] ?? Infinity);
  const age = (now.getTime() - Date.parse(metadata?.creationTimestamp ?? '')) / 1000;
  return status?.phase === 'Pending' && age > patience + MARGIN_SECONDS;
}

/** As Pod Security level `restricted` demands, and as the pods of jobs: what one writes the others can. */
export function filesPod(wanted: FilesPod): WirePod {
  const { name, namespace, settings, mounts, readOnly, resources, node, timeoutSeconds } = wanted;
  const { image, imagePullPolicy, runAsUser, fsGroup, imagePullSecrets, nodeSelector, tolerations } = settings;
  const entries = VOLUMES.flatMap((volume) =>
    mounts[volume] === undefined ? [] : [[volume, mounts[volume]] as const],
  );
  const claims = [...new Set(entries.map(([, { claimName }]) => claimName))];
  return {
    metadata: { name, namespace, labels: FILES_LABELS, annotations: { [PATIENCE]: String(timeoutSeconds) } },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 5,
      activeDeadlineSeconds: DEADLINE_SECONDS,
      securityContext: {
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
        ...(runAsUser !== undefined && { runAsUser, runAsGroup: runAsUser }),
        ...(fsGroup !== undefined && { fsGroup, fsGroupChangePolicy: 'OnRootMismatch' }),
      },
      ...(imagePullSecrets !== undefined && { imagePullSecrets }),
      ...(nodeSelector !== undefined && { nodeSelector }),
      ...(tolerations !== undefined && { tolerations }),
      ...(node !== undefined && { affinity: onNode(node) }),
      containers: [
        {
          name: CONTAINER,
          image,
          ...(imagePullPolicy !== undefined && { imagePullPolicy }),
          args: ['files', 'hold'],
          env: ['HOME', 'TMPDIR'].map((variable) => ({ name: variable, value: '/tmp' })),
          resources,
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          volumeMounts: [
            ...entries.map(([volume, { claimName, subPath }]) => ({
              name: `claim-${claims.indexOf(claimName)}`,
              mountPath: `${VOLUMES_FOLDER}/${volume}`,
              ...(subPath !== undefined && { subPath }),
              ...(readOnly && { readOnly }),
            })),
            { name: 'scratch', mountPath: '/tmp' },
          ],
        },
      ],
      // One volume a claim, however many folders of it are mounted: a kubelet may wait for ever for one that is listed twice.
      volumes: [
        ...claims.map((claimName, index) => ({ name: `claim-${index}`, persistentVolumeClaim: { claimName } })),
        { name: 'scratch', emptyDir: {} },
      ],
    },
  };
}

const onNode = (node: string): Wire<V1Affinity> => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
    },
  },
});
