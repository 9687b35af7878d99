import { afterAll } from 'vitest';
import { cleanUp } from '../../support/after-file.ts';
import { reportFaults } from '../faults/tally.ts';
import { stopOperators } from './operator.ts';
import { forgetAccounts } from './operator-account.ts';
import { disconnect } from './support.ts';

/** Cleans up after each file of the project `kube`: a process runs one file after the other, with the same modules. */

afterAll(async () => {
  await cleanUp();
  await stopOperators();
  forgetAccounts();
  await disconnect();
  reportFaults();
});
