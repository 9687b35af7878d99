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

export interface PodSpec {
  readonly containers: readonly [Container];
  readonly [field: string]: unknown;
}

/** Runs helm. @returns standard output @throws Error with its standard error */
export async function helm(...args: readonly string[]): Promise<string> {
  const { helm: program } = await findTools(['helm']);
  return (await run(program, args, { maxBuffer: MAX_OUTPUT })).stdout;
}

/** What the chart installs, without the pod of `helm test`, with further arguments such as `--set a.b=c`. */
export async function renderChart(...args: readonly string[]): Promise<Manifest[]> {
  const name = ['distillation-operator', CHART, '--namespace', 'distillation-system'];
  return parse(await helm('template', '--skip-tests', ...name, ...args));
}

/** What `kubectl apply -k` of a folder of the repository applies. */
export async function renderKustomization(folder: string): Promise<Manifest[]> {
  const { kubectl } = await findTools(['kubectl']);
  return parse((await run(kubectl, ['kustomize', join(ROOT, folder)], { maxBuffer: MAX_OUTPUT })).stdout);
}

const parse = (text: string): Manifest[] =>
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
