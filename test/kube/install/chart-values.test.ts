import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { CHART, find, helm, podOf, renderChart } from './helm.ts';

/** Every value of the chart: explained, typed, and with an effect; and what is refused, with a message that says why. */

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}

const text = await readFile(join(CHART, 'values.yaml'), 'utf8');
const schema = JSON.parse(await readFile(join(CHART, 'values.schema.json'), 'utf8')) as Schema;

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Dotted paths of the values, with their defaults; `resources` is one, being Kubernetes' own, and so are empty maps. */
function leaves(values: Readonly<Record<string, unknown>>, prefix = ''): [path: string, value: unknown][] {
  return Object.entries(values).flatMap(([key, value]): [string, unknown][] => {
    const path = `${prefix}${key}`;
    const isLeaf = !isMap(value) || Object.keys(value).length === 0 || path === 'resources';
    return isLeaf ? [[path, value]] : leaves(value, `${path}.`);
  });
}

const pathsOf = ({ properties = {} }: Schema, prefix = ''): string[] =>
  Object.entries(properties).flatMap(([key, inner]) => {
    const path = `${prefix}${key}`;
    return inner.properties === undefined ? [path] : pathsOf(inner, `${path}.`);
  });

const VALUES = leaves(load(text) as Record<string, unknown>);

const QUICKSTART = 'quickstart.enabled=true';

const JOBS_POLICY = ['networkPolicy.jobs.enabled=true', 'networkPolicy.jobs.namespaces={a}'];

/** Another value than the default, with what it takes besides to have an effect. */
const OTHERS: Readonly<Record<string, readonly [value: unknown, ...besides: string[]]>> = {
  'image.repository': ['r/operator'],
  'image.tag': ['2'],
  'image.digest': [`sha256:${'0'.repeat(64)}`],
  'image.pullPolicy': ['Always'],
  imagePullSecrets: [[{ name: 's' }]],
  fullnameOverride: ['other'],
  commonLabels: [{ a: 'b' }],
  commonAnnotations: [{ a: 'b' }],
  'jobs.propagateLabels': [['team']],
  'jobs.defaults': [{ nodeSelector: { pool: 'gpu' } }],
  'jobs.classes': [{ a100: { nodeSelector: { gpu: 'a100' } } }],
  'metrics.serviceMonitor.labels': [{ a: 'b' }, 'metrics.serviceMonitor.enabled=true'],
  'metrics.serviceMonitor.interval': ['1m', 'metrics.serviceMonitor.enabled=true'],
  'networkPolicy.prometheus': [[{ podSelector: {} }], ...JOBS_POLICY],
  'networkPolicy.restrictMetrics': [true, 'networkPolicy.enabled=true'],
  'networkPolicy.jobs.enabled': [true, 'networkPolicy.jobs.namespaces={a}'],
  'networkPolicy.jobs.namespaces': [['b'], 'networkPolicy.jobs.enabled=true', 'watch.namespaces={a}'],
  'networkPolicy.jobs.egress': [[{ ports: [{ port: 443 }] }], ...JOBS_POLICY],
  'admissionPolicy.namespaceLabels': [{ a: 'b' }, 'admissionPolicy.enabled=true'],
  'quickstart.storageClassName': ['nfs', QUICKSTART],
  'quickstart.accessMode': ['ReadWriteMany', QUICKSTART],
  'quickstart.size': ['20Gi', QUICKSTART],
  'quickstart.bins': [2, QUICKSTART],
  'quickstart.gpus': [1, QUICKSTART],
  'quickstart.registry': ['https://npm.example.com/', QUICKSTART],
  topologySpreadConstraints: [[{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }]],
  'worker.image': ['r/worker:2'],
  'worker.imagePullPolicy': ['Never'],
  'worker.runAsUser': ['none'],
  'worker.fsGroup': ['none'],
  'watch.namespaces': [['a', 'b']],
  'leaderElection.enabled': [false, 'replicas=1'],
  'controller.logLevel': ['debug'],
  'controller.extraArgs': [['--resync=1h']],
  'controller.extraEnv': [[{ name: 'A', value: 'b' }]],
  'serviceAccount.name': ['other'],
  'serviceAccount.annotations': [{ a: 'b' }],
  'metrics.port': [9090],
  'metrics.podMonitor.labels': [{ a: 'b' }, 'metrics.podMonitor.enabled=true'],
  'metrics.podMonitor.interval': ['1m', 'metrics.podMonitor.enabled=true'],
  resources: [{ limits: { cpu: '1' } }],
  podAnnotations: [{ a: 'b' }],
  podLabels: [{ a: 'b' }],
  nodeSelector: [{ a: 'b' }],
  tolerations: [[{ operator: 'Exists' }]],
  affinity: [{ podAffinity: {} }],
  priorityClassName: ['high'],
};

