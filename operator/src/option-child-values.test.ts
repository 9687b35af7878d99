import { describe, expect, it } from 'vitest';
import { labelKeys, podClasses, podDefaults } from './option-child-values.ts';

describe('labels to propagate', () => {
  it('are keys by commas, each once', () => {
    expect(labelKeys('team, example.com/cost-centre,team')).toEqual(['team', 'example.com/cost-centre']);
    expect(labelKeys('')).toEqual([]);
  });

  it.each([
    ['distillation.dev/job', /operator or Kubernetes’ Jobs know the pods/],
    ['kueue.x-k8s.io/queue-name', /Kueue/],
    ['app.kubernetes.io/name', /know the pods/],
    ['two/slashes/here', /no label can have/],
    ['cost-centre,cost.centre', /"cost\.centre" and another one would both be the label label_cost_centre/],
  ])('cannot be %s', (text, message) => {
    expect(() => labelKeys(text)).toThrow(message);
  });
});

describe('defaults of pods', () => {
  it('are fields of a pod template', () => {
    const template = { nodeSelector: { pool: 'gpu' }, resources: { limits: { memory: '8Gi' } } };
    expect(podDefaults(JSON.stringify(template))).toEqual(template);
  });

  it.each([
    ['no', /must be JSON/],
    ['[]', /defaults:.* is a list/],
    ['{"nodeSelectr": {}}', /defaults\.nodeSelectr.*Did you mean nodeSelector/],
    ['{"resources": {"limits": {"nvidia.com/gpu": 1}}}', /names the resource of cluster\.gpu/],
    ['{"volumes": []}', /^defaults\.volumes cannot be given to all jobs/],
    ['{"automountServiceAccountToken": true}', /cannot be given to all jobs/],
  ])('cannot be %s', (text, message) => {
    expect(() => podDefaults(text)).toThrow(message);
  });
});

describe('classes of defaults', () => {
  it('are such defaults by name', () => {
    const classes = { a100: { nodeSelector: { gpu: 'a100' } }, 'small-1': {} };
    expect(podClasses(JSON.stringify(classes))).toEqual(classes);
    expect(podClasses('{}')).toEqual({});
  });

  it.each([
    ['no', /must be JSON/],
    ['[]', /must be a map of names to templates/],
    ['{"A100": {}}', /"A100" cannot be the name of a class/],
    ['{"a": {"nodeSelectr": {}}}', /classes\.a\.nodeSelectr.*Did you mean nodeSelector/],
    ['{"a": {"image": "x"}}', /^classes\.a\.image cannot be given to all jobs/],
  ])('cannot be %s', (text, message) => {
    expect(() => podClasses(text)).toThrow(message);
  });
});
