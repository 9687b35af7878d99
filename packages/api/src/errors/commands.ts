import type { ErrorDefinition } from './definition.ts';

/** What a command is told. */
export const COMMAND_ERRORS = {
  // The command line
  DISTILL_E_USAGE: { reason: 'Usage', kind: 'Input', fix: 'Correct the command line; `--help` shows what it takes.' },
  DISTILL_E_LOCAL_PACKAGES: {
    reason: 'LocalPackagesMissing',
    kind: 'Input',
    fix: 'Run it in a checkout of the repository, after `npm ci`; or install the CLI and the packages named in one folder.',
  },
  DISTILL_E_KUBECONFIG: {
    reason: 'KubeconfigUnusable',
    kind: 'Input',
    fix: 'See that `kubectl get namespaces` works with the same --kubeconfig and --context; --local works without a cluster.',
  },
  DISTILL_E_CLUSTER_UNREACHABLE: {
    reason: 'ClusterUnreachable',
    kind: 'Retry',
    fix: 'Check network and context (`kubectl cluster-info`) and run the same command; a job on the cluster goes on meanwhile.',
  },
  DISTILL_E_CLUSTER_FORBIDDEN: {
    reason: 'ClusterForbidden',
    kind: 'Input',
    fix: 'Ask for the right that the message names in this namespace, or name another one by -n: for jobs, pods, `exec`, claims and logs the cluster role `edit` has it.',
  },
  DISTILL_E_CLUSTER_REFUSED: {
    reason: 'ClusterRefused',
    kind: 'Input',
    fix: 'Correct what the API server names.',
  },
  DISTILL_E_NOT_INSTALLED: {
    reason: 'OperatorNotInstalled',
    kind: 'Input',
    fix: 'Install the operator with its custom resource definition (docs/cluster.md), or choose another cluster by --context.',
  },
  DISTILL_E_JOB_NOT_FOUND: {
    reason: 'JobNotFound',
    kind: 'Input',
    fix: 'See which there are by `kubectl distill get -A`, and name the namespace by -n.',
  },
  DISTILL_E_CLAIM_NOT_FOUND: {
    reason: 'ClaimNotFound',
    kind: 'Input',
    fix: 'See which there are by `kubectl get pvc`; manifests/samples/volume.yaml makes one.',
  },
  DISTILL_E_FILES_POD: {
    reason: 'FilesPodNotRunning',
    kind: 'Input',
    fix: 'Correct what the message names and run the same command again; the pod is deleted.',
  },
  DISTILL_E_NO_RESULT: {
    reason: 'NoResult',
    kind: 'Retry',
    fix: 'Follow the job by `kubectl distill watch`, and run the same command when it has succeeded.',
  },
  DISTILL_E_TRANSFER: {
    reason: 'TransferFailed',
    kind: 'Retry',
    fix: 'Run the same command again: what has arrived whole is not copied a second time.',
  },
  DISTILL_E_TRANSFER_INTEGRITY: {
    reason: 'TransferIntegrity',
    kind: 'Retry',
    fix: 'Run the same command again: a file that differs is copied anew.',
  },
  DISTILL_E_JOB_FAILED: {
    reason: 'JobFailed',
    kind: 'Input',
    fix: 'Mend the cause that its conditions name (`kubectl distill doctor` with its name), then `kubectl distill retry`.',
  },
  DISTILL_E_LOG_NOT_THERE: {
    reason: 'LogNotThere',
    kind: 'Retry',
    fix: 'Wait until a pod of the job runs.',
  },
  DISTILL_E_WORKER_FAILED: {
    reason: 'WorkerFailed',
    kind: 'Retry',
    fix: 'Read the log file named; run the same command to go on from the last checkpoints.',
  },
  DISTILL_E_STOPPED: {
    reason: 'Stopped',
    kind: 'Retry',
    fix: 'Run the same command to go on from the last checkpoints.',
  },
  DISTILL_E_JOB_RUNNING: {
    reason: 'JobRunning',
    kind: 'Retry',
    fix: 'Follow it by `kubectl-distill watch --local`, or stop it (Ctrl-C or SIGTERM) and run the command again.',
  },
  DISTILL_E_INTERNAL: {
    reason: 'InternalError',
    kind: 'Internal',
    fix: 'Report it with the log; the files on the volume are intact.',
  },
} as const satisfies Record<string, ErrorDefinition>;
