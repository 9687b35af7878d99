/** Started by `openOwned`: ends what the record named on the command line holds, once standard input ends. */
import { reap } from './owned.ts';

process.stdin.resume().once('close', () => {
  const [, , file] = process.argv;
  if (file !== undefined) reap(file);
});
