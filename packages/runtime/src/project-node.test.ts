import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const BOOTSTRAP = join(import.meta.dirname, 'bootstrap.js');

/** Says which signal it gets, and ends with a status of its own. */
const CHILD = `
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => { console.log(signal); process.exitCode = 3; clearInterval(alive); });
  const alive = setInterval(() => undefined, 1000);
  console.log('ready');`;

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('passes %s that it alone has got on to its child', async (signal) => {
  // A session of its own: no terminal reaches the child.
  const parent = spawn(process.execPath, [BOOTSTRAP, '-e', CHILD], { detached: true });
  let said = '';
  parent.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await once(parent.stdout, 'data');
  parent.kill(signal);
  expect(await once(parent, 'close')).toEqual([3, null]);
  expect(said).toBe(`ready\n${signal}\n`);
});
