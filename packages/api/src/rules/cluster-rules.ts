import type { DistillationJobSpec } from '../job.ts';
import { CEL_IS_SHARED, isShared } from './resource-rules.ts';
import type { Rule } from './rule.ts';

/** Rules of `spec.cluster`, for what Kubernetes would refuse only when the pods are created, or would ignore. */

type Template = NonNullable<DistillationJobSpec['cluster']['workerTemplate']>;

/** Whether the operator sets this variable itself. */
const isReserved = (name: string): boolean => name.startsWith('DISTILL_') || name === 'JOB_COMPLETION_INDEX';

const templateRules: readonly Rule[] = (['workerTemplate', 'finalizerTemplate'] as const).flatMap((role): Rule[] => {
  const cel = `self.cluster.${role}`;
  const of = ({ cluster }: DistillationJobSpec): Template => cluster[role] ?? {};
  /** CEL that holds for every entry of a list of the template; `check` refers to the entry as `x`. */
  const each = (list: 'env' | 'tolerations' | 'volumes', check: string): string =>
    `!has(${cel}) || !has(${cel}.${list}) || ${cel}.${list}.all(x, ${check})`;
  const tolerations = (spec: DistillationJobSpec) => of(spec).tolerations ?? [];
  return [
    ...(['requests', 'limits'] as const).map((kind): Rule => ({
      field: `cluster.${role}.resources.${kind}`,
      message: 'names the resource of cluster.gpu',
      fix: 'Remove it, and write the number of GPUs as `cluster.gpu.count`.',
      cel: `!has(${cel}) || !has(${cel}.resources) || !has(${cel}.resources.${kind}) || !(self.cluster.gpu.resourceName in ${cel}.resources.${kind})`,
      holds: (spec) => !Object.hasOwn(of(spec).resources?.[kind] ?? {}, spec.cluster.gpu.resourceName),
    })),
    {
      field: `cluster.${role}.resources.requests`,
      message:
        'has an extended resource or huge pages without the same in limits, though no other pod can use what this one leaves',
      fix: 'Write the amount in limits alone: it counts as the request too.',
      cel: `!has(${cel}) || !has(${cel}.resources) || !has(${cel}.resources.requests) || ${cel}.resources.requests.all(k, ${CEL_IS_SHARED} || k == self.cluster.gpu.resourceName || (has(${cel}.resources.limits) && k in ${cel}.resources.limits && ${cel}.resources.requests[k] == ${cel}.resources.limits[k]))`,
      holds: (spec) => {
        const { requests = {}, limits = {} } = of(spec).resources ?? {};
        const { resourceName } = spec.cluster.gpu;
        return Object.keys(requests).every((k) => isShared(k) || k === resourceName || requests[k] === limits[k]);
      },
    },
    {
      field: `cluster.${role}.env`,
      message: 'names a variable of the operator (`DISTILL_...`, `JOB_COMPLETION_INDEX`)',
      fix: 'Choose another name, or remove it: the operator sets these.',
      cel: each('env', "!x.name.startsWith('DISTILL_') && x.name != 'JOB_COMPLETION_INDEX'"),
      holds: (spec) => !(of(spec).env ?? []).some(({ name }) => isReserved(name)),
    },
    ...(['volume', 'teacherVolume', 'datasetVolume'] as const).map((own): Rule => ({
      field: `cluster.${role}.volumes`,
      message: `names the claim of cluster.${own}, which the pods have already`,
      fix: 'Remove that volume; the job’s files are below /volumes.',
      cel: `!has(self.cluster.${own}) || ${each('volumes', `!has(x.persistentVolumeClaim) || x.persistentVolumeClaim.claimName != self.cluster.${own}.claimName`)}`,
      holds: ({ cluster }) =>
        !(cluster[role]?.volumes ?? []).some(
          ({ persistentVolumeClaim: claim }) => claim !== undefined && claim.claimName === cluster[own]?.claimName,
        ),
    })),
    {
      field: `cluster.${role}.tolerations`,
      message: 'has an entry with operator Exists and a value, which it would ignore',
      fix: 'Remove the value, or write `operator: Equal`.',
      cel: each('tolerations', "!has(x.value) || x.value == '' || !has(x.operator) || x.operator == 'Equal'"),
      holds: (spec) => tolerations(spec).every((x) => (x.value ?? '') === '' || x.operator !== 'Exists'),
    },
    {
      field: `cluster.${role}.tolerations`,
      message: 'has an entry without a key that is not of operator Exists',
      fix: 'Give the key of the taint, or write `operator: Exists` to tolerate every taint.',
      cel: each('tolerations', "has(x.key) || (has(x.operator) && x.operator == 'Exists')"),
      holds: (spec) => tolerations(spec).every((x) => x.key !== undefined || x.operator === 'Exists'),
    },
    {
      field: `cluster.${role}.tolerations`,
      message: 'has an entry with tolerationSeconds whose effect is not NoExecute',
      fix: 'Write `effect: NoExecute`, or remove tolerationSeconds.',
      cel: each('tolerations', "!has(x.tolerationSeconds) || (has(x.effect) && x.effect == 'NoExecute')"),
      holds: (spec) => tolerations(spec).every((x) => x.tolerationSeconds === undefined || x.effect === 'NoExecute'),
    },
  ];
});

