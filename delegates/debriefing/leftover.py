"""What the party could still have had at nobody's cost, and the outcome that gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from delegates.debriefing.wording import changes, name, percent, signed, terms
from games.naming import series
from games.point_words import tenths
from games.protocols.hall import HallState
from games.review.close import had_at_signature
from games.utility import TIE

if TYPE_CHECKING:
    from games.review.debrief import Debrief
    from games.session import State


@dataclass(frozen=True)
class Better:
    """The best outcome for a party with every other one as well off."""

    outcome: int
    points: float
    """More than the party has, in own points."""


def better_outcome(final: State, seat: int) -> Better | None:
    """Return the outcome that leaves a party best off with nobody worse off; None if it has it.

    Of outcomes that are equally good for it, the one that is best for the others, in shares of what
    each can gain or lose.
    """
    scenario, had = final.scenario, had_at_signature(final)
    allowed = np.ones(scenario.space.size, dtype=bool)
    others = np.zeros(scenario.space.size)
    for position, party in enumerate(scenario.preferences):
        if party.signable is not None:
            allowed &= party.signable
        if position != seat:
            allowed &= party.utilities >= had[party.party] - TIE
            others += party.utilities / party.span if party.span > TIE else 0.0
    own = scenario.preferences[seat]
    if not allowed.any():
        return None
    most = float(own.utilities[allowed].max())
    if most - had[own.party] <= TIE:
        return None
    best = np.flatnonzero(allowed & (own.utilities >= most - TIE))
    return Better(int(best[np.argmax(others[best])]), most - had[own.party])


def left_words(final: State, seat: int) -> str:
    """Return by which outcome a party could still have had more, in words; not how much."""
    scenario, found = final.scenario, better_outcome(final, seat)
    agreed, had = final.agreement, had_at_signature(final)
    if found is None and agreed is not None:
        return "Nothing: no outcome would give you more with everyone else as well off."
    if found is None:
        return "Nothing: no outcome beats no agreement for you with everyone else as well off."
    theirs = [
        f"{signed(one.utility(found.outcome) - had[one.party])} to {name(scenario, one.party)}"
        for position, one in enumerate(scenario.preferences)
        if position != seat
    ]
    told = series(theirs) if len(theirs) <= 6 else "the others no worse off"
    if agreed is None:
        return f"Over no agreement, by {terms(scenario, found.outcome)} ({told})."
    moved = changes(scenario, agreed, found.outcome)
    if not moved:
        return f"Had all kept the text as it was adopted ({told})."
    whose = "kept by all, " if isinstance(final, HallState) else ""
    return f"By other terms, {whose}at nobody's cost: {moved} ({told})."


def left_told(debrief: Debrief) -> str:
    """Return what was left on the table with how much it is, in a line."""
    if not debrief.left:
        return debrief.left_words
    share = debrief.left_share
    of_all = "" if share is None else f", {percent(share)} of what could be gained"
    return f"{tenths(debrief.left)} points{of_all}. {debrief.left_words}"
