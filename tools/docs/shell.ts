/** Shell commands in documents. */

/** What a machine like the tests' does not have, as the word behind `sh` of a fence says: its commands are checked, and not executed. */
export const LACKING = ['cloud', 'docker', 'jq', 'network', 'release', 'root'] as const;

/** A fenced `sh` block. */
interface ShellBlock {
  readonly code: string;
  /** The nearest heading above it; empty at the top of a document. */
  readonly heading: string;
  /** The word behind `sh`: what it takes that tests do not have. */
  readonly lacking: string | undefined;
}

/** Every fenced `sh` block of a Markdown text, in order. */
export function fencedShell(markdown: string): ShellBlock[] {
  let heading = '';
  const blocks: ShellBlock[] = [];
  // Within a block, a line that begins with # is a comment.
  for (const [, fence, lacking, code = '', title] of markdown.matchAll(
    /^```(\w*)(?: ([^\n]*))?\n([\s\S]*?)^```$|^#+ (.+)$/gm,
  )) {
    if (title !== undefined) heading = title;
    else if (fence === 'sh') blocks.push({ code: code.trimEnd(), heading, lacking });
  }
  return blocks;
}

/** Text of the fenced `sh` blocks; with `heading`, only of those between it and the next heading of any level. */
export function shellBlocks(markdown: string, heading?: string): string[] {
  const headings = [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title);
  if (heading !== undefined && !headings.includes(heading)) throw new Error(`no section "${heading}"`);
  return fencedShell(markdown)
    .filter((block) => heading === undefined || block.heading === heading)
    .map(({ code }) => code);
}

/** The commands of a block: continued lines are joined, comments and empty lines are left out. */
export function commandsOf(block: string): string[] {
  return block
    .replace(/ *\\\n */g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#(\s.*|)$/, '').trim())
    .filter((line) => line !== '');
}
