"""A panel of a chart: a rectangle on paper with two axes, and the signs that are drawn in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor

from tui.report.charts import diamond_at, line, text_at

Place = tuple[float, float]
"""On paper, in units of the drawing."""

KINDS = 8
"""Colours and dashes of series; further ones have them again, with another sign."""

SHAPES = 4
"""Signs that a series may have."""


@dataclass(frozen=True)
class Panel:
    """Where values stand within a rectangle."""

    left: float
    top: float
    width: float
    height: float
    x_ends: tuple[float, float]
    y_ends: tuple[float, float]

    def x(self, value: float) -> float:
        """Return how far to the right a value stands."""
        low, high = self.x_ends
        return self.left + (value - low) / ((high - low) or 1.0) * self.width

    def y(self, value: float) -> float:
        """Return how far down a value stands."""
        low, high = self.y_ends
        return self.top + self.height - (value - low) / ((high - low) or 1.0) * self.height

    def place(self, point: tuple[float, float]) -> Place:
        """Return where a point stands."""
        return self.x(point[0]), self.y(point[1])

    def across(self, label: str, *, steps: int = 5) -> Iterator[str]:
        """Yield the grid upright, its ticks in per cent, and the axis's name."""
        bottom = self.top + self.height
        for tick in _ticks(self.x_ends, steps):
            x = self.x(tick)
            yield line("grid", x, self.top, x, bottom)
            yield text_at(x, bottom + 18, f"{tick * 100:.0f} %", "middle")
        if label:
            yield text_at(self.left + self.width / 2, bottom + 38, f"{label} →", "middle", "axis")

    def up(self, label: str, *, steps: int = 5) -> Iterator[str]:
        """Yield the grid across, its ticks in per cent, and the axis's name."""
        for tick in _ticks(self.y_ends, steps):
            y = self.y(tick)
            yield line("grid", self.left, y, self.left + self.width, y)
            yield text_at(self.left - 8, y + 4, f"{tick * 100:.0f} %", "end")
        if label:
            x, middle = self.left - 50, self.top + self.height / 2
            yield (
                f'<text class="axis" text-anchor="middle" transform="rotate(-90 {x:.0f} '
                f'{middle:.0f})" x="{x:.0f}" y="{middle:.0f}">{escape(label)} →</text>'
            )

    def diamond(self, point: tuple[float, float], r: float = 7.0) -> str:
        """Return the mark of a solution."""
        return diamond_at(*self.place(point), r)

    @staticmethod
    def sign(x: float, y: float, number: int) -> str:
        """Return the sign of a series at a place: dot, square, triangle or diamond."""
        kind = number % KINDS
        match (number + number // KINDS) % SHAPES:
            case 0:
                return f'<circle class="m{kind}" cx="{x:.1f}" cy="{y:.1f}" r="3.6"/>'
            case 1:
                corners = ((-3.2, -3.2), (3.2, -3.2), (3.2, 3.2), (-3.2, 3.2))
            case 2:
                corners = ((0.0, -4.4), (4.2, 3.2), (-4.2, 3.2))
            case _:
                corners = ((0.0, -4.6), (4.6, 0.0), (0.0, 4.6), (-4.6, 0.0))
        told = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
        return f'<polygon class="m{kind}" points="{told}"/>'


def _ticks(ends: tuple[float, float], steps: int) -> list[float]:
    """Return round figures between the ends, about so many steps apart."""
    low, high = ends
    step = next(
        size
        for size in (0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 1e9)
        if (high - low) / size <= steps + 1e-9 or size == 1e9
    )
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]


def polyline(kind: str, places: Sequence[Place]) -> str:
    """Return a line through places."""
    told = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return f'<polyline class="{kind}" points="{told}"/>'
