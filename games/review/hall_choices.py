"""What a choice in a hall gave away, where that can be reckoned exactly.

On the floor what a statement brings hangs on everything that is yet to be said. Some choices are
plain games of their own: how to sign a text that is settled, whether to pay into its fund, whether
to make good on a threat, how to vote when nothing can follow, whether to leave a text that the
others adopt. Their alternatives are few, and what each is worth follows from the scenario.

Two figures are kept apart. *As it could be expected* reckons with what the party knew: who had
signed before it, and how far it trusted those still to come. *Given what the others did* takes
their signatures, pledges and ballots as they were in the end. The second is hindsight.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from games.compliance.game import attainable_gain
from games.moves import (
    Ballot,
    BreakSilence,
    CarryOut,
    KeepSilence,
    Move,
    Pledge,
    Sign,
    Vote,
    WalkAway,
)
from games.participation.fund import fund_payoffs
from games.participation.signatures import SIGNATURES, Choices, signature_game
from games.parts.base import of_party
from games.protocols.by_rule import pledge_outlook, signing_outlook
from games.protocols.hall import HallState
from games.protocols.settlement import chosen_signatures
from games.protocols.stages import is_signed
from games.protocols.voting import count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from games.review.positions import Position
    from games.scenario import Scenario

Basis = Literal["as it could be expected", "given what the others did", "whatever the others do"]
"""What a comparison reckons with."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A choice among a few moves, each with what it is worth."""

    basis: Basis
    worths: Mapping[Move, float]
    """Own points of each move that was open, undiscounted; the played one among them."""
    best: Move
    """The one worth most; the played one if it is worth as much."""
    lost: float
    """Points by which the best is worth more than what was played; never negative."""
    share: float
    """The same as a share of m − r."""


def choices(position: Position, decided: HallState, final: HallState) -> tuple[Choice, ...]:
    """Return the comparisons of a move that are exact, with what they rest on; often none.

    Args:
        position: The move, in a hall.
        decided: The hall once the stage in which it was made was over.
        final: How the session stood after its last move.
    """
    state, played = position.state, position.act.move
    if not isinstance(state, HallState):
        return ()
    match played:
        case Sign():
            found = (_expected_signature(state), _signature(state, final))
        case Pledge():
            found = (_expected_pledge(state), _pledge(state, final))
        case CarryOut():
            found = (_word(state),)
        case Vote():
            found = (_vote(state, decided, played),)
        case KeepSilence() | BreakSilence():
            found = (_silence(state, decided, played),)
        case WalkAway() if state.stage != "room":
            found = (_leaving(state, final),)
        case _:
            found = ()
    made = [one for one in found if one is not None]
    return tuple(_choice(state, played, basis, worths) for basis, worths in made)


_Worths = tuple[Basis, dict[Move, float]]


def _choice(state: HallState, played: Move, basis: Basis, worths: dict[Move, float]) -> Choice:
    own, gain = (
        state.scenario.preferences[state.mover],
        attainable_gain(state.scenario, state.mover),
    )
    best, most = max(worths.items(), key=lambda pair: pair[1])
    lost = most - worths[played]
    if lost <= own.tie:
        best, lost = played, 0.0
    return Choice(basis=basis, worths=worths, best=best, lost=lost, share=lost / gain)


# --- signatures


def _expected_signature(state: HallState) -> _Worths | None:
    """Return what each way of signing is worth by what the party may know.

    See `games.participation.signing`; what it would lose at home by yielding is counted.
    """
    outlook = signing_outlook(state)
    if outlook is None:
        return None
    worths: dict[Move, float] = {
        Sign("binding"): outlook.binding,
        Sign("declaratory"): outlook.declaratory,
        Sign("out"): outlook.out,
    }
    return "as it could be expected", worths


def _signature(state: HallState, final: HallState) -> _Worths | None:
    """Return what each way of signing is worth in the participation game, the others' being given.

    Before the capitals have spoken: a binding signature counts with the chance that it passes.
    """
    text, mover = state.offer, state.mover
    if text is None or state.scenario.participation is None:
        return None
    worths = signature_worths(state.scenario, mover, text, chosen_signatures(final))
    if not state.may_sign(mover, text):
        return "given what the others did", {Sign("out"): worths[Sign("out")]}
    return "given what the others did", worths


def signature_worths(
    scenario: Scenario, position: int, text: int, signed: Choices
) -> dict[Move, float]:
    """Return what each way of signing a text is worth to a party, in its points.

    Args:
        scenario: States what signing leads to.
        position: Of the party.
        text: What is signed.
        signed: How each signs, as positions in `SIGNATURES`; the party's own is not read.
    """
    own, gain = scenario.preferences[position], attainable_gain(scenario, position)
    worths = signature_game(scenario, text).worths(signed, np.array([position]))[:, 0]
    return {
        Sign(one): own.reservation + worth * gain
        for one, worth in zip(SIGNATURES, worths.tolist(), strict=True)
    }


