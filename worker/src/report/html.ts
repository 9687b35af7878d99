/** HTML that has already been escaped; only this module creates it. */
export interface Html {
  readonly markup: string;
}

type Piece = Html | string | number | undefined | false | readonly Piece[];

/**
 * Template for HTML and SVG: inserted text is escaped for element content and for quoted attributes, lists are joined, `undefined`
 * and `false` produce nothing. Layer names come from the user's files, so this is the only way text reaches the page.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Piece[]): Html {
  return { markup: strings.map((text, index) => text + render(values[index])).join('') };
}

function render(piece: Piece): string {
  if (piece === undefined || piece === false) return '';
  if (typeof piece === 'string') return escapeText(piece);
  if (typeof piece === 'number') return String(piece);
  if ('markup' in piece) return piece.markup;
  return piece.map(render).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control and formatting characters but line ends: one that turns the direction of writing would turn what stands behind it. */
const UNPRINTABLE = /[^\P{C}\n\t]/gu;

function escapeText(text: string): string {
  return text.replace(UNPRINTABLE, '�').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
