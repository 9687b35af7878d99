import { ERRORS, type ErrorCode } from '@distillation/api/errors';
import { fragmentOf } from '../docs/fragment.ts';
import { type ProblemReason, PROBLEMS, wayOut } from '../../operator/src/problems/problems.ts';

/** What a user sees first, and the reasons that can be behind it. */
interface Symptom {
  readonly title: string;
  /** What to look at, and what it means in general. */
  readonly text: string;
  readonly problems?: readonly ProblemReason[];
  readonly errors?: readonly ErrorCode[];
}

/**
 * Every problem and every error stands under one symptom: `troubleshooting.test.ts` holds this table to the two sets, so a new reason has
 * to be given its place.
 */
const SYMPTOMS: readonly Symptom[] = [
  {
    title: 'The job does not start: no pod is there',
    text: 'REASON of `kubectl get dj` names what refuses the pods.',
    problems: [
      'ClassNotFound',
      'KueueMissing',
      'HandedOver',
      'SuspendedByOthers',
      'Queued',
      'QuotaExceeded',
      'PodSecurityViolation',
      'PodsRefused',
    ],
  },
  {
    title: 'Pods stay Pending',
    text: 'The scheduler finds no node for them, or waits for their volume. Jobs go on by themselves as soon as the cause is gone.',
    problems: [
      'Unschedulable',
      'NoScheduler',
      'SchedulingGated',
      'VolumeNotFound',
      'VolumeNotBound',
      'VolumeAccessMode',
    ],
  },
  {
    title: 'Pods are on a node and do not run',
    text: 'Image, volume or network of the node. The kubelet tries again by itself.',
    problems: [
      'ImagePullBackOff',
      'VolumeNotMounted',
      'CreateContainerConfigError',
      'CreateContainerError',
      'RunContainerError',
      'NetworkNotReady',
      'NodeRefusedPod',
      'ProbeFailed',
    ],
  },
  {
    title: 'Pods were ended, and come again',
    text: 'The work goes on from the last finished epochs, with the same student in the end. Only when it happens again and again is there something to do.',
    problems: ['OOMKilled', 'Evicted', 'Preempted', 'NodeLost', 'WorkerFailed'],
    errors: ['DISTILL_E_HUNG', 'DISTILL_E_WORKER_FAILED', 'DISTILL_E_STOPPED', 'DISTILL_E_BLOCKS_INCOMPLETE'],
  },
  {
    title: 'It failed at once: the manifest',
    text: 'Nothing was begun. `kubectl distill validate -f job.yaml` says the same without a cluster.',
    errors: ['DISTILL_E_MANIFEST_UNREADABLE', 'DISTILL_E_MANIFEST_INVALID', 'DISTILL_E_PLAN_TOO_LARGE'],
  },
  {
    title: 'It waits while planning: teacher or data are not there',
    text: 'The job asks for that by `spec.cluster.inputsDeadlineSeconds`; without it, it fails at once. Only what is not there, or still on its way, is waited for: what is there and broken fails.',
    problems: ['WaitingForInputs'],
  },
  {
    title: 'It failed while planning: the teacher',
    text: 'The planner read the teacher and cannot go on. Nothing was trained.',
    errors: [
      'DISTILL_E_TEACHER_MISSING',
      'DISTILL_E_TEACHER_FORMAT',
      'DISTILL_E_TEACHER_CORRUPT',
      'DISTILL_E_TEACHER_NOT_FINITE',
      'DISTILL_E_TEACHER_LAYER',
      'DISTILL_E_TEACHER_SHAPE',
      'DISTILL_E_TEACHER_ACCURACY',
      'DISTILL_E_TEACHER_BELOW_EXPECTED',
      'DISTILL_E_NO_CANDIDATE',
    ],
  },
  {
    title: 'It failed while planning: the data',
    text: 'The message names file, class or value. Data that change under a running job are noticed too.',
    errors: [
      'DISTILL_E_DATASET_MISSING',
      'DISTILL_E_DATASET_EMPTY',
      'DISTILL_E_DATASET_CORRUPT',
      'DISTILL_E_DATASET_CHANGED',
      'DISTILL_E_DATASET_SHAPE',
      'DISTILL_E_DATASET_CHANNELS',
      'DISTILL_E_DATASET_CLASSES',
      'DISTILL_E_DATASET_LABEL',
      'DISTILL_E_DATASET_UNREADABLE_IMAGES',
      'DISTILL_E_INPUTS_INCOMPLETE',
      'DISTILL_E_FETCH',
      'DISTILL_E_FETCH_REFUSED',
      'DISTILL_E_FETCH_INTEGRITY',
    ],
  },
  {
    title: 'It failed or waits: the volume',
    text: 'Whatever is finished on the volume counts when the job goes on.',
    errors: [
      'DISTILL_E_VOLUME_NOT_WRITABLE',
      'DISTILL_E_DISK_FULL',
      'DISTILL_E_TEMPORARY_FOLDER',
      'DISTILL_E_VOLUME_IO',
      'DISTILL_E_VOLUME_OTHER_JOB',
      'DISTILL_E_VOLUME_VERSION',
      'DISTILL_E_FILE_CORRUPT',
    ],
  },
  {
    title: 'It failed: GPU, memory, TensorFlow',
    text: 'A worker that was given a GPU and cannot use it fails rather than compute on the processor in silence.',
    errors: ['DISTILL_E_BACKEND_NONE', 'DISTILL_E_BACKEND_GPU_MISSING', 'DISTILL_E_OUT_OF_MEMORY'],
  },
  {
    title: 'Blocks do not learn, or the student is no good',
    text: 'The report shows the losses of each block, what it leaves unexplained, and the accuracy of the teacher with it alone in its place.',
    errors: [
      'DISTILL_E_NOT_A_NUMBER',
      'DISTILL_E_LAYER_NOT_FINITE',
      'DISTILL_E_DEAD_BLOCK',
      'DISTILL_E_NO_BLOCK_TRAINED',
      'DISTILL_E_FINE_TUNE_DIVERGED',
      'DISTILL_E_BUDGET_INFEASIBLE',
      'DISTILL_E_LATENCY_UNMEASURED',
    ],
  },
  {
    title: 'A file of the student is missing or was refused',
    text: 'The job has succeeded, and the other formats are there; the card says of each refused one why.',
    errors: ['DISTILL_E_EXPORT_LAYER', 'DISTILL_E_EXPORT_UNCHECKED', 'DISTILL_E_EXPORT_SIZE', 'DISTILL_E_EXPORT_CHECK'],
  },
  {
    title: 'The command line does not reach the cluster, or is refused',
    text: 'A job that runs goes on meanwhile.',
    errors: [
      'DISTILL_E_USAGE',
      'DISTILL_E_LOCAL_PACKAGES',
      'DISTILL_E_KUBECONFIG',
      'DISTILL_E_CLUSTER_UNREACHABLE',
      'DISTILL_E_CLUSTER_FORBIDDEN',
      'DISTILL_E_CLUSTER_REFUSED',
      'DISTILL_E_NOT_INSTALLED',
      'DISTILL_E_JOB_NOT_FOUND',
      'DISTILL_E_JOB_FAILED',
      'DISTILL_E_NO_RESULT',
      'DISTILL_E_LOG_NOT_THERE',
      'DISTILL_E_JOB_RUNNING',
    ],
  },
  {
    title: 'Files do not reach the volume, or do not come back',
    text: 'The pod through which they go is deleted whatever happens; what has arrived whole is not copied again.',
    errors: ['DISTILL_E_CLAIM_NOT_FOUND', 'DISTILL_E_FILES_POD', 'DISTILL_E_TRANSFER', 'DISTILL_E_TRANSFER_INTEGRITY'],
  },
  {
    title: 'It says that the error is its own',
    text: 'A defect of this project.',
    errors: ['DISTILL_E_INTERNAL'],
  },
];

