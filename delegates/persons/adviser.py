"""An adviser at the elbow of a person: it sees what the person's seat may see, and nothing else.

At a table it weighs the moves open to the seat by simulation against counterparts drawn from what
the seat could know (`games.review.advice`). In a hall nobody could simulate everybody: there it
asks the rules of four stances what they would do, and reckons with own points and votes alone, and
says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from delegates.contract import View
from delegates.hall import Hall
from delegates.minds.firm import Firm
from delegates.minds.standing_in import StandingIn
from delegates.persons.advice_words import gain, terms, worth
from games.moves import (
    Accept,
    AskCapital,
    CallCaucus,
    CallInformal,
    Merge,
    Move,
    Offer,
    Pass,
    Sign,
    Vote,
    WalkAway,
)
from games.naming import called, capitalised
from games.option_words import with_unit
from games.point_words import in_points, percent
from games.protocols.alternating_offers import order_in_round
from games.protocols.words import act_words
from games.review.advice import Counsel, Weighed, can_gain, counsel
from games.review.positions import Act
from games.scenario import Party, Scenario
from games.session import State
from games.tactics.aspirations import STANCES, Stance
from games.utility import Preferences

COUNTERPARTS = 128
"""How many counterparts are drawn."""

CLEAR = 2.0
"""How many times as often as by chance an issue must seem to weigh most, for it to be said."""

FIRST_ASKED = "firm"
"""The stance whose rule is followed where as many would do one thing as another."""

HARDLY = 0.005
"""Chance of being agreed at once under which it is said why a move is advised all the same."""

MOST_HELD = 3
"""Of so many issues it is said that a counterpart has not moved on them."""

IN_A_HALL = (
    "In a hall this reckons with your own points and with votes alone; nothing is simulated, so it "
    "can tell no chances."
)
"""What every advice in a hall ends with."""

MOST_WANTS = 3
"""Of so many counterparts it is said what they seem to want."""


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What the adviser would do in the seat's place, and why."""

    move: Move
    words: str


def advise(view: View, bare: frozenset[int] = frozenset()) -> Advice:
    """Return what the adviser would do now.

    Args:
        view: All that the seat may know.
        bare: Turns so far on which all saw nothing on the table although something had been
            offered: it had lapsed, or who had offered it had left.
    """
    if view.hall is not None:
        return _in_hall(view, view.hall)
    if view.is_held:
        return Advice(
            move=Pass(),
            words="Pass: your capital lets you sign nothing in this round, so nothing else is open "
            "to you.",
        )
    known = state_as_known(view)
    if not can_gain(known):
        without = in_points(view.own.reservation)
        return Advice(
            move=WalkAway(),
            words=f"Walk away: nothing that you may sign is worth more than the {without} you have "
            "without an agreement.",
        )
    found = counsel(
        known.scenario,
        known,
        acts_as_known(view),
        seed=view.random("adviser").getrandbits(32),
        counterparts=COUNTERPARTS,
        bare=bare,
    )
    is_last = known.turn + 1 == len(known.turns)
    return Advice(move=found.best.move, words=" ".join(_said(view, found, is_last=is_last)))


# --- what the seat knows, as the simulation takes it


def scenario_as_known(view: View) -> Scenario:
    """Return the scenario with everything blank that is the private affair of another party."""
    blank = {name: dict.fromkeys(one.texts, 0.0) for name, one in view.public.issues.items()}
    parties = {
        party: view.private
        if party == view.party
        else Party.model_construct(
            name=told.name, side=told.side, interests=told.interests, points=blank
        )
        for party, told in view.public.parties.items()
    }
    scenario = Scenario.model_construct(
        minilateral=1,
        id=view.public.id,
        title=view.public.title,
        protocol=view.public.rules,
        issues=dict(view.public.issues),
        parties=parties,
    )
    # What must be ratified is worth to the seat what it reckons with before that is known.
    own = replace(view.own, in_force=None, kept={})
    nothing = np.broadcast_to(np.float64(0.0), own.utilities.shape)
    computed = vars(scenario)
    computed["space"] = view.public.space
    computed["preferences"] = tuple(
        own
        if party == view.party
        else Preferences(
            party=party,
            utilities=nothing,
            reservation=0.0,
            discount=1.0,
            signable=view.public.space.possible,
        )
        for party in parties
    )
    return scenario