# --- the fund


def _expected_pledge(state: HallState) -> _Worths | None:
    outlook = pledge_outlook(state)
    if outlook is None:
        return None
    worths: dict[Move, float] = {
        Pledge(pays=True): outlook.paying,
        Pledge(pays=False): outlook.keeping,
    }
    return "as it could be expected", worths


def _pledge(state: HallState, final: HallState) -> _Worths | None:
    text = state.offer
    if text is None:
        return None
    pledged = np.array([one is True for one in final.pledges])
    found: dict[Move, float] = {}
    for pays in (True, False):
        pledged[state.mover] = pays
        found[Pledge(pays)] = float(fund_payoffs(state.scenario, text, pledged)[state.mover])
    return "given what the others did", found


# --- threats and promises that have fallen due


def _word(state: HallState) -> _Worths | None:
    """Return what making good costs, and backing down; nobody answers either."""
    measure = state.vows[state.queue[0]].measure
    if measure is None:
        return None
    craft = state.scenario.statecraft
    worths: dict[Move, float] = {
        CarryOut(does=True): -craft.measures[measure].cost,
        CarryOut(does=False): -of_party(craft.backing_down, state.party),
    }
    return "whatever the others do", worths


# --- adoption


def _vote(state: HallState, decided: HallState, played: Vote) -> _Worths | None:
    """Return what a ballot decided: only where another would have ended otherwise.

    Where the text was not adopted and another round may follow, what that would bring is not known,
    and nothing is compared. A text that was adopted is compared with no agreement, which whoever
    votes against it has at least if nothing passes without its vote. Where a text is signed after
    its adoption, to vote for it binds to nothing.
    """
    text, mover = state.offer, state.mover
    if text is None or is_signed(state.scenario):
        return None
    if any(decided.ballots[other] is None for other in decided.present):
        return None
    adopts = {Vote(one): _is_adopted(decided, mover, one) for one in get_args(Ballot)}
    if len(set(adopts.values())) == 1 or not (adopts[played] or is_last(state)):
        return None
    own = state.own(mover)
    with_text, without = own.utility(text), own.reservation
    worths: dict[Move, float] = {
        vote: with_text if is_adopted else without
        for vote, is_adopted in adopts.items()
        if vote == played or vote.ballot != "yes" or state.may_sign(mover, text)
    }
    return "given what the others did", worths


def _is_adopted(decided: HallState, position: int, ballot: Ballot) -> bool:
    ballots = tuple(ballot if k == position else one for k, one in enumerate(decided.ballots))
    return count(replace(decided, ballots=ballots)).is_adopted


def is_last(state: HallState) -> bool:
    """Return whether the delegations know that no round can follow this one."""
    may_extend = state.scenario.protocol.extension > 0 and not state.is_extended
    return state.now + 1 >= state.known_rounds and not may_extend


def _silence(state: HallState, decided: HallState, played: Move) -> _Worths | None:
    """Return what keeping silence gave away where the text passed by it.

    Breaking it leaves no agreement, or better. What else would have come of a silence that was
    broken is not known. Where a text is signed after its adoption, silence binds to nothing.
    """
    text = state.offer
    if text is None or is_signed(state.scenario) or not isinstance(played, KeepSilence):
        return None
    if decided.is_silence_broken:
        return None
    own = state.own(state.mover)
    worths: dict[Move, float] = {KeepSilence(): own.utility(text), BreakSilence(): own.reservation}
    return "given what the others did", worths


def _leaving(state: HallState, final: HallState) -> _Worths | None:
    """Return what leaving gave away where the others then adopted a text.

    The text is taken to be the same had it stayed and supported it: what it could have got by
    staying it could at least have got so.
    """
    text, mover, scenario = final.agreement, state.mover, final.scenario
    if text is None or mover not in final.left:
        return None
    own = scenario.preferences[mover]
    if scenario.participation is not None and is_signed(scenario):
        worths = signature_worths(scenario, mover, text, chosen_signatures(final))
        found: dict[Move, float] = {WalkAway(): worths[Sign("out")]}
        if own.may_sign(text):
            found |= worths
        return "given what the others did", found
    staying: dict[Move, float] = {Vote("yes"): own.utility(text)} if own.may_sign(text) else {}
    return "given what the others did", {WalkAway(): own.reservation, **staying}
