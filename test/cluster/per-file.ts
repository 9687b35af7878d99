import { afterAll } from 'vitest';
import { reportFaults } from './faults/same-student.ts';
import { leaveCluster } from './support.ts';

/** Cleans up after each file of the project `cluster`: a process runs one file after the other, with the same modules. */

afterAll(async () => {
  reportFaults();
  await leaveCluster();
});
