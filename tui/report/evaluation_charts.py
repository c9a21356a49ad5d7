"""Charts of an evaluation: leaderboard, concessions, where learning goes.

What colour says is said by figures, signs, dashes or words as well.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot

from delegates.evaluation.judging.found import Curve, Estimate, Standing
from tui.report.charts import WIDTH, line, svg_of, text_at
from tui.report.panel import KINDS, Panel, polyline
from tui.text.evaluation_figures import (
    bounds,
    curve_lines,
    interval_lines,
    share_lines,
)
from tui.text.evaluation_words import interval, name, share

_APART = 3.0
"""How far series are moved from each other, so that their intervals can be told apart."""

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
            layers += [panel.sign(x, y, number) for x, y in known]
            labels.append((known[-1][1], number, _with_n(one)))
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
    for y, number, text in wanted:
        last = max(y - surplus, last + 17)
        yield Panel.sign(x, last, number)
        yield text_at(x + 12, last + 4, text, "start", f"label l{number % KINDS}")


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