def state_as_known(view: View) -> State:
    """Return where a session of alternating offers stands, as far as the seat knows.

    It goes on for all the rounds that there may be: when it ends where that is drawn by lot, nobody
    at the table knows.
    """
    scenario = scenario_as_known(view)
    ids = scenario.ids
    offer_turn: int | None = None
    standing: set[int] = set()
    left: set[int] = set()
    for seen in view.history:
        mover = ids.index(seen.party)
        match seen.move:
            case Offer():
                offer_turn, standing = seen.turn, {mover}
            case Accept():
                standing.add(mover)
            case WalkAway():
                left.add(mover)
                standing.discard(mover)
            case _:
                pass
    own = ids.index(view.party)
    standing = standing | {own} if view.stands_by else standing - {own}
    return State(
        scenario=scenario,
        turns=tuple(
            position
            for round_ in range(scenario.protocol.rounds)
            for position in order_in_round(scenario, round_, view.seed)
        ),
        turn=view.turn,
        offer=view.offer,
        offer_turn=None if view.offer is None else offer_turn,
        accepted=frozenset() if view.offer is None else frozenset(standing),
        left=frozenset(left),
    )


def acts_as_known(view: View) -> list[Act]:
    """Return the moves that the seat has heard, as the review takes them."""
    ids = list(view.public.parties)
    return [Act(seen.turn, ids.index(seen.party), seen.move) for seen in view.history]


# --- at a table, in words


def _said(view: View, found: Counsel, *, is_last: bool) -> Iterator[str]:
    yield f"{capitalised(_move_words(view, found.best.move))}."
    yield _reason(view, found, is_last=is_last)
    yield from _wants(view, found)
    asked = None if view.mandate is None else view.mandate.instead()
    if isinstance(asked, AskCapital):
        yield (
            f"You could also {_request_words(view, asked)}; what that is worth cannot be reckoned "
            "here."
        )


def _reason(view: View, found: Counsel, *, is_last: bool) -> str:
    """Return what is expected of the move, in a sentence, and of others in a second."""
    told = (
        f"Over {found.counterparts} counterparts that fit what you can know, it comes to "
        f"{gain(found.best.expected_gain)} on average (standard error "
        f"{found.best.standard_error:.1f})"
    )
    if found.best.chance is not None:
        told += f", and is agreed at once in {percent(found.best.chance)} of the cases"
        told += _unlikely(view, found.best.chance, is_last=is_last)
    others: list[str] = []
    if as_good := _several(view, told_apart(view, found)):
        others.append(f"{as_good}, as far as this can tell")
    if found.next_best is not None:
        other = _briefly(view, found.next_best.move)
        lead = f"{in_points(found.lead)} less (± {found.lead_error:.1f})"
        others.append(f"the next best, {other}, comes to {lead}")
    return f"{told}. {capitalised('; '.join(others))}." if others else f"{told}."


def _unlikely(view: View, chance: float, *, is_last: bool) -> str:
    """Return why a move is advised that hardly anybody takes at once, as the end of a sentence."""
    if chance >= HARDLY:
        return ""
    if is_last:
        return ": nobody can answer any more, and nothing else would bring you more"
    if view.last_offer is None:
        return ": it is an opening, which leaves you room to give way in the rounds to come"
    return ": what it brings, it brings in the rounds to come"


def told_apart(view: View, found: Counsel) -> list[Weighed]:
    """Return the moves that are as good, without the offers of the worth of one that is worse.

    They are told by what they are worth to the seat. Where the next best is an offer, those on one
    side of it are told, on which the one advised is if it is an offer, so that no worth is said to
    be both.
    """
    worse = None if found.next_best is None else found.next_best.move
    if not isinstance(worse, Offer):
        return [*found.as_good]
    limit = round(view.own.utility(worse.outcome), 1)

    def side(one: Weighed) -> int:
        if not isinstance(one.move, Offer):
            return 0
        asked = round(view.own.utility(one.move.outcome), 1)
        return (asked > limit) - (asked < limit)

    offered = [one for one in found.as_good if isinstance(one.move, Offer)]
    sides = [side(one) for one in offered]
    kept = side(found.best) or (1 if sides.count(1) >= sides.count(-1) else -1)
    return [one for one in found.as_good if one not in offered or side(one) == kept]


