/**
 * `npm run setup`: makes TensorFlow's native addon usable, and says in one line which backend the worker will use. It may be run any
 * number of times; when there is nothing to do, it takes less than a second. A missing native addon is not a failure.
 */
import process from 'node:process';
import { setUpNative } from '@distillation/native-addon/setup';

const log = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

log((await setUpNative(log)).summary);
