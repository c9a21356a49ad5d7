"""Charts of an evaluation: leaderboard, who gained against whom, concessions, where learning goes.

What colour says is said by figures, signs, dashes or words as well.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot

from delegates.evaluation.found import Curve, EmpiricalGame, Estimate, Pairing, Standing
from tui.report.charts import WIDTH, svg_of, text_at
from tui.report.panel import Panel, line, polyline
from tui.text.evaluation_figures import (
    bounds,
    curve_lines,
    ends,
    game_cells,
    game_grid,
    interval_lines,
    pairing_lines,
    share_lines,
    sign_against,
    strategies_paired,
)
from tui.text.evaluation_words import interval, name, share

_APART = 3.0
"""How far series are moved from each other, so that their intervals can be told apart."""

KINDS = 8
"""Ways of drawing a line; further ones begin again."""

WIDE = 96
"""Columns of a grid of characters."""

_ROW = 34
_LABEL = 150


@dataclass(frozen=True)
class Leaders:
    """Each strategy's mean advantage as a dot, its 95 % interval as a bar."""

    standings: Sequence[Standing]

    def svg(self) -> str:
        """Return the chart as SVG."""
        known = [one for one in self.standings if one.advantage.mean is not None]
        low, high = bounds([one.advantage for one in known])
        height = _ROW * len(known)
        panel = Panel(_LABEL, 8, WIDTH - _LABEL - 190, height, (low, high), (0.0, 1.0))
        layers = [
            *panel.across("advantage", steps=5),
            *(
                part
                for number, one in enumerate(known)
                for part in _leader(panel, one, 8 + _ROW * (number + 0.5))
            ),
        ]
        return svg_of(layers, "Mean advantage of each strategy with its interval", height + 60)

    def lines(self) -> list[str]:
        """Return the chart as lines of characters."""
        return interval_lines(self.standings)


def _leader(panel: Panel, one: Standing, y: float) -> Iterator[str]:
    estimate = one.advantage
    yield text_at(_LABEL - 12, y + 4, name(one.strategy, 20), "end", "label")
    if estimate.low is not None and estimate.high is not None:
        left, right = panel.x(estimate.low), panel.x(estimate.high)
        yield line("whisker", left, y, right, y)
        yield line("whisker", left, y - 6, left, y + 6)
        yield line("whisker", right, y - 6, right, y + 6)
    yield f'<circle class="o-mean" cx="{panel.x(estimate.mean or 0.0):.1f}" cy="{y:.1f}" r="5"/>'
    told = f"{interval(estimate)}  n {estimate.sessions:,}"
    yield text_at(WIDTH - 4, y + 4, told, "end", "tick")


@dataclass(frozen=True)
class Pairwise:
    """What each strategy gained against each, in a stronger colour for more."""

    pairings: Sequence[Pairing]

    def svg(self) -> str:
        """Return the chart as SVG."""
        rows, columns = strategies_paired(self.pairings)
        known = {(one.strategy, one.against): one for one in self.pairings}
        means = [one.advantage.mean for one in self.pairings if one.advantage.mean is not None]
        low, high = min(means, default=0.0), max(means, default=1.0)
        wide = min(120.0, (WIDTH - _LABEL) / len(columns))
        tall = 56 if wide >= _ROOMY else 34
        layers = [
            text_at(_LABEL - 12, 16, "this ↓ against →", "end", "small"),
            *(
                text_at(
                    _LABEL + wide * (number + 0.5), 16, name(one, int(wide / 7)), "middle", "label"
                )
                for number, one in enumerate(columns)
            ),
        ]
        for i, own in enumerate(rows):
            y = 26 + tall * i
            layers.append(text_at(_LABEL - 12, y + tall / 2 + 4, name(own, 20), "end", "label"))
            for j, other in enumerate(columns):
                one = known.get((own, other))
                if one is not None and one.advantage.mean is not None:
                    depth = (one.advantage.mean - low) / ((high - low) or 1.0)
                    cell = (_LABEL + wide * j, y, wide, tall)
                    layers += _pair(one, sign_against(one, known), depth, cell)
        return svg_of(
            layers, "Mean advantage of each row against each column", 32 + tall * len(rows)
        )

    def lines(self) -> list[str]:
        """Return the chart as a grid; a line instead where it does not fit."""
        told = "pairs do not fit here; the data file has them"
        return pairing_lines(self.pairings, WIDE) or [f"({len(self.pairings):,} {told}.)"]


_ROOMY = 84
"""Width of a cell from which it shows interval and n as well."""


