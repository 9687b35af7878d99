/** What is missing where the API server says "forbidden", and who has it to give. Pure. */

/** As the API server names it: `cannot list resource "pods" in API group "" in the namespace "team-a"`. */
const DENIED = /cannot (\S+) resource "([^"]+)" in API group "([^"]*)"( in the namespace | at the cluster scope)?/;

const READING = ['get', 'list', 'watch'];

/** Resources of no namespace that commands read. */
const OF_THE_CLUSTER = ['nodes', 'persistentvolumes', 'storageclasses', 'customresourcedefinitions'];

/**
 * The way out of a refusal, by what the API server says is missing.
 *
 * @param status 401: nobody that the cluster knows
 */
export function rightsFix(status: number, message: string): string {
  if (status === 401) {
    return 'Log in again, or mend the credentials of this context: `kubectl get namespaces` with the same flags fails in the same way.';
  }
  const [, verb = '', resource = '', group = '', scope = ''] = DENIED.exec(message) ?? [];
  if (verb === '') {
    return 'Ask who runs the cluster: it is a policy of theirs and no right to a resource that refuses this.';
  }
  const name = group === '' ? resource : withGroup(resource, group);
  const right = `Ask for the right to ${verb} ${name}`;
  if (verb === 'impersonate') return `${right}, or leave --as out.`;
  if (OF_THE_CLUSTER.includes(resource)) return `${right}, which who runs the cluster gives by a ClusterRole.`;
  if (scope.includes('cluster scope')) {
    return `${right} in all namespaces, which takes a ClusterRoleBinding, or name one namespace by -n instead of -A.`;
  }
  const role = READING.includes(verb) && resource !== 'pods/exec' ? '`view` and `edit` have' : '`edit` has';
  const also =
    group === 'distillation.dev'
      ? `, and so have the smaller roles of chart and manifests, whose names end in ${READING.includes(verb) ? '`-viewer` and `-editor`' : '`-editor`'}`
      : '';
  return `${right} in this namespace: the cluster role${role.includes('and') ? 's' : ''} ${role} it${also}. Or name another namespace by -n.`;
}

/** `distillationjobs/status` of a group is `distillationjobs.distillation.dev/status`. */
function withGroup(resource: string, group: string): string {
  const [plural = '', ...rest] = resource.split('/');
  return [`${plural}.${group}`, ...rest].join('/');
}
