import type { Report } from '@distillation/api/report';
import { replacedWords } from '@distillation/api/report-words';
import { budgetWords } from '@distillation/api/budget-words';
import { percent, plural } from '@distillation/api/format';
import { accuracyChart } from './accuracy-chart.ts';
import { budgetCharts, budgetText } from './budget-chart.ts';
import { fineTuningCharts } from './fine-tuning-chart.ts';
import { ganttChart } from './gantt-chart.ts';
import { headline } from './headline.ts';
import { type Html, html } from './html.ts';
import { lossCharts } from './loss-chart.ts';
import { sizeChart } from './size-chart.ts';
import { STYLE } from './style.ts';
import { allBlocks, failedBlocks, keptLayers, leftOutData, provenance, speedTable, studentsTable } from './tables.ts';

/**
 * The report as one self-contained HTML page: no script, no font and no image from outside. A pure function of `report.json`; what
 * was not measured is labelled so.
 */
export function renderReport(report: Report): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <title>${report.job}: distillation report</title>
        <style>
          ${{ markup: STYLE }}
        </style>
      </head>
      <body>
        <main>
          ${headline(report)} ${section('Which blocks are good enough', selectionText(report), accuracyChart(report))}
          ${section('What another budget would give', budgetText(report), budgetCharts(report), inNumbers('These students in numbers', STUDENTS_TEXT, studentsTable(report)))}
          ${section('How the blocks learnt', LOSS_TEXT, lossCharts(report))}
          ${section('Who trained what, and when', GANTT_TEXT, ganttChart(report))}
          ${section('What became smaller', SIZE_TEXT, sizeChart(report))}
          ${section('Speed where it runs', SPEED_TEXT, speedTable(report))}
          ${section('Fine-tuning', fineTuningText(report), fineTuningCharts(report))}
          ${section('Blocks that failed', report.outcome === 'NoBlockTrained' ? ALL_FAILED_TEXT : FAILED_TEXT, failedBlocks(report))}
          ${section('Layers that stayed', KEPT_TEXT, keptLayers(report))}
          ${section('Data that were not read', LEFT_OUT_TEXT, leftOutData(report))}
          ${section('Provenance', PROVENANCE_TEXT, provenance(report))}
          ${inNumbers('All blocks in numbers', NUMBERS_TEXT, allBlocks(report))}
        </main>
      </body>
    </html>`;
  return `${page.markup.replace(/\n\s+/g, '\n').trim()}\n`;
}

const LOSS_TEXT =
  'Each block learns alone to map its layer’s input to its layer’s output. Unexplained is the held-out loss over that of always predicting each channel’s mean: 0 % is perfect, 100 % is nothing learnt.';
const GANTT_TEXT =
  'A row for each bin, a bar for each run of epochs, dashed lines between epochs; then the finalizer. Deeper layers have the stronger colour. Busy is of the time until the last bin ended. Point at a bar for its blocks.';
const SIZE_TEXT = 'Each layer with a block, before and after. Layers without a selected block are the teacher’s own.';
const SPEED_TEXT =
  'The time of a batch on the machine that finalized: medians, teacher and student taking turns; how much faster is the median of the turns, in brackets what the middle half of them gave. A student is deployed by a runtime such as the first, not by the one that trains.';
const FAILED_TEXT = 'The job went on without them.';
const ALL_FAILED_TEXT = 'Every one of them, so that there was nothing to make a student of.';
const KEPT_TEXT = 'Of the kinds that can be replaced, these were not to be.';
const LEFT_OUT_TEXT = 'They lie in the data folder and had no part in this student.';
const NUMBERS_TEXT =
  'Accuracy and divergence are those of the teacher with this block alone in it; divergence is the mean Kullback-Leibler divergence from the teacher’s own output, in nats.';
const STUDENTS_TEXT =
  'Accuracy is as assembled, of the student that is predicted to stay closest to the teacher, so it may fall from one row to the next. Shares are of the teacher’s: a row’s, written in quotes under spec.selection.budget, allow its student; a run assembles the few that are predicted best for them and keeps the most accurate.';
const PROVENANCE_TEXT = 'What made this student, and enough to make it again.';

function selectionText({ threshold, selection, blocks }: Report): string {
  const sum = replacedWords(blocks);
  if (selection !== undefined) {
    return `The teacher with one layer replaced, measured on the ${selection.split.toLowerCase()} split for each block alone. Rule: the student that stays closest to the teacher within ${budgetWords(selection.budget)}. ${sum} in the student.`;
  }
  if (threshold === undefined) return `${sum} in the student: every block that trained was taken.`;
  return `The teacher with one layer replaced, measured on the ${threshold.split.toLowerCase()} split for each block alone. Rule: ${threshold.rule}. ${sum} passed.`;
}

function fineTuningText({ control, teacher, student }: Report): string {
  const what = 'The assembled student trained as a whole.';
  if (control === undefined) return what;
  const epochs = plural(control.epochs.length, 'epoch');
  const kept =
    control.keptEpoch === 0 ? 'none of them better than the teacher as it was' : `epoch ${control.keptEpoch} kept`;
  return `${what} The control is the teacher itself trained in the same way, for ${epochs} (${kept}): test accuracy ${percent(control.testAccuracy)}, where the teacher has ${percent(teacher.testAccuracy)} and the student ${percent(student.testAccuracy)}.`;
}

function section(title: string, text: string, ...contents: readonly (Html | undefined)[]): Html | undefined {
  if (contents[0] === undefined) return undefined;
  return html`<section>
    <h2>${title}</h2>
    <p class="note">${text}</p>
    ${contents}
  </section>`;
}

/** A table that is shown when it is asked for. */
function inNumbers(title: string, text: string, content: Html | undefined): Html | undefined {
  if (content === undefined) return undefined;
  return html`<details>
    <summary>${title}</summary>
    <p class="note">${text}</p>
    ${content}
  </details>`;
}
