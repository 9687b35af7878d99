import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bytes, plural } from '@distillation/api/format';
import { bundle, PROGRAMS, type ProgramName, writeBundle } from './build/bundle.ts';

/** `npm run build [-- FOLDER]`: writes all programs as plain JavaScript to a folder, which is replaced; by default `dist`. */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const folder = resolve(process.argv[2] ?? join(ROOT, 'dist'));
const programs = Object.keys(PROGRAMS) as ProgramName[];
const files = await bundle({ root: ROOT, programs });
await rm(folder, { recursive: true, force: true });
await writeBundle(files, folder);
const size = files.reduce((sum, { content }) => sum + content.length, 0);
console.log(`${programs.join(', ')} written to ${folder}: ${plural(files.length, 'file')}, ${bytes(size)}`);
