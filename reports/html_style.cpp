#include "reports/html_style.h"

namespace claims::report::html {

const std::string_view kStyle = R"css(
:root { --ink: #1b2330; --quiet: #5a6573; --line: #dfe4ea; --paper: #fff; --desk: #f4f6f8;
  --accent: #1f5aa8; --pass: #17703f; --pass-soft: #e8f4ec; --fail: #b02318; --fail-soft: #fcecea;
  --warn: #8a5700; --warn-soft: #fdf3e0; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 4rem; }
body { margin: 0; background: var(--desk); color: var(--ink);
  font: 16px/1.6 "Noto Sans KR", "Noto Sans CJK KR", "Apple SD Gothic Neo", "Malgun Gothic",
    "NanumGothic", "Nanum Gothic", system-ui, "Segoe UI", sans-serif; overflow-wrap: break-word;
  word-break: keep-all; }
:root[lang="ko"] body [lang="en"], :root[lang="en"] body [lang="ko"] { display: none; }
span[lang] { unicode-bidi: isolate; }
code, pre { font-family: ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas,
  "NanumGothicCoding", monospace; font-size: .86em; overflow-wrap: anywhere; }
.bar { position: sticky; top: 0; z-index: 2; background: rgba(255, 255, 255, .96);
  border-bottom: 1px solid var(--line); }
.bar > div, main, footer { max-width: 1080px; margin: 0 auto; padding: 0 24px; }
.bar > div { display: flex; align-items: center; gap: 8px; min-height: 52px; }
.bar b { flex: 1; letter-spacing: -.01em; }
.bar button { display: none; font: inherit; font-size: .875rem; min-height: 36px; padding: 4px 12px;
  color: var(--ink); background: var(--paper); border: 1px solid #c3cad3; border-radius: 8px;
  cursor: pointer; }
.scripted .bar button { display: inline-block; }
.bar button[aria-pressed="true"] { color: #fff; background: var(--ink); border-color: var(--ink); }
a:focus-visible, button:focus-visible { outline: 3px solid #7aa7e0; outline-offset: 2px; }
main { padding-top: 24px; padding-bottom: 8px; }
section { background: var(--paper); border: 1px solid var(--line); border-radius: 14px;
  padding: 28px 32px; margin: 0 0 20px; }
h2 { font-size: 1.375rem; line-height: 1.3; margin: 0 0 4px; letter-spacing: -.01em; }
h3 { font-size: 1.05rem; margin: 28px 0 8px; }
.lead, .note, .unit, .nothing { color: var(--quiet); }
.lead { margin: 0 0 18px; max-width: 54rem; text-wrap: pretty; }
.note { font-size: .875em; }
.nothing { margin: 12px 0; padding: 12px 16px; background: var(--desk); border-radius: 8px; }
.none { color: #8b95a1; }
.quiet { display: block; font-size: .9rem; font-weight: 500; color: var(--quiet); }
.verdict { padding: 32px; border-top: 8px solid var(--quiet); }
.verdict.pass { border-top-color: var(--pass); }
.verdict.fail { border-top-color: var(--fail); }
.verdict.invalid { border-top-color: var(--warn); }
.kicker { margin: 0; color: var(--quiet); font-size: .9rem; }
.verdict .title { margin: 2px 0 22px; font-size: 1.5rem; font-weight: 650; line-height: 1.3;
  letter-spacing: -.015em; }
.word { display: flex; align-items: center; gap: 18px; }
.word svg { width: 68px; height: 68px; flex: none; fill: none; stroke: #fff; stroke-width: 4;
  stroke-linecap: round; stroke-linejoin: round; }
.word circle { stroke: none; fill: var(--quiet); }
.pass .word circle { fill: var(--pass); } .fail .word circle { fill: var(--fail); }
.invalid .word circle { fill: var(--warn); }
h1 { margin: 0; font-size: 2.6rem; line-height: 1.15; letter-spacing: -.02em; }
.pass h1 { color: var(--pass); } .fail h1 { color: var(--fail); } .invalid h1 { color: var(--warn); }
.meaning { margin: 16px 0 0; font-size: 1.06rem; }
.reasons { margin: 14px 0 0; padding: 14px 18px 14px 36px; border-radius: 10px;
  background: var(--fail-soft); }
.invalid .reasons { background: var(--warn-soft); }
.reasons li + li { margin-top: 4px; }
.early { margin: 12px 0 0; font-weight: 600; color: var(--warn); }
.tiles { list-style: none; display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
  gap: 12px; margin: 26px 0 0; padding: 0; }
.tiles li { background: var(--desk); border-radius: 10px; padding: 14px 16px; }
.tiles span { display: block; } .tiles span span { display: inline; }
.tiles .name, .tiles .note { color: var(--quiet); font-size: .875rem; }
.tiles .value { font-size: 1.5rem; font-weight: 650; letter-spacing: -.01em;
  font-variant-numeric: tabular-nums; }
nav { margin: 0 0 20px; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 6px 18px; margin: 0; padding: 0 4px; }
nav a { display: inline-block; padding: 4px 0; color: var(--accent); text-decoration: none;
  font-size: .9375rem; }
nav a:hover { text-decoration: underline; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(360px, 1fr)); gap: 0 40px;
  margin: 0; }
.facts div { display: flex; gap: 14px; padding: 8px 0; border-top: 1px solid var(--line); }
.facts dt { flex: 0 0 7.5rem; color: var(--quiet); } .facts dd { margin: 0; min-width: 0; }
table { width: 100%; border-collapse: collapse; margin: 18px 0 6px; font-size: .9375rem; }
caption { text-align: left; font-weight: 600; padding: 0 0 8px; }
th, td { text-align: left; vertical-align: top; padding: 8px 10px; border-top: 1px solid var(--line); }
th:first-child, td:first-child { padding-left: 0; } th:last-child, td:last-child { padding-right: 0; }
thead th { border-top: 0; border-bottom: 2px solid var(--ink); font-size: .8125rem;
  vertical-align: bottom; line-height: 1.35; }
thead + tbody tr:first-child > * { border-top: 0; }
tbody th { font-weight: 500; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
td.n { white-space: nowrap; }
.sum > * { font-weight: 650; border-top: 1px solid var(--ink); }
.sum + .sum > * { border-top-color: var(--line); }
.figures { table-layout: fixed; } .figures thead th:first-child { width: 25%; }
.figures.steps thead th:first-child { width: 30%; } .figures.steps th { padding-right: 0; }
.beside > * { color: var(--quiet); border-top: 0; padding-top: 0; font-size: .92em; }
.beside th { padding-left: 14px; }
.compact { max-width: 720px; } .defects th, .codes th,
.trace th:first-child { white-space: nowrap; }
.compact code { overflow-wrap: normal; }
.trace { table-layout: fixed; } .trace thead th:nth-child(1) { width: 6.4rem; }
.trace thead th:nth-child(2) { width: 20%; } .trace thead th:nth-child(3) { width: 14%; }
.trace thead th:nth-child(4) { width: 7.6rem; }
.trace tbody tr:not(.group) td:last-child { font-size: .875rem; }
.trace tbody tr:not(.group) th { color: var(--quiet); }
.group > * { background: var(--desk); font-weight: 600; border-top: 1px solid #aeb7c2; }
.group th:first-child { padding-left: 8px; } .trace tbody tr:not(.group) th { padding-left: 8px; }
.badge { display: inline-block; padding: 1px 9px 1px 7px; border-radius: 999px; font-size: .85em;
  font-weight: 600; white-space: nowrap; border: 1px solid; }
.badge.pass { color: var(--pass); background: var(--pass-soft); border-color: #a9d3b8; }
.badge.fail { color: #fff; background: var(--fail); border-color: var(--fail); }
.badge.partial { color: var(--warn); background: var(--warn-soft); border-color: #e5c78f; }
.badge.open { color: var(--quiet); background: var(--paper); border-color: #c3cad3; }
.bad { color: var(--fail); }
.tally { list-style: none; display: flex; flex-wrap: wrap; gap: 8px 18px; margin: 0; padding: 0; }
.headline { font-size: 1.06rem; margin: 0 0 4px; }
.estimate { font-size: .7rem; font-weight: 700; color: var(--warn); text-decoration: none;
  border: 1px solid #e5c78f; border-radius: 4px; padding: 0 3px; }
.stories { padding-left: 1.4rem; } .stories li { margin: 0 0 14px; }
.stories p { margin: 4px 0 0; white-space: pre-line; padding-left: 14px;
  border-left: 3px solid var(--fail); overflow-wrap: anywhere; word-break: normal; }
pre { margin: 0; padding: 14px 16px; background: var(--desk); border-radius: 8px;
  white-space: pre-wrap; }
.plots { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 28px 32px;
  margin: 22px 0; }
.plots.three { grid-template-columns: repeat(3, minmax(0, 1fr)); }
.three .chart.wide { display: none; } .three .chart.narrow { display: block; }
.plot { margin: 0; min-width: 0; } figcaption { font-size: .9375rem; }
.chart { display: block; width: 100%; height: auto; margin-top: 6px; }
.chart.narrow { display: none; }
.chart .t { font-size: 13px; fill: var(--quiet); } .chart .small { font-size: 12px; }
.chart .axis-name { font-size: 13px; } .chart .limit-name { fill: var(--warn); font-weight: 600; }
.grid { stroke: #e8ecf0; } .axis { stroke: #8b95a1; } .limit { stroke: var(--warn);
  stroke-width: 1.5; stroke-dasharray: 6 4; }
.band { fill: none; stroke: #e8ecf0; } .band.strong { fill: #eef3fa; }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.line.l1 { stroke: #1f5aa8; } .line.l2 { stroke: #c05c00; stroke-dasharray: 7 3; }
.line.l3 { stroke: #7a3d8f; stroke-dasharray: 2 3; }
.dot.l1 { fill: #1f5aa8; } .dot.l2 { fill: #c05c00; } .dot.l3 { fill: #7a3d8f; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 4px 0 0; padding: 0;
  font-size: .875rem; color: var(--quiet); }
.swatch { width: 30px; height: 8px; margin-right: 7px; vertical-align: middle; }
.signatures { display: grid; grid-template-columns: repeat(3, 1fr); gap: 20px; margin-top: 14px; }
.signatures div { border: 1px solid #aeb7c2; border-radius: 8px; padding: 12px 16px; }
.signatures div > span { display: block; margin-top: 26px; padding-bottom: 2px; color: var(--quiet);
  font-size: .8125rem; border-bottom: 1px solid #aeb7c2; }
footer { padding-bottom: 40px; color: var(--quiet); font-size: .8125rem; }
@media (max-width: 1000px) {
  .plots.three { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .chart.wide { display: none; } .chart.narrow { display: block; }
}
@media (max-width: 640px) {
  body { font-size: 15px; }
  .bar > div, main, footer { padding-left: 14px; padding-right: 14px; }
  section, .verdict { padding: 20px 16px; border-radius: 12px; }
  h1 { font-size: 2.1rem; } .word svg { width: 54px; height: 54px; }
  .tiles { grid-template-columns: 1fr 1fr; }
  .facts { grid-template-columns: 1fr; } .facts dt { flex-basis: 6.2rem; }
  .plots, .plots.three { grid-template-columns: 1fr; }
  .signatures { grid-template-columns: 1fr; }
  .compact th, .compact td { padding: 6px; } .compact code { font-size: .76em; }
  .stack, .stack :is(tbody, tr, th, td, caption), .figures, .figures :is(tbody, tr, th, td, caption)
    { display: block; }
  .stack thead, .figures thead { display: none; }
  :is(.stack, .figures) tbody tr { padding: 10px 0; border-top: 1px solid var(--line); }
  :is(.stack, .figures) tbody tr > * { border: 0; padding: 2px 0; }
  :is(.stack, .figures) tbody th { font-weight: 650; white-space: normal; }
  :is(.stack, .figures) tbody tr.sum { border-top-color: var(--ink); }
  .stack td.n { white-space: normal; }
  .stack td { display: flex; justify-content: space-between; align-items: baseline; gap: 16px;
    text-align: right; }
  :is(.stack, .figures) td::before { flex: none; color: var(--quiet); font-weight: 400;
    font-size: .8125rem; text-align: left; }
  :root[lang="ko"] :is(.stack, .figures) td::before { content: attr(data-ko); }
  :root[lang="en"] :is(.stack, .figures) td::before { content: attr(data-en); }
  .stack td:empty { display: none; } .stack td::before { max-width: 50%; flex-shrink: 1; }
  .stack td:last-child:not(.n) { display: block; text-align: left; }
  .stack td:last-child:not(.n)::before { display: block; }
  .defects td:nth-child(2) { display: block; text-align: left; font-weight: 600; }
  .defects tbody tr td:nth-child(2)::before { display: none; }
  .trace tbody tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 2px 12px; }
  .trace tbody tr > * { grid-column: 1 / -1; }
  .trace tbody tr > th, .trace tbody tr > td:nth-child(3) { grid-column: 1; grid-row: 1; }
  .trace td:nth-child(4) { grid-column: 2; grid-row: 1; }
  .trace tr:not(.group) th, .trace .group td:nth-child(3) { display: none; }
  .trace tbody td { text-align: left; } .trace tbody tr td:nth-child(n)::before { display: none; }
  .trace td:last-child { color: var(--quiet); font-size: .875rem; }
  .trace tr.group { background: var(--desk); margin: 12px -8px 0; padding: 10px 8px; }
  .group > * { background: none; } .trace .group th:first-child { padding-left: 0; }
  .figures tr { display: grid; grid-template-columns: repeat(4, 1fr); gap: 2px 10px; }
  .figures th { grid-column: 1 / -1; }
  .figures td { text-align: left; } .figures td::before { display: block; }
  .beside th { padding-left: 0; }
  .figures .beside { border-top: 0; padding-top: 0; }
}
@page { size: A4; margin: 15mm 13mm 17mm;
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #5a6573; } }
@media print {
  body { background: #fff; font-size: 9.5pt; line-height: 1.5; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .bar, nav { display: none; }
  main, footer { max-width: none; padding: 0; }
  section { border: 0; border-radius: 0; padding: 0; margin: 0 0 9mm; }
  .verdict { border-top-width: 3mm; padding: 6mm 0 0; border-top-style: solid; }
  h2 { font-size: 14pt; border-bottom: .4pt solid var(--ink); padding-bottom: 1mm; margin-bottom: 2mm; }
  h1 { font-size: 26pt; } h2, h3, caption, .lead { break-after: avoid; }
  table { font-size: 8.5pt; margin: 3mm 0 2mm; } th, td { padding: 1.3mm 2mm; }
  thead { display: table-header-group; } tr, .plot, .tiles, .stories li, .signatures, pre,
  .facts div { break-inside: avoid; }
  .group { break-after: avoid; } #requirements { break-before: page; }
  .facts { grid-template-columns: 1fr 1fr; gap: 0 8mm; } .facts dt { flex-basis: 24mm; }
  .trace thead th:nth-child(1) { width: 12%; } .trace thead th:nth-child(2) { width: 20%; }
  .trace thead th:nth-child(3) { width: 14%; } .trace thead th:nth-child(4) { width: 13%; }
  .trace tbody tr:not(.group) td:last-child { font-size: 8pt; }
  .plots, .plots.three { grid-template-columns: 1fr 1fr; gap: 5mm 7mm; }
  .chart.wide { display: none; } .chart.narrow { display: block; }
  .tiles { grid-template-columns: repeat(4, 1fr); }
  .signatures { grid-template-columns: repeat(3, 1fr); }
  #signatures { break-inside: avoid; }
}
)css";

}  // namespace claims::report::html
