"""Whether an offer made now can still be answered, as far as the seat that makes it may know."""

from __future__ import annotations

from typing import Literal

from delegates.contract import View
from games.moves import WalkAway
from games.protocols.alternating_offers import reaches

Answered = Literal["yes", "perhaps", "no"]


def is_answered(view: View) -> Answered:
    """Return whether those who move after the seat can still make an agreement of its offer.

    "Perhaps" where that hangs on a further round which a lot may spare. In a hall a text is decided
    on after all have spoken, so there it is always "yes".
    """
    rules = view.public.rules
    if view.hall is not None:
        return "yes"
    gone = {seen.party for seen in view.history if isinstance(seen.move, WalkAway)}
    done = {seen.party for seen in view.history if seen.round == view.round}
    parties = list(view.public.parties)
    yet = {party for party in parties if party not in gone and party not in done}
    if reaches(rules.agreement, parties, {view.party, *yet}):
        return "yes"
    if view.round + 1 >= view.rounds:
        return "no"
    may_end = rules.deadline is not None and view.round + 1 >= rules.deadline.start
    return "perhaps" if may_end else "yes"


def last_word(view: View) -> str | None:
    """Return what a person must know before they make an offer that nobody may answer."""
    answered = is_answered(view)
    if answered == "yes":
        return None
    if answered == "perhaps":
        return (
            "This may be the last round: then nobody can answer an offer of yours, and there is "
            "no agreement unless you accept."
        )
    if view.offer is None:
        return "Nobody can answer an offer now: there will be no agreement."
    if view.stands_by:
        return "Nobody can answer a new offer: stand by this one, or there is no agreement."
    if not view.own.may_sign(view.offer):
        return "Nobody can answer an offer now, and what is on the table you may not sign."
    return "Nobody can answer an offer now: accept, or there is no agreement."