def _pair(
    one: Pairing, sign: str, depth: float, cell: tuple[float, float, float, float]
) -> Iterator[str]:
    x, y, wide, _ = cell
    yield _shaded(depth, cell)
    middle = x + wide / 2
    mark = f" {sign}" if sign else ""
    if wide < _ROOMY:
        yield text_at(middle, y + 21, f"{share(one.advantage.mean, 0)}{mark}", "middle", "value")
        return
    yield text_at(middle, y + 21, f"{share(one.advantage.mean)}{mark}", "middle", "value")
    yield text_at(middle, y + 36, ends(one.advantage), "middle", "inside")
    yield text_at(middle, y + 49, f"n {one.advantage.sessions:,}", "middle", "inside")


@dataclass(frozen=True)
class GameGrid:
    """What consumers and suppliers gained in each pair of strategies, equilibria framed; the more
    both gained together, the stronger the colour."""

    game: EmpiricalGame

    def svg(self) -> str:
        """Return the chart as SVG."""
        game = self.game
        joint = game.payoffs.sum(axis=2)
        low, high = float(joint.min()), float(joint.max())
        wide = min(150.0, (WIDTH - _LABEL) / len(game.columns))
        cells = game_cells(game, 1 if wide >= _ROOMY else 0)
        tall = 18.0 * max(len(cell) for line in cells for cell in line) + 14
        layers = [
            text_at(_LABEL - 12, 16, "consumers ↓ suppliers →", "end", "small"),
            *(
                text_at(_LABEL + wide * (j + 0.5), 16, name(one, int(wide / 7)), "middle", "label")
                for j, one in enumerate(game.columns)
            ),
        ]
        for i, row in enumerate(game.rows):
            y = 26 + tall * i
            layers.append(text_at(_LABEL - 12, y + tall / 2 + 4, name(row, 20), "end", "label"))
            for j, cell in enumerate(cells[i]):
                depth = (float(joint[i, j]) - low) / ((high - low) or 1.0)
                place = (_LABEL + wide * j, y, wide, tall)
                layers.append(_shaded(depth, place, is_framed="◆" in cell[0]))
                layers += [
                    text_at(
                        _LABEL + wide * (j + 0.5),
                        y + 21 + 16 * k,
                        told.strip(),
                        "middle",
                        "inside" if k else "gains",
                    )
                    for k, told in enumerate(cell)
                ]
        height = 32 + tall * len(game.rows)
        return svg_of(layers, "Mean gains of consumers and suppliers, equilibria framed", height)

    def lines(self) -> list[str]:
        """Return the chart as a grid."""
        return game_grid(self.game, WIDE)


def _shaded(
    depth: float, cell: tuple[float, float, float, float], *, is_framed: bool = False
) -> str:
    x, y, wide, tall = cell
    kind = "heat framed" if is_framed else "heat"
    return (
        f'<rect class="{kind}" fill-opacity="{0.06 + 0.5 * depth:.2f}" x="{x + 2:.1f}" '
        f'y="{y + 2:.1f}" width="{wide - 4:.1f}" height="{tall - 4:.1f}"/>'
    )


@dataclass(frozen=True)
class Concessions:
    """What each strategy asked for as the rounds passed."""

    curves: Sequence[Curve]

    def svg(self) -> str:
        """Return the chart as SVG."""
        span = bounds([one for curve in self.curves for one in _points(curve)])
        panel = Panel(64, 14, WIDTH - 64 - 190, 330, (0.0, 1.0), span)
        layers = [*panel.across("share of the rounds passed"), *panel.up("asked for, of its gain")]
        labels: list[tuple[float, int, str]] = []
        for number, one in enumerate(self.curves):
            kind = number % KINDS
            shift = _APART * (number - (len(self.curves) - 1) / 2)
            places = [(panel.x(k / 10) + shift, v) for k, v in enumerate(one.demands)]
            known = [(x, panel.y(v)) for x, v in places if v is not None]
            if not known:
                continue
            layers += [
                line(
                    f"s{kind} reach", places[k][0], panel.y(ends[0]), places[k][0], panel.y(ends[1])
                )
                for k, ends in enumerate(one.intervals)
                if ends is not None
            ]
            layers.append(polyline(f"series s{kind}", known))
            layers += [panel.sign(x, y, kind) for x, y in known]
            labels.append((known[-1][1], kind, _with_n(one)))
        layers += _labels(labels, panel.left + panel.width + 12, panel.top + panel.height)
        return svg_of(layers, "Demands of each strategy over the rounds", 400)

    def lines(self) -> list[str]:
        """Return the chart as rows of bars."""
        return curve_lines(self.curves)


