import type { ChunkReader } from '@distillation/runtime/chunk-reader';

/** A process of `worker files` beside the volumes, as seen from here. */
export interface Session {
  /** Sends to its input; resolves when there is room for more. Nothing happens when it has ended. */
  readonly write: (chunk: Uint8Array | string) => Promise<void>;
  readonly output: ChunkReader;
  readonly ended: Promise<SessionEnd>;
  readonly close: () => void;
}

export interface SessionEnd {
  /** Undefined when the connection was lost before the process ended. */
  readonly code: number | undefined;
  readonly stderr: string;
}

/** Starts one, with the arguments after `worker`. */
export type OpenSession = (args: readonly string[]) => Promise<Session>;
