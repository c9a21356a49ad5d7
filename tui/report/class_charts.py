"""Charts of a class: what every table got for each seat, and where tables agreed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui.report.charts import Plane, Point, svg_of, text_at, ticks
from tui.text.columns import cut, left

_LEFT, _RIGHT, _TOP = 150.0, 20.0, 8.0
_WIDE = 680.0
_DISC = 10.0
_STEP = 2 * _DISC + 1
_AXIS = 34.0
_COLUMNS = 56
"""Of a strip made of characters."""


@dataclass(frozen=True, kw_only=True)
class Strip:
    """One seat: every table's share of what the seat could gain."""

    label: str
    shares: Sequence[tuple[str, float]]
    """Table's mark → (u − r)/(m − r)."""
    median: float | None
    """None where there is one table alone."""
    nash: Sequence[float]
    """What the Nash outcomes give the seat, likewise."""


@dataclass(frozen=True)
class Strips:
    """Seats one under the other, each table a disc with its mark, equal ones piled up."""

    strips: Sequence[Strip]

    def svg(self) -> str:
        """Return the chart as SVG."""
        low, high = self._ends()
        layers: list[str] = []
        top = _TOP
        for strip in self.strips:
            piles = _piled(strip.shares, low, high)
            height = max(max(len(pile) for pile in piles.values()) * _STEP, _STEP) + 16
            layers += self._strip(strip, piles, top, height, low, high)
            top += height + 14
        layers += self._axis(low, high, top)
        return svg_of(layers, "What every table got for each seat", top + _AXIS)

    def _ends(self) -> tuple[float, float]:
        shares = [value for strip in self.strips for _, value in strip.shares]
        nash = [value for strip in self.strips for value in strip.nash]
        marks = ticks(min(0.0, *shares, *nash), max(1.0, *shares, *nash))
        return marks[0], marks[-1]

    def _strip(
        self,
        strip: Strip,
        piles: dict[int, list[str]],
        top: float,
        height: float,
        low: float,
        high: float,
    ) -> Iterator[str]:
        base = top + height
        yield _upright("grid", _at(0.0, low, high), top, base)
        yield _upright("grid", _at(1.0, low, high), top, base)
        yield _across("zero", base)
        label = cut(strip.label, 20)
        yield text_at(_LEFT - 14, base - 8, label, "end", "label")
        if strip.median is not None:
            yield _upright("whisker", _at(strip.median, low, high), top, base)
        for column, pile in piles.items():
            for place, mark in enumerate(pile):
                x, y = _column_at(column), base - 4 - _DISC - place * _STEP
                yield f'<circle class="table" cx="{x:.1f}" cy="{y:.1f}" r="{_DISC:g}"/>'
                yield text_at(x, y + 4, mark, "middle", "on-table")
        for value in sorted(set(strip.nash)):
            x = _at(value, low, high)
            yield (
                f'<polygon class="nash" points="{x:.1f},{base + 1:.1f} {x + 7:.1f},{base + 8:.1f} '
                f'{x:.1f},{base + 15:.1f} {x - 7:.1f},{base + 8:.1f}"/>'
            )

    def _axis(self, low: float, high: float, top: float) -> Iterator[str]:
        for tick in ticks(low, high):
            yield text_at(_at(tick, low, high), top + 10, f"{tick:.0%}", "middle")
        yield text_at(
            (_LEFT + _WIDE - _RIGHT) / 2,
            top + 27,
            "share of what the seat could gain over no agreement →",
            "middle",
            "axis",
        )

    def lines(self) -> list[str]:
        """Return the strips as lines of characters: how many tables are at each place."""
        low, high = self._ends()
        return [line for strip in self.strips for line in _drawn(strip, low, high)]


def _drawn(strip: Strip, low: float, high: float) -> Iterator[str]:
    cells = [0] * _COLUMNS
    for _, value in strip.shares:
        cells[_cell(value, low, high)] += 1
    signs = ["·" if count == 0 else str(count) if count < 10 else "+" for count in cells]
    below = [" "] * _COLUMNS
    for value in strip.nash:
        below[_cell(value, low, high)] = "N"
    if strip.median is not None:
        below[_cell(strip.median, low, high)] = "m"
    label = cut(strip.label, 20)
    yield f"{left(label, 21)}|{''.join(signs)}|"
    yield f"{f'{low:.0%} to {high:.0%}':<21} {''.join(below)}".rstrip()