def _with_n(one: Curve) -> str:
    counts = [n for n, value in zip(one.sessions, one.demands, strict=True) if value is not None]
    low, high = min(counts), max(counts)
    told = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    return f"{name(one.strategy, 14)}, n {told}"


def _points(curve: Curve) -> Iterator[Estimate]:
    """Yield the means of a curve with their intervals."""
    intervals = curve.intervals or (None,) * len(curve.demands)
    for mean, reach, sessions in zip(curve.demands, intervals, curve.sessions, strict=True):
        low, high = reach or (None, None)
        yield Estimate(mean=mean, low=low, high=high, sessions=sessions, scenarios=0)


def _labels(wanted: list[tuple[float, int, str]], x: float, bottom: float) -> Iterator[str]:
    """Yield names beside the ends of lines, apart from each other, each with its sign."""
    last = -1e9
    wanted = sorted(wanted)
    surplus = max(0.0, (wanted[0][0] if wanted else 0.0) + 17 * (len(wanted) - 1) - bottom)
    for y, kind, text in wanted:
        last = max(y - surplus, last + 17)
        yield Panel.sign(x, last, kind)
        yield text_at(x + 12, last + 4, text, "start", f"label l{kind}")


@dataclass(frozen=True)
class Flow:
    """Where learning goes in a game of two strategies a side, and where it can rest."""

    across: str
    """What is drawn to the right: how many of the consumers play their first strategy."""
    up: str
    paths: Sequence[Sequence[tuple[float, ...]]]
    equilibria: Sequence[tuple[float, float]]

    def svg(self) -> str:
        """Return the chart as SVG."""
        panel = Panel(64, 14, 340, 340, (0.0, 1.0), (0.0, 1.0))
        layers = [*panel.across(self.across), *panel.up(self.up)]
        for path in self.paths:
            places = [panel.place((one[0], one[1])) for one in path]
            layers.append(polyline("path", places))
            layers += _arrow(places)
        layers += [panel.diamond(one) for one in self.equilibria]
        return svg_of(layers, "Paths of the replicator dynamics, and the equilibria", 410)

    def lines(self) -> list[str]:
        """Return where each path leads."""
        ends = sorted({(round(path[-1][0], 2), round(path[-1][1], 2)) for path in self.paths})
        told = "; ".join(f"{share(x, 0)} % and {share(y, 0)} %" for x, y in ends)
        return [f"{len(self.paths)} paths end where ({self.across}, {self.up}) are:", f"  {told}"]


def _arrow(places: Sequence[tuple[float, float]]) -> Iterator[str]:
    """Yield a head half-way along a path, where it is long enough for one."""
    lengths = [hypot(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(places)]
    half, gone = sum(lengths) / 2, 0.0
    if half < 4:
        return
    for (a, b), length in zip(itertools.pairwise(places), lengths, strict=True):
        gone += length
        if gone >= half and length > 0:
            ux, uy = (b[0] - a[0]) / length, (b[1] - a[1]) / length
            x, y = b
            corners = (
                (x, y),
                (x - 8 * ux + 4 * uy, y - 8 * uy - 4 * ux),
                (x - 8 * ux - 4 * uy, y - 8 * uy + 4 * ux),
            )
            told = " ".join(f"{p:.1f},{q:.1f}" for p, q in corners)
            yield f'<polygon class="arrow" points="{told}"/>'
            return


@dataclass(frozen=True)
class Shares:
    """Shares as bars, each with its name: where learning comes to rest."""

    title: str
    shares: Sequence[tuple[str, float]]

    def svg(self) -> str:
        """Return the chart as SVG."""
        label, room = 240, WIDTH - 240 - 70
        layers: list[str] = []
        for number, (place, value) in enumerate(self.shares):
            y = 6 + 28 * number
            layers += [
                text_at(label - 12, y + 15, name(place, 34), "end", "label"),
                _bar(label, y, max(1.0, value * room)),
                text_at(label + value * room + 8, y + 15, f"{share(value, 0)} %", "start"),
            ]
        return svg_of(layers, self.title, 12 + 28 * len(self.shares))

    def lines(self) -> list[str]:
        """Return the chart as bars of characters."""
        return list(share_lines(self.shares))


def _bar(x: float, y: float, width: float) -> str:
    return f'<rect class="wanted" x="{x}" y="{y}" width="{width:.1f}" height="20"/>'
