"""What happened between moves, as a record of the talks tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from delegates.text import clean
from games.naming import called
from games.option_words import settled_words
from transcripts.happenings import told
from tui.text.brackets import some
from tui.text.wording import hung

if TYPE_CHECKING:
    from games.scenario import Scenario
    from games.session import State
    from transcripts.events import Happened, MoveMade

NAMED = 4
"""Parties that are named of those who alone learned of something."""

_BY = {"trainer": "called by the trainer", "lot": "by lot"}


def happened_words(event: Happened, scenario: Scenario, seat: str | None = None) -> str:
    """Return what happened, who learned of it if not all did, and by whose doing.

    Args:
        event: What happened.
        scenario: Says what parties are called.
        seat: The party that it is told to, which has heard it; None for whoever may see all.
    """
    words = clean(event.words)
    if event.what != "shock":
        capital = "your capital" if seat else f"the capital of {_name(scenario, event.party)}"
        return f"From {capital}: {words}"
    notes = [_BY[event.by]] if event.by in _BY else []
    if event.heard_by is not None:
        names = [_name(scenario, party) for party in event.heard_by]
        notes.append("not all have heard it" if seat else f"heard by {some(names, NAMED)} alone")
    return f"{words} ({'; '.join(notes)})" if notes else words


def _name(scenario: Scenario, party: str | None) -> str:
    known = None if party is None else scenario.parties.get(party)
    return clean(party or "?") if known is None else called(clean(known.name))


def requested(event: MoveMade, scenario: Scenario) -> str | None:
    """Return what a delegate asks its capital for in a move; None if it asks for nothing."""
    if event.act != "ask-capital":
        return None
    issue, option = str(event.on.get("issue", "")), str(event.on.get("option", ""))
    known = option in getattr(scenario.issues.get(issue), "texts", ())
    return clean(settled_words(scenario.issues, {issue: option}) if known else f"{issue} {option}")


def happened_lines(state: State, seat: str | None = None) -> list[str]:
    """Return what happened in a session, line by line, as far as a seat heard of it."""
    scenario = state.opening
    events = [told(scenario, one) for one in state.happened]
    lines = [
        hung(f"  Round {event.round + 1}: ", happened_words(event, scenario, seat), "    ")
        for event in events
        if seat is None or event.heard_by is None or seat in event.heard_by
    ]
    return ["What happened between moves:", *lines, ""] if lines else []