def _several(view: View, moves: Sequence[Weighed]) -> str:
    """Return that moves are as good as the one advised; nothing where there is none."""
    if not moves:
        return ""
    if len(moves) == 1:
        return f"{_briefly(view, moves[0].move)} is as good"
    offered = [view.own.utility(one.move.outcome) for one in moves if isinstance(one.move, Offer)]
    told = [_briefly(view, one.move) for one in moves if not isinstance(one.move, Offer)]
    least, most = min(offered, default=0.0), max(offered, default=0.0)
    if len(offered) > 1 and f"{least:.1f}" != f"{most:.1f}":
        told.append(f"offers worth {least:.1f} to {in_points(most)} to you")
    elif offered:
        told.append(f"{_offers(len(offered))} worth {in_points(most)} to you")
    return f"{' and '.join(told)} are as good"


def _offers(number: int) -> str:
    return "an offer" if number == 1 else "other offers"


def _wants(view: View, found: Counsel) -> Iterator[str]:
    """Yield what the counterparts seem to want, as far as that can be told."""
    if not found.wants:
        yield "No counterpart has moved yet, so nothing is known of what they want."
    for party, want in [*found.wants.items()][:MOST_WANTS]:
        issue, name = view.public.issues[want.issue], called(view.public.parties[party].name)
        if want.likely * len(view.public.issues) >= CLEAR:
            moves = found.seen[party]
            yield (
                f"From {moves} move{'s' * (moves > 1)}, {name} seems to want {issue.label} most "
                f"(in {percent(want.likely)} of the cases), and there "
                f"{with_unit(issue, want.option)}."
            )
        else:
            yield f"What {name} wants most cannot be told yet{_held(view, party)}."


def _held(view: View, party: str) -> str:
    """Return on what a counterpart has not moved in its offers, as the end of a sentence."""
    offers = [view.public.space.outcome(one) for one in view.offers_of(party)]
    if len(offers) < 2:
        return ""
    labels = {
        name: issue.label
        for name, issue in view.public.issues.items()
        if len({str(offer[name]) for offer in offers}) == 1
    }
    if not labels:
        return f"; in {len(offers)} offers it has moved on every issue"
    if len(labels) == len(view.public.issues):
        return f"; in {len(offers)} offers it has not moved at all"
    shown = list(labels.values())[:MOST_HELD]
    more = f" and {len(labels) - MOST_HELD} more" if len(labels) > MOST_HELD else ""
    return f"; in {len(offers)} offers it has not moved on {', '.join(shown)}{more}"


def _move_words(view: View, move: Move) -> str:
    """Return a move as what is advised: `offer …, worth 84.0 points to you`."""
    match move:
        case Offer(outcome=outcome):
            return f"offer {terms(view, outcome)}, worth {worth(view, outcome)}"
        case Accept() if view.offer is not None:
            return f"accept what is on the table, worth {worth(view, view.offer)}"
        case _:
            return f"walk away with {in_points(view.own.reservation)}"


def _briefly(view: View, move: Move) -> str:
    match move:
        case Offer(outcome=outcome):
            return f"an offer worth {worth(view, outcome)}"
        case Accept():
            return "accepting"
        case _:
            return "walking away"


# --- in a hall


def _in_hall(view: View, hall: Hall) -> Advice:
    """Return what most of the rules of four stances would do, with own points and votes."""
    by_stance = {name: _by_rule(view, hall, stance) for name, stance in STANCES.items()}
    kinds = Counter(_kind(move) for move in by_stance.values())
    most = max(kinds.values())
    preferred = sorted(by_stance, key=lambda name: name != FIRST_ASKED)
    move = next(by_stance[name] for name in preferred if kinds[_kind(by_stance[name])] == most)
    said = [
        f"{capitalised(hall_words(view, move))}.",
        _agreed(view, by_stance, move),
        *_figures(view, hall),
        IN_A_HALL,
    ]
    return Advice(move=move, words=" ".join(said))


