/** Started by `openOwned`: reaps the record named on the command line when standard input ends. */
import { reap } from './owned.ts';

process.stdin.resume().once('close', () => {
  const [, , file] = process.argv;
  if (file !== undefined) reap(file);
});
