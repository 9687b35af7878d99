import { DistillError } from '@distillation/api/errors';

/** Images that cannot be decoded: counted, named, and too many of them an error. */

const NAMED = 10;

/** Whether a file begins as a JPEG or a PNG does. */
export function looksLikeImage(head: Uint8Array): boolean {
  const starts = (...magic: readonly number[]): boolean => magic.every((byte, index) => head[index] === byte);
  return starts(0xff, 0xd8, 0xff) || starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
}

export class UnreadableImages {
  readonly #reasons = new Map<string, string>();
  readonly #limit: number;

  /** @param limit `spec.dataset.maxUnreadable` */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws DistillError DISTILL_E_DATASET_UNREADABLE_IMAGES when there are now more than the limit, naming the first ten */
  add(name: string, reason: string): void {
    this.#reasons.set(name, reason);
    if (this.#reasons.size <= this.#limit) return;
    const named = this.names()
      .slice(0, NAMED)
      .map((one) => `${one} ${this.#reasons.get(one) ?? ''}`);
    throw new DistillError(
      'DISTILL_E_DATASET_UNREADABLE_IMAGES',
      `${this.#reasons.size} unreadable images, ${this.#limit} are allowed: ${named.join('; ')}.`,
      { subject: name },
    );
  }

  /** Paths so far, sorted. */
  names(): string[] {
    return [...this.#reasons.keys()].sort();
  }
}
