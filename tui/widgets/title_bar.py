"""What is replayed: title, parties, who decided and who worded, where the replay stands."""

from __future__ import annotations

from collections import Counter

from textual import events
from textual.content import Content
from textual.reactive import reactive

from delegates.sealing import only_person
from delegates.text import one_line
from transcripts.events import Opened
from tui.replay import History, Recording
from tui.replay.scales import ScaleKind, duration
from tui.text.columns import width_of
from tui.text.labels import party_labels
from tui.text.wording import origin
from tui.widgets.ending import ended_briefly
from tui.widgets.fitted import Text

STAMP = "SIMULATION"
"""Stands on every screen: no government said any of this."""

MOST_NAMED = 6
"""Parties up to which each is named; of more, how many there are."""

_LEAST_SEATS = 12
"""Columns below which it is not told who decided and who worded."""


class TitleBar(Text):
    """Shows a line of title, a line of state and, where the record is not sound, a line of that."""

    moves: reactive[int] = reactive(0)
    """How many moves have been made."""
    total: reactive[int] = reactive(0)
    history: reactive[History | None] = reactive(None)
    see: reactive[str | None] = reactive(None)
    """The party as which it is looked at; None for all."""
    followed: reactive[int] = reactive(0)
    """How many events were found to belong one after the other, while the record is read."""
    live: reactive[bool] = reactive(default=False)
    """Whether another program is writing the record now."""
    scale: reactive[ScaleKind] = reactive[ScaleKind]("moves")
    """By what the scrub bar goes."""

    def __init__(self, recording: Recording) -> None:
        super().__init__(id="title")
        self._recording = recording
        self._scenario = recording.scenario
        self._labels = party_labels(recording.scenario)
        self._seats = _seats_told(recording.header, None)

    def on_resize(self, _: events.Resize) -> None:
        """Fit the lines to the width."""
        self._show()

    def watch_moves(self) -> None:
        """Tell the new move and round."""
        self._show()

    def watch_total(self) -> None:
        """Tell how many moves there are."""
        self._show()

    def watch_history(self) -> None:
        """Tell how the session ended, and what is wrong with the record."""
        self._show()

    def watch_see(self) -> None:
        """Tell as whom it is looked at, and whose seats are theirs."""
        self._seats = _seats_told(self._recording.header, self.see)
        self._show()

    def watch_followed(self) -> None:
        """Tell how far the record is read."""
        self._show()

    def watch_live(self) -> None:
        """Tell whether it still grows."""
        self._show()

    def watch_scale(self) -> None:
        """Tell the time where the bar goes by it."""
        self._show()

    def _show(self) -> None:
        width = self.content_region.width
        if not width:
            return
        lines = [self._title(width), self._state(width)]
        if self.history is not None and self.history.problem:
            told = one_line(self.history.problem)
            if self.see is not None:
                # What is wrong may quote what this party has not heard.
                told = f"sound up to event {self.history.events - 1}"
            problem = Content.styled(f"! {told}", "bold $warning")
            lines.append(problem.truncate(width, ellipsis=True))
        self.set_class(len(lines) > 2, "-problem")
        self.update(Content("\n").join(lines), layout=False)

    def _title(self, width: int) -> Content:
        title = Content.styled(one_line(self._scenario.title), "bold")
        stamp = Content.styled(STAMP, "bold $warning")
        room = width - stamp.cell_length - 2
        if len(self._labels) > MOST_NAMED:
            parties = Content.styled(f"{len(self._labels)} delegations", "bold")
            title = title.truncate(max(room - parties.cell_length - 3, 12), ellipsis=True)
            return _spread(Content.assemble(title, "   ", parties), stamp, width)
        parties = self._parties([f"{label.glyph} {label.name}" for label in self._labels])
        if title.cell_length + parties.cell_length + 3 > room:
            parties = self._parties([label.signed_id for label in self._labels])
        title = title.truncate(max(room - parties.cell_length - 3, 12), ellipsis=True)
        return _spread(Content.assemble(title, "   ", parties), stamp, width)

    def _parties(self, names: list[str]) -> Content:
        return Content("  ").join(
            Content.styled(name, f"bold {label.style}")
            for name, label in zip(names, self._labels, strict=True)
        )

    def _state(self, width: int) -> Content:
        history = self.history
        moves, total = self.moves, self.total
        if history is not None:
            moves, total = (history.number(one, self.see) for one in (moves, total))
        place = f"move {moves:,}/{total:,}"
        if history is not None and 0 < self.moves <= len(history):
            place += self._when(history)
        left = Content.assemble(self._status(), f" · {place}")
        if self.see is not None:
            label = next(label for label in self._labels if label.id == self.see)
            seen = Content.assemble("seen by ", (label.signed_id, f"bold {label.style}"), " · ")
            left = Content.assemble(seen, left)
        chain = Content.assemble(left, " · ", self._chain())
        # That it is sound is not told by half; that it is not, always is.
        is_told = chain.cell_length < width or (history is not None and history.is_broken)
        left = chain if is_told else left
        room = width - left.cell_length - 2
        told = next((one for one in self._seats if width_of(one) <= room), self._seats[0])
        seats = Content.styled(told if room >= _LEAST_SEATS else "", "$muted")
        return _spread(left, seats.truncate(max(room, 0), ellipsis=True), width)

    def _status(self) -> Content:
        """Return how the session ended, as far as that is known."""
        history = self.history
        if self.live:
            return Content.styled("● live", "bold $success")
        if history is None or not history.whole:
            return Content(self._reading())
        if history.is_turned_down:
            return Content.styled("agreement, not ratified", "bold $warning")
        return ended_briefly(history.status)

    def _when(self, history: History) -> str:
        """Return round, news and time of the current move."""
        at = self.moves - 1
        told = f" · round {int(history.rounds[at]) + 1}/{history.last.rounds}"
        by, news = history.happened_by(self.moves, self.see)
        if news:
            told += f" · ◆ {by}/{news}"
        if self.scale == "time":
            told += f" · {duration(int(history.times[at]))} of {duration(int(history.times[-1]))}"
        return told

    def _reading(self) -> str:
        """Return how far the record is read."""
        events = len(self._recording.kinds)
        return f"reading… {self.followed / events:.0%}" if self.followed else "reading…"

    def _chain(self) -> tuple[str, str]:
        """Return whether every event read so far belongs after the one before it."""
        history = self.history
        if history is None or not history.whole:
            return ("chain …", "$muted")
        if history.is_broken:
            return (f"chain ✗ at event {history.events}", "bold $error")
        return ("chain ✓", "$success")


