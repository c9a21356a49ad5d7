"""Plots of an evaluation: what strategies asked for over time, where agreements lie, how strategies
spread in the replicator dynamics."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from delegates.evaluation.judging.found import Cloud, Curve, EmpiricalGame
from games.outcomes import FloatArray
from tui.text.evaluation_words import name
from tui.text.labels import HUES
from tui.widgets.fitted import Text
from tui.widgets.plot import Plot, padded

SIGNS = "●■▲◆▼○□△◇▽"
"""One for each strategy, in turn."""

RANKS = (("◉", 0.25), ("●", 0.05), ("•", 0.0))
"""Signs of an agreed outcome by its share of all agreements, from so much on."""


def sign_of(number: int) -> str:
    """Return the sign of a strategy by its place among all, from 0."""
    return SIGNS[number % len(SIGNS)]


def hue_of(number: int) -> str:
    """Return the colour variable of a strategy by its place among all, from 0."""
    return f"party-{number % HUES}"


class _Drawn(Vertical):
    """A plot between a legend and the name of the axis across."""

    DEFAULT_CSS = """
    _Drawn { height: 1fr; width: 1fr; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - a widget's own word
        super().__init__(id=id)
        self._legend = Text(classes="legend")
        self._plot = Plot()
        self._across = Text(classes="axis-name")

    def compose(self) -> ComposeResult:
        """Stack legend, plot and the name of the axis."""
        yield self._legend
        yield self._plot
        yield self._across

    def on_mount(self) -> None:
        """Draw what is known already."""
        self._redraw()

    def on_resize(self) -> None:
        """Draw for the size there is."""
        self._redraw()

    def notify_style_update(self) -> None:
        """Draw in the theme's new colours."""
        super().notify_style_update()
        self._redraw()

    def _redraw(self) -> None:
        if self._plot.is_mounted:
            self._plot.clear()
            self._draw()

    def _draw(self) -> None:
        raise NotImplementedError


class CurvesPlot(_Drawn):
    """Draws what each strategy asked for, as shares of what it could gain, over the rounds."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - a widget's own word
        super().__init__(id=id)
        self._curves: Sequence[Curve] = ()
        self._chosen = 0

    def show(self, curves: Sequence[Curve], chosen: int) -> None:
        """Draw curves, one of them standing out."""
        self._curves, self._chosen = curves, chosen
        self._redraw()

    def _draw(self) -> None:
        if not self._curves:
            return
        told = "asked for, as a share of what it could gain ↑   the chosen one bold"
        self._legend.update(Content.styled(told, "$muted"))
        self._across.update(Content.styled("share of the rounds →", "$muted"))
        asked = [one for curve in self._curves for one in curve.demands if one is not None]
        self._plot.set_xlimits(*padded(0.0, 1.0))
        self._plot.set_ylimits(*padded(min([0.0, *asked]), max([1.0, *asked])))
        others = [number for number in range(len(self._curves)) if number != self._chosen]
        for number in [*others, self._chosen]:
            self._draw_curve(number)

    def _draw_curve(self, number: int) -> None:
        known = [
            (place / (len(self._curves[number].demands) - 1), asked)
            for place, asked in enumerate(self._curves[number].demands)
            if asked is not None
        ]
        if not known:
            return
        xs, ys = np.array(known).T
        colour = self._plot.colour(hue_of(number))
        self._plot.line(xs, ys, colour)
        style = f"bold reverse {colour}" if number == self._chosen else colour
        self._plot.signs(xs, ys, sign_of(number), style)


class CloudPlot(_Drawn):
    """Draws where the agreements of a scenario lie, on its frontier or below it."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - a widget's own word
        super().__init__(id=id)
        self._cloud: Cloud | None = None

    def show(self, cloud: Cloud) -> None:
        """Draw a scenario's agreements."""
        self._cloud = cloud
        self._redraw()

    def _draw(self) -> None:
        cloud = self._cloud
        if cloud is None:
            return
        signs = "◉ ≥ 25 %  ● ≥ 5 %  • fewer of the agreements   ∘ frontier   N Nash"
        self._legend.update(
            Content.assemble((f"{name(cloud.up)} gains ↑\n", "$foreground"), (signs, "$muted"))
        )
        self._across.update(Content(f"{name(cloud.across)} gains →"))
        places = [*cloud.frontier, *cloud.nash, *((x, y) for x, y, _ in cloud.agreed), (0.0, 0.0)]
        xs, ys = zip(*places, strict=True)
        self._plot.set_xlimits(*padded(min(xs), max([1.0, *xs])))
        self._plot.set_ylimits(*padded(min(ys), max([1.0, *ys])))
        frontier = np.array(sorted(cloud.frontier)).reshape(-1, 2).T
        self._plot.line(frontier[0], frontier[1], self._plot.colour("faint"))
        self._plot.signs(frontier[0], frontier[1], "∘", self._plot.colour("success"))
        nash: FloatArray = np.array(cloud.nash).reshape(-1, 2).T
        self._plot.signs(nash[0], nash[1], "N", f"bold {self._plot.colour('foreground')}")
        all_agreed = sum(count for _, _, count in cloud.agreed) or 1
        for x, y, count in sorted(cloud.agreed, key=lambda one: one[2]):
            sign = next(sign for sign, least in RANKS if count / all_agreed >= least)
            style = f"bold {self._plot.colour('agreed')}"
            self._plot.signs(np.array([x]), np.array([y]), sign, style)


class FlowPlot(_Drawn):
    """Draws how the shares of two strategies a side move, from several starts."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - a widget's own word
        super().__init__(id=id)
        self._game: EmpiricalGame | None = None

    def show(self, game: EmpiricalGame) -> None:
        """Draw a game's paths."""
        self._game = game
        self._redraw()

    def _draw(self) -> None:
        game = self._game
        if game is None or not game.flow:
            return
        row, column = name(game.rows[0]), name(game.columns[0])
        told = f"suppliers who play {column} ↑   • start  ◆ end of a path"
        self._legend.update(Content.styled(told, "$muted"))
        self._across.update(Content.styled(f"consumers who play {row} →", "$muted"))
        self._plot.set_xlimits(*padded(0.0, 1.0))
        self._plot.set_ylimits(*padded(0.0, 1.0))
        for path in game.flow:
            xs, ys = np.array([point[:2] for point in path]).T
            self._plot.line(xs, ys, self._plot.colour("primary"))
            self._plot.signs(xs[:1], ys[:1], "•", self._plot.colour("muted"))
        for path in game.flow:
            end = np.array([path[-1][:2]]).T
            self._plot.signs(end[0], end[1], "◆", f"bold {self._plot.colour('agreed')}")
