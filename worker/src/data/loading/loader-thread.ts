import { parentPort, workerData } from 'node:worker_threads';
import { toDistillError } from '@distillation/api/errors';
import { makeBatch } from '../batch.ts';
import type { ThreadReply, ThreadRequest, ThreadSetup } from './loader-protocol.ts';
import { channelTables } from '../preprocess.ts';

/** A loader thread: makes one batch after another, each requested by its id. */

const { data, preprocessing } = workerData as ThreadSetup;
const context = { data, tables: channelTables(preprocessing, data.imageShape[2]) };

async function answer({ id, request }: ThreadRequest): Promise<void> {
  try {
    const batch = await makeBatch(context, request);
    const reply: ThreadReply = { id, batch };
    // The arrays are transferred to the training thread, not copied.
    parentPort?.postMessage(reply, [batch.images.buffer, batch.labels.buffer, batch.sampleIds.buffer]);
  } catch (thrown) {
    const { code, message, subject } = toDistillError(thrown);
    const reply: ThreadReply = { id, error: { code, message, ...(subject === undefined ? {} : { subject }) } };
    parentPort?.postMessage(reply);
  }
}

let last = Promise.resolve();
parentPort?.on('message', (request: ThreadRequest) => {
  last = last.then(() => answer(request));
});
