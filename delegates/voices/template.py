"""A voice made of set phrases: plain, in role, and true to the move."""

from __future__ import annotations

from dataclasses import dataclass

from delegates.contract import Utterance, View
from delegates.models.prompt import described
from games.session import Accept, Move, Offer, WalkAway

MOST_TERMS = 3
"""Terms said aloud; the offer itself names them all."""

_OPENINGS = (
    "{name} proposes {terms}.",
    "{name} tables the following text: {terms}.",
    "On behalf of {name}, I put forward {terms}.",
)
_COUNTERS = (
    "{name} has studied the offer and answers with {terms}.",
    "{name} cannot accept that text as it stands; we propose {terms}.",
    "To move forward, {name} would settle on {terms}.",
    "{name} is ready to move: {terms}.",
)
_REPEATS = (
    "{name} cannot accept that offer and keeps to its own proposal.",
    "{name} repeats its proposal and asks that it be considered.",
    "That does not meet our needs; the proposal of {name} remains on the table.",
)
_STANDING = ("{name} stands by its offer.", "{name} maintains the text it has tabled.")
_ACCEPTANCES = (
    "{name} accepts the offer on the table.",
    "{name} can agree to this text, and accepts.",
)
_DEPARTURES = ("{name} sees no basis for an agreement and leaves the table.",)


@dataclass(frozen=True)
class TemplateVoice:
    """Fills set phrases, chosen by the seat's own chance."""

    async def word(self, view: View, move: Move) -> Utterance:
        """Return the phrase for a move."""
        return Utterance(phrase(view, move))


def phrase(view: View, move: Move) -> str:
    """Return a set phrase for a move."""
    match move:
        case Offer(outcome=outcome):
            patterns = _OPENINGS if view.offer is None else _COUNTERS
            if outcome in view.offers_of(view.party)[-1:]:
                patterns = _REPEATS
            terms = listing(highlights(view, outcome, MOST_TERMS))
        case Accept():
            patterns, terms = _STANDING if view.stands_by else _ACCEPTANCES, ""
        case WalkAway():
            patterns, terms = _DEPARTURES, ""
    pattern = view.random("words").choice(patterns)
    return pattern.format(name=view.public.parties[view.party].name, terms=terms)


def highlights(view: View, outcome: int, most: int) -> list[str]:
    """Return the terms worth saying aloud: what moved since the own last offer, so many at most."""
    settled = view.public.space.outcome(outcome)
    moved = settled
    for last in view.offers_of(view.party)[-1:]:
        before = view.public.space.outcome(last)
        moved = {issue: option for issue, option in settled.items() if before[issue] != option}
    return described(view, dict(list((moved or settled).items())[:most]))


def listing(terms: list[str]) -> str:
    """Return terms as an English list."""
    return terms[0] if len(terms) == 1 else f"{', '.join(terms[:-1])} and {terms[-1]}"
