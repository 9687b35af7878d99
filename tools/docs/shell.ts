/** Shell commands in documents. */

/** Fenced `sh` blocks of a Markdown text in order; with `heading`, only those between it and the next heading of any level. */
export function shellBlocks(markdown: string, heading?: string): string[] {
  const headings: string[] = [];
  const blocks: string[] = [];
  // Within a block, a line that begins with # is a comment.
  for (const [, fence, code = '', title] of markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$|^#+ (.+)$/gm)) {
    if (title !== undefined) headings.push(title);
    else if (fence === 'sh' && (heading === undefined || headings.at(-1) === heading)) blocks.push(code.trimEnd());
  }
  if (heading !== undefined && !headings.includes(heading)) throw new Error(`no section "${heading}"`);
  return blocks;
}

/** The commands of a block: continued lines are joined, comments and empty lines are left out. */
export function commandsOf(block: string): string[] {
  return block
    .replace(/ *\\\n */g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#(\s.*|)$/, '').trim())
    .filter((line) => line !== '');
}
