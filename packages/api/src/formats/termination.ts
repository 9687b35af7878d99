import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import type { BlockMeasurement } from './ledger.ts';
import type { BlockDigest, WorkerSeconds } from './progress.ts';
import type { BlockCost, Plan } from './plan.ts';
import { RESULT_OUTCOMES, type ResultOutcome } from './report.ts';
import { type Check, amount, among, count, flag, listOf, object, optional, text } from './shape.ts';
import { UNMATCHED } from '../unmatched.ts';

/**
 * A worker's last words: its pod's termination message, by which planner, workers and finalizer hand their result to the operator,
 * which mounts no volume. The kubelet passes on 4096 bytes of a container, so long lists travel compressed: by Brotli, which has room
 * for half as many blocks again as deflate.
 */

export const TERMINATION_LIMIT = 4096;

/** What the operator needs of a plan: enough to schedule and to show. */
export interface PlanSummary {
  readonly version: 1;
  readonly key: string;
  readonly recipe: string;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly costUnit: Plan['costUnit'];
  readonly costSource: Plan['costSource'];
  readonly samples: { readonly train: number; readonly validation: number; readonly test: number };
  readonly teacher: {
    readonly sha256: string;
    readonly params: number;
    readonly macs: number;
    /** Of `macs`, those of the layers that blocks replace. */
    readonly replacedMacs?: number;
    readonly validationAccuracy?: number;
  };
  readonly datasetSha256: string;
  /** Convolutions that stay as they are. */
  readonly kept: number;
  /** Sentences on the patterns of `spec.blocks` that have no effect. */
  readonly unmatched?: readonly string[];
  readonly blocks: readonly { readonly name: string; readonly cost: BlockCost }[];
}

/** Of a finalizer that wrote student and report. */
export interface ResultSummary {
  /** `studentRecipe` of the job it answers. */
  readonly recipe: string;
  readonly outcome: ResultOutcome;
  readonly teacher: NetworkSummary;
  readonly student: NetworkSummary;
  readonly studentSha256: string;
  readonly blocks: readonly (Pick<BlockMeasurement, 'block' | 'selected'> & { readonly accuracy?: number })[];
  readonly seconds: { readonly training?: number; readonly finalize: number };
}

export interface NetworkSummary {
  readonly testAccuracy?: number;
  readonly params: number;
  readonly macs: number;
}

/** What a process says when it ends. */
export type Termination =
  | { readonly type: 'Planned'; readonly plan: PlanSummary }
  /** A worker for which nothing is left, and the ledger as it saw it then. */
  | {
      readonly type: 'NothingLeft';
      readonly planKey: string;
      readonly blocks: readonly BlockDigest[];
      readonly seconds: WorkerSeconds;
    }
  | { readonly type: 'Finalized'; readonly result: ResultSummary }
  /** An error of the catalogue. */
  | {
      readonly type: 'Error';
      readonly code: string;
      readonly reason: string;
      readonly message: string;
      readonly fix: string;
    };

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

const BLOCKS = 1024;
const name = text(256);
const accuracy: Check = (value) => amount(value) && Number(value) <= 1;

const plan = object({
  version: among(1),
  key: name,
  recipe: name,
  epochs: count,
  stepsPerEpoch: count,
  costUnit: among('MAC', 'Second'),
  costSource: among('Estimated', 'Recorded', 'Measured'),
  samples: object({ train: count, validation: count, test: count }),
  teacher: object({
    sha256: name,
    params: count,
    macs: count,
    replacedMacs: optional(count),
    validationAccuracy: optional(accuracy),
  }),
  datasetSha256: name,
  kept: count,
  unmatched: optional(listOf(text(UNMATCHED.longest), UNMATCHED.most)),
  blocks: listOf(object({ name, cost: object({ prefix: amount, own: amount }) }), BLOCKS),
});

/** Whether a value is the summary of a plan, as it stands in the ConfigMap that pods mount. */
export const isPlanSummary = (value: unknown): value is PlanSummary => plan(value);

/** A block as a pod reports it. */
export const blockDigest = object({
  name,
  state: among('Pending', 'Training', 'Done', 'Failed'),
  epoch: count,
  outcome: optional(among('Trained', 'StoppedEarly', 'Failed')),
  bin: optional(count),
  loss: optional((value) => typeof value === 'number'),
  seconds: optional(amount),
  failure: optional(name),
});

export const workerSeconds = object({ useful: amount, redone: amount });

const network = object({ testAccuracy: optional(accuracy), params: count, macs: count });

const result = object({
  recipe: name,
  outcome: among(...RESULT_OUTCOMES),
  teacher: network,
  student: network,
  studentSha256: name,
  blocks: listOf(object({ block: name, selected: flag, accuracy: optional(accuracy) }), BLOCKS),
  seconds: object({ training: optional(amount), finalize: amount }),
});

const TYPES: Readonly<Record<Termination['type'], Check>> = {
  Planned: object({ plan }),
  NothingLeft: object({ planKey: name, blocks: listOf(blockDigest, BLOCKS), seconds: workerSeconds }),
  Finalized: object({ result }),
  Error: object({
    code: name,
    reason: name,
    message: text(TERMINATION_LIMIT),
    fix: text(TERMINATION_LIMIT),
  }),
};

function isTermination(value: unknown): value is Termination {
  const { type } = (value ?? {}) as { readonly type?: unknown };
  return typeof type === 'string' && Object.hasOwn(TYPES, type) && TYPES[type as Termination['type']](value);
}
