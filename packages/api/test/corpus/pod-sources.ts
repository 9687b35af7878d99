import { type BadManifest, type Changes, type GoodManifest, bad } from './corpus.ts';

/** Cases of what pods take from other objects of their namespace: variables, volumes, a service account. */

const ROLES = ['workerTemplate', 'finalizerTemplate'] as const;
const set = (template: object, role: string = ROLES[0]): Changes => ({ [`spec.cluster.${role}`]: template });
const at = (field: string, role: string = ROLES[0]): string => `/spec/cluster/${role}/${field}`;
const volume = (source: object, name = 'extra'): object => ({ volumes: [{ name, ...source }] });
const mount = (mountPath: string): object => ({
  ...volume({ emptyDir: {} }),
  volumeMounts: [{ name: 'extra', mountPath }],
});

export const GOOD_POD_SOURCES: readonly GoodManifest[] = [
  {
    title: 'variables from Secrets and ConfigMaps',
    set: set({
      env: [
        { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'hub', key: '.token', optional: true } } },
        { name: 'REGION', valueFrom: { configMapKeyRef: { name: 'site.config', key: 'region' } } },
      ],
      envFrom: [{ prefix: 'SITE_', configMapRef: { name: 'site', optional: false } }, { secretRef: { name: 'hub' } }],
    }),
  },
  {
    title: 'volumes of every kind',
    set: set({
      volumes: [
        { name: 'certificates', configMap: { name: 'certificates', optional: true } },
        { name: 'keys', secret: { secretName: 'keys' } },
        { name: 'cache', emptyDir: { medium: 'Memory', sizeLimit: '2Gi' } },
        { name: 'disk', emptyDir: {} },
        { name: 'archive', persistentVolumeClaim: { claimName: 'archive', readOnly: true } },
        { name: 'both', projected: { sources: [{ secret: { name: 'keys' } }, { configMap: { name: 'site' } }] } },
      ],
      volumeMounts: [
        { name: 'certificates', mountPath: '/etc/ssl/certs/site.crt', subPath: 'site.crt', readOnly: true },
        { name: 'keys', mountPath: '/tmp/.keys' },
        { name: 'cache', mountPath: '/mnt/cache' },
        { name: 'cache', mountPath: '/mnt/other', subPath: 'other' },
      ],
    }),
  },
  {
    title: 'a service account with its token, and a finalizer without',
    set: {
      ...set({ serviceAccountName: 'team-a', automountServiceAccountToken: true }),
      ...set({ automountServiceAccountToken: false }, ROLES[1]),
    },
  },
  {
    title: 'a finalizer that mounts a volume of the workers elsewhere',
    set: {
      ...set(mount('/mnt/cache')),
      ...set({ volumeMounts: [{ name: 'extra', mountPath: '/mnt/else' }] }, ROLES[1]),
    },
  },
];

const schema = bad('Schema');
const rule = bad('Rule');
const unknown = bad('UnknownField');

