import { LAYOUT } from '@distillation/api/layout';
import { object, type Of, word } from '@distillation/api/shape';
import { readerOf } from '@distillation/api/reading';
import type { Ledger } from '@distillation/ledger/ledger';
import { type FineTuneRecord, fineTuneRecord } from './fine-tune-progress.ts';
import type { FineTuneStore } from './fine-tune.ts';

type KeptRecord = Of<typeof keptRecord>;
const keptRecord = object({ start: word, record: fineTuneRecord });
const readKept = readerOf(keptRecord);

/** Keeps the epochs of fine-tuning on the job's volume. `start` identifies the student that fine-tuning starts from. */
export function ledgerStore(ledger: Ledger, start: string): FineTuneStore {
  return {
    async record(epoch) {
      const kept = await ledger.readAs(LAYOUT.fineTuneRecord(epoch), readKept);
      return kept?.start === start ? kept.record : undefined;
    },
    async load({ checkpoint }) {
      return checkpoint && (await ledger.readData(checkpoint))?.tensors;
    },
    async save(record, tensors) {
      const name = LAYOUT.fineTuneData(record.epoch);
      const metadata = { epoch: String(record.epoch), start };
      const checkpoint = tensors && (await ledger.writeData(name, { tensors, metadata }));
      const kept: FineTuneRecord = { ...record, ...(checkpoint && { checkpoint }) };
      const body: KeptRecord = { start, record: kept };
      await ledger.writeJson(LAYOUT.fineTuneRecord(record.epoch), body);
      return kept;
    },
    async forget(epoch) {
      await ledger.files.unlink(ledger.path(LAYOUT.fineTuneData(epoch)));
    },
  };
}
