import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { UNMATCHED } from '../unmatched.ts';
import { COST_SOURCES, RESULT_OUTCOMES } from '../words.ts';
import { ON_WIRE } from './ledger.ts';
import { blockCost } from './plan.ts';
import { blockDigest, workerSeconds } from './progress.ts';
import { among, amount, count, flag, fraction, listOf, object, type Of, optional, tagged, text } from './shape.ts';

/**
 * A worker's last words: its pod's termination message, by which planner, workers and finalizer hand their result to the operator,
 * which mounts no volume. The kubelet passes on 4096 bytes of a container, so long lists travel compressed: by Brotli, which has room
 * for half as many blocks again as deflate.
 */

export const TERMINATION_LIMIT = 4096;

const name = text(ON_WIRE.name);

/** What the operator needs of a plan: enough to schedule and to show. */
export type PlanSummary = Of<typeof isPlanSummary>;
/** Also as it stands in the ConfigMap that pods mount. */
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
    /** Of `macs`, those of the layers that blocks replace. */
    replacedMacs: optional(count),
    validationAccuracy: optional(fraction),
  }),
  datasetSha256: name,
  /** Convolutions that stay as they are. */
  kept: count,
  /** Sentences on the patterns of `spec.blocks` that have no effect. */
  unmatched: optional(listOf(text(UNMATCHED.longest), UNMATCHED.most)),
  blocks: listOf(object({ name, cost: blockCost }), ON_WIRE.list),
});

export type NetworkSummary = Of<typeof networkSummary>;
const networkSummary = object({ testAccuracy: optional(fraction), params: count, macs: count });

/** Of a finalizer that wrote student and report. */
export type ResultSummary = Of<typeof resultSummary>;
const resultSummary = object({
  /** `studentRecipe` of the job it answers. */
  recipe: name,
  outcome: among(...RESULT_OUTCOMES),
  teacher: networkSummary,
  student: networkSummary,
  studentSha256: name,
  blocks: listOf(object({ block: name, selected: flag, accuracy: optional(fraction) }), ON_WIRE.list),
  seconds: object({ training: optional(amount), finalize: amount }),
});

/** What a process says when it ends. */
export type Termination = Of<typeof isTermination>;
const isTermination = tagged({
  Planned: { plan: isPlanSummary },
  /** A worker for which nothing is left, and the ledger as it saw it then. */
  NothingLeft: { planKey: name, blocks: listOf(blockDigest, ON_WIRE.list), seconds: workerSeconds },
  Finalized: { result: resultSummary },
  /** An error of the catalogue. */
  Error: { code: name, reason: name, message: text(TERMINATION_LIMIT), fix: text(TERMINATION_LIMIT) },
});

/**
 * As the text of a termination message: plain JSON where it fits, for people who look; else compressed, an error with its words cut.
 * Undefined when even that is too long.
 */
export function encodeTermination(termination: Termination): string | undefined {
  const json = JSON.stringify(termination);
  if (fits(json)) return json;
  if (termination.type === 'Error') return CUTS.map((length) => cutError(termination, length)).find(fits);
  const compressed = JSON.stringify({ brotli: brotliCompressSync(json).toString('base64') });
  return fits(compressed) ? compressed : undefined;
}

const fits = (json: string): boolean => Buffer.byteLength(json) <= TERMINATION_LIMIT;

/** Characters that are kept of an error's texts: a character takes up to six bytes of JSON. */
const CUTS = [1000, 300, 100];

const cutError = (error: Extract<Termination, { type: 'Error' }>, length: number): string => {
  const cut = (words: string): string => (words.length <= length ? words : `${words.slice(0, length)}...`);
  return JSON.stringify({ ...error, message: cut(error.message), fix: cut(error.fix) });
};

/** Reads a termination message; undefined when it is none of ours, such as the last lines of a log. */
export function decodeTermination(message: string): Termination | undefined {
  const value = parsed(message);
  const { brotli } = (value ?? {}) as { readonly brotli?: unknown };
  const said = typeof brotli === 'string' ? parsed(decompressed(brotli)) : value;
  return isTermination(said) ? said : undefined;
}

/** Of a message that says more than any plan of a network does, nothing is read. */
const LONGEST = 1024 * 1024;

function decompressed(base64: string): string {
  try {
    return brotliDecompressSync(Buffer.from(base64, 'base64'), { maxOutputLength: LONGEST }).toString();
  } catch {
    return '';
  }
}

/** JSON, with what could not be said as a number (null) as absent. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json, (_, member: unknown) => member ?? undefined);
  } catch {
    return undefined;
  }
}
