// Deliberately plain JavaScript: it must run on any Node (>= 20) that the machine has, and hands over to the Node 22 that `npm ci`
// installed, which runs this project's TypeScript directly by stripping types.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process, { execPath, exit, kill, pid, platform, arch, versions } from 'node:process';

const FLOOR = [22, 19];

/** Whether a version such as "22.23.3" belongs to the one Node line that both TensorFlow.js and client-node run on. */
export function isProjectNode(version) {
  const [major, minor] = version.split('.').map(Number);
  return major === FLOOR[0] && minor >= FLOOR[1];
}

/** Path of the Node binary that this project runs on: the running one if its version is right, else the one of the npm package. */
function projectNode() {
  if (isProjectNode(versions.node)) return execPath;
  const require = createRequire(import.meta.url);
  const prefix = platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node';
  try {
    const manifest = require.resolve(`${prefix}-${platform}-${arch}/package.json`);
    const binary = join(dirname(manifest), 'bin', 'node');
    if (existsSync(binary)) return binary;
  } catch {
    // Not installed: the message below says what to do.
  }
  console.error(
    `This project runs on Node ${FLOOR.join('.')} or later of the 22 line; this is ${versions.node}, and no packaged Node 22 ` +
      `is installed for ${platform}-${arch}. Run \`npm ci\`, or install Node 22 and try again.`,
  );
  return exit(78);
}

/** Whether Ctrl-C in a terminal reaches this process. */
function isInForeground() {
  try {
    const text = readFileSync('/proc/self/stat', 'utf8');
    const [, , group, , , foreground] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return group === foreground;
  } catch {
    // No Linux.
    return process.stdin.isTTY === true;
  }
}

/** Runs `node args...` on the project's Node in the foreground, forwarding stop signals and the exit status. */
export async function runOnProjectNode(args) {
  let child;
  // Before the child begins: a signal that comes as soon as it speaks is passed on too.
  const forward = (signal) => child.kill(signal);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, forward);
  // A terminal sends SIGINT to the whole process group in its foreground, the child too; anybody else to this process alone.
  const interrupt = (signal) => {
    if (!isInForeground()) forward(signal);
  };
  process.on('SIGINT', interrupt);
  child = spawn(projectNode(), ['--disable-warning=ExperimentalWarning', ...args], { stdio: 'inherit' });
  await new Promise((resolve) => {
    child.on('exit', (code, signal) => {
      if (signal !== null) {
        for (const name of ['SIGTERM', 'SIGHUP']) process.off(name, forward);
        process.off('SIGINT', interrupt);
        kill(pid, signal);
      }
      resolve(undefined);
      exit(code ?? 1);
    });
  });
}
