"""The conversation at the table: beside each offer what it is worth to the seat."""

from __future__ import annotations

from textual.content import Content

from games.point_words import tenths
from tui.replay import History, Recording
from tui.widgets.conversation import Conversation
from tui.widgets.spoken import INDENT


class Talks(Conversation):
    """Shows every move and its words, and the own utility of every offer as it was then."""

    def __init__(self, recording: Recording, party: str | None) -> None:
        """Show the talks.

        Args:
            recording: The session.
            party: Whose utility is told; None to tell none.
        """
        super().__init__(recording)
        self._party = party

    def _read(self, item: int) -> list[Content]:
        lines = super()._read(item)
        told = None if self.history is None else worth_told(self.history, item, self._party)
        if told is None or not lines:
            return lines
        return [*lines[:-1], told.pad_left(INDENT), lines[-1]]


def worth_told(history: History, position: int, party: str | None) -> Content | None:
    """Return what an offer was worth to a party, and how far that was from its reservation value.

    Args:
        history: The moves that were read.
        position: That of the move, from 0.
        party: Whose worth is told; None to tell nothing.
    """
    if party is None or position >= len(history) or history.outcomes[position] < 0:
        return None
    scenario = history.scenarios[int(history.versions[position])]
    own = scenario.preferences[scenario.ids.index(party)]
    outcome = int(history.outcomes[position])
    gain = own.utility(outcome) - own.reservation
    style = "bold $error" if own.falls_short(outcome) else "bold $success"
    return Content.assemble(
        (f"= {tenths(own.utility(outcome))} ", "bold"),
        ("to you, ", "$muted"),
        (f"{-gain:.1f} below" if gain < 0 else f"{gain:+.1f} over", style),
        (" no agreement", "$muted"),
    )
