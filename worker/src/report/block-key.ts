import type { BlockReport, Report } from '@distillation/api/report';
import { staysTeachers } from '@distillation/api/report-words';
import { type Html, html } from './html.ts';

/** A block's part in the student: it is in it, or its layer stays the teacher's, or another candidate for the layer is in it. */
export type Part = 'Chosen' | 'LayerStays' | 'OtherChosen';

export function partOf(report: Report, block: BlockReport): Part {
  if (block.selected) return 'Chosen';
  return staysTeachers(report, block) ? 'LayerStays' : 'OtherChosen';
}

export const PART_WORDS: Readonly<Record<Part, string>> = {
  Chosen: 'enters the student',
  LayerStays: 'the teacher’s layer stays',
  OtherChosen: 'another candidate enters',
};

/** The key of a chart of blocks: which of the two colours enters the student, and what the other one means in this report. */
export function blockKey(report: Report): Html {
  const parts = new Set(report.blocks.map((block) => partOf(report, block)));
  const others = (['LayerStays', 'OtherChosen'] as const).filter((part) => parts.has(part));
  return html`<li class="k-student">${PART_WORDS.Chosen}</li>
    ${others.length > 0 && html`<li>${others.map((part) => PART_WORDS[part]).join(', or ')}</li>`}`;
}
