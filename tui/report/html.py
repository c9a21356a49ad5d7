"""A report as one HTML file: no script, no request to elsewhere, ready for paper."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from html import escape

from delegates.text import clean
from tui.report.document import (
    Block,
    Columns,
    Data,
    Document,
    Figure,
    Heading,
    Listed,
    Table,
    Words,
)

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""Whatever slipped through, a browser would neither run nor fetch it."""


def html_text(document: Document) -> str:
    """Return the report; all text of the scenario is escaped."""
    title = _told(document.title)
    body = "\n".join(text for block in document.blocks for text in _block(block))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body{' class="wide"' if document.is_wide else ""}>
<header>
<p class="edition">{_told(document.edition)}</p>
<h1>{title}</h1>
<p class="subtitle">{_told(document.subtitle)}</p>
<p class="holds">{_told(document.holds)}</p>
<p class="stamp">{_told(document.stamp)}</p>
</header>
<main>
{body}
</main>
<footer>SIMULATION · {_told(document.edition)} · {title}</footer>
</body>
</html>
"""


def _told(text: str) -> str:
    """Return text as HTML shows it, free of what is no text."""
    return escape(clean(text))


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(text, level):
            yield f"<h{level}>{_told(text)}</h{level}>"
        case Words(text, is_aside):
            kind = ' class="aside"' if is_aside else ""
            for part in re.split(r"\n\s*\n", text):
                if part.strip():
                    yield f"<p{kind}>{_told(' '.join(part.split()))}</p>"
        case Listed(items):
            yield f"<ul>{''.join(f'<li>{_told(item)}</li>' for item in items)}</ul>"
        case Table():
            yield _table(block)
        case Figure(chart, caption, data):
            link = "" if data is None else f" {_download(data)}"
            told = f"<figcaption>{_told(caption.in_colours)}{link}</figcaption>"
            yield f"<figure>{chart.svg()}{told}</figure>"
        case Columns(parts):
            told = "".join(
                f"<div>{''.join(text for block in part for text in _block(block))}</div>"
                for part in parts
            )
            yield f'<div class="columns">{told}</div>'


def _download(data: Data) -> str:
    """Return a link that holds the file which it hands out: nothing is fetched."""
    held = b64encode(data.csv.encode()).decode("ascii")
    return (
        f'<a class="data" download="{escape(data.name)}" '
        f'href="data:text/csv;charset=utf-8;base64,{held}">Data (CSV)</a>'
    )


def _table(table: Table) -> str:
    head = "".join(_head_cell(cell, column, table) for column, cell in enumerate(table.head))
    rows = "".join(
        f"<tr>{''.join(_cell(cell, number, column, table) for column, cell in enumerate(row))}</tr>"
        for number, row in enumerate(table.rows)
    )
    kind = ' class="grid"' if table.is_grid else ""
    return (
        f'<div class="scroll"><table{kind}><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _head_cell(cell: str, column: int, table: Table) -> str:
    kind = ' class="figure"' if column in table.figures else ""
    return f'<th scope="col"{kind}>{_told(cell)}</th>'


def _cell(cell: str, row: int, column: int, table: Table) -> str:
    if table.is_grid and column == 0:
        return f'<th scope="row">{_told(cell)}</th>'
    kinds = [
        *(["figure"] if column in table.figures else []),
        *(["marked"] if (row, column) in table.marked else []),
    ]
    kind = f' class="{" ".join(kinds)}"' if kinds else ""
    return f"<td{kind}>{_told(cell)}</td>"


STYLE = """
:root { --ink: #1c2430; --soft: #5b6675; --rule: #d8dee6; --paper: #fff; --tint: #f4f6f9;
  --accent: #0b5c7a; --warm: #b4541a; --around: #e9edf2; --warning: #fdf5ef; --chosen: #dcefe6;
  --edge: #2d8a5f; --grid: #e6eaf0; --zero: #8a94a3; --far: #c9d1db; --near: #7fb4c8;
  --given: #d9a37c; --on-accent: #fff; color-scheme: light dark;
  --s0: #0b5c7a; --s1: #b4541a; --s2: #3d7a2a; --s3: #7b4a9e; --s4: #8a6d00; --s5: #b0245c;
  --s6: #2f5fc0; --s7: #55606e; }
* { box-sizing: border-box; }
html { background: var(--around); }
body { margin: 0 auto; max-width: 56rem; padding: 3rem 3.5rem 2rem; background: var(--paper);
  color: var(--ink); font: 16px/1.55 Georgia, "Iowan Old Style", "Times New Roman", serif; }
header { border-bottom: 3px solid var(--accent); margin-bottom: 2rem; padding-bottom: 1.25rem; }
h1, h2, h3, h4, th, .edition, .stamp, .holds, figcaption, footer, .aside, svg text {
  font-family: "Helvetica Neue", Arial, "Liberation Sans", sans-serif; }
h1 { font-size: 2rem; line-height: 1.15; margin: .35rem 0 .4rem; letter-spacing: -.01em; }
h2 { font-size: 1.35rem; margin: 2.6rem 0 .8rem; padding-bottom: .3rem;
  border-bottom: 1px solid var(--rule); color: var(--accent); }
h3 { font-size: 1.05rem; margin: 1.8rem 0 .5rem; }
h4 { font-size: .95rem; margin: 1.3rem 0 .4rem; color: var(--soft); }
p { margin: 0 0 .8rem; }
.edition { display: inline-block; margin: 0; padding: .18rem .7rem; border-radius: 1rem;
  background: var(--accent); color: var(--on-accent); font-size: .8rem; font-weight: 600;
  letter-spacing: .03em; }
.subtitle { color: var(--soft); margin-bottom: .5rem; }
.holds { font-size: .88rem; font-weight: 600; margin-bottom: .8rem; }
.stamp { margin: 0; padding: .7rem .9rem; border-left: 4px solid var(--warm);
  background: var(--warning); font-size: .85rem; line-height: 1.45; }
.aside, figcaption { color: var(--soft); font-size: .85rem; line-height: 1.45; }
ul { margin: 0 0 1rem; padding-left: 1.2rem; }
li { margin-bottom: .35rem; }
.scroll { overflow-x: auto; margin: .4rem 0 1.2rem; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; line-height: 1.4; }
th, td { text-align: left; vertical-align: top; padding: .38rem .7rem .38rem 0;
  border-bottom: 1px solid var(--rule); }
thead th { border-bottom: 2px solid var(--ink); font-size: .8rem; }
.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap;
  font-family: "Helvetica Neue", Arial, "Liberation Sans", sans-serif; font-size: .84rem; }
