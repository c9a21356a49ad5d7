"""Charts of a review: what each own move was worth, and what was given against what was wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui.report.charts import Plane, svg_of, text_at, ticks
from tui.text.columns import cut, left
from tui.text.years import bars

_ROW = 46
_LABEL = 250
_WIDE = 400
_BAR = 30


@dataclass(frozen=True, kw_only=True)
class Course:
    """What a party's moves asked for or took, by move, over the line of no agreement."""

    moves: Sequence[int]
    worth: Sequence[float]
    reservation: float
    marked: frozenset[int] = frozenset()
    """Moves that gave something away."""

    def svg(self) -> str:
        """Return the chart as SVG."""
        first, last = min(self.moves), max(self.moves)
        across = ticks(first, last, 1.0) if last > first else [float(first), first + 1.0]
        low, high = min(*self.worth, self.reservation), max(*self.worth, self.reservation)
        plane = Plane(across, ticks(low, high))
        pairs = list(zip(self.moves, self.worth, strict=True))
        line = " ".join(plane.place((float(move), one)) for move, one in pairs)
        layers = [
            *plane.frame("move", "own points", as_shares=False),
            plane.level(self.reservation),
            f'<polyline class="mean" points="{line}"/>',
            *(
                plane.diamond((float(move), one))
                if move in self.marked
                else plane.dot((float(move), one), 4.0, "o-mean")
                for move, one in pairs
            ),
        ]
        return svg_of(layers, "Own points of what each move asked for or took")

    def lines(self) -> list[str]:
        """Return the chart as a row of bars."""
        low = min(*self.worth, self.reservation)
        told = bars([one - low for one in self.worth])
        line = (
            f"own points, move {self.moves[0]} to {self.moves[-1]}: |{told}| "
            f"{self.worth[0]:.1f} to {self.worth[-1]:.1f}; no agreement {self.reservation:.1f}"
        )
        return [line]


@dataclass(frozen=True, kw_only=True)
class Weights:
    """For each issue what it weighs for a party, and how much of what was given was given there."""

    party: str
    labels: Sequence[str]
    wanted: Sequence[float]
    given: Sequence[float | None]

    def svg(self) -> str:
        """Return the chart as SVG."""
        most = max([*self.wanted, *(one or 0.0 for one in self.given), 1e-9])
        height = _ROW * len(self.labels) + 10
        rows = "".join(self._row(number, most) for number in range(len(self.labels)))
        return svg_of([rows], f"What {self.party} wanted, and what it was given", height)

    def _row(self, number: int, most: float) -> str:
        top = _ROW * number + 6
        wanted, given = self.wanted[number], self.given[number]
        label = self.labels[number]
        told = label if len(label) <= 36 else f"{label[:35]}…"
        parts = [
            text_at(_LABEL - 12, top + 20, told, "end"),
            _bar("wanted", top, wanted / most),
            text_at(_LABEL + wanted / most * (_WIDE - 50) + 6, top + 12, f"{wanted:.0%}", "start"),
        ]
        if given is not None:
            parts += [
                _bar("given", top + 17, given / most),
                text_at(
                    _LABEL + given / most * (_WIDE - 50) + 6, top + 29, f"{given:.0%}", "start"
                ),
            ]
        return "".join(parts)

    def lines(self) -> list[str]:
        """Return the chart as rows of signs."""
        return list(self._lines())

    def _lines(self) -> Iterator[str]:
        most = max([*self.wanted, *(one or 0.0 for one in self.given), 1e-9])
        for label, wanted, given in zip(self.labels, self.wanted, self.given, strict=True):
            name = cut(label, 32)
            yield f"{left(name, 34)}wanted {'█' * round(wanted / most * _BAR)} {wanted:.0%}"
            if given is not None:
                yield f"{'':<34}given  {'░' * round(given / most * _BAR)} {given:.0%}"


def _bar(kind: str, top: float, share: float) -> str:
    width = max(1.0, share * (_WIDE - 50))
    return f'<rect class="{kind}" x="{_LABEL}" y="{top:.1f}" width="{width:.1f}" height="14"/>'
