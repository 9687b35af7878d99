import { readdir, stat } from 'node:fs/promises';
import { isFileRequest } from '@distillation/api/transfer';
import { answer, asked, type Exchange } from './exchange.ts';
import { hashOf } from './hash.ts';
import { placeOf } from './place.ts';

/** `files look`: says of each file that is asked for whether it is there, and its hash; of a folder, of all files in it. */
export async function look(exchange: Exchange): Promise<void> {
  for (;;) {
    const request = await asked(exchange, isFileRequest);
    if (request === undefined) return;
    await lookAt(exchange, request.path, request.size);
  }
}

async function lookAt(exchange: Exchange, path: string, size: number | undefined): Promise<void> {
  const place = placeOf(exchange.root, path);
  const found = await stat(place).catch(() => undefined);
  if (found?.isDirectory() === true && size === undefined) {
    for (const name of (await readdir(place)).sort()) await lookAt(exchange, `${path}/${name}`, undefined);
  } else if (found?.isFile() === true && (size === undefined || size === found.size)) {
    await answer(exchange, { type: 'File', path, size: found.size, sha256: await hashOf(place) });
  } else await answer(exchange, { type: 'Absent', path });
}
