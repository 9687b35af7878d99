import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensureDebianPackages } from '../../kube-harness/debian-packages.ts';

/** Debian packages by which images are built, each with a program or file that shows that it is installed. */
const PACKAGES: Readonly<Record<string, string>> = {
  buildah: 'buildah',
  debootstrap: 'debootstrap',
  'debian-archive-keyring': '/usr/share/keyrings/debian-archive-keyring.gpg',
};

/** Characters of the end of a command's output in the message of its failure. */
const OUTPUT_LENGTH = 3_000;

/**
 * Makes sure that this machine can build images; missing packages are installed if possible (root on Debian or Ubuntu).
 * @throws Error that says what to do if not
 */
export function ensureBuilder(log: (line: string) => void): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new Error(
      `Images are built by buildah and debootstrap, which take Linux and root; this is ${process.platform}, user ` +
        `${process.getuid?.() ?? 'unknown'}. Elsewhere build them with \`docker build\` (docs/images.md).`,
    );
  }
  ensureDebianPackages('Builds of images', PACKAGES, log);
}

/** Debian's buildah with a store of its own: chroots instead of containers, plain copies instead of mounts. No service, no registry. */
export class Buildah {
  readonly #folder: string;
  readonly #log: (line: string) => void;

  /** @param folder of the store, which is made; images stay in it until it is removed */
  constructor(folder: string, log: (line: string) => void = () => undefined) {
    this.#folder = folder;
    this.#log = log;
    mkdirSync(join(folder, 'tmp'), { recursive: true });
    // `nvidia/cuda` means what it does for Docker.
    writeFileSync(join(folder, 'registries.conf'), 'unqualified-search-registries = ["docker.io"]\n');
    writeFileSync(join(folder, 'policy.json'), '{ "default": [{ "type": "insecureAcceptAnything" }] }\n');
  }

  /**
   * Runs `buildah COMMAND ARGS...`.
   * @returns what it wrote to its standard output, trimmed
   * @throws Error with the end of what it said
   */
  run(command: string, ...args: readonly string[]): Promise<string> {
    const store = ['--storage-driver', 'vfs', '--root', join(this.#folder, 'storage')];
    const all = [...store, '--runroot', join(this.#folder, 'run'), command, ...args];
    const own = {
      TMPDIR: join(this.#folder, 'tmp'),
      CONTAINERS_REGISTRIES_CONF: join(this.#folder, 'registries.conf'),
    };
    return output('buildah', all, { log: this.#log, env: { ...process.env, ...own } });
  }

  /** Runs a command as an image's user, without a shell. @returns its standard output, trimmed: some lines, since buildah may lose more */
  async inImage(image: string, ...command: readonly string[]): Promise<string> {
    const container = await this.run('from', '--pull-never', image);
    try {
      return await this.run('run', '--isolation', 'chroot', container, '--', ...command);
    } finally {
      await this.run('rm', container);
    }
  }

  /** A text file of an image. */
  async read(image: string, path: string): Promise<string> {
    const container = await this.run('from', '--pull-never', image);
    try {
      return await readFile(join(await this.run('mount', container), path), 'utf8');
    } finally {
      await this.run('rm', container);
    }
  }

  /** Writes an image to a folder, as an OCI image layout. */
  async write(image: string, folder: string): Promise<void> {
    await rm(folder, { recursive: true, force: true });
    await mkdir(dirname(folder), { recursive: true });
    const policy = ['--signature-policy', join(this.#folder, 'policy.json')];
    await this.run('push', '--quiet', ...policy, '--format', 'oci', image, `oci:${folder}`);
  }
}

interface OutputOptions {
  /** Receives the lines of both outputs. */
  readonly log?: (line: string) => void;
  /** Default: this process' own. */
  readonly env?: NodeJS.ProcessEnv;
}

/** @returns the standard output, trimmed. @throws Error with the end of the output */
export function output(program: string, args: readonly string[], { log, env }: OutputOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, all] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        all += text;
        for (const line of text.split('\n')) if (line.trim() !== '') log?.(line);
      });
    }
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(out.trim());
      else reject(new Error(`${program} ended with ${code ?? signal}: ${all.slice(-OUTPUT_LENGTH)}`));
    });
  });
}
