import { type BadManifest, type Changes, type GoodManifest, bad } from './corpus.ts';

/** Cases of the labels and annotations of pods, in the template of each role. */

const ROLES = ['workerTemplate', 'finalizerTemplate'] as const;
type Kind = 'labels' | 'annotations';
const set = (kind: Kind, map: object, role: string = ROLES[0]): Changes => ({ [`spec.cluster.${role}.${kind}`]: map });
const at = (field: string, role: string = ROLES[0]): string => `/spec/cluster/${role}/${field}`;

export const GOOD_POD_METADATA: readonly GoodManifest[] = [
  { title: 'pods without an injected sidecar', set: set('annotations', { 'sidecar.istio.io/inject': 'false' }) },
  {
    title: 'labels of pods by which costs are charged and policies select',
    set: set('labels', {
      team: 'vision',
      'sidecar.istio.io/inject': 'false',
      'app.kubernetes.io/instance': 'nightly',
      'app.kubernetes.io/version': '1.0',
      'example.com/empty': '',
    }),
  },
  {
    title: 'annotations of pods of every form',
    set: set(
      'annotations',
      {
        'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
        'karpenter.sh/do-not-disrupt': 'true',
        'kubectl.kubernetes.io/default-container': 'worker',
        'kueue.x-k8s.io/podset-required-topology': 'cloud.provider.com/topology-rack',
        'Example.COM/Note': 'Any text,\nof several lines: {"a": [1]} – ü',
        empty: '',
      },
      'finalizerTemplate',
    ),
  },
];

const schema = bad('Schema');
const rule = bad('Rule');
const unknown = bad('UnknownField');

export const BAD_POD_METADATA: readonly BadManifest[] = [
  unknown(at('metadata'), 'labels of pods as a pod template has them', {
    'spec.cluster.workerTemplate.metadata': { labels: { team: 'vision' } },
  }),
  schema(at('labels/team'), 'a label of pods with a space', set('labels', { team: 'computer vision' })),
  schema(at('labels/team'), 'a label of pods that is too long', set('labels', { team: 'v'.repeat(64) })),
  schema(at('labels/inject'), 'a truth without quotes as a label', set('labels', { inject: false })),
  schema(
    at('annotations/sidecar.istio.io~1inject'),
    'a truth without quotes as an annotation',
    set('annotations', { 'sidecar.istio.io/inject': false }),
  ),
  schema(at('annotations/note'), 'an annotation that is too long', set('annotations', { note: 'n'.repeat(4097) })),
  ...ROLES.flatMap((role) =>
    (
      [
        ['labels', 'a label of pods with two slashes', { 'a/b/c': 'd' }],
        ['labels', 'the UID of the job as a label', { 'distillation.dev/job-uid': 'mine' }],
        ['labels', 'the index of a pod as a label', { 'batch.kubernetes.io/job-completion-index': '0' }],
        ['labels', 'the name of a Job as a label', { 'job-name': 'mine' }],
        ['labels', 'the controller of pods as a label', { 'controller-uid': 'mine' }],
        ['labels', 'the manager of pods as a label', { 'app.kubernetes.io/managed-by': 'helm' }],
        ['labels', 'the queue of pods as a label', { 'kueue.x-k8s.io/queue-name': 'team-a' }],
        ['annotations', 'an annotation with two slashes', { 'a/b/c': 'd' }],
        ['annotations', 'an annotation of the operator', { 'distillation.dev/bins': '0' }],
        ['annotations', 'the index of a pod as an annotation', { 'batch.kubernetes.io/job-completion-index': '0' }],
        ['annotations', 'the workload of pods as an annotation', { 'kueue.x-k8s.io/workload': 'mine' }],
        ['annotations', 'pods that stand for others', { 'kubernetes.io/config.mirror': 'x' }],
        ['annotations', 'what a pod costs to delete', { 'controller.kubernetes.io/pod-deletion-cost': 'much' }],
        [
          'annotations',
          'a profile as an annotation',
          { 'container.apparmor.security.beta.kubernetes.io/worker': 'unconfined' },
        ],
        [
          'annotations',
          'more annotations than a pod can have',
          Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`note-${i}`, 'ü'.repeat(4096)])),
        ],
      ] as const
    ).map(([kind, title, map]) => rule(at(kind, role), `${title} (${role})`, set(kind, map, role))),
  ),
];
