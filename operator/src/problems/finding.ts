import type { ErrorReason } from '@distillation/api/errors';
import { sentence } from '@distillation/api/sentences';
import type { Role } from '@distillation/api/words';
import { placed, type ProblemReason, wayOut } from './problems.ts';

/** What is wrong with one pod, or with what all of them need. */
export interface Finding {
  /** From the error catalogue when the worker itself reported it. */
  readonly reason: ProblemReason | ErrorReason;
  /** What is wrong, as a sentence; it does not change between reconciles as long as the problem does not. */
  readonly what: string;
  readonly fix: string;
  /** RFC 3339; the pod's creation when absent. */
  readonly since?: string;
}

/** Further details of a finding. */
interface About {
  /** Role of the affected pods. */
  readonly role: Role | undefined;
  readonly since?: string | undefined;
  /** Replaces the reason's usual way out; with `{template}` as in `PROBLEMS`. */
  readonly fix?: string | undefined;
}

export const finding = (reason: ProblemReason, what: string, { role, since, fix }: About): Finding => ({
  reason,
  what: bounded(what),
  fix: fix === undefined ? wayOut(reason, role) : placed(fix, role),
  ...(since !== undefined && { since }),
});

const MAX_LENGTH = 1000;

/** Text from outside, of bounded length and with a full stop. */
export function bounded(text: string): string {
  const trimmed = text.trim();
  return trimmed.length > MAX_LENGTH ? `${trimmed.slice(0, MAX_LENGTH)}...` : sentence(trimmed);
}
