import { StringDecoder } from 'node:string_decoder';

const LINE_FEED = 10;

/** Splits a stream of bytes into its non-empty lines; a character or a line may be spread over any number of chunks. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder('utf8');
  // Parts are joined only when the line ends: an object of a megabyte comes in many chunks.
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
  // What follows the last line feed is a line cut off in the middle: the connection broke, and the event comes again.
}
