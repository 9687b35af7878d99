/**
 * What is to be done when a test file has ended. A module's own `afterAll` holds for the file alone that imported it first, since a process
 * runs one file after the other with the same modules; a setup file runs with each.
 */

type Cleanup = () => unknown;

const cleanups: Cleanup[] = [];

/** @param cleanup awaited after the test file that is running, the last one first */
export function afterFile(cleanup: Cleanup): void {
  cleanups.push(cleanup);
}

/** For the setup files of the projects. */
export async function cleanUp(): Promise<void> {
  for (let next = cleanups.pop(); next !== undefined; next = cleanups.pop()) await next();
}
