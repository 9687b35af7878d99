// `node bootstrap.js SCRIPT ARGS...` runs a script on the project's Node, whatever Node runs this: how npm scripts begin.
import { argv } from 'node:process';
import { runOnProjectNode } from './project-node.js';

await runOnProjectNode(argv.slice(2));
