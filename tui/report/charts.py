"""Charts of a report: figures that draw themselves as SVG, without any script or font."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

from tui.text.columns import centred, cut
from tui.text.years import bars

WIDTH, HEIGHT = 680, 420
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 16, 52

MOST_DOTS = 4000
"""Outcomes that are drawn; of more, every so manieth."""

ROWS, COLUMNS = 18, 62
"""Of a chart made of characters."""

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Scatter:
    """Outcomes of two parties as dots, each axis a party's gain as a share of what it can gain."""

    across: str
    """What is drawn to the right."""
    up: str
    outcomes: Sequence[Point]
    zopa: Sequence[Point]
    frontier: Sequence[Point]
    nash: Sequence[Point]

    def svg(self) -> str:
        """Return the chart as SVG."""
        points = [*self.outcomes, *self.frontier, *self.nash]
        plane = Plane(
            ticks(min(x for x, _ in points), max(x for x, _ in points)),
            ticks(min(y for _, y in points), max(y for _, y in points)),
        )
        layers = [
            *plane.frame(self.across, self.up, as_shares=True),
            plane.origin(),
            *(plane.dot(one, 1.6, "o-all") for one in _thinned(self.outcomes)),
            *(plane.dot(one, 1.8, "o-zopa") for one in _thinned(self.zopa)),
            *(plane.dot(one, 2.6, "o-frontier") for one in sorted(self.frontier)),
            *(plane.diamond(one) for one in self.nash),
        ]
        return svg_of(layers, f"Outcomes by {self.across} and {self.up}")

    def lines(self) -> list[str]:
        """Return the chart as lines of characters."""
        points = [*self.outcomes, *self.frontier, *self.nash]
        low, high = ([pick(axis) for axis in zip(*points, strict=True)] for pick in (min, max))
        canvas = [[" "] * COLUMNS for _ in range(ROWS)]
        for mark, chosen in (
            ("·", self.outcomes),
            ("░", self.zopa),
            ("o", self.frontier),
            ("N", self.nash),
        ):
            for x, y in chosen:
                column = _cell(x, low[0], high[0], COLUMNS)
                canvas[ROWS - 1 - _cell(y, low[1], high[1], ROWS)][column] = mark
        step = (high[1] - low[1]) / (ROWS - 1)
        picture = [
            f"{high[1] - number * step:7.0%} │{''.join(row).rstrip()}"
            for number, row in enumerate(canvas)
        ]
        ends = f"{low[0]:<8.0%}{centred(f'{_cut(self.across)} →', COLUMNS - 14)}{high[0]:>6.0%}"
        return [f"{_cut(self.up)} ↑", *picture, f"{'':8}└{'─' * COLUMNS}", f"{'':8} {ends}"]


@dataclass(frozen=True, kw_only=True)
class Years:
    """A figure for each year: its mean as a line, from its 5 % to its 95 % quantile as a band."""

    label: str
    """What is shown, with its unit."""
    mean: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]

    def svg(self) -> str:
        """Return the chart as SVG."""
        last = len(self.mean)
        plane = Plane(
            [float(year) for year in _years(last)], ticks(0.0, max(*self.high, *self.mean, 1e-9))
        )
        years = range(1, last + 1)
        band = [
            *zip(years, self.high, strict=True),
            *reversed(list(zip(years, self.low, strict=True))),
        ]
        line = " ".join(
            plane.place((year, one)) for year, one in zip(years, self.mean, strict=True)
        )
        layers = [
            *plane.frame("year after signature", self.label, as_shares=False),
            f'<polygon class="band" points="{" ".join(plane.place(one) for one in band)}"/>',
            f'<polyline class="mean" points="{line}"/>',
            *(
                plane.dot((year, one), 2.6, "o-mean")
                for year, one in zip(years, self.mean, strict=True)
            ),
        ]
        return svg_of(layers, f"{self.label} by year after signature, with its range")

    def lines(self) -> list[str]:
        """Return the mean as a row of bars."""
        return [f"{_cut(self.label)}, year 1 to {len(self.mean)}: |{bars(self.mean)}|"]


