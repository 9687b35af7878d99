/** The page's only style sheet: light or dark by the reader's preference, one column on a phone, suitable for print. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #faf9f6; --panel: #ffffff; --ink: #1e1d1b; --soft: #66635d; --line: #e2dfd8; --grid: #ebe8e2;
  --student: #0c7085; --student-ink: #0a5f71; --teacher: #b4aea3; --bad: #b23c1a; --bad-tint: #fbeae4;
  --early: #d7ecef; --late: #8cc4cf; --on-run: #10343c; --good-tint: #e2f1f3; --shade: #1e1d1b33;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #141519; --panel: #1b1d22; --ink: #edebe7; --soft: #a9a69f; --line: #30333a; --grid: #282b31;
    --student: #4fb3c8; --student-ink: #7cccdd; --teacher: #646872; --bad: #f0906e; --bad-tint: #3a211a;
    --early: #16363e; --late: #2c6f7f; --on-run: #e6f6f9; --good-tint: #15323a; --shade: #000000b0;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: break-word; }
main { max-width: 1120px; margin: 0 auto; padding: 3rem 1.5rem 4rem; }
h1, h2 { font-family: Charter, "Iowan Old Style", "Liberation Serif", Georgia, serif; font-weight: 600; line-height: 1.2; text-wrap: balance; }
h1 { font-size: clamp(1.7rem, 4.5vw, 2.5rem); margin: 0.2rem 0 0.6rem; overflow-wrap: anywhere; }
h2 { font-size: 1.4rem; margin: 3.25rem 0 0.35rem; padding-top: 1.1rem; border-top: 1px solid var(--line); }
h3 { color: var(--ink); font-size: 0.9rem; font-weight: 600; margin: 0 0 0.2rem; overflow-wrap: anywhere; }
p { margin: 0 0 0.9rem; max-width: 68ch; }
p.note { max-width: 92ch; }
.eyebrow { color: var(--soft); font-size: 0.8rem; letter-spacing: 0.08em; text-transform: uppercase; margin: 0; }
.lead { font-size: 1.15rem; }
.note, figcaption, .key { color: var(--soft); font-size: 0.9rem; }
.notice { background: var(--bad-tint); border-left: 4px solid var(--bad); padding: 0.7rem 1rem; margin: 1rem 0; border-radius: 0 6px 6px 0; }
.notice p { margin: 0; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
code { font: 0.86em/1.4 ui-monospace, "Cascadia Mono", Menlo, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }

.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: 1px; background: var(--panel); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; margin: 1.6rem 0 1rem; }
.figures:has(> :nth-child(6)) { grid-template-columns: repeat(3, 1fr); }
.figures > div { box-shadow: 0 0 0 1px var(--line); padding: 0.95rem 1.1rem 1rem; display: flex; flex-direction: column; }
.figures dt { color: var(--soft); font-size: 0.85rem; }
.figures dd { margin: 0; }
.figures .value { font-size: 1.65rem; font-weight: 600; line-height: 1.3; letter-spacing: -0.01em; }
.figures .absent { font-size: 1.05rem; font-weight: 400; color: var(--soft); line-height: 2; }
.figures .versus { color: var(--soft); font-size: 0.88rem; }
.figures .change { color: var(--student-ink); font-weight: 600; font-size: 0.95rem; }
.figures .worse { color: var(--bad); }

.key { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; margin: 0.5rem 0 0.8rem; padding: 0; list-style: none; }
.key li::before { content: ""; display: inline-block; width: 0.85em; height: 0.85em; margin-right: 0.45em; border-radius: 2px; vertical-align: -0.06em; background: var(--teacher); }
.key .k-student::before { background: var(--student); }
.key .k-bad::before { background: var(--bad); }
.key .k-line::before { height: 0; width: 1.3em; border-radius: 0; background: none; border-top: 2px solid var(--student); vertical-align: 0.25em; }
.key .k-dash::before { height: 0; width: 1.3em; border-radius: 0; background: none; border-top: 2px dashed var(--soft); vertical-align: 0.25em; }
.key .k-rule::before { width: 0; height: 1.05em; border-radius: 0; background: none; border-left: 2px solid var(--ink); vertical-align: -0.15em; }
.key .k-rule-dash::before { width: 0; height: 1.05em; border-radius: 0; background: none; border-left: 2px dashed var(--soft); vertical-align: -0.15em; }

.rows { list-style: none; margin: 0; padding: 0; }
.rows li { display: grid; grid-template-columns: minmax(6.5rem, 15.5rem) 1fr 5.2rem; gap: 0 0.8rem; align-items: center; font-size: 0.9rem; }
.rows .name { overflow-wrap: anywhere; line-height: 1.2; padding: 0.2rem 0; }
.rows .number { text-align: right; white-space: nowrap; }
.rows .axis { color: var(--soft); font-size: 0.8rem; }
.track { position: relative; align-self: stretch; min-height: 1.75rem; }
.track i { position: absolute; top: 0; bottom: 0; width: 0; }
.track .grid { border-left: 1px solid var(--grid); }
.track .rule { border-left: 2px solid var(--ink); margin-left: -1px; }
.track .rule-dash { border-left: 2px dashed var(--soft); margin-left: -1px; }
.track .bar { top: 0.35rem; bottom: 0.35rem; width: auto; border-radius: 2px; background: var(--teacher); min-width: 2px; }
.track .bar.student { background: var(--student); }
.track .text { position: absolute; left: 0; top: 50%; transform: translateY(-50%); color: var(--bad); font-size: 0.85rem; background: var(--paper); padding-right: 0.4rem; }
.track .tick { position: absolute; top: 0.25rem; transform: translateX(-50%); white-space: nowrap; }
.unselected .name, .unselected .number { color: var(--soft); }

.multiples { display: grid; grid-template-columns: repeat(auto-fill, minmax(165px, 1fr)); gap: 1.3rem 1.1rem; margin-top: 0.8rem; }
.multiples figure, .pair figure { margin: 0; min-width: 0; }
.multiples figure { display: flex; flex-direction: column; }
.multiples svg { margin-top: auto; }
.multiples figcaption { font-size: 0.8rem; line-height: 1.35; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 1.5rem 2rem; margin-top: 0.8rem; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text { font-size: 11.5px; fill: var(--soft); }
svg .strong { fill: var(--ink); font-weight: 600; paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
svg .gridline { stroke: var(--grid); }
svg .line { fill: none; stroke: var(--student); stroke-width: 2; stroke-linejoin: round; }
svg .line-dash { fill: none; stroke: var(--soft); stroke-width: 1.6; stroke-dasharray: 4 3; stroke-linejoin: round; }
svg .dot { fill: var(--student); }
svg .dot-soft { fill: var(--soft); }
svg .ring { fill: var(--paper); stroke: var(--student); stroke-width: 2.5; }
.dead { border-left: 3px solid var(--bad); padding-left: 0.6rem; }

.gantt li { grid-template-columns: 4.2rem 1fr; margin-bottom: 0.35rem; }
.gantt .track { min-height: 2.5rem; background: var(--grid); border-radius: 4px; overflow: hidden; }
.gantt .axis .tick:first-child { transform: none; }
.gantt .axis .track { min-height: 1.5rem; background: none; border-radius: 0; overflow: visible; }
.gantt .run { position: absolute; top: 0; bottom: 0; padding: 0 0.4rem; display: flex; align-items: center; color: var(--on-run); background: var(--late); background: color-mix(in oklab, var(--late) calc(var(--depth) * 100%), var(--early)); border-left: 1px solid var(--panel); border-right: 1px solid var(--panel); overflow: hidden; }
.gantt .run.finalizer { color: var(--ink); background: var(--line); background: color-mix(in oklab, var(--teacher) 55%, var(--paper)); }
.gantt .run span { position: relative; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; font-size: 0.82rem; }
.gantt .run i { border-left: 1px dashed color-mix(in oklab, var(--on-run) 40%, transparent); }
.gantt .pause { border-left: 3px dotted var(--bad); }
.gantt .busy { grid-column: 2; color: var(--soft); font-size: 0.82rem; line-height: 1.35; padding: 0.15rem 0 0.4rem; overflow-wrap: anywhere; }

.sizes li { grid-template-columns: minmax(6.5rem, 15.5rem) 1fr 1fr; gap: 0 1.2rem; padding: 0.25rem 0; border-bottom: 1px solid var(--grid); }
.sizes .head { color: var(--soft); font-size: 0.82rem; }
.sizes .duo { display: grid; grid-template-columns: 1fr 10.6rem; gap: 0.7rem; align-items: center; }
.sizes .bars span { display: block; height: 0.5rem; border-radius: 2px; background: var(--teacher); min-width: 1px; }
.sizes .bars span + span { background: var(--student); margin-top: 2px; }
.sizes .duo .number { font-size: 0.84rem; color: var(--soft); text-align: left; }
.sizes .duo .number b { color: var(--ink); font-weight: 600; }

/* A table wider than its box scrolls in it: a shadow stands where there is more, and goes where it has been scrolled to. */
.scroll { overflow-x: auto; margin-top: 0.6rem; background: linear-gradient(to right, var(--paper) 40%, transparent) left / 2.5rem 100% no-repeat local, linear-gradient(to left, var(--paper) 40%, transparent) right / 2.5rem 100% no-repeat local, linear-gradient(to right, var(--shade), transparent) left / 0.9rem 100% no-repeat scroll, linear-gradient(to left, var(--shade), transparent) right / 0.9rem 100% no-repeat scroll; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th { white-space: nowrap; text-align: left; font-weight: 600; color: var(--soft); font-size: 0.82rem; }
th, td { padding: 0.4rem 0.9rem 0.4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; }
th:last-child, td:last-child { padding-right: 0; }
td.number, th.number { text-align: right; white-space: nowrap; }
td.plain { white-space: nowrap; }
td.text { min-width: 9rem; overflow-wrap: anywhere; }
table:has(th:nth-child(8)) :is(th, td):not(:last-child) { padding-right: 0.55rem; }
.provenance { display: grid; grid-template-columns: minmax(8rem, auto) 1fr; gap: 0.3rem 1.4rem; margin: 0.8rem 0 0; font-size: 0.9rem; }
.provenance dt { color: var(--soft); }
.provenance dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
details > summary { cursor: pointer; font-weight: 600; margin-top: 1rem; }

@media (max-width: 40rem) {
  main { padding: 1.5rem 1rem 3rem; }
  .figures, .figures:has(> :nth-child(6)) { grid-template-columns: 1fr 1fr; }
  .figures:not(:has(> :nth-child(6))) > div:first-child { grid-column: 1 / -1; }
  .figures .value { font-size: 1.35rem; }
  .figures > div { padding: 0.8rem 0.9rem; }
  .rows li { grid-template-columns: 6.6rem 1fr 4.1rem; gap: 0 0.5rem; font-size: 0.82rem; }
  .gantt li { grid-template-columns: 3.7rem 1fr; }
  .track .tick:nth-child(even):not(:last-child) { display: none; }
  .sizes li { grid-template-columns: 1fr 1fr; gap: 0 1rem; padding: 0.5rem 0; }
  .sizes .name { grid-column: 1 / -1; }
  .sizes .head .name { display: none; }
  .sizes .duo { grid-template-columns: 1fr; gap: 0.2rem; }
  table { font-size: 0.82rem; }
  th { white-space: normal; vertical-align: bottom; font-size: 0.78rem; }
  th, td { padding-right: 0.6rem; }
  td.plain:last-child { white-space: normal; }
  table:has(th:nth-child(8)) td.text { min-width: 15rem; }
  .provenance { grid-template-columns: 1fr; gap: 0 0; }
  .provenance dd { margin-bottom: 0.5rem; }
}
@media print {
  :root { --paper: #fff; }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  h2 { break-after: avoid; }
  figure, li, tr, .figures { break-inside: avoid; }
}
`;
