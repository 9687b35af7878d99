import { DistillError } from '@distillation/api/errors';
import type { Shape } from '@distillation/api/shape';
import type { FileAnswer } from '@distillation/api/transfer';
import type { ChunkReader } from '@distillation/runtime/chunk-reader';

/** The worker's side of an exchange of files. */
export interface Exchange {
  /** Folder that holds the volumes, each by its name. */
  readonly root: string;
  readonly input: ChunkReader;
  /** Sends bytes; resolves when there is room for more. */
  readonly output: (bytes: Uint8Array | string) => Promise<void>;
}

export const answer = ({ output }: Exchange, message: FileAnswer): Promise<void> =>
  output(`${JSON.stringify(message)}\n`);

/**
 * The next thing that is asked; undefined after the empty line that ends it.
 * @throws DistillError DISTILL_E_TRANSFER when the other side has gone, or speaks another language
 */
export async function asked<T>({ input }: Exchange, shape: Shape<T>): Promise<T | undefined> {
  const line = await input.line();
  if (line === '') return undefined;
  if (line === undefined) throw new DistillError('DISTILL_E_TRANSFER', 'The command line has gone amid the copy.');
  const message: unknown = JSON.parse(line);
  if (shape(message)) return message;
  throw new DistillError('DISTILL_E_TRANSFER', `The request ${line.slice(0, 200)} is not understood.`, {
    fix: 'Use a `kubectl-distill` of the version of the worker’s image.',
  });
}
