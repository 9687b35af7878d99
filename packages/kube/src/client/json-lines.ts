import { StringDecoder } from 'node:string_decoder';

const LINE_FEED = 10;

/** Splits a byte stream into its non-empty lines; a line or a character may span any number of chunks. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder('utf8');
  // Chunks are joined only at the end of the line, since an object of a megabyte arrives in many of them.
  let parts: string[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      parts.push(decoder.write(chunk.subarray(start, end)));
      const line = parts.join('');
      parts = [];
      start = end + 1;
      if (line !== '') yield line;
    }
    if (start < chunk.length) parts.push(decoder.write(chunk.subarray(start)));
  }
  // Text after the last line feed is a truncated line: the connection broke, and the event will be sent again.
}
