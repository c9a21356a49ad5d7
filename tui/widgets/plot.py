"""The plot both charts are drawn on: no focus, no zoom, quiet axes."""

from __future__ import annotations

import numpy as np
from textual import events
from textual.geometry import Region
from textual.reactive import reactive
from textual.style import Style
from textual_plot import HiResMode, PlotWidget
from textual_plot.plot_widget import map_coordinate_to_pixel

from games.outcomes import FloatArray

FINE = HiResMode.BRAILLE
"""Lines and clouds are drawn in dots of an eighth of a character."""


class Plot(PlotWidget, can_focus=False):
    """A plot that leaves the keys to the screen and takes its colours from the theme."""

    DEFAULT_CSS = """
    Plot { height: 1fr; }
    Plot > .plot--axis { color: $faint; }
    Plot > .plot--tick { color: $muted; text-style: none; }
    """

    margin_top = reactive(0)
    margin_bottom = reactive(1)
    margin_left = reactive(6)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, allow_pan_and_zoom=False)

    def _on_mount(self, event: events.Mount) -> None:
        # An app that was told to end gives a widget no parts, and still tells it that it is there.
        if not self.children:
            event.prevent_default()

    def _update_margin_sizes(self) -> None:
        if self.children:
            super()._update_margin_sizes()

    def colour(self, variable: str) -> str:
        """Return a colour of the theme as the plot takes it."""
        colour = Style.parse(f"${variable}").foreground
        return "white" if colour is None else colour.rich_color.name

    def level(
        self,
        y: float,
        xs: tuple[float, float],
        style: str,
        turn: int = 0,
        turns: int = 1,
        within: tuple[float, float] = (-np.inf, np.inf),
    ) -> None:
        """Draw a dashed line across at a height, from one place to another if not all across.

        Lines at the same height take turns, so that all of them are seen.
        """
        places = np.linspace(*xs, 2 * self._inside.width + 1)[1::2][turn::turns]
        places = places[(places >= within[0]) & (places < within[1])]
        self.scatter(places, np.full(len(places), y), "╌", style)

    def upright(self, x: float, ys: tuple[float, float], style: str, turns: int = 1) -> None:
        """Draw a dashed line upwards at a place, at every so many rows."""
        places = np.linspace(*ys, 2 * self._inside.height + 1)[1::2][::turns]
        self.scatter(np.full(len(places), x), places, "┊", style)

    @property
    def _inside(self) -> Region:
        """What lies within the frame, in characters."""
        columns = max(self.size.width - self.margin_left - 2, 1)
        rows = max(self.size.height - self.margin_top - self.margin_bottom - 2, 1)
        return Region(1, 1, columns, rows)

    def cells(self, points: FloatArray) -> set[tuple[int, int]]:
        """Return at which characters signs stand, by column and row; points of shape (2, points).

        The limits of both axes must have been set.
        """
        limits = (self._x_min, self._x_max, self._y_min, self._y_max)
        return {map_coordinate_to_pixel(x, y, *limits, self._inside) for x, y in points.T}

    def dots(self, points: FloatArray, style: str) -> None:
        """Draw a cloud of points, shape (2, points)."""
        if points.shape[1]:
            self.scatter(points[0], points[1], marker_style=style, hires_mode=FINE)

    def signs(self, xs: FloatArray, ys: FloatArray, sign: str, style: str) -> None:
        """Draw the same sign at each of some places."""
        if len(xs):
            self.scatter(xs, ys, sign, style)

    def line(self, xs: FloatArray, ys: FloatArray, style: str) -> None:
        """Draw a fine line through some places."""
        if len(xs) > 1:
            self.plot(xs, ys, style, hires_mode=FINE)


def padded(low: float, high: float, share: float = 0.04) -> tuple[float, float]:
    """Return limits a little wider, so that nothing lies under the frame."""
    room = max((high - low) * share, 1e-6) if high > low else 1.0
    return low - room, high + room
