import { readFile } from 'node:fs/promises';
import type { DistillationJob } from '@distillation/api/job';
import { parseManifest } from '@distillation/api/manifest';
import { ChunkReader } from '@distillation/runtime/chunk-reader';

/**
 * Reads and validates the job.
 *
 * @param path of its file; `-` for standard input, up to an empty line: one that comes through the API server's `exec` has no end
 */
export async function readJob(path: string): Promise<DistillationJob> {
  return parseManifest(path === '-' ? await untilEmptyLine(process.stdin) : await readFile(path, 'utf8'), path);
}

async function untilEmptyLine(input: AsyncIterable<Uint8Array>): Promise<string> {
  const reader = new ChunkReader(input);
  const lines: string[] = [];
  for (let line = await reader.line(); line !== undefined && line !== ''; line = await reader.line()) lines.push(line);
  return lines.join('\n');
}
