"""A report as Markdown that reads well as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from delegates.text import one_line
from tui.report.document import Block, Columns, Document, Figure, Heading, Listed, Table, Words
from tui.text.columns import left, lines_of, right, width_of
from tui.text.wording import clean_line

_SPECIAL = re.compile(r"([\\`<\[\]])|(?<!\w)([*_])|([*_])(?!\w)")
_BEGINS = re.compile(r"^(\d*)([.)](?=\s|$)|(?<!\d)(?:>|[#+=~-](?=[\s#=~-]|$)))")

_BEGINS_LIST = re.compile(r"(?<=[^\W\d_]) (?=\d+[.)](?:\s|$))")
"""A space before a number that ends a sentence: on a new line it would begin a list."""

_NO_BREAK = "\N{NO-BREAK SPACE}"

WIDTH = 100
"""Columns to which paragraphs are wrapped."""


def markdown_text(document: Document) -> str:
    """Return the report; what Markdown or HTML would act on is escaped wherever it comes from."""
    lines = [
        f"# {_inline(one_line(document.title))}",
        _wrapped(document.subtitle),
        _wrapped(f"{document.edition}. {document.holds}", mark="**"),
        _wrapped(document.stamp, indent="> ", mark="**"),
        *(text for block in document.blocks for text in _block(block)),
    ]
    return "\n\n".join(lines) + "\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(text, level):
            yield f"{'#' * level} {_inline(one_line(text))}"
        case Words(text, is_aside):
            for paragraph in _paragraphs(text):
                yield _wrapped(paragraph, mark="*" if is_aside else "")
        case Listed(items):
            yield "\n".join(_wrapped(item, indent="- ", hanging="  ") for item in items)
        case Table():
            yield "\n".join(_table(block))
        case Figure(chart, caption, data):
            yield "\n".join(f"    {line}".rstrip() for line in map(clean_line, chart.lines()))
            held = "" if data is None else f" Data: figures/{data.name}"
            yield _wrapped(f"{caption.in_words}{held}", mark="*")
        case Columns(parts):
            yield from (text for part in parts for block in part for text in _block(block))


def _wrapped(text: str, *, indent: str = "", hanging: str | None = None, mark: str = "") -> str:
    """Return a paragraph, no line of which begins like a list, a heading or a quotation."""
    before, after = indent, indent if hanging is None else hanging
    lines = lines_of(
        _BEGINS_LIST.sub(_NO_BREAK, f"{mark}{_inline(one_line(text))}{mark}"),
        WIDTH - len(before),
        breaks_words=False,
    )
    lines = [line.replace(_NO_BREAK, " ") for line in lines]
    begun = (_BEGINS.sub(r"\1\\\2", line) for line in lines)
    return "\n".join(f"{after if number else before}{line}" for number, line in enumerate(begun))


def _paragraphs(text: str) -> list[str]:
    return [part for part in re.split(r"\n\s*\n", text) if part.strip()]


def _table(table: Table) -> Iterator[str]:
    cells = [
        [_cell(cell, is_marked=(number, column) in table.marked) for column, cell in enumerate(row)]
        for number, row in enumerate(table.rows)
    ]
    head = [_cell(cell, is_marked=False) for cell in table.head]
    widths = [
        max(3, *(width_of(line[column]) for line in [head, *cells])) for column in range(len(head))
    ]
    rules = [
        "-" * (width - 1) + (":" if column in table.figures else "-")
        for column, width in enumerate(widths)
    ]
    for line in (head, rules, *cells):
        padded = (
            right(cell, width) if column in table.figures else left(cell, width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        yield f"| {' | '.join(padded)} |"


def _cell(text: str, *, is_marked: bool) -> str:
    told = _inline(one_line(text)).replace("|", "\\|")
    return f"**{told}**" if is_marked and told else told


def _inline(text: str) -> str:
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", text)
