import type { LiveProgress } from '@distillation/api/progress';
import { digestOf } from '@distillation/ledger/digest';
import type { Ledger } from '@distillation/ledger/ledger';
import { readEverything } from '@distillation/ledger/view';
import type { Role } from '@distillation/api/words';

/** The volume is read at most once in this many milliseconds, however many requests arrive. */
const FRESH_MS = 500;

/**
 * Reads the ledger for `/progress`; undefined as long as there is no plan. Requests that arrive during a read get
 * its answer, so that reads do not pile up on a slow volume.
 */
export function progressReader(ledger: Ledger, role: Role): () => Promise<LiveProgress | undefined> {
  const begun = Date.now();
  let last: { readonly at: number; readonly answer: Promise<LiveProgress | undefined> } | undefined;
  const read = async (): Promise<LiveProgress | undefined> => {
    const view = await readEverything(ledger);
    const digest = digestOf(view);
    if (digest === undefined) return undefined;
    const finalizer = role === 'finalizer' ? await ledger.readFinalizerProgress() : undefined;
    return {
      version: 1,
      ...digest,
      workers: view.workers,
      // Progress that an earlier life of the finalizer reported is out of date.
      ...(finalizer !== undefined && finalizer.updatedAt >= begun && { finalizer }),
      at: Date.now(),
    };
  };
  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at > FRESH_MS) {
      const entry = { at: Infinity, answer: read() };
      entry.answer
        .finally(() => {
          entry.at = performance.now();
        })
        .catch(() => {
          if (last === entry) last = undefined;
        });
      last = entry;
    }
    return last.answer;
  };
}
