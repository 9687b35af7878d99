import { resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { IMAGE_KINDS } from './image/contents.ts';
import { stageImage } from './image/stage.ts';

/** `node tools/stage-image.ts operator|worker FOLDER`: writes an image's `/app` to a folder. The Dockerfiles run it. */

const [wanted, folder] = process.argv.slice(2);
const kind = IMAGE_KINDS.find((known) => known === wanted);
if (kind === undefined || folder === undefined) {
  process.stderr.write(`usage: stage-image.ts ${IMAGE_KINDS.join('|')} FOLDER\n`);
  process.exit(64);
}
await stageImage(kind, fileURLToPath(new URL('../', import.meta.url)), resolve(folder));
