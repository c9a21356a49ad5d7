"""The outcome space as two parties see it: frontier, ZOPA, solutions, and the offers as a path."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from games.bargaining.solutions import Bargain
from tui.replay import Cloud, History, Recording, cloud
from tui.replay.charts import seen_by
from tui.replay.history import OFFER
from tui.replay.labels import party_labels
from tui.widgets.plot import Plot, padded

MARKS = {
    "nash": ("N", "Nash"),
    "kalai_smorodinsky": ("K", "Kalai–Smorodinsky"),
    "egalitarian": ("E", "egalitarian"),
    "utilitarian": ("U", "utilitarian"),
}
"""A letter and a name for each solution."""

_LONGEST_PATH = 400
_FEW = 60


class OutcomePlot(Vertical, can_focus=True):
    """Draws the outcomes, and the offers up to the current move, in the points of that move."""

    moves: reactive[int] = reactive(0)
    """How many moves have been made."""
    history: reactive[History | None] = reactive(None)
    bargains: reactive[tuple[Bargain, ...]] = reactive(())
    """The outcome space of each of the history's scenarios, as far as it is computed."""
    pair: reactive[int] = reactive(0)
    """Which two parties, counted through all pairs."""

    def __init__(self, recording: Recording) -> None:
        super().__init__(id="outcomes", classes="panel")
        self.border_title = "Outcome space"
        self._scenario = recording.scenario
        self._version: int | None = None
        self._labels = party_labels(recording.scenario)
        self._pairs = list(combinations(range(len(self._labels)), 2))
        self._cloud: Cloud | None = None
        self._plot = Plot(id="outcomes-plot")
        self._upward = Static(classes="legend")
        self._across = Static(classes="axis-name")

    def compose(self) -> ComposeResult:
        """Stack legend, plot and the name of the axis across."""
        yield self._upward
        yield self._plot
        yield self._across

    def next_pair(self) -> None:
        """Show the next two parties."""
        self.pair = (self.pair + 1) % len(self._pairs)

    def watch_bargains(self) -> None:
        """Draw the outcome space once it is computed."""
        self._see()

    def watch_pair(self) -> None:
        """Draw it as two others see it."""
        self._see()

    def on_resize(self) -> None:
        """Draw for the size there is."""
        self._draw()

    def watch_history(self) -> None:
        """Draw the offers known now."""
        self._draw()

    def watch_moves(self) -> None:
        """Draw the path up to the current move, in other points if these have changed."""
        if self._version != self._wanted():
            self._see()
        else:
            self._draw()

    def notify_style_update(self) -> None:
        """Draw in the theme's new colours."""
        super().notify_style_update()
        self._draw()

    def _wanted(self) -> int:
        """Return in which of the history's scenarios the current move was made."""
        return 0 if self.history is None else self.history.version_at(self.moves)

    def _see(self) -> None:
        wanted = self._wanted()
        if wanted >= len(self.bargains):
            self._upward.update(Content.styled("computing the outcome space…", "$muted"))
            return
        self._version = wanted
        if self.history is not None:
            self._scenario = self.history.scenarios[wanted]
        self._cloud = cloud(self._scenario, self.bargains[wanted], self._pairs[self.pair])
        self._name_axes(self._cloud)
        self._draw()

    def _name_axes(self, seen: Cloud) -> None:
        across, upward = (self._labels[party] for party in self._pairs[self.pair])
        others = f"   (o: another of {len(self._pairs)} pairs)" if len(self._pairs) > 1 else ""
        letters = [
            f"{mark} {told}" for name, (mark, told) in MARKS.items() if name in seen.solutions
        ]
        self._upward.update(
            Content.assemble(
                (f"{upward.signed_id} ↑   ", upward.style),
                ("⣿", "$secondary"),
                (" ZOPA  ", "$muted"),
                ("∘", "$success"),
                (" frontier  ", "$muted"),
                ("★", "$agreed"),
                (f" agreed{others}\n{'  '.join(letters)}", "$muted"),
            )
        )
        self._across.update(
            Content.assemble(
                ("╌ reservation values  ", "$muted"),
                (f"{across.signed_id} points → ", across.style),
            )
        )

    def _draw(self) -> None:
        seen = self._cloud
        if seen is None or not self._plot.is_mounted:
            return
        plot = self._plot
        across, up = (padded(*limits) for limits in seen.limits)
        plot.clear()
        plot.set_xlimits(*across)
        plot.set_ylimits(*up)
        first, second = seen.reservations
        rational = (seen.outcomes[0] >= first) & (seen.outcomes[1] >= second)
        plot.dots(seen.outcomes[:, ~rational], plot.colour("faint"))
        plot.dots(seen.outcomes[:, rational], plot.colour("secondary"))
        names = [self._labels[party] for party in self._pairs[self.pair]]
        plot.upright(first, up, plot.colour(f"party-{names[0].hue}"))
        plot.level(second, across, plot.colour(f"party-{names[1].hue}"))
        plot.signs(seen.frontier[0], seen.frontier[1], "∘", plot.colour("success"))
        for name, (mark, _) in reversed(MARKS.items()):
            if name in seen.solutions:
                place = seen.solutions[name]
                plot.signs(place[0], place[1], mark, f"bold {plot.colour('foreground')}")
        self._draw_path()

    def _draw_path(self) -> None:
        history = self.history
        if history is None:
            return
        made = min(self.moves, len(history))
        pair = self._pairs[self.pair]
        if history.is_hall:
            self._draw_texts(history, made, pair)
        for party, label in enumerate(() if history.is_hall else self._labels):
            mine = (history.movers[:made] == party) & (history.acts[:made] == OFFER)
            offers = history.outcomes[:made][mine][-_LONGEST_PATH:]
            if not len(offers):
                continue
            xs, ys = seen_by(self._scenario, offers, pair)
            colour = self._plot.colour(f"party-{label.hue}")
            self._plot.line(xs, ys, colour)
            if len(offers) <= _FEW:
                self._plot.signs(xs[:-1], ys[:-1], label.glyph, colour)
            self._plot.signs(xs[-1:], ys[-1:], label.glyph, f"bold reverse {colour}")
        agreed = history.last.agreement
        if agreed is not None and self.moves >= len(history):
            place = seen_by(self._scenario, np.array([agreed]), pair)
            self._plot.signs(place[0], place[1], "★", f"bold {self._plot.colour('agreed')}")

    def _draw_texts(self, history: History, made: int, pair: tuple[int, int]) -> None:
        """Draw the texts that the chair of a hall had, as a path."""
        changed = history.merged
        texts = history.texts[changed[changed < made]][-_LONGEST_PATH:]
        if not len(texts):
            return
        xs, ys = seen_by(self._scenario, texts, pair)
        colour = self._plot.colour("primary")
        self._plot.line(xs, ys, colour)
        self._plot.signs(xs[:-1], ys[:-1], "□", colour)
        self._plot.signs(xs[-1:], ys[-1:], "■", f"bold {colour}")