/** Without the definition, which is half of the time of a rendering; a first job needs it. */
const lean = (setting: string): readonly string[] =>
  /^(crds|quickstart)\./.test(setting) ? [] : ['crds.install=false'];

/** Booleans are turned, numbers are one more. */
function otherThan(path: string, value: unknown): readonly [value: unknown, ...besides: string[]] {
  const listed = OTHERS[path];
  if (listed !== undefined) return listed;
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number') return [value + 1];
  throw new Error(`no other value for ${path} here: add one`);
}

describe('a value', () => {
  it('is in values.yaml and values.schema.json, or in neither', () => {
    // What a parent chart sets for all.
    expect(
      pathsOf(schema)
        .filter((path) => path !== 'global')
        .sort(),
    ).toEqual(VALUES.map(([path]) => path).sort());
  });

  it('is explained beside it', () => {
    const lines = text.split('\n');
    const unexplained = lines.filter(
      (line, i) => /^ *\w+: *\S/.test(line) && !(lines[i - 1] ?? '').includes('# -- ') && !line.trim().startsWith('#'),
    );
    expect(unexplained.filter((line) => !/^ {2,}(cpu|memory):/.test(line))).toEqual([]);
  });

  it.each(VALUES)('has an effect: %s', async (path, value) => {
    const [other, ...besides] = otherThan(path, value);
    const more = [...besides, ...lean(path)].flatMap((setting) => ['--set', setting]);
    const changed = await renderChart(...more, '--set-json', `${path}=${JSON.stringify(other)}`);
    expect(changed).not.toEqual(await renderChart(...more));
  });
});

