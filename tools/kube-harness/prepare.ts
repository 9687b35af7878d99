/** A program that makes the tools on the command line (default all) available; `npm test` runs it beside the fast tests. */
import { CLIENT_TOOLS, CONTROL_PLANE_TOOLS, NODE_TOOLS, findTools, type Tool } from './assets.ts';

// Nodes are supported only on Linux.
const nodeTools = process.platform === 'linux' ? NODE_TOOLS : [];
const every: readonly Tool[] = [...CONTROL_PLANE_TOOLS, ...nodeTools, ...CLIENT_TOOLS];
const named = process.argv.slice(2) as Tool[];
// Child processes are cleaned up only on an orderly exit.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
const started = performance.now();
try {
  const tools = await findTools(named.length === 0 ? every : named, {
    log: (line) => {
      process.stdout.write(`${line}\n`);
    },
  });
  for (const [tool, path] of Object.entries(tools)) process.stdout.write(`${tool}: ${path}\n`);
  process.stdout.write(`ready after ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
} catch (thrown) {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exitCode = 1;
}
