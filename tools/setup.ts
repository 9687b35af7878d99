/**
 * `npm run setup`: makes TensorFlow's native addon usable, and says in one line what the worker will compute with. It may be
 * run any number of times; when nothing is to be done it takes less than a second. Having no native addon is not a failure.
 */
import process from 'node:process';
import { setUpNative } from '@distillation/native-addon/setup';

const log = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

log((await setUpNative(log)).summary);
