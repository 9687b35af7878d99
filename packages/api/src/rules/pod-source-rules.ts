import type { ValueRule } from './value-rule.ts';

/** Rules of environment variables and volumes that a user adds to the pods. */

type Fields = Readonly<Record<string, unknown>>;

/** Exactly one of these fields. */
const oneOf = (fields: readonly string[], what: string): ValueRule<Fields> => ({
  field: '',
  message: `has not exactly one of ${fields.join(', ')}`,
  fix: `Write one of them: ${what}.`,
  cel: `[${fields.map((field) => `has(self.${field})`).join(', ')}].exists_one(x, x)`,
  holds: (value) => fields.filter((field) => value[field] !== undefined).length === 1,
});

export const ENV_VAR: readonly ValueRule<{ readonly value?: string; readonly valueFrom?: object }>[] = [
  {
    field: 'valueFrom',
    message: 'stands beside value, and only one of them can be the variable’s',
    fix: 'Remove value or valueFrom.',
    cel: '!has(self.value) || !has(self.valueFrom)',
    holds: ({ value, valueFrom }) => value === undefined || valueFrom === undefined,
  },
];

export const ENV_VAR_SOURCE = [oneOf(['secretKeyRef', 'configMapKeyRef'], 'the key of a Secret or of a ConfigMap')];

export const ENV_FROM_SOURCE: readonly ValueRule<Fields & { readonly prefix?: string }>[] = [
  oneOf(['secretRef', 'configMapRef'], 'a Secret or a ConfigMap'),
  {
    field: 'prefix',
    message: 'makes names of the operator (`DISTILL_...`)',
    fix: 'Choose another prefix: the operator sets these.',
    cel: "!has(self.prefix) || !self.prefix.startsWith('DISTILL_')",
    holds: ({ prefix = '' }) => !prefix.startsWith('DISTILL_'),
  },
];

export const PROJECTED_SOURCE = [oneOf(['secret', 'configMap'], 'a Secret or a ConfigMap')];

/** Names of the operator's own volumes (`operator/src/objects/volumes.ts`). */
const OWN_NAMES = ['config', 'scratch'];
const OWN_PREFIX = 'claim-';

export const VOLUME: readonly ValueRule<Fields & { readonly name: string }>[] = [
  oneOf(['configMap', 'secret', 'emptyDir', 'persistentVolumeClaim', 'projected'], 'what the volume is'),
  {
    field: 'name',
    message: 'is that of a volume of the operator (`config`, `scratch`, `claim-...`)',
    fix: 'Choose another name.',
    cel: `!(self.name in ['${OWN_NAMES.join("', '")}']) && !self.name.startsWith('${OWN_PREFIX}')`,
    holds: ({ name }) => !OWN_NAMES.includes(name) && !name.startsWith(OWN_PREFIX),
  },
];

interface WithClaim {
  readonly persistentVolumeClaim?: { readonly claimName: string };
}
const claimsOf = (volumes: readonly WithClaim[]): string[] =>
  volumes.flatMap(({ persistentVolumeClaim: claim }) => (claim === undefined ? [] : [claim.claimName]));

export const VOLUMES: readonly ValueRule<readonly WithClaim[]>[] = [
  {
    field: '',
    // A kubelet may wait for ever for a claim that a pod lists twice.
    message: 'names a claim in two volumes',
    fix: 'Name it once: several folders of it are mounted by several entries of volumeMounts, each with its subPath.',
    cel: 'self.all(v, !has(v.persistentVolumeClaim) || self.exists_one(w, has(w.persistentVolumeClaim) && w.persistentVolumeClaim.claimName == v.persistentVolumeClaim.claimName))',
    holds: (volumes) => new Set(claimsOf(volumes)).size === claimsOf(volumes).length,
  },
];

/** Folders of the operator's volumes, of the image's programs and of the kernel, and those of tokens: nothing may be mounted in them. */
const TREES = [
  ...['/volumes', '/etc/distillation', '/app', '/bin', '/sbin', '/lib', '/lib64', '/usr', '/proc', '/sys', '/dev'],
  ...['/run/secrets/kubernetes.io', '/var/run/secrets/kubernetes.io'],
];
/** Folders that hold such folders, or that the operator mounts itself; what is below them may be mounted. */
const FOLDERS = ['/tmp', '/etc', '/var', '/var/run', '/var/run/secrets', '/run', '/run/secrets'];
const celList = (texts: readonly string[]): string => `['${texts.join("', '")}']`;

export const VOLUME_MOUNT: readonly ValueRule<{ readonly mountPath: string }>[] = [
  {
    field: 'mountPath',
    message: 'would hide files of the operator or of the image',
    fix: 'Choose a folder of its own, such as /mnt/NAME, or one below /tmp, which is the home folder.',
    cel: `!(self.mountPath in ${celList(FOLDERS)}) && !${celList(TREES)}.exists(t, self.mountPath == t || self.mountPath.startsWith(t + '/'))`,
    holds: ({ mountPath }) =>
      !FOLDERS.includes(mountPath) && !TREES.some((tree) => `${mountPath}/`.startsWith(`${tree}/`)),
  },
];
