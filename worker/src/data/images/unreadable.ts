import { DistillError } from '@distillation/api/errors';
import type { UnreadableFile } from '@distillation/api/plan';
import { plural } from '@distillation/api/format';
import { compareNames } from '../folders/names.ts';

/** Counts and lists images that cannot be read, and fails when there are too many. */

const NAMED = 10;

export class UnreadableImages {
  readonly #reasons = new Map<string, string>();
  readonly #limit: number;

  /** @param limit `spec.dataset.maxUnreadable` */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * @param reason a phrase that follows the name, without a full stop
   * @throws DistillError DISTILL_E_DATASET_UNREADABLE_IMAGES when the limit is now exceeded, naming the first ten
   */
  add(name: string, reason: string): void {
    this.#reasons.set(name, reason);
    const found = this.#reasons.size;
    if (found <= this.#limit) return;
    const named = this.list()
      .slice(0, NAMED)
      .map((one) => `${one.name} ${one.reason}`);
    throw new DistillError(
      'DISTILL_E_DATASET_UNREADABLE_IMAGES',
      `${plural(found, 'unreadable image')}, ${this.#limit === 0 ? 'none' : this.#limit} allowed: ${named.join('; ')}${found > NAMED ? '; ...' : ''}.`,
      { subject: name },
    );
  }

  /** Those so far, sorted by name. */
  list(): UnreadableFile[] {
    return [...this.#reasons].map(([name, reason]) => ({ name, reason })).sort((a, b) => compareNames(a.name, b.name));
  }
}