export const BAD_POD_SOURCES: readonly BadManifest[] = [
  unknown(at('volumes/0/hostPath'), 'a folder of the node', set(volume({ hostPath: { path: '/' } }))),
  unknown(
    at('volumes/0/projected/sources/0/serviceAccountToken'),
    'a token as a file',
    set(volume({ projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } })),
  ),
  unknown(
    at('env/0/valueFrom/fieldRef'),
    'a variable from the pod',
    set({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }] }),
  ),
  schema(at('serviceAccountName'), 'a service account in capitals', set({ serviceAccountName: 'Team' })),
  schema(
    at('automountServiceAccountToken'),
    'a word for a truth of a token',
    set({ automountServiceAccountToken: 'yes' }),
  ),
  schema(
    at('env/0/valueFrom/secretKeyRef/key'),
    'a key that leads out of its folder',
    set({ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'hub', key: '..token' } } }] }),
  ),
  schema(
    at('envFrom/0/prefix'),
    'a prefix with a dash',
    set({ envFrom: [{ prefix: 'A-', secretRef: { name: 'a' } }] }),
  ),
  schema(at('volumes/0/name'), 'a volume with a dot', set(volume({ emptyDir: {} }, 'a.b'))),
  schema(at('volumes/0/emptyDir/medium'), 'huge pages as a folder', set(volume({ emptyDir: { medium: 'HugePages' } }))),
  schema(at('volumes/0/projected/sources'), 'a projection of nothing', set(volume({ projected: { sources: [] } }))),
  schema(at('volumeMounts/0/mountPath'), 'a mount that is not absolute', set(mount('mnt/cache'))),
  schema(at('volumeMounts/0/mountPath'), 'a mount with two dots', set(mount('/mnt/../etc'))),
  schema(at('volumeMounts/0/mountPath'), 'a mount with a colon', set(mount('/mnt/a:b'))),
  schema(at('volumeMounts/0/mountPath'), 'a mount of everything', set(mount('/'))),
  bad('Key')(
    at('volumes/1'),
    'a volume named twice',
    set({
      volumes: [
        { name: 'a', emptyDir: {} },
        { name: 'a', emptyDir: {} },
      ],
    }),
  ),
  bad('Key')(
    at('volumeMounts/1'),
    'two volumes in one place',
    set({
      ...volume({ emptyDir: {} }),
      volumeMounts: [
        { name: 'extra', mountPath: '/mnt/a' },
        { name: 'extra', mountPath: '/mnt/a', subPath: 'b' },
      ],
    }),
  ),
  ...ROLES.flatMap((role) =>
    (
      [
        [
          'env/0/valueFrom',
          'a variable with two values',
          { env: [{ name: 'A', value: '', valueFrom: { secretKeyRef: { name: 'a', key: 'a' } } }] },
        ],
        ['env/0/valueFrom', 'a variable from nowhere', { env: [{ name: 'A', valueFrom: {} }] }],
        [
          'env',
          'a variable of the operator from a Secret',
          { env: [{ name: 'DISTILL_X', valueFrom: { secretKeyRef: { name: 'a', key: 'a' } } }] },
        ],
        ['envFrom/0', 'variables from nowhere', { envFrom: [{ prefix: 'A_' }] }],
        ['envFrom/0', 'variables from two', { envFrom: [{ secretRef: { name: 'a' }, configMapRef: { name: 'a' } }] }],
        [
          'envFrom/0/prefix',
          'variables of the operator',
          { envFrom: [{ prefix: 'DISTILL_', secretRef: { name: 'a' } }] },
        ],
        ['volumes/0', 'a volume of nothing', volume({})],
        ['volumes/0', 'a volume of two kinds', volume({ emptyDir: {}, configMap: { name: 'a' } })],
        ['volumes/0/projected/sources/0', 'a projection from nowhere', volume({ projected: { sources: [{}] } })],
        ['volumes/0/name', 'the operator’s ConfigMap', volume({ emptyDir: {} }, 'config')],
        ['volumes/0/name', 'the operator’s scratch folder', volume({ emptyDir: {} }, 'scratch')],
        ['volumes/0/name', 'the operator’s claim', volume({ emptyDir: {} }, 'claim-0')],
        ['volumes', 'the claim of the job once more', volume({ persistentVolumeClaim: { claimName: 'shared' } })],
        [
          'volumes',
          'a claim in two volumes',
          {
            volumes: ['a', 'b'].map((name) => ({ name, persistentVolumeClaim: { claimName: 'archive' } })),
          },
        ],
        ['volumeMounts', 'a mount of no volume', { volumeMounts: [{ name: 'extra', mountPath: '/mnt/a' }] }],
        ['volumeMounts/0/mountPath', 'a mount over the scratch folder', mount('/tmp')],
        ['volumeMounts/0/mountPath', 'a mount in the volume', mount('/volumes/work/teachers')],
        ['volumeMounts/0/mountPath', 'a mount over the programs', mount('/app')],
        ['volumeMounts/0/mountPath', 'a mount over the configuration', mount('/etc')],
        ['volumeMounts/0/mountPath', 'a mount for a token', mount('/var/run/secrets/kubernetes.io/serviceaccount')],
      ] as const
    ).map(([field, title, template]) =>
      rule(at(field, role), `${title} (${role})`, {
        'spec.cluster.volume': { claimName: 'shared' },
        ...set(template, role),
      }),
    ),
  ),
  rule(at('volumeMounts', ROLES[1]), 'a finalizer whose own volumes lack what the workers mount', {
    ...set(mount('/mnt/cache')),
    ...set({ volumes: [{ name: 'other', emptyDir: {} }] }, ROLES[1]),
  }),
];