const NO_SUCH_VOLUME = {
  message: 'mounts a volume that is not among the template’s volumes',
  fix: 'Add it to volumes, or correct the name.',
} as const;

/** Names of a list of a template, else of what stands for it, in CEL. */
const celNames = (role: string, list: 'volumes' | 'volumeMounts', otherwise: string): string =>
  `(has(self.cluster.${role}) && has(self.cluster.${role}.${list}) ? self.cluster.${role}.${list}.map(x, x.name) : ${otherwise})`;
const CEL_MOUNTED = celNames('workerTemplate', 'volumeMounts', '[]');
const CEL_VOLUMES = celNames('workerTemplate', 'volumes', '[]');

const areThere = ({ volumes = [], volumeMounts = [] }: Template): boolean =>
  volumeMounts.every((mount) => volumes.some(({ name }) => name === mount.name));

/** The finalizer's template takes over from the workers' each list that it leaves out. */
const mountRules: readonly Rule[] = [
  {
    field: 'cluster.workerTemplate.volumeMounts',
    ...NO_SUCH_VOLUME,
    cel: `${CEL_MOUNTED}.all(name, name in ${CEL_VOLUMES})`,
    holds: ({ cluster: { workerTemplate = {} } }) => areThere(workerTemplate),
  },
  {
    field: 'cluster.finalizerTemplate.volumeMounts',
    ...NO_SUCH_VOLUME,
    cel: `!has(self.cluster.finalizerTemplate) || ${celNames('finalizerTemplate', 'volumeMounts', CEL_MOUNTED)}.all(name, name in ${celNames('finalizerTemplate', 'volumes', CEL_VOLUMES)})`,
    holds: ({ cluster: { workerTemplate, finalizerTemplate } }) =>
      finalizerTemplate === undefined || areThere({ ...workerTemplate, ...finalizerTemplate }),
  },
];

export const CLUSTER_RULES: readonly Rule[] = [
  {
    field: 'cluster.volume',
    message: 'is missing',
    fix: 'Name the persistent volume claim: `cluster: {volume: {claimName: NAME}}`. On this machine (`--local`) a folder takes its place.',
    place: 'Cluster',
    cel: 'has(self.cluster.volume)',
    holds: ({ cluster }) => cluster.volume !== undefined,
  },
  {
    field: 'cluster.inputsDeadlineSeconds',
    message: 'can never be reached: it must be below cluster.activeDeadlineSeconds, which counts while the job waits',
    fix: 'Lower it, or raise or remove activeDeadlineSeconds.',
    cel: '!has(self.cluster.inputsDeadlineSeconds) || !has(self.cluster.activeDeadlineSeconds) || self.cluster.inputsDeadlineSeconds < self.cluster.activeDeadlineSeconds',
    holds: ({ cluster: { inputsDeadlineSeconds: inputs = 0, activeDeadlineSeconds: active = Infinity } }) =>
      inputs < active,
  },
  ...templateRules,
  ...mountRules,
  {
    field: 'cluster.gpu.resourceName',
    message: 'is of kubernetes.io, which names no extended resource',
    fix: 'Write the name that the device plugin announces, such as `nvidia.com/gpu`.',
    cel: "!self.cluster.gpu.resourceName.contains('kubernetes.io/')",
    holds: ({ cluster }) => !cluster.gpu.resourceName.includes('kubernetes.io/'),
  },
  {
    field: 'cluster.gpu.resourceName',
    message: 'begins with `requests.`, as names of quotas do',
    fix: 'Write it without: the name that the device plugin announces, such as `nvidia.com/gpu`.',
    cel: "!self.cluster.gpu.resourceName.startsWith('requests.')",
    holds: ({ cluster }) => !cluster.gpu.resourceName.startsWith('requests.'),
  },
];
