"""Utilities over time: what every offer is worth to each party, against its reservation value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive

from games.outcomes import FloatArray
from tui.replay import Curve, History, Recording, curves
from tui.replay.charts import MOST_CURVES, SUMMARY
from tui.text.labels import PartyLabel, party_labels
from tui.widgets.fitted import Text
from tui.widgets.plot import Plot, padded

HOLLOW = dict(zip("●▲■▼✚♣", "○△□▽+♧", strict=True))
"""A party's sign where it did not make the offer but received it."""

_FEW = 60
"""Offers up to which each is marked; of more, the lines tell."""


class UtilitiesChart(Vertical, can_focus=True):
    """Draws a line for each party, the part after the current move faintly."""

    moves: reactive[int] = reactive(0)
    """How many moves have been made."""
    history: reactive[History | None] = reactive(None)
    see: reactive[str | None] = reactive(None)
    """The party as which it is looked at; None for all."""

    def __init__(self, recording: Recording) -> None:
        super().__init__(id="utilities", classes="panel")
        self.border_title = "Utilities over time"
        self._is_hall = recording.scenario.protocol.kind != "alternating-offers"
        self._recording = recording
        self._labels = _labels(recording, is_hall=self._is_hall, see=None)
        self._legend = Text(_legend(self._labels, is_hall=self._is_hall), classes="legend")
        self._plot = Plot(id="utilities-plot")
        self._curves: tuple[Curve, ...] = ()
        self._news: list[int] = []
        self._here = self._last = 0

    def compose(self) -> ComposeResult:
        """Stack legend, plot and the name of the axis across."""
        yield self._legend
        yield self._plot
        yield Text("move → ", classes="axis-name")

    def on_resize(self) -> None:
        """Draw for the size there is."""
        self._draw()

    def watch_history(self) -> None:
        """Draw what is known now."""
        self._see()

    def watch_see(self) -> None:
        """Draw that party's points alone."""
        self._see()

    def _see(self) -> None:
        self._labels = _labels(self._recording, is_hall=self._is_hall, see=self.see)
        history = self.history
        self._curves = () if history is None else curves(history, self.see)
        self._news = history.news(self.see)[:_FEW].tolist() if history is not None else []
        if history is not None and self.see is not None and history.is_hall:
            self._count_heard(history, self.see)
        told = _legend(self._labels, is_hall=self._is_hall, is_eventful=bool(self._news))
        self._legend.update(told)
        self._draw()

    def _count_heard(self, history: History, see: str) -> None:
        """Have moves counted as the party counts them: others than it has heard do not."""
        counts = np.concatenate(([0], np.cumsum(history.hears(see)))).astype(np.float64)
        self._curves = tuple(
            replace(
                curve,
                own=(counts[curve.own[0].astype(int)], curve.own[1]),
                levels=tuple(
                    (_counted(counts, first), _counted(counts, end), value)
                    for first, end, value in curve.levels
                ),
            )
            for curve in self._curves
        )
        self._news = [history.number(position, see) for position in self._news]

    def watch_moves(self) -> None:
        """Move the cursor."""
        self._draw()

    def notify_style_update(self) -> None:
        """Draw in the theme's new colours."""
        super().notify_style_update()
        self._draw()

    def _draw(self) -> None:
        history = self.history
        if history is None or not self._plot.is_mounted:
            return
        plot = self._plot
        self._here = history.number(self.moves, self.see)
        self._last = history.number(len(history), self.see)
        across = padded(1, max(self._last, 2), 0.02)
        heights = [value for curve in self._curves for value in _extremes(curve)]
        up = padded(min(heights, default=0), max(heights, default=1))
        plot.clear()
        plot.set_xlimits(*across)
        plot.set_ylimits(*up)
        parties = len(self._labels)
        for turn, (label, curve) in enumerate(zip(self._labels, self._curves, strict=True)):
            colour = plot.colour(f"party-{label.hue}")
            for first, end, value in curve.levels:
                plot.level(value, across, colour, turn, parties, (first, end))
        for position in self._news:
            plot.upright(float(position) + 0.5, up, plot.colour("warning"))
        if self._here:
            plot.upright(self._here, up, plot.colour("muted"))
        for label, curve in zip(self._labels, self._curves, strict=True):
            self._draw_line(label, curve)
        for label, curve in zip(self._labels, self._curves, strict=True):
            self._draw_signs(label, curve)
        self._draw_agreement(history)

    def _draw_line(self, label: PartyLabel, curve: Curve) -> None:
        plot = self._plot
        xs, ys = curve.own
        past = xs <= self._here
        plot.line(xs[~past], ys[~past], plot.colour("faint"))
        plot.line(xs[past], ys[past], plot.colour(f"party-{label.hue}"))

    def _draw_signs(self, label: PartyLabel, curve: Curve) -> None:
        """Mark each offer, after all lines: signs are never hidden under another party's line."""
        plot = self._plot
        if len(curve.own[0]) > _FEW:
            return
        for (xs, ys), sign in ((curve.own, label.glyph), (curve.received, HOLLOW[label.glyph])):
            past = xs <= self._here
            plot.signs(xs[~past], ys[~past], sign, plot.colour("faint"))
            plot.signs(xs[past], ys[past], sign, plot.colour(f"party-{label.hue}"))

    def _draw_agreement(self, history: History) -> None:
        agreed = history.last.agreement
        if agreed is None:
            return
        if self._is_hall:
            values = np.array([curve.own[1][-1] for curve in self._curves if len(curve.own[1])])
        else:
            then = history.last.scenario.preferences
            seen = [own for own in then if self.see in (None, own.party)]
            values = np.array([own.utility(agreed) for own in seen])
        at = np.full(len(values), float(self._last))
        shown = self.moves >= len(history)
        self._plot.signs(at, values, "★", self._plot.colour("agreed" if shown else "faint"))


