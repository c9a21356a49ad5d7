"""When a preparation sheet, or guesses at half time, can be written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from games.session import State
    from transcripts.events import Prepared


def is_half_time(state: State) -> bool:
    """Return whether half the rounds, or more, are over."""
    return 2 * state.round >= state.rounds


def problem_with_writing(
    state: State, event: Prepared, sheets: Iterable[Prepared], *, has_begun: bool
) -> str | None:
    """Return why a sheet cannot have been written here; None where it can.

    Args:
        state: Where the session stands.
        event: The sheet.
        sheets: Those that were written before it.
        has_begun: Whether a move was made.
    """
    party = event.party
    if party not in state.scenario.parties:
        known = ", ".join(state.scenario.ids)
        return f"a preparation sheet of {party!r}: no such party; expected {known}"
    own = [one.when for one in sheets if one.party == party]
    if event.when in own:
        return f"a second preparation sheet of {party} ({event.when})"
    if event.when == "before" and event.turn != 0:
        return f"a preparation sheet of {party} at turn {event.turn}; expected turn 0"
    if event.when == "before":
        return f"a preparation sheet of {party} after the first move" if has_begun else None
    if "before" not in own:
        return f"{party} guesses again at half time, but has prepared nothing"
    if not is_half_time(state):
        return f"{party} guesses again in round {state.round + 1} of {state.rounds}: no half time"
    return None
