import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { UNMATCHED } from '../unmatched.ts';
import { COST_SOURCES, RESULT_OUTCOMES } from '../words.ts';
import { ON_WIRE } from './ledger.ts';
import { blockCost } from './plan.ts';
import { blockDigest, workerSeconds } from './progress.ts';
import { type Reading, readerOf, valueOf } from './reading.ts';
import { among, amount, count, flag, fraction, listOf, object, type Of, optional, tagged, text } from './shape.ts';

/**
 * A pod's termination message, by which planner, workers and finalizer pass their result to the operator, which mounts no volume.
 * The kubelet passes on at most 4096 bytes per container, so long lists are compressed: by Brotli, which fits half as many blocks
 * again as deflate.
 */

export const TERMINATION_LIMIT = 4096;

const name = text(ON_WIRE.name);

/** What the operator needs of a plan: enough to schedule and to display. */
export type PlanSummary = Of<typeof isPlanSummary>;
/** Also the format of the ConfigMap that pods mount. */
export const isPlanSummary = object({
  version: among(1),
  key: name,
  recipe: name,
  epochs: count,
  stepsPerEpoch: count,
  costUnit: among('MAC', 'Second'),
  costSource: among(...COST_SOURCES),
  samples: object({ train: count, validation: count, test: count }),
  teacher: object({
    sha256: name,
    params: count,
    macs: count,
    /** The part of `macs` in the layers that blocks replace. */
    replacedMacs: optional(count),
    validationAccuracy: optional(fraction),
  }),
  datasetSha256: name,
  /** Number of the plan's layers that are not replaced. */
  kept: count,
  /** Sentences about the patterns of `spec.blocks` that have no effect. */
  unmatched: optional(listOf(text(UNMATCHED.longest), UNMATCHED.most)),
  blocks: listOf(object({ name, cost: blockCost }), ON_WIRE.list),
});

export type NetworkSummary = Of<typeof networkSummary>;
const networkSummary = object({ testAccuracy: optional(fraction), params: count, macs: count });

/** From a finalizer that has written student and report. */
export type ResultSummary = Of<typeof resultSummary>;
const resultSummary = object({
  /** `studentRecipe` of the job that it belongs to. */
  recipe: name,
  outcome: among(...RESULT_OUTCOMES),
  teacher: networkSummary,
  student: networkSummary,
  studentSha256: name,
  /** Time of the teacher over that of the student in ONNX Runtime, where it was measured. */
  speedup: optional(amount),
  blocks: listOf(object({ block: name, selected: flag, accuracy: optional(fraction) }), ON_WIRE.list),
  seconds: object({ training: optional(amount), finalize: amount }),
});

const MESSAGES = {
  Planned: { plan: isPlanSummary },
  /** A worker that found no more work, with the ledger as it saw it then. */
  NothingLeft: { planKey: name, blocks: listOf(blockDigest, ON_WIRE.list), seconds: workerSeconds },
  Finalized: { result: resultSummary },
  /** An error of the catalogue. */
  Error: { code: name, reason: name, message: text(TERMINATION_LIMIT), fix: text(TERMINATION_LIMIT) },
} as const;

/** What a process reports when it ends. */
export type Termination = Of<typeof isTermination>;
const isTermination = tagged(MESSAGES);

/**
 * Encodes a termination message: plain JSON where it fits, since people read it too; otherwise compressed, or with the texts of an
 * error cut. Undefined when even that is too long.
 */
export function encodeTermination(termination: Termination): string | undefined {
  const json = JSON.stringify(termination);
  if (fits(json)) return json;
  if (termination.type === 'Error') return CUTS.map((length) => cutError(termination, length)).find(fits);
  const compressed = JSON.stringify({ brotli: brotliCompressSync(json).toString('base64') });
  return fits(compressed) ? compressed : undefined;
}

const fits = (json: string): boolean => Buffer.byteLength(json) <= TERMINATION_LIMIT;

/** Lengths to which an error's texts are cut, in characters; a character takes up to six bytes of JSON. */
const CUTS = [1000, 300, 100];

const cutError = (error: Extract<Termination, { type: 'Error' }>, length: number): string => {
  const cut = (words: string): string => (words.length <= length ? words : `${words.slice(0, length)}...`);
  return JSON.stringify({ ...error, message: cut(error.message), fix: cut(error.fix) });
};

/** The plan in the planner's ConfigMap. */
export const readPlanSummary = readerOf(isPlanSummary);

/** Every message may carry a version, and a plan does; neither is written in another yet. */
const VERSIONED = [readerOf(isTermination), readerOf(isTermination, { within: 'plan' })];
const isOfOurs = object({ type: among(...Object.keys(MESSAGES)) });

/** Reads a termination message; `Damaged` when it is not one of ours, such as the last lines of a log. */
export function readTermination(message: string): Reading<Termination> {
  const value = parsed(message);
  const { brotli } = (value ?? {}) as { readonly brotli?: unknown };
  const body = typeof brotli === 'string' ? parsed(decompressed(brotli)) : value;
  // What another program says of versions concerns nobody here.
  const readings = isOfOurs(body) ? VERSIONED.map((read) => read(body)) : [];
  return readings.find(({ as }) => as === 'OtherVersion') ?? readings[0] ?? { as: 'Damaged' };
}

/** The termination message; undefined when it is not one of ours, or of another version. */
export const decodeTermination = (message: string): Termination | undefined => valueOf(readTermination(message));

/** Longest message that is decompressed: no plan of a network needs more. */
const LONGEST = 1024 * 1024;

function decompressed(base64: string): string {
  try {
    return brotliDecompressSync(Buffer.from(base64, 'base64'), { maxOutputLength: LONGEST }).toString();
  } catch {
    return '';
  }
}

/** Parses JSON; a null, which stands for a number that JSON cannot represent, becomes absent. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json, (_, member: unknown) => member ?? undefined);
  } catch {
    return undefined;
  }
}
