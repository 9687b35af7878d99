import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { create } from 'tar';

/** Packs files into an npm tarball. */
export async function packTarball(
  folder: string,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<Buffer> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, 'package', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  const file = join(folder, 'package.tgz');
  await create({ file, cwd: folder, gzip: true }, ['package']);
  return readFile(file);
}

/** A registry, by default on the loopback interface, that serves one package, as badly as a test asks. A client may take it for its proxy too. */
export class TestRegistry {
  /** Paths asked for, in order. */
  readonly asked: string[] = [];
  /** Bytes after which each answer with the tarball in turn is cut off. */
  cuts: number[] = [];
  /** Bytes after which an answer with the tarball stands still. */
  holdAfter: number | undefined;
  /** Answers to the next requests for the tarball instead of it. */
  statuses: number[] = [];
  /**
   * What becomes of a request for a part: it gets it, or the whole from the beginning, or the answer that there is no such part, or other bytes
   * than those.
   */
  parts: 'Given' | 'Ignored' | 'Refused' | 'Wrong' = 'Given';
  /** The part that each request for the tarball asked for. */
  readonly ranges: (string | undefined)[] = [];
  /** Instead of the package's bytes. */
  body: Buffer;
  readonly #served: { readonly name: string; readonly version: string; readonly tarball: Buffer };
  readonly #server: Server;
  readonly #held: (() => unknown)[] = [];

  constructor(served: { readonly name: string; readonly version: string; readonly tarball: Buffer }) {
    this.#served = served;
    this.body = served.tarball;
    this.#server = createServer((request, response) => {
      this.#answer(request, response);
    });
  }

  get url(): string {
    const { address, port } = this.#server.address() as AddressInfo;
    return `http://${address}:${port}/`;
  }

  async listen(host = '127.0.0.1'): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(0, host, resolve);
    });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Answers that stand still go on, and others do not stand still. */
  letGo(): void {
    this.holdAfter = undefined;
    for (const goOn of this.#held.splice(0)) goOn();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    // A proxy is asked for whole addresses.
    const asked = request.url ?? '';
    const { pathname, origin } = new URL(asked, this.url);
    this.asked.push(asked);
    const { name, version, tarball } = this.#served;
    const file = `/${name}/-/${name}-${version}.tgz`;
    if (pathname === `/${name}`) {
      const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
      const dist = { tarball: origin + file, integrity };
      const versions = { [version]: { name, version, dist } };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions }));
    } else if (pathname === file) {
      this.#answerTarball(request, response);
    } else response.writeHead(404).end('{}');
  }

  #answerTarball({ headers: { range } }: IncomingMessage, response: ServerResponse): void {
    this.ranges.push(range);
    const status = this.statuses.shift();
    if (status !== undefined) {
      response.writeHead(status).end();
      return;
    }
    const { length } = this.body;
    const asked = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const from = this.parts === 'Ignored' ? 0 : asked;
    if (from >= length || (from > 0 && this.parts === 'Refused')) {
      response.writeHead(416).end();
      return;
    }
    const rest = this.body.subarray(from);
    const bytes = from > 0 && this.parts === 'Wrong' ? Buffer.alloc(rest.length) : rest;
    const partly = { 'content-range': `bytes ${from}-${length - 1}/${length}` };
    response.writeHead(from === 0 ? 200 : 206, { 'content-length': bytes.length, ...(from > 0 && partly) });
    // A registry that gives a wrong part gives all of it.
    const cut = bytes === rest ? this.cuts.shift() : undefined;
    if (this.holdAfter !== undefined) {
      const { holdAfter } = this;
      response.write(bytes.subarray(0, holdAfter));
      this.#held.push(() => response.end(bytes.subarray(holdAfter)));
    } else if (cut === undefined) response.end(bytes);
    else response.write(bytes.subarray(0, cut), () => response.destroy());
  }
}
