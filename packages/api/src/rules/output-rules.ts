import type { ClusterSpec, DistillationJobSpec } from '../job.ts';
import type { Rule } from './rule.ts';

/**
 * Results may not lie inside an input, nor an input inside the results. On a cluster two volumes may be two claims, where equal
 * paths do not collide, or two folders of one claim, where different paths may.
 */

type Input = 'teacher' | 'dataset';
type Claim = NonNullable<ClusterSpec['volume']>;

/** Whether path `a` is `b` or lies inside it. */
const within = (a: string, b: string): boolean => `${a}/`.startsWith(`${b}/`);

/** Path from the root of the claim. */
const pathOnClaim = (claim: Claim | undefined, path: string): string =>
  claim?.subPath === undefined ? path : `${claim.subPath}/${path}`;

const disjoint = (a: string, b: string): boolean => !within(a, b) && !within(b, a);

function disjointOnClaims({ cluster, outputs, ...inputs }: DistillationJobSpec, input: Input): boolean {
  const { volume, [`${input}Volume` as const]: own } = cluster;
  if (own !== undefined && own.claimName !== volume?.claimName) return true;
  return disjoint(pathOnClaim(volume, outputs.path), pathOnClaim(own ?? volume, inputs[input].path));
}

function celDisjoint(input: Input): string {
  const volume = 'self.cluster.volume';
  const own = `self.cluster.${input}Volume`;
  const root = (claim: string): string => `(has(${claim}.subPath) ? ${claim}.subPath + '/' : '')`;
  const output = `((has(${volume}) ? ${root(volume)} : '') + self.outputs.path + '/')`;
  const source = `((has(${own}) ? ${root(own)} : has(${volume}) ? ${root(volume)} : '') + self.${input}.path + '/')`;
  const elsewhere = `has(${own}) && (!has(${volume}) || ${own}.claimName != ${volume}.claimName)`;
  return `(${elsewhere}) || (!${output}.startsWith(${source}) && !${source}.startsWith(${output}))`;
}

const APART: readonly Rule[] = (['teacher', 'dataset'] as const).flatMap((input): Rule[] => {
  const problem = {
    field: 'outputs.path',
    message: `and ${input}.path lie inside one another`,
    fix: 'Choose a folder of its own for the outputs.',
  };
  return [
    { ...problem, place: 'Local', holds: (spec) => disjoint(spec.outputs.path, spec[input].path) },
    { ...problem, place: 'Cluster', cel: celDisjoint(input), holds: (spec) => disjointOnClaims(spec, input) },
  ];
});

export const OUTPUT_RULES: readonly Rule[] = [
  ...APART,
  {
    field: 'outputs.onnxInput',
    message: 'is about the file of format Onnx, which `outputs.formats` lacks',
    fix: 'Add Onnx to the formats, or remove it.',
    cel: "self.outputs.onnxInput != 'Pixels' || self.outputs.formats.exists(x, x == 'Onnx')",
    holds: ({ outputs }) => outputs.onnxInput !== 'Pixels' || outputs.formats.includes('Onnx'),
  },
];
