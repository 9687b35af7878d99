import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const python = await run('python3', ['--version']).then(
  () => true,
  () => false,
);

test.runIf(python)('takes headers, libraries and NVIDIA requirements from a wheel, nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'distill-wheel-'));
  const metadata = [
    'Name: tensorflow',
    'Requires-Dist: numpy>=1.26.0',
    'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
    'Requires-Dist: nvidia-cudnn-cu12==9.3.0.75; extra == "and-cuda"',
    'Requires-Dist: nvidia-nvjitlink-cu12 (==12.5.82) ; extra == "and-cuda"',
  ].join('\n');
  const files = {
    'tensorflow/include/tensorflow/c/c_api.h': 'header',
    'tensorflow/include/tensorflow/core/ops/ops.h': 'not needed',
    'tensorflow/libtensorflow_cc.so.2': 'library',
    'tensorflow/lite/libtensorflow_cc.so.2': 'another',
    'tensorflow/python/x.py': 'not needed',
    'tensorflow-2.dist-info/METADATA': metadata,
  };
  const wheel = join(folder, 'x.whl');
  await writeFile(
    wheel,
    zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))),
  );
  const { stdout } = await run('python3', [join(import.meta.dirname, 'unpack-wheel.py'), wheel, join(folder, 'out')]);
  expect(stdout.trim().split('\n')).toEqual([
    'nvidia-cublas-cu12<13.0,>=12.5.3.2',
    'nvidia-cudnn-cu12==9.3.0.75',
    'nvidia-nvjitlink-cu12==12.5.82',
  ]);
  const found = (await readdir(join(folder, 'out'), { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  expect(found.map((entry) => entry.name).sort()).toEqual(['c_api.h', 'libtensorflow_cc.so.2']);
  expect(await readFile(join(folder, 'out', 'lib', 'libtensorflow_cc.so.2'), 'utf8')).toBe('library');
  await rm(folder, { recursive: true });
});
