import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { Agent as HttpAgent, type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { create } from 'tar';
import type { NpmSettings } from './npm-settings.ts';

/** A registry on the loopback interface that serves one package, as badly as a test asks. */

export interface TestPackage {
  readonly name: string;
  readonly version: string;
  readonly tarball: Buffer;
}

/** Packs files into an npm tarball. */
export async function packTarball(
  folder: string,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<Buffer> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, 'package', name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, content);
  }
  const file = join(folder, 'package.tgz');
  await create({ file, cwd: folder, gzip: true }, ['package']);
  return readFile(file);
}

export class TestRegistry {
  /** `Range` header of each request for the tarball, in order; '' where there was none. */
  readonly ranges: string[] = [];
  /** Bytes after which each answer in turn is cut off. */
  cuts: number[] = [];
  /** Whether `Range` is understood. */
  resumable = true;
  /** Instead of the package's bytes. */
  body: Buffer;
  /** Host that the metadata names in the tarball's address; default: this registry. */
  tarballBase: string | undefined;
  readonly #package: TestPackage;
  readonly #server: Server;

  constructor(served: TestPackage) {
    this.#package = served;
    this.body = served.tarball;
    this.#server = createServer((request, response) => {
      this.#answer(request, response);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  get settings(): NpmSettings {
    return { registry: this.url, httpAgent: new HttpAgent(), httpsAgent: new HttpsAgent() };
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { name, version, tarball } = this.#package;
    const file = `/${name}/-/${name}-${version}.tgz`;
    if (request.url === `/${name}`) {
      const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
      const dist = { tarball: (this.tarballBase ?? this.url.slice(0, -1)) + file, integrity };
      response.end(JSON.stringify({ versions: { [version]: { dist } } }));
    } else if (request.url === file) this.#send(request, response);
    else response.writeHead(404).end();
  }

  #send(request: IncomingMessage, response: ServerResponse): void {
    const { range = '' } = request.headers;
    this.ranges.push(range);
    const start = this.resumable ? Number(/^bytes=(\d+)-$/.exec(range)?.[1] ?? 0) : 0;
    const size = this.body.length;
    if (start >= size) {
      response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
      return;
    }
    response.writeHead(start > 0 ? 206 : 200, {
      'content-length': size - start,
      ...(start > 0 ? { 'content-range': `bytes ${start}-${size - 1}/${size}` } : {}),
    });
    const cut = this.cuts.shift();
    if (cut === undefined) response.end(this.body.subarray(start));
    else response.write(this.body.subarray(start, start + cut), () => response.destroy());
  }
}