def _cell(value: float, low: float, high: float) -> int:
    return round((value - low) / ((high - low) or 1.0) * (_COLUMNS - 1))


def _at(value: float, low: float, high: float) -> float:
    return _LEFT + (value - low) / ((high - low) or 1.0) * (_WIDE - _LEFT - _RIGHT)


def _column_at(column: int) -> float:
    return _LEFT + column * _STEP


def _piled(shares: Sequence[tuple[str, float]], low: float, high: float) -> dict[int, list[str]]:
    """Return by column of discs the marks of the tables there, the lowest first."""
    piles: dict[int, list[str]] = {}
    for mark, value in shares:
        column = round((_at(value, low, high) - _LEFT) / _STEP)
        piles.setdefault(column, []).append(mark)
    return piles


def _upright(kind: str, x: float, top: float, base: float) -> str:
    return f'<line class="{kind}" x1="{x:.1f}" y1="{top:.1f}" x2="{x:.1f}" y2="{base:.1f}"/>'


def _across(kind: str, y: float) -> str:
    return (
        f'<line class="{kind}" x1="{_LEFT:.1f}" y1="{y:.1f}" x2="{_WIDE - _RIGHT:.1f}" '
        f'y2="{y:.1f}"/>'
    )


_AROUND = [
    (across, down)
    for far in (9, 18, 30)
    for across, down in ((far, -4), (-far, -4), (far, 12), (-far, 12), (1, -far), (1, far + 8))
]
"""Where a disc's label may stand, by how far to the right and down; the best first."""

_Box = tuple[float, float, float, float]


def _meet(one: _Box, other: _Box) -> bool:
    """Return whether two boxes (left, top, right, bottom) overlap."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@dataclass(frozen=True, kw_only=True)
class Agreements:
    """Where the tables of two parties agreed, on the plane of what each could gain."""

    across: str
    up: str
    frontier: Sequence[Point]
    nash: Sequence[Point]
    agreed: Sequence[tuple[Point, Sequence[str]]]
    """A text's shares → the marks of the tables that agreed on it."""

    def svg(self) -> str:
        """Return the chart as SVG."""
        points = [*self.frontier, *self.nash, *(point for point, _ in self.agreed), (0.0, 0.0)]
        plane = Plane(
            ticks(min(x for x, _ in points), max(x for x, _ in points)),
            ticks(min(y for _, y in points), max(y for _, y in points)),
        )
        layers = [
            *plane.frame(self.across, self.up, as_shares=True),
            plane.origin(),
            *(plane.dot(one, 2.6, "o-frontier") for one in sorted(self.frontier)),
            *(plane.diamond(one) for one in self.nash),
        ]
        layers += [plane.dot(point, 6.0, "agreed") for point, _ in self.agreed]
        layers += self._labels(plane)
        return svg_of(layers, f"Where tables agreed, by {self.across} and {self.up}")

    def _labels(self, plane: Plane) -> Iterator[str]:
        """Yield the tables' marks, each where it covers no other and no disc, if there is room."""
        discs = [(plane.x(x), plane.y(y)) for (x, y), _ in self.agreed]
        marks = [(plane.x(x), plane.y(y)) for x, y in (*self.frontier, *self.nash)]
        taken = [(x - 7, y - 7, x + 7, y + 7) for x, y in discs]
        taken += [(x - 3, y - 3, x + 3, y + 3) for x, y in marks]
        for (x, y), (_, names) in zip(discs, self.agreed, strict=True):
            told = names[0] if len(names) == 1 else f"{names[0]} +{len(names) - 1}"
            wide = 7.0 * len(told)
            places = [
                (x + across if across > 0 else x + across - wide, y + down)
                for across, down in _AROUND
            ]
            boxes = [(left, low - 10, left + wide, low + 2) for left, low in places]
            free = (k for k, box in enumerate(boxes) if not any(_meet(box, one) for one in taken))
            chosen = next(free, 0)
            taken.append(boxes[chosen])
            left, low = places[chosen]
            yield text_at(left, low, told, "start", "tight")

    def lines(self) -> list[str]:
        """Return each text's shares and its tables, a line each."""
        return [
            f"{self.across} {x:>5.0%}, {self.up} {y:>5.0%}: {', '.join(names)}"
            for (x, y), names in self.agreed
        ]
