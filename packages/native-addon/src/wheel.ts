import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ADDON, type NativePackage } from './addon.ts';
import { runCommand } from './command.ts';
import { LIBRARIES } from './symbols/bind-build.ts';

const TENSORFLOW = '2.20.0';

interface Wheel {
  readonly project: string;
  /** Checksum that pip verifies. */
  readonly sha256: string;
}

/** Only these wheels are known to work. Any Python can fetch them, since only the C library in them is used. */
const WHEELS: Readonly<Record<string, Wheel | undefined>> = {
  'tfjs-node linux x64': {
    project: 'tensorflow-cpu',
    sha256: 'cf756bbe2d256e942ab5d0ad2c858fb40017581494febdb4387c149b1afde780',
  },
  'tfjs-node linux arm64': {
    project: 'tensorflow',
    sha256: '3e9568c8efcb05c0266be223e3269c62ebf7ad3498f156438311735f6fa5ced5',
  },
  'tfjs-node-gpu linux x64': {
    project: 'tensorflow',
    sha256: '481499fd0f824583de8945be61d5e827898cdaa4f5ea1bc2cc28ca2ccff8229e',
  },
};

const MINUTE = 60_000;
const PYTHONS = ['python3', 'python', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
const COMPILERS = ['g++', 'c++', 'clang++'];

/**
 * Compiles the addon with the system's C++ compiler against the C library in TensorFlow's own Python wheel. The GPU package also gets the
 * wheel's CUDA libraries, which TensorFlow finds in its own folder.
 * @param folder receives `deps` and `lib`
 * @throws Error with the reason, in one line
 */
export async function buildFromWheel(name: NativePackage, packageFolder: string, folder: string): Promise<void> {
  const wheel = WHEELS[`${name} ${process.platform} ${process.arch}`];
  if (wheel === undefined)
    throw new Error(`no TensorFlow wheel is known for ${name} on ${process.platform} ${process.arch}`);
  const compiler = await firstThatRuns(COMPILERS, ['--version'], 'a C++ compiler');
  const python = await firstThatRuns(PYTHONS, ['-m', 'pip', '--version'], 'a Python with pip');
  const [deps, download] = [join(folder, 'deps'), join(folder, 'download')];
  await Promise.all([mkdir(join(folder, dirname(ADDON)), { recursive: true }), mkdir(deps), mkdir(download)]);

  const requirements = join(download, 'requirements.txt');
  await writeFile(requirements, `${wheel.project}==${TENSORFLOW} --hash=sha256:${wheel.sha256}\n`);
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const platforms = [`manylinux_2_17_${machine}`, `manylinux2014_${machine}`].flatMap((tag) => ['--platform', tag]);
  const target = ['--python-version', '311', '--implementation', 'cp', ...platforms];
  const fetch = [
    '-m',
    'pip',
    '--disable-pip-version-check',
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--require-hashes',
  ];
  await runCommand(python, [...fetch, ...target, '-r', requirements, '-d', download], { timeoutMs: 20 * MINUTE });

  const file = (await readdir(download)).find((entry) => entry.endsWith('.whl'));
  if (file === undefined) throw new Error('pip downloaded no wheel');
  const script = fileURLToPath(new URL('./unpack-wheel.py', import.meta.url));
  const nvidia = await runCommand(python, [script, join(download, file), deps], { timeoutMs: 5 * MINUTE });
  await rm(download, { recursive: true });
  const [library = '', framework = ''] = LIBRARIES;
  await symlink(library, join(deps, 'lib', 'libtensorflow.so'));
  await symlink(framework, join(deps, 'lib', 'libtensorflow_framework.so'));
  if (name === 'tfjs-node-gpu') {
    const install = [
      '-m',
      'pip',
      '--disable-pip-version-check',
      'install',
      '--no-deps',
      '--only-binary=:all:',
      '--target',
      deps,
    ];
    await runCommand(python, [...install, ...nvidia.split('\n').filter(Boolean)], { timeoutMs: 60 * MINUTE });
  }
  await compile(compiler, packageFolder, folder);
}

async function compile(compiler: string, packageFolder: string, folder: string): Promise<void> {
  const nodeHeaders = dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json'));
  const binding = join(packageFolder, 'binding');
  const sources = (await readdir(binding))
    .filter((entry) => entry.endsWith('.cc'))
    .map((entry) => join(binding, entry));
  const flags = ['-O2', '-fPIC', '-shared', '-std=c++17', '-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION'];
  const headers = [join(nodeHeaders, 'include'), join(folder, 'deps', 'include')].map((path) => `-I${path}`);
  const libraries = [`-L${join(folder, 'deps', 'lib')}`, '-ltensorflow', '-ltensorflow_framework'];
  // The addon finds TensorFlow by a path relative to itself, so that the folder can be moved.
  const place = '-Wl,-rpath,$ORIGIN/../../deps/lib';
  const output = ['-o', join(folder, ADDON)];
  await runCommand(compiler, [...flags, ...headers, ...sources, ...libraries, place, ...output], {
    timeoutMs: 5 * MINUTE,
  });
}

async function firstThatRuns(commands: readonly string[], args: readonly string[], what: string): Promise<string> {
  for (const command of commands) {
    try {
      await runCommand(command, args, { timeoutMs: MINUTE });
      return command;
    } catch {
      // Try the next name.
    }
  }
  throw new Error(`${what} is needed; none of ${commands.join(', ')} runs`);
}
