"""The few moves worth considering that a menu shows, with what code knows of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from delegates.contract import View
from delegates.hall import Hall
from delegates.minds.firm import Firm
from games.moves import (
    Accept,
    Adjourn,
    Approach,
    AskCapital,
    BreakSilence,
    CallCaucus,
    CarryOut,
    KeepSilence,
    Merge,
    Move,
    Offer,
    OpenBreakouts,
    OpenSignature,
    Pass,
    Pledge,
    Promise,
    PutToVote,
    Sign,
    Threaten,
    Vote,
)
from games.protocols.hall import Stage
from games.tactics.aspirations import STANCES, stance_aspirations
from games.tactics.offers import likeness, trade_off
from games.utility import TIE

MOST_CHAIRING = 5
"""Acts that a chair's menu shows at most."""


@dataclass(frozen=True)
class Candidate:
    """A move on the menu, with what code knows of it."""

    move: Move
    utility: float
    likeness: float | None
    """How much it resembles the counterparts' offers, in [0, 1]; of a text to be supported, the
    share of those present who stand by it. None before they made any."""
    note: str = ""
    """What else is to be known of it."""


def candidates(view: View) -> list[Candidate]:
    """Return the moves worth considering: in most places accepting, and an offer at each stance.

    In a hall, where there is a plain question, its two or three answers.
    """
    hall = view.hall
    if hall is None and view.is_held:
        return [Candidate(Pass(), view.own.reservation, None)]
    if hall is None:
        return _spoken(view) or [Candidate(Firm().choose(view), view.own.reservation, None)]
    found = _IN_STAGE[hall.stage](view, hall)
    allowed = [one for one in found if hall.problem(one.move) is None]
    return allowed or [_ruled(view, hall)]


def aside_advised(view: View) -> Move | None:
    """Return what the seat's rule would have it say aside on the floor of a hall, if anything.

    Likewise what it would ask its capital for, anywhere: that costs the turn, and no figure of a
    menu could say what it is worth.
    """
    hall = view.hall
    if hall is None:
        asked = None if view.mandate is None else view.mandate.instead()
        return asked if isinstance(asked, AskCapital) else None
    if hall.stage != "floor" or (view.mandate is None and not hall.may_add_aside):
        return None
    move = _ruled(view, hall).move
    return (
        move if isinstance(move, AskCapital | Threaten | Promise | Approach | CallCaucus) else None
    )


def _ruled(view: View, hall: Hall) -> Candidate:
    return Candidate(hall.by_rule(lambda: Firm().choose(view)), _worth_now(view), None)


def _worth_now(view: View) -> float:
    return view.own.reservation if view.offer is None else view.own.utility(view.offer)


def _spoken(view: View) -> list[Candidate]:
    """Return accepting what is on the table, where it is worth it, and offers at each stance."""
    own = view.own
    moves: list[Move] = []
    if view.offer is not None and own.accepts(view.offer, own.reservation - TIE):
        moves.append(Accept())
    if own.highest >= own.reservation:
        for stance in STANCES.values():
            aspirations = stance_aspirations(stance, own.reservation, own.highest, view.rounds)
            aspiration = float(aspirations[view.round])
            offer = Offer(trade_off(own, view.public.space, aspiration, view.others_offers()))
            if offer not in moves:
                moves.append(offer)
    return [_candidate(view, move) for move in moves]


def _candidate(view: View, move: Move) -> Candidate:
    outcome = move.outcome if isinstance(move, Offer) else view.offer
    if outcome is None:
        return Candidate(move, view.own.reservation, None)
    hall = view.hall
    if hall is not None and isinstance(move, Accept):
        own = list(view.public.parties).index(view.party)
        behind = len(hall.standing | {own})
        of = len(hall.present if hall.room is None else hall.room.members)
        return Candidate(move, view.own.utility(outcome), behind / of)
    others = [offers for offers in view.others_offers() if offers]
    liked = [
        float(likeness(view.public.space, np.array([outcome]), offers)[0]) for offers in others
    ]
    return Candidate(move, view.own.utility(outcome), sum(liked) / len(liked) if liked else None)


def _in_debate(view: View, hall: Hall) -> list[Candidate]:
    own = view.own
    if view.is_held or not own.may_sign_any:
        return [Candidate(Pass(), own.reservation, None)]
    return _spoken(view) or [_ruled(view, hall)]


def _answers(view: View, yes: Move, *others: Move) -> list[Candidate]:
    """Return the answers to whether a text is to be adopted; an own red line leaves no yes."""
    left = view.rounds - view.round - 1
    on = f"the talks go on for at most {left} round{'s' * (left > 1)}" if left else "no agreement"
    nothing = view.own.reservation
    refused = [Candidate(move, nothing, None, f"if it fails, {on}") for move in others]
    return [Candidate(yes, _worth_now(view), None, "if the text is adopted"), *refused]


def _signatures(_: View, hall: Hall) -> list[Candidate]:
    worths = hall.signing()
    if worths is None:
        return []
    sure = f"in force with chance {worths.in_force_with:.0%}"
    return [
        Candidate(Sign("binding"), worths.binding, None, sure),
        Candidate(Sign("declaratory"), worths.declaratory, None),
        Candidate(Sign("out"), worths.out, None),
    ]


def _pledges(_: View, hall: Hall) -> list[Candidate]:
    worths = hall.pledging()
    if worths is None:
        return []
    return [
        Candidate(Pledge(pays=True), worths.paying, None),
        Candidate(Pledge(pays=False), worths.keeping, None),
    ]


def _when_due(_: View, hall: Hall) -> list[Candidate]:
    due = hall.due
    if due is None or due.measure is None:
        return []
    return [
        Candidate(CarryOut(does=True), -hall.affairs.measures[due.measure].cost, None),
        Candidate(CarryOut(does=False), -hall.affairs.backing_down, None),
    ]


def _chairing(view: View, hall: Hall) -> list[Candidate]:
    """Return what the scripted chair would do, and its alternatives, its own first."""
    ruled = _ruled(view, hall).move
    moves: list[Move] = [ruled]
    moves += [move for move in _chairs_choices(view, hall) if move != ruled]
    allowed = [move for move in moves if hall.problem(move) is None]
    return [_chairs(view, move) for move in allowed[:MOST_CHAIRING]]


def _chairs_choices(view: View, hall: Hall) -> Iterator[Move]:
    yield OpenSignature() if hall.kind == "forum" else PutToVote()
    own = view.own
    readings = {one.outcome for one in hall.stands if one is not None and one.outcome != hall.text}
    if readings:
        yield Merge(max(sorted(readings), key=own.utility))
    yield OpenBreakouts()
    yield Adjourn()


def _chairs(view: View, move: Move) -> Candidate:
    if isinstance(move, Merge):
        return Candidate(move, view.own.utility(move.outcome), None, "if it is adopted")
    decides = isinstance(move, PutToVote | OpenSignature)
    worth = _worth_now(view) if decides else view.own.reservation
    return Candidate(move, worth, None, "if it is adopted" if decides else "undecided")


_IN_STAGE: dict[Stage, Callable[[View, Hall], list[Candidate]]] = {
    "floor": _in_debate,
    "room": _in_debate,
    "chair": _chairing,
    "silence": lambda view, _: _answers(view, KeepSilence(), BreakSilence()),
    "vote": lambda view, _: _answers(view, Vote("yes"), Vote("no"), Vote("abstain")),
    "sign": _signatures,
    "pledge": _pledges,
    "due": _when_due,
}
