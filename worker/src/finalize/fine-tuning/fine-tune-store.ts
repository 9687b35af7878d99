import { LAYOUT } from '@distillation/api/layout';
import { object, type Of, word } from '@distillation/api/shape';
import { readerOf } from '@distillation/api/reading';
import type { Ledger } from '@distillation/ledger/ledger';
import { type FineTuneRecord, fineTuneRecord } from './fine-tune-progress.ts';
import type { FineTuneStore } from './fine-tune.ts';

type KeptRecord = Of<typeof keptRecord>;
const keptRecord = object({ start: word, record: fineTuneRecord });
const readKept = readerOf(keptRecord);

/** Names of the records and checkpoints of a network's epochs. */
interface EpochFiles {
  record(epoch: number): string;
  data(epoch: number): string;
}

const STUDENT_EPOCHS: EpochFiles = { record: LAYOUT.fineTuneRecord, data: LAYOUT.fineTuneData };
export const CONTROL_EPOCHS: EpochFiles = { record: LAYOUT.controlRecord, data: LAYOUT.controlData };

/** Keeps the epochs of fine-tuning on the job's volume. `start` identifies what fine-tuning starts from, and how it goes on. */
export function ledgerStore(ledger: Ledger, start: string, files = STUDENT_EPOCHS): FineTuneStore {
  return {
    async record(epoch) {
      const kept = await ledger.readAs(files.record(epoch), readKept);
      return kept?.start === start ? kept.record : undefined;
    },
    async load({ checkpoint }) {
      return checkpoint && (await ledger.readData(checkpoint))?.tensors;
    },
    async save(record, tensors) {
      const name = files.data(record.epoch);
      const metadata = { epoch: String(record.epoch), start };
      const checkpoint = tensors && (await ledger.writeData(name, { tensors, metadata }));
      const kept: FineTuneRecord = { ...record, ...(checkpoint && { checkpoint }) };
      const body: KeptRecord = { start, record: kept };
      await ledger.writeJson(files.record(record.epoch), body);
      return kept;
    },
    async forget(epoch) {
      await ledger.files.unlink(ledger.path(files.data(epoch)));
    },
  };
}
