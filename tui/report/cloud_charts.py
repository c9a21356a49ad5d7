"""Where sessions of two-party scenarios agreed, a small panel a scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt

from delegates.evaluation.judging.found import Cloud
from tui.report.charts import WIDTH, line, svg_of, text_at
from tui.report.panel import Panel, polyline
from tui.text.columns import centred
from tui.text.evaluation_words import name

_ROWS, _COLUMNS = 12, 62
"""Of a panel made of characters."""

_GREATEST = 9.0
"""Radius of the outcome that most sessions agreed on, where they are many."""

_SINGLE = 3.0
"""Greatest radius of an outcome that one session agreed on."""


@dataclass(frozen=True)
class Clouds:
    """Agreed outcomes as discs, larger for more sessions, over each scenario's Pareto frontier."""

    clouds: Sequence[Cloud]

    def svg(self) -> str:
        """Return the panels as SVG."""
        beside = 2 if len(self.clouds) <= 4 else 3
        wide, tall = WIDTH / beside, (320.0 if beside == 2 else 250.0)
        layers = [
            part
            for number, one in enumerate(self.clouds)
            for part in _cloud(one, wide * (number % beside), tall * (number // beside), wide, tall)
        ]
        rows = ceil(len(self.clouds) / beside)
        return svg_of(layers, "Agreed outcomes over each scenario's frontier", tall * rows)

    def lines(self) -> list[str]:
        """Return each panel as lines of characters."""
        return [line for one in self.clouds for line in _picture(one)]


def _picture(one: Cloud) -> Iterator[str]:
    across, up = _ends(one)
    canvas = [[" "] * _COLUMNS for _ in range(_ROWS)]
    agreed = [(x, y) for x, y, _ in one.agreed]
    for mark, points in (("·", one.frontier), ("N", one.nash), ("█", agreed)):
        for x, y in points:
            column = round((x - across[0]) / (across[1] - across[0]) * (_COLUMNS - 1))
            row = round((y - up[0]) / (up[1] - up[0]) * (_ROWS - 1))
            canvas[_ROWS - 1 - row][column] = mark
    yield f"{name(one.scenario, 40)}: {name(one.up, 30)} ↑"
    for number, drawn in enumerate(canvas):
        tick = {0: up[1], _ROWS - 1: up[0]}.get(number)
        yield f"{'' if tick is None else f'{tick * 100:.0f} %':>7} │{''.join(drawn).rstrip()}"
    first, last = (f"{end * 100:.0f} %" for end in across)
    ends = f"{first:<8}{centred(f'{name(one.across, 30)} →', _COLUMNS - 14)}{last:>6}"
    yield f"{'':8}└{'─' * _COLUMNS}"
    yield f"{'':9}{ends}"


def _ends(one: Cloud) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return round ends of both axes, which hold all that is drawn and the way from 0 to 1."""
    points = [*one.frontier, *one.nash, *((x, y) for x, y, _ in one.agreed), (0.0, 0.0), (1.0, 1.0)]
    across, up = (
        (floor(5 * min(axis)) / 5, ceil(5 * max(axis) - 1e-9) / 5)
        for axis in zip(*points, strict=True)
    )
    return across, up


def _cloud(one: Cloud, left: float, top: float, wide: float, tall: float) -> Iterator[str]:
    ends = _ends(one)
    panel = Panel(left + 50, top + 26, wide - 66, tall - 92, ends[0], ends[1])
    letters = int(wide / 7.5)
    yield text_at(left + 50, top + 16, name(one.scenario, letters), "start", "label")
    yield from panel.across(name(one.across, letters - 8), steps=4)
    yield from panel.up("", steps=4)
    x = left + 12
    middle = top + 26 + (tall - 92) / 2
    yield _upright(x, middle, f"{name(one.up, int((tall - 92) / 8))} →")
    yield line("zero", panel.x(0), panel.y(ends[1][0]), panel.x(0), panel.y(ends[1][1]))
    yield line("zero", panel.x(ends[0][0]), panel.y(0), panel.x(ends[0][1]), panel.y(0))
    frontier = [panel.place(point) for point in sorted(one.frontier)]
    yield polyline("frontier", frontier)
    yield from (
        f'<circle class="o-frontier" cx="{x:.1f}" cy="{y:.1f}" r="1.8"/>' for x, y in frontier
    )
    most = max((count for *_, count in one.agreed), default=1)
    for x_gain, y_gain, count in sorted(one.agreed, key=lambda told: -told[2]):
        x, y = panel.place((x_gain, y_gain))
        radius = max(1.6, min(_GREATEST / sqrt(most), _SINGLE) * sqrt(count))
        yield f'<circle class="agreed" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'
    yield from (panel.diamond(point, 5.5) for point in one.nash)
    told = f"{sum(count for *_, count in one.agreed):,} agreed, {one.not_agreed:,} did not"
    yield text_at(left + wide - 16, top + 16, told if wide > 300 else "", "end", "small")


def _upright(x: float, y: float, text: str) -> str:
    at = f"{x:.0f} {y:.0f}"
    return text_at(x, y, text, "middle", "axis").replace(
        "<text ", f'<text transform="rotate(-90 {at})" ', 1
    )
