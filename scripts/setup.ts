/**
 * `npm run setup`: makes TensorFlow's native addon usable, and says in one line what the worker will compute with. It may be
 * run any number of times; when nothing is to be done it takes less than a second. Having no native addon is not a failure.
 */
import process from 'node:process';
import { ensureNativeAddon, nativeMode } from '@distillation/worker/backend/native/install';
import { locatePackage } from '@distillation/worker/backend/native/addon';

const log = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const value = process.env['DISTILL_NATIVE'];
const mode = nativeMode(value);
if (mode === undefined) log(`DISTILL_NATIVE=${value ?? ''} is none of official, wheel, skip; every way is tried`);
// The GPU package is what the GPU image adds; elsewhere it is not there and the CPU package serves.
const name = locatePackage('tfjs-node-gpu') === undefined ? 'tfjs-node' : 'tfjs-node-gpu';
log((await ensureNativeAddon({ package: name, log, mode: mode ?? 'any' })).summary);
