"""What a report is made of, before it is Markdown or HTML: headings, words, tables, charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class Chart(Protocol):
    """A figure that draws itself."""

    def svg(self) -> str:
        """Return the chart as SVG, all text in it escaped."""
        ...

    def lines(self) -> list[str]:
        """Return the chart as lines of characters."""
        ...


@dataclass(frozen=True)
class Heading:
    """The title of a part (level 2) or of a section of one (3 and 4)."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    text: str
    is_aside: bool = False
    """Whether it explains what stands beside it, in small print."""


@dataclass(frozen=True)
class Listed:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows under a head; columns of figures are set to the right."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: tuple[int, ...] = ()
    """Columns of figures."""
    marked: tuple[tuple[int, int], ...] = ()
    """Cells that stand out, by row and column."""
    is_grid: bool = False
    """Whether the first column heads its row, as in a matrix."""


@dataclass(frozen=True)
class Caption:
    """What a chart shows."""

    in_colours: str
    """As it is drawn."""
    in_words: str
    """As it is made of characters."""


@dataclass(frozen=True)
class Data:
    """What a chart shows, for other programs."""

    name: str
    """Of its file: letters, digits, dots and dashes."""
    csv: str


@dataclass(frozen=True)
class Figure:
    """A chart with what it shows."""

    chart: Chart
    caption: Caption
    data: Data | None = None
    """Handed out with the chart, where there is any."""


@dataclass(frozen=True)
class Columns:
    """Parts that stand side by side where there is room, else one below the other."""

    parts: tuple[tuple[Heading | Words | Listed, ...], ...]


Block = Heading | Words | Listed | Table | Figure | Columns


@dataclass(frozen=True, kw_only=True)
class Document:
    """A whole report."""

    title: str
    subtitle: str
    edition: str
    holds: str
    """For whom the edition is."""
    stamp: str
    """What the report is, and is not."""
    blocks: Sequence[Block]
    is_wide: bool = False
    """Whether it is to be shown to a room: as wide as its tables need."""