def _counted(counts: FloatArray, move: float) -> float:
    """Return the number of a move as a party counts it; without end as it is."""
    return float(counts[min(max(int(move), 0), len(counts) - 1)]) if np.isfinite(move) else move


def _extremes(curve: Curve) -> list[float]:
    reservations = [value for _, _, value in curve.levels]
    values: FloatArray = np.concatenate((curve.own[1], curve.received[1], reservations))
    return [float(values.min()), float(values.max())]


def _labels(recording: Recording, *, is_hall: bool, see: str | None) -> tuple[PartyLabel, ...]:
    """Return whose curves are drawn: one's, each party's, or what all of a large hall have."""
    labels = party_labels(recording.scenario)
    if see is not None:
        return tuple(label for label in labels if label.id == see)
    if not is_hall or len(labels) <= MOST_CURVES:
        return labels
    return tuple(
        replace(label, id=name, name=name) for label, name in zip(labels, SUMMARY, strict=False)
    )


def _legend(labels: tuple[PartyLabel, ...], *, is_hall: bool, is_eventful: bool = False) -> Content:
    together = is_hall and labels[0].id == SUMMARY[0]
    parts = [Content.styled("gain ↑ " if together else "points ↑ ", "$muted")]
    parts += [
        Content.assemble(
            (f"{label.glyph}{'' if is_hall else HOLLOW[label.glyph]} {label.id}", label.style)
        )
        for label in labels
    ]
    signs = "● own offer  ○ received  ╌ reservation"
    if is_hall:
        signs = (
            "the chair's text  ╌ no agreement" if together else "the chair's text  ╌ reservation"
        )
    parts.append(Content.assemble((" ★", "$agreed"), (" agreed", "$muted")))
    if is_eventful:
        parts.append(Content.assemble(("┊", "$warning"), (" news", "$muted")))
    return Content.assemble(Content("  ").join(parts), "\n", (signs, "$muted"))
