import { expect, it } from 'vitest';
import { podClasses, podDefaults } from '../../../operator/src/option-child-values.ts';
import { parseOptions } from '../../../operator/src/options.ts';
import { podOf, renderChart } from './helm.ts';

/** `jobs.defaults` and `jobs.classes`: helm knows the template of pods as the operator does, which would end at its start. */

it.each([
  ['jobs.defaults.tolerations', [{ bogus: 1 }], /bogus/],
  ['jobs.defaults.env', [{ nme: 'x' }], /nme/],
  ['jobs.defaults.env', [{ name: 'A', value: 1 }], /value.*got number, want string/],
  ['jobs.defaults.env', [{ name: 'DISTILL_X', value: '1' }], /defaults\/env\/0/],
  ['jobs.defaults.env', [{ name: 'A', value: '1', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }], /env\/0/],
  ['jobs.defaults.resources', { requests: { cpu: 'lots' } }, /requests\/cpu.*'lots' does not match/],
  ['jobs.defaults.resources', { limits: { gpu: 1 } }, /limits.*gpu/s],
  ['jobs.defaults.affinity', { nodeAffinty: {} }, /nodeAffinty/],
  ['jobs.defaults.labels', { 'two/slashes/here': 'x' }, /two\/slashes\/here/],
  ['jobs.defaults.image', 'other', /image/],
  ['jobs.classes', { a: { tolerations: [{ operator: 'Any' }] } }, /classes\/a\/tolerations\/0\/operator/],
])('the chart refuses, as the operator would, %s of %j', async (path, value, message) => {
  await expect(renderChart('--set-json', `${path}=${JSON.stringify(value)}`)).rejects.toThrow(message);
  const [, flag = '', ...inner] = path.split('.');
  const whole = inner.reduceRight<unknown>((of, name) => ({ [name]: of }), value);
  expect(() => (flag === 'classes' ? podClasses : podDefaults)(JSON.stringify(whole))).toThrow(/./);
});

it('the chart passes on what the operator takes: every kind of field of the template of pods', async () => {
  const everything = {
    labels: { team: 'vision' },
    annotations: { 'sidecar.istio.io/inject': 'false' },
    resources: { requests: { cpu: 2, memory: '1.5Gi' }, limits: { 'hugepages-2Mi': '64Mi' } },
    nodeSelector: { 'example.com/pool': 'gpu' },
    priorityClassName: 'low',
    tolerations: [
      { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' },
      { tolerationSeconds: 5, operator: 'Exists', effect: 'NoExecute' },
    ],
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'gpu', operator: 'In', values: ['a100'] }] }],
        },
      },
    },
    imagePullSecrets: [{ name: 's' }],
    env: [
      { name: 'A', value: 'b' },
      { name: 'C', valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } },
    ],
    serviceAccountName: 'jobs',
    schedulerName: 'volcano',
    runtimeClassName: 'nvidia',
  };
  const given = JSON.stringify(everything);
  const { args } = podOf(
    await renderChart('--set-json', `jobs.defaults=${given}`, '--set-json', `jobs.classes.a=${given}`),
  ).containers[0];
  const { podDefaults: defaults, podClasses: classes } = parseOptions(args, {}, '0.0.0');
  expect(defaults).toEqual(everything);
  expect(classes).toEqual({ a: everything });
});
