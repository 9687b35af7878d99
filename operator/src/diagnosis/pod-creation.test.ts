import { describe, expect, it } from 'vitest';
import type { Role } from '@distillation/api/words';
import { jobObject } from '../../test/children.ts';
import { creationFinding } from './pod-creation.ts';

/** Messages of Kubernetes 1.34's admission, as in the Job controller's events. */

const { spec } = jobObject();
const told = (message: string, role: Role = 'worker') =>
  creationFinding(
    { reason: 'FailedCreate', message: `Error creating: pods "w-0-x7k2p" is forbidden: ${message}` },
    { role, spec },
  );

const GPU_QUOTA =
  'exceeded quota: gpus, requested: requests.nvidia.com/gpu=1, used: requests.nvidia.com/gpu=1, limited: requests.nvidia.com/gpu=1';
const MEMORY_QUOTA =
  'exceeded quota: team, requested: requests.memory=8Gi, used: requests.memory=60Gi, limited: requests.memory=64Gi';

describe('pods that cannot be created because of the policies of their namespace', () => {
  it.each<readonly [string, string, string, string]>([
    [
      'a quota that requires limits',
      'failed quota: team: must specify limits.cpu for: worker; limits.memory for: worker',
      'PodsRefused',
      'Set TEMPLATE.resources.limits.cpu and TEMPLATE.resources.limits.memory: the quota counts them, so each pod must name them.',
    ],
    [
      'the same in the words of older versions',
      'failed quota: team: must specify limits.memory,requests.ephemeral-storage',
      'PodsRefused',
      'Set TEMPLATE.resources.limits.memory and TEMPLATE.resources.requests.ephemeral-storage: the quota counts them, so each pod must name them.',
    ],
    [
      'a quota that requires a limit of an injected container too',
      'failed quota: team: must specify limits.memory for: istio-proxy,worker',
      'PodsRefused',
      'Set TEMPLATE.resources.limits.memory: the quota counts them, so each pod must name them. Container istio-proxy was added by a webhook, which has to name them for it.',
    ],
    [
      'an exhausted quota',
      MEMORY_QUOTA,
      'QuotaExceeded',
      'Raise the quota of the namespace, lower BINS{template.resources}, or wait until others are done.',
    ],
    [
      'a quota of pods',
      'exceeded quota: few, requested: pods=1, used: pods=4, limited: pods=4',
      'QuotaExceeded',
      'Raise the quota of the namespace, FEWERor wait until others are done.',
    ],
    [
      'a quota of GPUs and memory',
      'exceeded quota: all, requested: requests.memory=8Gi,requests.nvidia.com/gpu=1, used: requests.memory=60Gi,requests.nvidia.com/gpu=1, limited: requests.memory=64Gi,requests.nvidia.com/gpu=1',
      'QuotaExceeded',
      'Raise the quota of the namespace, lower BINSspec.cluster.gpu.count or {template.resources}, or wait until others are done.',
    ],
    [
      'a quota of GPUs',
      GPU_QUOTA,
      'QuotaExceeded',
      'Raise the quota of the namespace, lower BINSspec.cluster.gpu.count, or wait until others are done.',
    ],
    [
      'a limit range',
      '[minimum memory usage per Container is 2Gi, but request is 1Gi, maximum cpu usage per Container is 2, but no limit is specified]',
      'PodsRefused',
      'Set TEMPLATE.resources.requests.memory to at least 2Gi and TEMPLATE.resources.limits.cpu to at most 2, or have the limit range of the namespace changed.',
    ],
    [
      'a limit range, of pods',
      'maximum memory usage per Pod is 1Gi, but limit is 17179869184',
      'PodsRefused',
      'Set TEMPLATE.resources.limits.memory to at most 1Gi, or have the limit range of the namespace changed.',
    ],
    [
      'a limit range with a minimum, without a request',
      'minimum cpu usage per Container is 100m.  No request is specified',
      'PodsRefused',
      'Set TEMPLATE.resources.requests.cpu to at least 100m, or have the limit range of the namespace changed.',
    ],
    [
      'a limit range of ratios',
      'cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000',
      'PodsRefused',
      'Set TEMPLATE.resources.limits.cpu to at most 2 times TEMPLATE.resources.requests.cpu, or have the limit range of the namespace changed.',
    ],
    [
      'no such priority class',
      'no PriorityClass with name urgent was found',
      'PodsRefused',
      'Correct TEMPLATE.priorityClassName, or create that priority class.',
    ],
    [
      'no such runtime class',
      'pod rejected: RuntimeClass "kata" not found',
      'PodsRefused',
      'Correct TEMPLATE.runtimeClassName, or create that runtime class.',
    ],
    [
      'a policy',
      'denied request: images must come from registry.example',
      'PodsRefused',
      'Change TEMPLATE as the message says, or have the rule of the namespace changed.',
    ],
  ])('%s', (_, ...[message, reason, fix]) => {
    for (const [role, template] of [
      ['planner', 'spec.cluster.workerTemplate'],
      ['worker', 'spec.cluster.workerTemplate'],
      ['finalizer', 'spec.cluster.finalizerTemplate'],
    ] as const) {
      const bins = role === 'worker' ? 'spec.scheduling.bins or ' : '';
      const expected = fix
        .replace('{template.resources}', `${template}.resources`)
        .replace('BINS', bins)
        .replace('FEWER', role === 'worker' ? 'lower spec.scheduling.bins, ' : '');
      expect(told(message, role)).toEqual({
        reason,
        what: `Its pods cannot be made: ${message}${message.endsWith('.') ? '' : '.'}`,
        fix: expected.replaceAll('TEMPLATE', template),
      });
    }
  });

  it('a webhook that does not answer is itself the problem', () => {
    const message =
      'Error creating: Internal error occurred: failed calling webhook "inject.example": connection refused';
    const found = creationFinding({ reason: 'FailedCreate', message }, { role: 'worker', spec });
    expect(found?.fix).toMatch(/^The webhook that is named does not answer: start it/);
    expect(found?.what).not.toContain('Error creating');
  });
});
