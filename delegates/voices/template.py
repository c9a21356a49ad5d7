"""A voice made of set phrases: plain, in role, and true to the move."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from delegates.contract import Utterance, View
from delegates.models.prompt import described
from games.moves import AskCapital, Pass
from games.naming import called, series
from games.session import Accept, Move, Offer

MOST_TERMS = 3
"""Terms said aloud; the offer itself names them all."""

_OPENINGS = (
    "{Name} proposes {terms}.",
    "{Name} tables the following text: {terms}.",
    "On behalf of {name}, I put forward {terms}.",
)
_COUNTERS = (
    "{Name} has studied the offer and answers with {terms}.",
    "{Name} cannot accept that text as it stands; we propose {terms}.",
    "To move forward, {name} would settle on {terms}.",
    "{Name} is ready to move: {terms}.",
)
REPEATS = (
    "{Name} cannot accept that offer and keeps to its own proposal.",
    "{Name} repeats its proposal and asks that it be considered.",
    "That does not meet our needs; the proposal of {name} remains on the table.",
)
_STANDING = ("{Name} stands by its offer.", "{Name} maintains the text it has tabled.")
_ACCEPTANCES = (
    "{Name} accepts the offer on the table.",
    "{Name} can agree to this text, and accepts.",
)
_DEPARTURES = ("{Name} sees no basis for an agreement and leaves the table.",)

PHRASES = (*_OPENINGS, *_COUNTERS, *REPEATS, *_STANDING, *_ACCEPTANCES, *_DEPARTURES)
"""Every set phrase; each names its terms once, or not at all. `Name` begins the sentence."""


@dataclass(frozen=True)
class TemplateVoice:
    """Fills set phrases, chosen by the seat's own chance."""

    async def word(self, view: View, move: Move) -> Utterance:
        """Return the phrase for a move."""
        return Utterance(phrase(view, move))


def phrase(view: View, move: Move) -> str:
    """Return a set phrase for a move."""
    name = view.public.parties[view.party].name
    begun = called(name, begins=True)
    if view.hall is not None and view.hall.room is not None and isinstance(move, Accept):
        return f"{begun} agrees to what is proposed here."
    if isinstance(move, AskCapital | Pass) or (
        view.hall is not None and not isinstance(move, Offer)
    ):
        return f"{begun} {view.act_words(move)}."
    last = view.last_offer
    patterns = patterns_for(
        move, last=last, is_opening=view.offer is None, stands_by=view.stands_by
    )
    terms = series(highlights(view, move.outcome, MOST_TERMS)) if isinstance(move, Offer) else ""
    pattern = patterns[lot(view.seed, view.party, view.turn, len(patterns))]
    return pattern.format(Name=begun, name=called(name), terms=terms)


def patterns_for(
    move: Move, *, last: int | None, is_opening: bool, stands_by: bool
) -> tuple[str, ...]:
    """Return the set phrases that fit a move.

    Args:
        move: What was decided.
        last: The outcome that the party offered last, if it has offered any.
        is_opening: Whether no offer is on the table.
        stands_by: Whether the party has accepted the offer on the table, or made it.
    """
    match move:
        case Offer(outcome=outcome):
            if outcome == last:
                return REPEATS
            return _OPENINGS if is_opening else _COUNTERS
        case Accept():
            return _STANDING if stands_by else _ACCEPTANCES
        case _:
            return _DEPARTURES


def lot(seed: int, party: str, turn: int, count: int) -> int:
    """Return which of so many phrases a seat's own chance picks in a turn.

    A digest is drawn from, since to seed a generator for a single draw would take most of the time
    that writing a scripted move takes.
    """
    digest = blake2b(f"{seed}/{party}/{turn}/words".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % count


def highlights(view: View, outcome: int, most: int) -> list[str]:
    """Return the terms worth saying aloud: what moved since the own last offer, so many at most.

    In a hall, what differs from the text; in one of its rooms, what that room settles.
    """
    settled = view.public.space.outcome(outcome)
    if view.hall is not None and view.hall.room is not None:
        names = [view.public.space.issues[issue] for issue in view.hall.room.issues]
        own = {name: settled[name] for name in names}
        return described(view, dict(list(own.items())[:most]))
    moved = settled
    # In a hall an outcome is a reading of the text: what differs from it is what is asked for.
    last = view.last_offer if view.hall is None or view.offer is None else view.offer
    if last is not None:
        before = view.public.space.outcome(last)
        moved = {issue: option for issue, option in settled.items() if before[issue] != option}
    return described(view, dict(list((moved or settled).items())[:most]))
