#!/usr/bin/env node
import { runOnProjectNode } from '@distillation/runtime/project-node';
import { fileURLToPath } from 'node:url';

await runOnProjectNode([fileURLToPath(new URL('../src/main.ts', import.meta.url)), ...process.argv.slice(2)]);