def _seats_told(header: Opened, see: str | None) -> tuple[str, str]:
    """Return who decided and who worded, in full and in fewer words."""
    told = seats_line(header, see)
    return told, told.removeprefix("by ").replace(", words by ", ", ")


def seats_line(header: Opened, see: str | None = None) -> str:
    """Return who decided and who worded, said once where all seats are alike, and the origin.

    Args:
        header: The session's.
        see: The party that it is told to; None for whoever sees all.
    """
    decides = {party: one_line(seat.decides) for party, seat in header.seats.items()}
    words = {party: one_line(seat.words) for party, seat in header.seats.items()}
    mixed = len({*zip(decides.values(), words.values(), strict=True)}) > 1
    own = see or only_person(header)
    branched = f" · {one_line(origin(header.parent, own))}" if header.parent else ""
    return f"by {_shared(decides)}{';' if mixed else ','} words by {_shared(words)}{branched}"


def _shared(told: dict[str, str]) -> str:
    if len(set(told.values())) == 1:
        return next(iter(told.values()))
    if len(told) > MOST_NAMED:
        counted = Counter(told.values()).most_common()
        return ", ".join(f"{what} ({number})" for what, number in counted)
    return ", ".join(f"{party} {what}" for party, what in told.items())


def _spread(left: Content, right: Content, width: int) -> Content:
    """Return two texts at the ends of a line; the longer gives way."""
    room = width - min(left.cell_length, max(width * 2 // 3, width - right.cell_length - 2)) - 2
    right = right.truncate(max(room, 0), ellipsis=True)
    left = left.truncate(width - right.cell_length - 1, ellipsis=True)
    return Content.assemble(left, " " * (width - left.cell_length - right.cell_length), right)
