import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isFileRequest } from '@distillation/api/transfer';
import { answer, asked, type Exchange } from './exchange.ts';
import { placeOf } from './place.ts';

const CHUNK = 256 * 1024;

/** `files send`: the bytes of each file that is asked for, and their hash. */
export async function send(exchange: Exchange): Promise<void> {
  for (;;) {
    const request = await asked(exchange, isFileRequest);
    if (request === undefined) return;
    const { path } = request;
    const place = placeOf(exchange.root, path);
    const found = await stat(place).catch(() => undefined);
    if (found?.isFile() !== true) {
      await answer(exchange, { type: 'Absent', path });
      continue;
    }
    const { size } = found;
    await answer(exchange, { type: 'Content', path, size });
    const hash = createHash('sha256');
    // A file that grows meanwhile is sent as long as it was; one that shrinks ends the copy.
    for await (const chunk of createReadStream(place, { highWaterMark: CHUNK, start: 0, end: Math.max(0, size - 1) })) {
      hash.update(chunk as Buffer);
      await exchange.output(chunk as Buffer);
    }
    await answer(exchange, { type: 'File', path, size, sha256: hash.digest('hex') });
  }
}
