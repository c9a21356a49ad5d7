"""A voice made of set phrases: plain, in role, and true to the move."""

from __future__ import annotations

from dataclasses import dataclass

from delegates.contract import Utterance, View
from delegates.models.prompt import described
from games.session import Accept, Move, Offer, WalkAway

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
            terms = listing(described(view, view.public.space.outcome(outcome)))
        case Accept():
            patterns, terms = _STANDING if view.stands_by else _ACCEPTANCES, ""
        case WalkAway():
            patterns, terms = _DEPARTURES, ""
    pattern = view.random("words").choice(patterns)
    return pattern.format(name=view.public.parties[view.party].name, terms=terms)


def listing(terms: list[str]) -> str:
    """Return terms as an English list."""
    return terms[0] if len(terms) == 1 else f"{', '.join(terms[:-1])} and {terms[-1]}"
