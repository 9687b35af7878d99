/**
 * What a failure requires of the caller: `Input`: fix the input, a retry cannot help; `Retry`: the same call may succeed later;
 * `Internal`: a defect.
 */
export type ErrorKind = 'Input' | 'Retry' | 'Internal';

export interface ErrorDefinition {
  readonly reason: string;
  readonly kind: ErrorKind;
  /** What the user can do about it. */
  readonly fix: string;
}
