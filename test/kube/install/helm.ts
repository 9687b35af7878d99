import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadAll } from 'js-yaml';
import { findTools } from '../../../tools/kube-harness/assets.ts';

/** What the real helm and kubectl make of chart and kustomizations, without any cluster. */

export const ROOT = join(import.meta.dirname, '../../..');
export const CHART = join(ROOT, 'charts/distillation-operator');
const run = promisify(execFile);
/** The definition alone is a quarter of a megabyte. */
const MAX_OUTPUT = 1 << 24;

export interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly rules?: unknown;
  readonly roleRef?: unknown;
  readonly subjects?: unknown;
  readonly spec?: Readonly<Record<string, unknown>>;
}

interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly [field: string]: unknown;
}

interface PodSpec {
  readonly containers: readonly [Container];
  readonly [field: string]: unknown;
}

/** Runs helm. @returns standard output @throws Error with its standard error */
export async function helm(...args: readonly string[]): Promise<string> {
  const { helm: program } = await findTools(['helm']);
  return (await run(program, args, { maxBuffer: MAX_OUTPUT })).stdout;
}

/** What helm has made of the chart, by its arguments: many tests compare with the same. */
const rendered = new Map<string, Promise<readonly Manifest[]>>();

/** What the chart installs, without the pod of `helm test`, with further arguments such as `--set a.b=c`. */
export function renderChart(...args: readonly string[]): Promise<readonly Manifest[]> {
  const key = JSON.stringify(args);
  const known = rendered.get(key);
  if (known !== undefined) return known;
  const name = ['distillation-operator', CHART, '--namespace', 'distillation-system'];
  const objects = helm('template', '--skip-tests', ...name, ...args).then(parse);
  rendered.set(key, objects);
  return objects;
}

/** What `kubectl apply -k` of a folder of the repository applies. */
export async function renderKustomization(folder: string): Promise<readonly Manifest[]> {
  const { kubectl } = await findTools(['kubectl']);
  return parse((await run(kubectl, ['kustomize', join(ROOT, folder)], { maxBuffer: MAX_OUTPUT })).stdout);
}

/** Documents of YAML by their text: the definition, a quarter of a megabyte, is in nearly every output, and is parsed once. */
const parsed = new Map<string, readonly Manifest[]>();

const parse = (text: string): readonly Manifest[] =>
  text.split(/^---$/m).flatMap((document) => {
    const known = parsed.get(document) ?? parseDocument(document);
    parsed.set(document, known);
    return known;
  });

const parseDocument = (text: string): readonly Manifest[] =>
  loadAll(text).filter((object): object is Manifest => typeof object === 'object' && object !== null);

/** @throws Error when there is none */
export function find(objects: readonly Manifest[], kind: string, name = 'distillation-operator'): Manifest {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
}

/** The operator's pods. */
export function podOf(objects: readonly Manifest[]): PodSpec {
  const { template } = find(objects, 'Deployment').spec as unknown as { template: { spec: PodSpec } };
  return template.spec;
}