.grid th[scope=row] { font-weight: 600; white-space: nowrap; }
.grid td, .grid thead th { text-align: center; padding-right: .4rem; padding-left: .4rem; }
.grid thead th:first-child { text-align: left; }
.marked { background: var(--chosen); font-weight: 700;
  box-shadow: inset 0 0 0 2px var(--edge); }
figure { margin: 1rem 0 1.4rem; }
svg { display: block; width: 100%; height: auto; max-width: 46rem; }
svg .grid { stroke: var(--grid); stroke-width: 1; }
svg .zero { stroke: var(--zero); stroke-width: 1; stroke-dasharray: 4 3; }
svg .tick { fill: var(--soft); font-size: 12px; }
svg .axis { fill: var(--ink); font-size: 13px; font-weight: 600; }
svg .o-all { fill: var(--far); }
svg .o-zopa { fill: var(--near); }
svg .o-frontier { fill: var(--accent); }
svg .nash { fill: var(--warm); stroke: var(--paper); stroke-width: 1.5; }
svg .band { fill: var(--accent); opacity: .16; }
svg .mean { fill: none; stroke: var(--accent); stroke-width: 2.5; }
svg .o-mean { fill: var(--accent); }
svg .wanted { fill: var(--accent); }
svg .given { fill: var(--given); }
svg .label { fill: var(--ink); font-size: 13px; }
svg .tight { fill: var(--ink); font-size: 11px; font-weight: 600; }
svg .inside { fill: var(--ink); font-size: 11px; }
svg .small { fill: var(--soft); font-size: 11px; }
svg .whisker { stroke: var(--accent); stroke-width: 2; }
svg .heat { fill: var(--accent); }
svg .framed { stroke: var(--edge); stroke-width: 3; }
svg .gains { fill: var(--ink); font-size: 13px; font-weight: 600; }
svg .frontier { fill: none; stroke: var(--accent); stroke-width: 1; opacity: .6; }
svg .agreed { fill: var(--warm); fill-opacity: .35; stroke: var(--warm); stroke-width: 1; }
svg .path { fill: none; stroke: var(--near); stroke-width: 1.5; }
svg .arrow { fill: var(--accent); }
svg .series { fill: none; stroke-width: 2; }
svg .s0 { stroke: var(--s0); } svg .m0, svg .l0 { fill: var(--s0); }
svg .s1 { stroke: var(--s1); stroke-dasharray: 7 4; } svg .m1, svg .l1 { fill: var(--s1); }
svg .s2 { stroke: var(--s2); stroke-dasharray: 2 3; } svg .m2, svg .l2 { fill: var(--s2); }
svg .s3 { stroke: var(--s3); stroke-dasharray: 9 3 2 3; } svg .m3, svg .l3 { fill: var(--s3); }
svg .s4 { stroke: var(--s4); stroke-dasharray: 14 4; } svg .m4, svg .l4 { fill: var(--s4); }
svg .s5 { stroke: var(--s5); stroke-dasharray: 5 2; } svg .m5, svg .l5 { fill: var(--s5); }
svg .s6 { stroke: var(--s6); stroke-dasharray: 2 6; } svg .m6, svg .l6 { fill: var(--s6); }
svg .s7 { stroke: var(--s7); stroke-dasharray: 9 3 2 3 2 3; } svg .m7, svg .l7 { fill: var(--s7); }
svg .reach { stroke-width: 1.5; stroke-dasharray: none; opacity: .5; }
svg .table { fill: var(--accent); }
svg .on-table { fill: var(--on-accent); font-size: 10px; font-weight: 600; }
a.data { color: var(--accent); white-space: nowrap; }
body.wide { max-width: 84rem; }
.wide .figure + td:not(.figure), .wide .figure + th:not(.figure) { padding-left: 1.4rem; }
.wide svg { max-width: 60rem; }
.columns { display: grid; gap: 0 2rem; align-items: start;
  grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); }
