import { openBackend } from '../../../worker/src/backend/select.ts';
import { makeTinyWorld } from '../tiny-world.ts';

/** Makes the tiny world's data and teacher in the folder of its argument: a program, so that no test process has to load TensorFlow for it. */

const [folder = ''] = process.argv.slice(2);
const { tf } = await openBackend({ cpuThreads: 1 });
await makeTinyWorld(tf, folder);