/** The page of symptoms: what is seen, which reasons can be behind it, what to do about each. */
export function troubleshootingText(): string {
  return [
    '<!-- Generated from operator/src/problems and packages/api/src/errors by `npm run generate`. Do not edit. -->',
    '# When something goes wrong',
    'Begin with what the job itself says: `kubectl get dj NAME` shows what it is at or that it has failed under STATUS and the reason beside it, `kubectl describe dj NAME` the conditions with what to do, every bin and every block. `kubectl distill doctor NAME` looks at the operator, the claims and the nodes too. On one machine the message is on the terminal, and `kubectl-distill doctor --local -f job.yaml` looks for what is wrong. Then find what you see:',
    SYMPTOMS.map(({ title }) => `- [${title}](#${fragmentOf(title)})`).join('\n'),
    ...SYMPTOMS.flatMap(section),
    '## Nothing is said, and nothing moves',
    'A job without any conditions has not been seen by an operator: is one installed that watches this namespace (`kubectl get pods --all-namespaces --selector app.kubernetes.io/name=distillation-operator`)? Its `/readyz` and its log say which namespaces it serves, and which it may not read. A job that trains shows a new `lastUpdateTime` in `status.progress` every half minute.',
    '',
  ].join('\n\n');
}

function section({ title, text, problems = [], errors = [] }: Symptom): string[] {
  const rows = [
    ...problems.map((reason) => `| \`${reason}\` | ${wayOut(reason, 'worker')} |`),
    ...errors.map((code) => {
      const { reason, fix } = ERRORS[code];
      // What a pod's end is called on a cluster, a process' is on one machine.
      const where = problems.some((other) => other === reason) ? ', on one machine' : '';
      return `| \`${reason}\`${where} | ${fix} |`;
    }),
  ];
  return [`## ${title}`, text, ['| Reason | What to do |', '|---|---|', ...rows].join('\n')];
}

/** Reasons that no symptom names, or more than one does. */
export function misplaced(): string[] {
  const named = SYMPTOMS.flatMap(({ problems = [], errors = [] }) => [...problems, ...errors]);
  const all = [...Object.keys(PROBLEMS), ...Object.keys(ERRORS)];
  return all.filter((reason) => named.filter((name) => name === reason).length !== 1);
}
