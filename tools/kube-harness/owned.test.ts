import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openOwned } from './owned.ts';
import { identify } from '@distillation/ledger/process-identity';
import { Abort, until } from './access/until.ts';

let root: string;
let log: string;
const strangers: ChildProcess[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'distill-owned-'));
  log = join(root, 'log');
});
afterEach(async () => {
  for (const stranger of strangers.splice(0)) stranger.kill('SIGKILL');
  await rm(root, { recursive: true, force: true });
});

const records = (): string => join(root, 'records');
const sleeper = (name: string) => ({ name, command: ['sleep', '600'] as const, log });
const gone = (pid: number): Promise<true> => until('it is gone', () => (identify(pid) ? undefined : true));

function stranger(): ChildProcess & { readonly pid: number } {
  const child = spawn('sleep', ['600']);
  strangers.push(child);
  if (child.pid === undefined) throw new Error('sleep cannot be started');
  return Object.assign(child, { pid: child.pid });
}

test('close kills the processes, undoes in reverse order, and leaves no record', async () => {
  const owned = openOwned(records());
  const processes = [owned.start(sleeper('one')), owned.start(sleeper('two'))];
  for (const word of ['first', 'second']) owned.undo(['sh', '-c', `echo ${word} >> ${log}`]);
  owned.undo(['false']);
  await owned.close();
  expect(processes.map(({ pid }) => identify(pid))).toEqual([undefined, undefined]);
  expect(await readFile(log, 'utf8')).toBe('second\nfirst\n');
  expect(await readdir(records())).toEqual([]);
  await owned.close();
});

test('a process reports how it ended, and receives signals', async () => {
  const owned = openOwned(records());
  const [sleeping, failing] = [
    owned.start(sleeper('sleeping')),
    owned.start({ name: 'failing', command: ['sh', '-c', 'echo "to $WHOM"; exit 3'], log, env: { WHOM: 'the log' } }),
  ];
  expect(sleeping.ended()).toBeUndefined();
  await sleeping.signal('SIGTERM');
  expect(sleeping.ended()).toBe('SIGTERM');
  expect(await until('it ends', () => failing.ended())).toBe('exit code 3');
  expect(await readFile(log, 'utf8')).toBe('to the log\n');
  expect(() => owned.start({ name: 'none', command: ['no-such-command'], log })).toThrow(/no-such-command cannot be/);
  await owned.close();
});

test('what a killed process owns ends with it', async () => {
  const script = `
    import { openOwned } from ${JSON.stringify(join(import.meta.dirname, 'owned.ts'))};
    const owned = openOwned(${JSON.stringify(records())});
    owned.undo(['touch', ${JSON.stringify(join(root, 'undone'))}]);
    console.log(owned.start(${JSON.stringify(sleeper('orphan'))}).pid);
    setInterval(() => undefined, 1000);`;
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script];
  const owner = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  strangers.push(owner);
  const [line] = (await once(owner.stdout.setEncoding('utf8'), 'data')) as [string];
  const pid = Number(line);
  expect(identify(pid)).toBeDefined();
  owner.kill('SIGKILL');
  await gone(pid);
  await until('it is taken back', () => (existsSync(join(root, 'undone')) ? true : undefined));
  await until('the record is gone', async () => ((await readdir(records())).length === 0 ? true : undefined));
});

test('the next run cleans up after a run whose watchdog was killed too, and touches nothing of others', async () => {
  await openOwned(records()).close();
  const [leftover, reused, others] = [stranger(), stranger(), stranger()];
  const dead = { ...identify(leftover.pid), started: 'before' };
  const record = {
    owner: dead,
    // The ID of the second was reused for a process that we did not start.
    processes: [
      { ...identify(leftover.pid), name: 'leftover' },
      { ...identify(reused.pid), started: 'before', name: 'ended' },
    ],
    undo: [],
  };
  await writeFile(join(records(), 'dead.json'), JSON.stringify(record));
  const alive = { owner: identify(process.pid), processes: [{ ...identify(others.pid), name: 'others' }], undo: [] };
  await writeFile(join(records(), 'alive.json'), JSON.stringify(alive));

  const owned = openOwned(records());
  await gone(leftover.pid);
  expect([identify(reused.pid), identify(others.pid)]).not.toContain(undefined);
  await owned.close();
  expect(await readdir(records())).toEqual(['alive.json']);
});

test('until returns the value, retries after errors, and reports the last one when time is up', async () => {
  let asked = 0;
  const third = (): string | undefined => {
    asked += 1;
    if (asked === 1) throw new Error('not yet');
    return asked === 3 ? 'here' : undefined;
  };
  expect(await until('third', third)).toBe('here');
  const never = (): undefined => {
    throw new Error('the pod is Pending');
  };
  await expect(until('the pod runs', never, 10)).rejects.toThrow(
    'the pod runs: not so after 0.01 s: the pod is Pending',
  );
  const hopeless = (): undefined => {
    throw new Abort('it died');
  };
  await expect(until('it lives', hopeless)).rejects.toThrow('it died');
});