.columns > div { border-top: 2px solid var(--rule); }
.columns h3 { margin-top: .6rem; }
footer { margin-top: 3rem; padding-top: .8rem; border-top: 1px solid var(--rule);
  color: var(--soft); font-size: .78rem; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e3e8ee; --soft: #a3afbd; --rule: #36404c; --paper: #171c22; --tint: #1f262e;
    --accent: #6fbfdc; --warm: #ee9a63; --around: #0e1216; --warning: #2b2019; --chosen: #1d3a2c;
    --edge: #58b98a; --grid: #2a323c; --zero: #77828f; --far: #4a5562; --near: #3f7f97;
    --given: #a8714a; --on-accent: #10161b; --s0: #6fbfdc; --s1: #ee9a63; --s2: #8fce76;
    --s3: #c79be8; --s4: #dcbf4c; --s5: #f08bb0; --s6: #8eb2ff; --s7: #b3bfcc; }
}
@media (max-width: 40rem) { body { padding: 1.2rem; } }
@media screen and (max-width: 40rem) {
  .scroll, figure { overflow-x: auto; background:
    linear-gradient(90deg, var(--paper) 30%, transparent) left / 2rem 100% no-repeat local,
    linear-gradient(270deg, var(--paper) 30%, transparent) right / 2rem 100% no-repeat local,
    linear-gradient(90deg, var(--far), transparent) left / .6rem 100% no-repeat scroll,
    linear-gradient(270deg, var(--far), transparent) right / .6rem 100% no-repeat scroll; }
  .scroll td:first-child { min-width: 7rem; }
  figure svg { min-width: 36rem; }
  figcaption { position: sticky; left: 0; max-width: calc(100vw - 2.4rem); }
}
@media print {
  @page { margin: 18mm 16mm 20mm;
    @bottom-left { content: "SIMULATION · for training and research"; color: #5b6675;
      font: 8pt Arial, "Liberation Sans", sans-serif; }
    @bottom-right { content: counter(page) " / " counter(pages); color: #5b6675;
      font: 8pt Arial, "Liberation Sans", sans-serif; } }
  html { background: none; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  h2, h3, h4 { break-after: avoid; }
  figure, tr, .stamp, li { break-inside: avoid; }
  .scroll { overflow: visible; }
  .wide table { font-size: 7.5pt; }
  .wide th, .wide td, .wide .figure { font-size: 7.5pt; padding-right: .35rem; }
  .columns { grid-template-columns: repeat(2, 1fr); }
  .columns li { break-inside: auto; }
  thead { display: table-header-group; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  svg .reach { stroke-width: 1.5; stroke-dasharray: none; opacity: .5; }
a.data { display: none; }
}
"""