@dataclass(frozen=True)
class Plane:
    """Where values stand on paper."""

    across: Sequence[float]
    """Ticks; the first and last are the ends of the axis."""
    up: Sequence[float]

    def x(self, value: float) -> float:
        """Return how far to the right a value stands."""
        low, high = self.across[0], self.across[-1]
        return LEFT + (value - low) / ((high - low) or 1.0) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        """Return how far down a value stands."""
        low, high = self.up[0], self.up[-1]
        return HEIGHT - BOTTOM - (value - low) / ((high - low) or 1.0) * (HEIGHT - TOP - BOTTOM)

    def place(self, point: Point) -> str:
        """Return a point as SVG has it."""
        return f"{self.x(point[0]):.1f},{self.y(point[1]):.1f}"

    def dot(self, point: Point, radius: float, kind: str) -> str:
        """Return a dot."""
        x, y = self.place(point).split(",")
        return f'<circle class="{kind}" cx="{x}" cy="{y}" r="{radius}"/>'

    def diamond(self, point: Point) -> str:
        """Return the mark of a solution."""
        return diamond_at(self.x(point[0]), self.y(point[1]))

    def origin(self) -> str:
        """Return the lines at which nothing is gained over no agreement."""
        left, right = self.across[0], self.across[-1]
        low, high = self.up[0], self.up[-1]
        x, y = min(max(0.0, left), right), min(max(0.0, low), high)
        return line("zero", self.x(x), self.y(low), self.x(x), self.y(high)) + line(
            "zero", self.x(left), self.y(y), self.x(right), self.y(y)
        )

    def level(self, value: float) -> str:
        """Return a line across at some height."""
        left, right = self.across[0], self.across[-1]
        return line("zero", self.x(left), self.y(value), self.x(right), self.y(value))

    def frame(self, across: str, up: str, *, as_shares: bool) -> Iterator[str]:
        """Yield grid, ticks and the names of the axes."""
        left, right, low, high = self.across[0], self.across[-1], self.up[0], self.up[-1]
        for tick in self.across:
            x = self.x(tick)
            yield line("grid", x, self.y(low), x, self.y(high))
            yield text_at(x, HEIGHT - BOTTOM + 18, _figure(tick, as_share=as_shares), "middle")
        for tick in self.up:
            y = self.y(tick)
            yield line("grid", self.x(left), y, self.x(right), y)
            yield text_at(LEFT - 8, y + 4, _figure(tick, as_share=as_shares), "end")
        yield text_at(
            (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, f"{_cut(across)} →", "middle", "axis"
        )
        middle = (TOP + HEIGHT - BOTTOM) / 2
        yield (
            f'<text class="axis" text-anchor="middle" transform="rotate(-90 14 {middle:.0f})" '
            f'x="14" y="{middle:.0f}">{escape(_cut(up))} →</text>'
        )


def _cell(value: float, low: float, high: float, cells: int) -> int:
    """Return the cell of a row in which a value stands."""
    return round((value - low) / ((high - low) or 1.0) * (cells - 1))


def svg_of(layers: Sequence[str], title: str, height: float = HEIGHT) -> str:
    """Return layers as one drawing, with a title for those who do not see it."""
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{escape(title)}">'
        f"{''.join(layers)}</svg>"
    )


def diamond_at(x: float, y: float, r: float = 7.0) -> str:
    """Return the mark of a solution at a place."""
    corners = f"{x:.1f},{y - r:.1f} {x + r:.1f},{y:.1f} {x:.1f},{y + r:.1f} {x - r:.1f},{y:.1f}"
    return f'<polygon class="nash" points="{corners}"/>'


def line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    """Return a line."""
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def text_at(x: float, y: float, text: str, anchor: str, kind: str = "tick") -> str:
    """Return words at a place: they begin, end or have their middle there."""
    return (
        f'<text class="{kind}" text-anchor="{anchor}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'
    )


def _cut(text: str) -> str:
    return cut(text, 48)


def _thinned(points: Sequence[Point]) -> Sequence[Point]:
    """Return at most so many points, those at the same place on paper once."""
    apart = sorted({(round(x, 3), round(y, 3)) for x, y in points})
    return apart[:: -(-len(apart) // MOST_DOTS)] if apart else apart


def ticks(low: float, high: float, least: float = 0.0) -> list[float]:
    """Return round figures from at or below `low` to at or above `high`, at least so far apart."""
    span = (high - low) or 1.0
    step = 10.0 ** floor(log10(span / 4))
    step *= next(times for times in (1, 2, 5, 10) if span / (step * times) <= 6)
    step = max(step, least)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(k * step, 12) for k in range(first, max(last, first + 1) + 1)]


def _years(last: int) -> list[int]:
    """Return years for an axis: the first, the last and some between."""
    step = max(1, -(-last // 10))
    return sorted({1, *range(step, last + 1, step), last})


def _figure(value: float, *, as_share: bool) -> str:
    if as_share:
        return f"{value:.0%}"
    for size, unit in ((1e12, " tn"), (1e9, " bn"), (1e6, " M")):
        if abs(value) >= size:
            return f"{value / size:g}{unit}"
    return f"{value:,.0f}" if value == round(value) else f"{value:g}"