def _by_rule(view: View, hall: Hall, stance: Stance) -> Move:
    mind = StandingIn(Firm(stance))
    return hall.by_rule(lambda: mind.choose(view))


def _kind(move: Move) -> object:
    """Return by what moves are told apart: offers of any outcome are of one kind."""
    return type(move) if isinstance(move, Offer | Merge) else move


def _agreed(view: View, by_stance: Mapping[str, Move], move: Move) -> str:
    """Return what one would do who bargains in another manner, from hard to soft."""
    others = {name: one for name, one in by_stance.items() if _kind(one) != _kind(move)}
    if not others:
        return "Whether you bargain hard or softly, it comes to this."
    instead = "; ".join(
        f"bargaining {_MANNERS[name]} you would {hall_words(view, one)}"
        for name, one in others.items()
    )
    same = len(by_stance) - len(others)
    return f"{same} of {len(by_stance)} manners of bargaining come to this; {instead}."


_MANNERS = {
    "hard": "hard",
    "firm": "firmly",
    "balanced": "evenly",
    "soft": "softly",
}


def hall_words(view: View, move: Move) -> str:
    """Return a move in a hall as what is advised."""
    match move:
        case Offer(outcome=outcome):
            return f"ask for {terms(view, outcome)}, worth {worth(view, outcome)}"
        case Merge(outcome=outcome):
            return f"put forward {terms(view, outcome)}, worth {worth(view, outcome)}"
        case Vote(ballot=ballot) if ballot != "abstain":
            return f"vote {ballot}"
        case Sign(signature=signature) if signature != "out":
            return f"sign it, {signature}"
        case AskCapital():
            return _request_words(view, move)
        case _:
            return bidding(_told_to(view, move))


def _told_to(view: View, move: Move) -> str:
    """Return a move as a phrase of its mover, who is not named among those it speaks to."""
    if isinstance(move, CallCaucus | CallInformal):
        others = tuple(one for one in move.members if one != view.party)
        move = replace(move, members=others or move.members)
    names = {party: called(one.name) for party, one in view.public.parties.items()}
    return act_words(move, names, view.public.labels)


def bidding(phrase: str) -> str:
    """Return what is said of a party as it is said to it: `stays out` as `stay out`."""
    verb, _, rest = phrase.partition(" ")
    told = _BIDDEN.get(verb) or verb.removesuffix("s")
    words = ["your" if word == "its" else word for word in rest.split()]
    return " ".join([told, *words])


_BIDDEN = {"is": "say that you are", "passes": "pass"}


def _request_words(view: View, asked: AskCapital) -> str:
    issue = view.public.issues[asked.issue]
    return f"ask your capital for {issue.label} {with_unit(issue, asked.option)}"


def _figures(view: View, hall: Hall) -> Iterator[str]:
    """Yield what own points and votes say of the question that is asked."""
    # Who is asked next is something else in every stage, so each is worked out in its own alone.
    signing = hall.signing() if hall.stage == "sign" else None
    pledging = hall.pledging() if hall.stage == "pledge" else None
    due = hall.due
    if signing is not None:
        yield (
            f"To sign it binding comes to {in_points(signing.binding)} for you, as a declaration "
            f"to {in_points(signing.declaratory)}, to stay out to {in_points(signing.out)}."
        )
    elif pledging is not None:
        yield (
            f"To pay comes to {in_points(pledging.paying)} for you, not to pay to "
            f"{in_points(pledging.keeping)}."
        )
    elif hall.stage == "due" and due is not None and due.measure is not None:
        yield (
            f"To make good costs you {in_points(hall.affairs.measures[due.measure].cost)}, to back "
            f"down {in_points(hall.affairs.backing_down)}."
        )
    elif view.offer is not None:
        over = view.own.utility(view.offer) - view.own.reservation
        what = "The text" if hall.room is None else "What is proposed here"
        yield f"{what} is worth {worth(view, view.offer)}, {gain(over)}."
        if hall.stage in ("floor", "chair", "vote"):
            names = tuple(one.name for one in view.public.parties.values())
            counted = hall.tally() if hall.stage == "vote" else hall.support()
            when = "So far" if hall.stage == "vote" else "If those who stand by it voted now"
            yield f"{when}: {counted.words(names)}."
