import { expect, it } from 'vitest';
import { rightsFix } from './rights.ts';

const denied = (
  [verb, resource, group]: readonly [verb: string, resource: string, group: string],
  where = 'in the namespace "team-a"',
): string =>
  rightsFix(403, `x is forbidden: User "u" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`);

it.each<[readonly [string, string, string], string]>([
  [['create', 'pods', ''], 'to create pods in this namespace: the cluster role `edit` has it. Or'],
  [['create', 'pods/exec', ''], 'to create pods/exec in this namespace: the cluster role `edit` has it.'],
  [['get', 'pods/exec', ''], 'to get pods/exec in this namespace: the cluster role `edit` has it.'],
  [['get', 'pods/log', ''], 'to get pods/log in this namespace: the cluster roles `view` and `edit` have it.'],
  [
    ['get', 'persistentvolumeclaims', ''],
    'to get persistentvolumeclaims in this namespace: the cluster roles `view` and',
  ],
  [['list', 'jobs', 'batch'], 'to list jobs.batch in this namespace: the cluster roles `view` and `edit` have it. Or'],
])('%s', (asked, words) => {
  const fix = denied(asked);
  expect(fix).toContain(words);
  expect(fix).not.toContain('-editor');
});

it.each([
  ['list', 'distillationjobs', 'roles `view` and `edit` have it, and so have the smaller roles'],
  ['patch', 'distillationjobs', 'role `edit` has it, and so have the smaller roles'],
  ['get', 'distillationjobs/status', 'get distillationjobs.distillation.dev/status in this namespace'],
])('%s %s: the role of the chart is named by its end, as its release may have any name', (verb, resource, words) => {
  const fix = denied([verb, resource, 'distillation.dev']);
  expect(fix).toContain(words);
  expect(fix).toContain('whose names end in `-');
  expect(fix).not.toContain('distillation-operator-');
});

it('tells apart all namespaces, resources of the cluster, credentials and policies', () => {
  expect(denied(['list', 'distillationjobs', 'distillation.dev'], 'at the cluster scope')).toContain(
    'in all namespaces, which takes a ClusterRoleBinding, or name one namespace by -n instead of -A',
  );
  expect(denied(['list', 'nodes', ''], 'at the cluster scope')).toContain(
    'who runs the cluster gives by a ClusterRole',
  );
  expect(denied(['impersonate', 'users', ''], 'at the cluster scope')).toContain('or leave --as out');
  expect(rightsFix(401, 'Unauthorized')).toContain('Log in again');
  expect(rightsFix(403, 'admission webhook "x" denied the request: no')).toContain('policy');
});
