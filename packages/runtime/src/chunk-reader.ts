/** No line of a protocol is longer: a header with a path. */
const LONGEST_LINE = 64 * 1024;
const LINE_FEED = 0x0a;

/** A stream that ends amid what it announced. */
export class CutShort extends Error {
  override readonly name = 'CutShort';
}

/** Reads lines and runs of bytes, in turn, from a stream that comes in chunks of any size. */
export class ChunkReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next line, without its line feed; undefined at the end of the stream. @throws CutShort amid a line, or for one without end */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#rest.indexOf(LINE_FEED);
      if (end >= 0) {
        const line = new TextDecoder().decode(this.#rest.subarray(0, end));
        this.#rest = this.#rest.subarray(end + 1);
        return line;
      }
      if (this.#rest.length > LONGEST_LINE) throw new CutShort(`a line is longer than ${LONGEST_LINE} bytes`);
      const next = await this.#source.next();
      if (next.done === true) {
        if (this.#rest.length > 0) throw new CutShort('the stream ended amid a line');
        return undefined;
      }
      this.#rest = Buffer.concat([this.#rest, next.value]);
    }
  }

  /** The next bytes, in pieces. @throws CutShort when there are fewer */
  async *bytes(size: number): AsyncGenerator<Uint8Array, void> {
    for (let left = size; left > 0;) {
      if (this.#rest.length === 0) {
        const next = await this.#source.next();
        if (next.done === true) throw new CutShort(`the stream ended too early, by ${left} B`);
        this.#rest = next.value;
      }
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      if (piece.length > 0) yield piece;
    }
  }
}
