import { DistillError, type ErrorCode, isErrorCode } from '@distillation/api/errors';
import { type FileAnswer, isFileAnswer } from '@distillation/api/transfer';
import { CutShort } from '@distillation/runtime/chunk-reader';
import type { Session } from './session.ts';

export type Told = Exclude<FileAnswer, { readonly type: 'Alive' | 'Failed' }>;

/**
 * The next answer of a session.
 * @throws DistillError as the far end failed, or DISTILL_E_TRANSFER when it has gone
 */
export async function nextAnswer(session: Session): Promise<Told> {
  for (;;) {
    const line = await session.output.line().catch((thrown: unknown) => {
      if (thrown instanceof CutShort) return undefined;
      throw thrown;
    });
    if (line === undefined) throw await whyEnded(session);
    const answer = parsed(line);
    if (!isFileAnswer(answer)) throw otherLanguage(line);
    if (answer.type === 'Failed') throw failureOf(answer);
    if (answer.type !== 'Alive') return answer;
  }
}

/** Waits for the regular end. @throws DistillError */
export async function finished(session: Session): Promise<void> {
  for (;;) {
    const line = await session.output.line();
    if (line === undefined) break;
    const answer = parsed(line);
    if (isFileAnswer(answer) && answer.type === 'Failed') throw failureOf(answer);
  }
  const { code } = await session.ended;
  if (code !== 0) throw await whyEnded(session);
}

function failureOf({ path, code, message }: Extract<FileAnswer, { type: 'Failed' }>): DistillError {
  const known: ErrorCode = isErrorCode(code) ? code : 'DISTILL_E_TRANSFER';
  return new DistillError(known, message, { subject: path });
}

/** Why a session ended before it should have. */
export async function whyEnded(session: Session): Promise<DistillError> {
  const { code, stderr } = await session.ended;
  if (/There is no subcommand files|Unknown option '--dry-run'/.test(stderr)) {
    return new DistillError('DISTILL_E_TRANSFER', 'The image of the pod is of a version that does not do this.', {
      fix: 'Name one of the version of this command line by --image.',
    });
  }
  const said = /^(DISTILL_E_[A-Z_]+): (.*)$/m.exec(stderr);
  const [, found = '', message = ''] = said ?? [];
  // The way out stands in the message.
  if (isErrorCode(found)) return new DistillError(found, message, { fix: '' });
  const how = code === undefined ? 'The connection to the pod was lost' : `The process in the pod ended with ${code}`;
  return new DistillError('DISTILL_E_TRANSFER', stderr === '' ? `${how}.` : `${how}: ${stderr.slice(-500)}`);
}

const otherLanguage = (line: string): DistillError =>
  new DistillError('DISTILL_E_TRANSFER', `The pod says what is not understood: ${line.slice(0, 200)}`, {
    fix: 'Name an image of the version of this command line by --image.',
  });

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
