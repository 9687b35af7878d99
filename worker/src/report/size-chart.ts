import { ratio, short } from '@distillation/api/format';
import type { Report } from '@distillation/api/report';
import { type Html, html } from './html.ts';

/** Before and after, in parameters or multiply-accumulates. */
interface Cost {
  readonly before: number;
  readonly after: number;
}

interface Row {
  readonly name: string;
  readonly kept: boolean;
  readonly params: Cost;
  readonly macs: Cost;
}

/**
 * Parameters and multiply-accumulates of each replaced layer before and after, and of all others together. The axis is linear,
 * since a layer's share of the whole matters, and the numbers are printed beside the bars.
 */
export function sizeChart(report: Report): Html {
  const rows = rowsOf(report);
  const largest = (measure: 'params' | 'macs'): number =>
    Math.max(1, ...rows.flatMap((row) => [row[measure].before, row[measure].after]));
  const scales = { params: largest('params'), macs: largest('macs') };
  return html`<ul class="key">
      <li>teacher</li>
      <li class="k-student">student</li>
    </ul>
    <ol class="rows sizes">
      <li class="head" aria-hidden="true">
        <span class="name"></span><span>Parameters</span><span>Multiply-accumulates for one image</span>
      </li>
      ${rows.map(
        (row) =>
          html`<li class="${row.kept ? 'unselected' : 'selected'}">
            <span class="name">${row.name}</span>
            ${duo(row, { measure: 'params', scale: scales.params })}
            ${duo(row, { measure: 'macs', scale: scales.macs })}
          </li>`,
      )}
    </ol>`;
}

function duo(row: Row, { measure, scale }: { readonly measure: 'params' | 'macs'; readonly scale: number }): Html {
  const { before, after } = row[measure];
  const width = (value: number): string => `width:${((100 * value) / scale).toFixed(2)}%`;
  const text = row.kept
    ? html`${short(before)}, kept`
    : html`${short(before)} → <b>${short(after)}</b>${after > 0 && html` · ${ratio(before, after)}`}`;
  return html`<span class="duo"
    ><span class="bars"
      ><span style="${width(before)}"></span>${!row.kept && html`<span style="${width(after)}"></span>`}</span
    ><span class="number">${text}</span></span
  >`;
}

function rowsOf({ blocks, teacher }: Report): Row[] {
  const rows = eachLayer(blocks).map(({ name, selected, params, macs }) => ({
    name,
    kept: !selected,
    params: { before: params.layer, after: selected ? params.block : params.layer },
    macs: { before: macs.layer, after: selected ? macs.block : macs.layer },
  }));
  const rest = (measure: 'params' | 'macs'): Cost => {
    const others = Math.max(0, teacher[measure] - rows.reduce((sum, row) => sum + row[measure].before, 0));
    return { before: others, after: others };
  };
  return [...rows, { name: 'all other layers', kept: true, params: rest('params'), macs: rest('macs') }];
}

/** One block a layer: the one in the student, else the first. */
function eachLayer(blocks: Report['blocks']): Report['blocks'] {
  const layers = new Map<string, Report['blocks'][number]>();
  for (const block of blocks) {
    const layer = block.layer ?? block.name;
    if (block.selected || !layers.has(layer)) layers.set(layer, block.selected ? block : { ...block, name: layer });
  }
  return [...layers.values()];
}