it.each([
  ['a value nobody reads', 'replica=3', /replica/],
  ['a log level that does not exist', 'controller.logLevel=loud', /logLevel/],
  ['two leaders', 'leaderElection.enabled=false', /takes replicas: 1: two operators must not lead/],
  [
    'a leader that may not give up in time',
    'leaderElection.leaseDurationSeconds=8',
    /\(10\).* less than leaseDurationSeconds \(8\)/,
  ],
  ['metrics on the port of the probes', 'metrics.port=8081', /choose another port/],
  ['monitors of nothing', 'metrics.port=0,metrics.podMonitor.enabled=true', /nothing to scrape/],
  ['a Service of nothing', 'metrics.port=0,metrics.serviceMonitor.enabled=true', /serviceMonitor.* nothing to scrape/],
  ['a policy of jobs in no namespace', 'networkPolicy.jobs.enabled=true', /name those in which jobs run/],
  ['metrics closed by no policy', 'networkPolicy.restrictMetrics=true', /networkPolicy\.enabled is false/],
  ['labels of namespaces that nobody asks for', 'admissionPolicy.namespaceLabels.a=b', /nothing would hold/],
  ['a peer that selects nothing', 'networkPolicy.prometheus[0].namespace=x', /namespace/],
  [
    'a first job where nobody looks',
    'quickstart.enabled=true,watch.namespaces={a,b}',
    /watch\.namespaces \(a, b\) lacks distillation-system/,
  ],
  ['a first job on a volume that takes one pod', 'quickstart.accessMode=ReadWriteOncePod', /accessMode/],
  ['a first job’s volume of no size', 'quickstart.size=0', /quickstart.*size/s],
  ['a first job’s volume that it does not fit', 'quickstart.size=1Mi', /quickstart\/size/],
  ['a class of storage that cannot be one', 'quickstart.storageClassName=a: b', /storageClassName/],
  ['a registry with a password', 'quickstart.registry=https://me:secret@npm.example.com/', /registry/],
  ['a registry that YAML would cut off', 'quickstart.registry=https://npm.example.com/ #y', /registry/],
  ['a registry of no host', 'quickstart.registry=https://:', /registry/],
  ['a registry that is no address', 'quickstart.registry=npm.example.com', /registry/],
  ['a label to propagate that cannot be one', 'jobs.propagateLabels={two/slashes/here}', /propagateLabels/],
  ['a volume for all jobs', 'jobs.defaults.volumes[0].name=x', /volumes/],
  ['a volume for a class of jobs', 'jobs.classes.a100.volumes[0].name=x', /volumes/],
  ['a class that no job can name', 'jobs.classes.A100.priorityClassName=x', /A100/],
  ['a user that is a word', 'podSecurityContext.runAsUser=nobody', /runAsUser/],
  [
    'a spread over nothing',
    'topologySpreadConstraints[0].maxSkew=1',
    /topologySpreadConstraints.*(topologyKey|whenUnsatisfiable)/s,
  ],
  ['a namespace named twice', 'watch.namespaces={a,a}', /items at 0 and 1 are equal/],
  ['a name that no object can have', 'fullnameOverride=Operator', /'Operator' does not match/],
  [
    'labels by which the pods are found',
    'podLabels.app\\.kubernetes\\.io/name=x',
    /podLabels must not name app\.kubernetes\.io\/name/,
  ],
  [
    'labels of everything by which the pods are found',
    'commonLabels.app\\.kubernetes\\.io/instance=x',
    /commonLabels must not name app\.kubernetes\.io\/instance/,
  ],
])('the chart refuses %s', async (_, setting, message) => {
  await expect(renderChart(...[setting, ...lean(setting)].flatMap((one) => ['--set', one]))).rejects.toThrow(message);
});

it('a text that YAML would read as something else stays a text', async () => {
  const settings = [
    'quickstart.storageClassName=true',
    'worker.image=1:2',
    'serviceAccount.name=1',
    'image.repository=1',
  ];
  const objects = await renderChart(
    ...settings.flatMap((one) => ['--set-string', one]),
    '--set',
    'quickstart.enabled=true',
  );
  expect(find(objects, 'PersistentVolumeClaim', 'distillation-quickstart').spec).toMatchObject({
    storageClassName: 'true',
  });
  expect(podOf(objects)).toMatchObject({ serviceAccountName: '1' });
  expect(find(objects, 'ServiceAccount', '1').metadata.name).toBe('1');
});

it('its notes say what was installed, and how to look at it', async () => {
  const notes = (...settings: string[]): Promise<string> =>
    helm('install', 'x', CHART, '--dry-run=client', '-n', 'n', ...settings.flatMap((setting) => ['--set', setting]));
  expect(await notes()).toContain('kubectl -n n rollout status deployment/x-distillation-operator');
  expect(await notes('watch.namespaces={a,b}')).toContain('is installed for namespaces a, b.');
  // Which storage does what.
  expect(await notes()).toMatch(/ReadWriteMany.*several nodes.*ReadWriteOnce.*one node/s);
  expect(await notes()).toContain('helm -n n test x');
  expect(await notes()).not.toContain('requireGpu');
  expect(await notes('worker.requireGpu=false')).toContain('worker.requireGpu is false');
  expect(await notes()).not.toContain('get dj quickstart');
  const first = await notes('quickstart.enabled=true');
  expect(first).toMatch(/kubectl -n n get dj quickstart -w.*kubectl distill watch quickstart -n n/s);
  expect(first).not.toContain('fit one node.');
  expect(await notes('quickstart.enabled=true', 'quickstart.bins=2')).toContain('fit one node.');
});
