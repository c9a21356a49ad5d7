"""The outcome space as two parties see it: frontier, ZOPA, solutions, and the offers as a path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive

from games.bargaining.solutions import Bargain
from games.outcomes import BoolArray, FloatArray, IndexArray
from tui.replay import Cloud, History, Recording, cloud
from tui.replay.charts import Reading, reading, seen_by
from tui.text.labels import PartyLabel, party_labels
from tui.widgets.fitted import Text
from tui.widgets.plot import Plot, padded

MARKS = {
    "nash": ("N", "Nash"),
    "kalai_smorodinsky": ("K", "Kalai–Smorodinsky"),
    "egalitarian": ("E", "egalitarian"),
    "utilitarian": ("U", "utilitarian"),
}
"""A letter and a name for each solution."""

AGREED = "★"
"""The sign of what was agreed."""

Places = Callable[[IndexArray], FloatArray]
"""Says where outcomes stand, shape (2, outcomes)."""

_LONGEST_PATH = 120
_FEW = 60


@dataclass(frozen=True, kw_only=True)
class _Way:
    """Outcomes that were offered one after the other."""

    outcomes: IndexArray
    colour: str
    sign: str
    """Of each but the last; nothing where they are too many."""
    last: str
    """The sign of the last one."""
    last_style: str


class OutcomePlot(Vertical, can_focus=True):
    """Draws the outcomes, and the offers up to the current move, in the points of that move."""

    moves: reactive[int] = reactive(0)
    """How many moves have been made."""
    history: reactive[History | None] = reactive(None)
    bargains: reactive[tuple[Bargain, ...]] = reactive(())
    """The outcome space of each of the history's scenarios, as far as it is computed."""
    pair: reactive[int] = reactive(0)
    """Which two parties, counted through all pairs."""
    see: reactive[str | None] = reactive(None)
    """The party as which it is looked at; None for all."""

    def __init__(self, recording: Recording) -> None:
        super().__init__(id="outcomes", classes="panel")
        self.border_title = "Outcome space"
        self._scenario = recording.scenario
        self._version: int | None = None
        self._labels = party_labels(recording.scenario)
        self._pairs = list(combinations(range(len(self._labels)), 2))
        self._cloud: Cloud | None = None
        self._reading: Reading | None = None
        self._plot = Plot(id="outcomes-plot")
        self._upward = Text(classes="legend")
        self._across = Text(classes="axis-name")

    def compose(self) -> ComposeResult:
        """Stack legend, plot and the name of the axis across."""
        yield self._upward
        yield self._plot
        yield self._across

    def next_pair(self) -> None:
        """Show the next two parties."""
        self.pair = (self.pair + 1) % len(self._shown_pairs)

    @property
    def _shown_pairs(self) -> list[tuple[int, int]]:
        """All pairs; as one party sees it, each other party and itself."""
        if self.see is None:
            return self._pairs
        own = next(k for k, label in enumerate(self._labels) if label.id == self.see)
        return [(other, own) for other in range(len(self._labels)) if other != own]

    def watch_see(self) -> None:
        """Draw what that party may know: its own points, and what it reads of another."""
        self.pair = 0
        self._cloud = self._reading = self._version = None
        self.border_title = "Outcome space" if self.see is None else "Your points and an estimate"
        self._see()

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
        if self.see is None:
            self._draw()
        else:
            self._see()

    def watch_moves(self) -> None:
        """Draw the path up to the current move, in other points if these have changed."""
        if self._version != self._wanted() or self.see is not None:
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
        if self.see is not None:
            self._read()
            return
        if wanted >= len(self.bargains):
            self._upward.update(Content.styled("computing the outcome space…", "$muted"))
            return
        self._version = wanted
        if self.history is not None:
            self._scenario = self.history.scenarios[wanted]
        self._cloud = cloud(self._scenario, self.bargains[wanted], self._pairs[self.pair])
        self._draw()

    def _read(self) -> None:
        """Estimate what the other party wants from its offers so far, and draw that."""
        if self.history is None:
            self._upward.update(Content.styled("reading the record…", "$muted"))
            return
        other, own = self._shown_pairs[self.pair]
        self._reading = reading(self.history, min(self.moves, len(self.history)), own, other)
        self._upward.update(self._estimate_told(self._reading, self._labels[own]))
        across = self._labels[other]
        told = (f"{across.signed_id}: ESTIMATE, % of what it may want most → ", across.style)
        self._across.update(Content.assemble(told))
        self._draw()

    def _estimate_told(self, found: Reading, own: PartyLabel) -> Content:
        pairs = len(self._shown_pairs)
        others = f"  (o: another of {pairs})" if pairs > 1 else ""
        made = f"{found.offers} offer{'' if found.offers == 1 else 's'}"
        rests = f"across: estimated from its {made}; its points are private"
        if not found.offers:
            rests = "across: its points are private, and it made no offer to read them from"
        agreed = "" if self._agreed() is None else f"  {AGREED} agreed"
        return Content.assemble(
            (f"{own.signed_id} your points ↑   ", own.style),
            (f"╌ reservation{agreed}{others}\n{rests}", "$muted"),
        )

    def _draw_reading(self, found: Reading) -> None:
        plot = self._plot
        across, up = (padded(*limits) for limits in found.limits)
        plot.clear()
        plot.set_xlimits(*across)
        plot.set_ylimits(*up)
        own = next(label for label in self._labels if label.id == self.see)

        def draw_reservation(turns: int) -> None:
            colour = plot.colour(f"party-{own.hue}")
            plot.level(found.own.reservation, across, colour, turns=turns)

        rational = found.outcomes[1] >= found.own.reservation
        self._draw_outcomes(found.outcomes, rational, draw_reservation)
        self._draw_offers(self._shown_pairs[self.pair], found.places, None)

    def _draw_outcomes(
        self, places: FloatArray, rational: BoolArray, draw_reservations: Callable[[int], None]
    ) -> None:
        """Draw a cloud of outcomes, seen between the dashes of the reservation values too."""
        draw_reservations(1)
        self._plot.dots(places[:, ~rational], self._plot.colour("faint"))
        self._plot.dots(places[:, rational], self._plot.colour("secondary"))
        draw_reservations(2)

    def _name_axes(self, seen: Cloud) -> None:
        across, upward = (self._labels[party] for party in self._pairs[self.pair])
        others = f"   (o: another of {len(self._pairs)} pairs)" if len(self._pairs) > 1 else ""
        signs = [
            Content.assemble(
                (sign, "$agreed" if sign == AGREED else "$muted"), (f" {told}", "$muted")
            )
            for sign, told in self._signs_told(seen)
        ]
        self._upward.update(
            Content.assemble(
                (f"{upward.signed_id} ↑   ", upward.style),
                ("⣿", "$secondary"),
                (" ZOPA  ", "$muted"),
                ("∘", "$success"),
                (f" frontier{others}\n", "$muted"),
                Content("  ").join(signs),
            )
        )
        self._across.update(
            Content.assemble(
                ("╌ reservation values  ", "$muted"),
                (f"{across.signed_id} points → ", across.style),
            )
        )

    def _signs_told(self, seen: Cloud) -> list[tuple[str, str]]:
        """Return each sign that is seen and what it stands for, with what lies under it."""
        agreed = self._agreed()
        placed = list[tuple[str, str, FloatArray]]()
        if agreed is not None:
            placed.append((AGREED, "agreed", self._seen_by(np.array([agreed]))))
        for name, (mark, told) in MARKS.items():
            if name in seen.solutions:
                placed.append((mark, told, seen.solutions[name]))
        names: dict[str, list[str]] = {}
        taken: dict[tuple[int, int], str] = {}
        for sign, told, points in placed:
            cells = self._plot.cells(points)
            free = cells - taken.keys()
            names.setdefault(sign if free else taken[min(cells)], []).append(told)
            taken |= dict.fromkeys(free, sign)
        return [(sign, ", ".join(told)) for sign, told in names.items()]

    def _seen_by(self, outcomes: IndexArray) -> FloatArray:
        """Return where outcomes stand as the two parties see them."""
        return seen_by(self._scenario, outcomes, self._pairs[self.pair])

    def _agreed(self) -> int | None:
        """Return which outcome was agreed by the current move."""
        history = self.history
        return history.last.agreement if history and self.moves >= len(history) else None

    def _draw(self) -> None:
        seen = self._cloud
        if not self._plot.is_mounted:
            return
        if self._reading is not None:
            self._draw_reading(self._reading)
        if seen is None:
            return
        plot = self._plot
        across, up = (padded(*limits) for limits in seen.limits)
        plot.clear()
        plot.set_xlimits(*across)
        plot.set_ylimits(*up)
        self._name_axes(seen)
        first, second = seen.reservations
        hues = [self._labels[party].hue for party in self._pairs[self.pair]]

        def draw_reservations(turns: int) -> None:
            plot.upright(first, up, plot.colour(f"party-{hues[0]}"), turns)
            plot.level(second, across, plot.colour(f"party-{hues[1]}"), turns=turns)

        rational = (seen.outcomes[0] >= first) & (seen.outcomes[1] >= second)
        self._draw_outcomes(seen.outcomes, rational, draw_reservations)
        plot.signs(seen.frontier[0], seen.frontier[1], "∘", plot.colour("success"))
        self._draw_offers(self._pairs[self.pair], self._seen_by, seen)

    def _draw_offers(self, pair: tuple[int, int], places: Places, seen: Cloud | None) -> None:
        """Draw the way that offers took, over it the solutions, and above all where it ends.

        Args:
            pair: The two parties; of one party's view only their offers are drawn.
            places: Says where outcomes stand.
            seen: Whose solutions are drawn; None for none.
        """
        plot, ways = self._plot, list(self._ways(pair))
        for way in ways:
            xs, ys = places(way.outcomes)
            plot.line(xs, ys, way.colour)
            if way.sign:
                plot.signs(xs[:-1], ys[:-1], way.sign, way.colour)
        for name, (mark, _) in reversed(MARKS.items()):
            if seen is not None and name in seen.solutions:
                xs, ys = seen.solutions[name]
                plot.signs(xs, ys, mark, f"bold {plot.colour('foreground')}")
        for way in ways:
            xs, ys = places(way.outcomes[-1:])
            plot.signs(xs, ys, way.last, f"{way.last_style} {way.colour}")
        agreed = self._agreed()
        if agreed is not None:
            xs, ys = places(np.array([agreed]))
            plot.signs(xs, ys, AGREED, f"bold {plot.colour('agreed')}")

    def _ways(self, pair: tuple[int, int]) -> Iterator[_Way]:
        """Yield each party's offers so far, or the texts that the chair of a hall had."""
        history = self.history
        if history is None:
            return
        made = min(self.moves, len(history))
        if history.is_hall:
            count = int(np.searchsorted(history.merged, made))
            texts = history.texts[history.merged[max(count - _LONGEST_PATH, 0) : count]]
            if len(texts):
                yield _Way(
                    outcomes=texts.astype(np.intp),
                    colour=self._plot.colour("primary"),
                    sign="□",
                    last="■",
                    last_style="bold",
                )
            return
        for party in range(len(self._labels)) if self.see is None else sorted(pair):
            label = self._labels[party]
            offers = history.outcomes[history.last_offers(party, made, _LONGEST_PATH)]
            if len(offers):
                yield _Way(
                    outcomes=offers.astype(np.intp),
                    colour=self._plot.colour(f"party-{label.hue}"),
                    sign=label.glyph if len(offers) <= _FEW else "",
                    last=label.glyph,
                    last_style="bold reverse",
                )
