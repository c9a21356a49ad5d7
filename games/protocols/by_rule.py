"""What a delegation does whose mind answers one question: is this text good enough for me?

Every strategy of bilateral bargaining answers it: it accepts, offers something else, or leaves. On
the floor and in rooms that is its move. On a roll call, under silence and at the signing table its
acceptance is read as yes: it supports what reaches its aspiration, signs binding at its aspiration
if it believes that worth while, a declaration at its reservation value or more, and else stays out.
What has no such question has a rule of its own: the chair's acts, the joint fund, what is said
aside, and whether a threat or promise is made good.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from games.happenings.happening import is_held
from games.moves import (
    Accept,
    Approach,
    BreakSilence,
    CallCaucus,
    CarryOut,
    KeepSilence,
    Move,
    Offer,
    Pass,
    Pledge,
    Promise,
    Sign,
    Threaten,
    Vote,
    WalkAway,
)
from games.participation.fund import PledgeWorths, pledge_worths
from games.participation.signing import SigningWorths, choose_signature, signing_worths
from games.participation.trust import belief
from games.parts.base import of_party
from games.protocols.back_channel import (
    awaits_room,
    back_channel,
    is_yielding,
    keeps_caucuses,
    said_after,
)
from games.protocols.capital import request_by_rule
from games.protocols.chairing import chair_move
from games.protocols.face import public_loss
from games.protocols.hall import HallState
from games.protocols.perceived import believed_worth, is_credible, perceived
from games.protocols.vows import is_due
from games.session import State
from games.utility import TIE, Preferences

if TYPE_CHECKING:
    from games.outcomes import FloatArray

Choose = Callable[[], Move]
"""Asks a mind: it accepts what is on the table, offers another outcome, or leaves."""


def act_by_rule(state: State, choose: Choose) -> Move:
    """Return what the party to move does, given what its mind would answer.

    Args:
        state: In alternating offers the mind's answer is the move.
        choose: Called at most once, and only where there is a text or room to speak to.
    """
    if not isinstance(state, HallState):
        if is_held(state, state.mover):
            return Pass()
        return request_by_rule(state) or choose()
    match state.stage:
        case "chair":
            return chair_move(state)
        case "floor":
            return aside(state) or request_by_rule(state) or _on_floor(state, choose)
        case "room":
            return _spoken(state, choose)
        case "silence":
            return KeepSilence() if _accepts(state, choose) else BreakSilence()
        case "vote":
            return Vote("yes" if _accepts(state, choose) else "no")
        case "sign":
            return _signed(state, choose)
        case "pledge":
            return Pledge(_pays(state))
        case "due":
            return CarryOut(_carries_out(state))


def _on_floor(state: HallState, choose: Choose) -> Move:
    """Return what it says to the text before the hall; see `games.protocols.back_channel`."""
    answer = _spoken(state, choose)
    is_dear = is_yielding(state, answer)
    if is_dear or isinstance(answer, Offer):
        said = said_after(state)
        if said is not None:
            return said
    if not is_dear:
        return answer
    return Pass() if awaits_room(state) else back_channel(state) or answer


def _spoken(state: HallState, choose: Choose) -> Move:
    """Return what it says to the text on the floor or in a room.

    Where only some issues are open nothing may be good enough; that is no reason to leave the hall.
    """
    own = state.own(state.mover)
    if is_held(state, state.mover) or not own.may_sign_any:
        return Pass()
    answer = choose()
    if not isinstance(answer, WalkAway) or state.room is not None:
        return answer
    every = len(state.scenario.space.issues)
    return answer if len(state.open_issues) == every else Offer(int(own.ranking[0][-1]))


def _accepts(state: HallState, choose: Choose) -> bool:
    text = state.offer
    if text is None or not state.may_sign(state.mover, text):
        return False
    return isinstance(choose(), Accept)


# --- signature and fund


def _signed(state: HallState, choose: Choose) -> Sign:
    worths = signing_outlook(state)
    if worths is None:
        return Sign("out")
    may_bind = worths.binding >= max(worths.declaratory, worths.out) - worths.tie
    reaches = may_bind and isinstance(choose(), Accept)
    return Sign(choose_signature(worths, reaches_aspiration=reaches, may_sign=True))


def signing_outlook(state: HallState) -> SigningWorths | None:
    """Return what each way of signing the text is worth to the mover; None if it may not sign."""
    mover, scenario, text = state.mover, state.scenario, state.offer
    if text is None or not state.may_sign(mover, text):
        return None
    others = [k for k in state.present if k != mover]
    bound = np.array([one == "binding" for one in state.signatures])
    worths = signing_worths(
        scenario,
        mover,
        text,
        trust=state.trust(),
        bound=bound,
        expected=_expected(state, mover, others),
        own=_under_text(state),
    )
    lost = public_loss(state, mover, text)
    return replace(worths, binding=worths.binding - lost, declaratory=worths.declaratory - lost)


def _under_text(state: HallState) -> Preferences:
    """Return the mover's preferences once the text is settled and only signatures are open.

    What falls due under the text does so however the mover signs: it moves all that it can have by
    the same points.
    """
    mover, scenario = state.mover, state.scenario
    own = perceived(scenario, mover, (), state.deals)
    vows = [state.vows[number] for number in state.announced]
    due = sum(
        believed_worth(scenario, vow, mover)
        for vow in vows
        if (vow.by == mover or mover in vow.to) and is_due(state, vow)
    )
    if not due:
        return own
    return replace(
        own,
        utilities=own.utilities + due,
        in_force=None if own.in_force is None else own.in_force + due,
        reservation=own.reservation + due,
        kept={},
    )


def _expected(state: HallState, mover: int, others: list[int]) -> FloatArray:
    """Return how likely each of the others, to the mover's mind, is to bind itself.

    Of those still to sign who stand by the text or voted for it, as likely as it trusts them.
    """
    expected = np.zeros(len(state.signatures))
    for other in others:
        supports = other in state.accepted or state.ballots[other] == "yes"
        if state.signatures[other] is None and supports:
            expected[other] = belief(state.scenario, state.seen, mover, (other,))
    return expected


def _pays(state: HallState) -> bool:
    """Return whether it pays its contribution, given who has and whom it trusts to."""
    worths = pledge_outlook(state)
    return worths is not None and worths.pays


def pledge_outlook(state: HallState) -> PledgeWorths | None:
    """Return what paying into the fund and not paying are worth to the mover, if it is a member."""
    mover, scenario = state.mover, state.scenario
    if state.offer is None:
        return None
    pledged = np.array([one is True for one in state.pledges])
    expected = np.zeros(len(pledged))
    for other in state.queue[1:]:
        expected[other] = belief(scenario, state.seen, mover, (other,))
    return pledge_worths(scenario, mover, state.offer, pledged=pledged, expected=expected)


def _carries_out(state: HallState) -> bool:
    """Return whether making good costs it no more than backing down."""
    measure = state.vows[state.queue[0]].measure
    return measure is not None and is_credible(state.scenario, measure)


# --- asides


def aside(state: HallState) -> Move | None:
    """Return what a delegation says aside on the floor, if it has reason to.

    A side deal that is worth something to it; a measure of its own that will be believed, for the
    smallest step towards its stand that is worth the price; a caucus with those who propose what it
    proposes.
    """
    if state.aside:
        return None
    return _approach(state) or _announcement(state) or _caucus(state)


def _approach(state: HallState) -> Approach | None:
    party = state.party
    for name, deal in state.scenario.side_deals.items():
        is_new = (name, state.mover) not in state.approached
        if party in deal.parties and is_new and deal.points[party] > 0:
            return Approach(name)
    return None


def _announcement(state: HallState) -> Threaten | Promise | None:
    scenario, mover = state.scenario, state.mover
    stand = state.stands[mover]
    measures = scenario.statecraft.measures
    mine = [name for name, one in measures.items() if one.by == state.party]
    if not mine or stand is None or state.offer is None:
        return None
    announced = {vow.measure for vow in state.vows}
    demands = _demands(state, state.levels(state.offer), state.levels(stand.outcome))
    for measure in mine:
        planned = measures[measure]
        price = min(planned.cost, of_party(scenario.statecraft.backing_down, state.party))
        worthwhile = [one for one in demands if one.gain > price + TIE]
        if measure in announced or not is_credible(scenario, measure) or not worthwhile:
            continue
        least = min(worthwhile, key=lambda one: (one.steps, -one.gain))
        name = scenario.space.issues[least.issue]
        option = scenario.issues[name].texts[least.level]
        if planned.is_threat:
            return Threaten(measure, name, option)
        return Promise(planned.towards, name, option, measure)
    return None


class _Demand(NamedTuple):
    """What a delegation could ask for: one issue settled nearer to what it stands for."""

    steps: int
    """How many options away from the text."""
    gain: float
    """Points that it would bring."""
    issue: int
    level: int


def _demands(state: HallState, text: tuple[int, ...], wanted: tuple[int, ...]) -> list[_Demand]:
    """Return the steps from the text to what the mover stands for, issue by issue."""
    own, space = state.scenario.preferences[state.mover], state.scenario.space
    here = own.utility(space.index_of_levels(text))
    found: list[_Demand] = []
    for issue, (now, then) in enumerate(zip(text, wanted, strict=True)):
        towards = 1 if then > now else -1
        for level in range(now + towards, then + towards, towards) if now != then else ():
            levels = (*text[:issue], level, *text[issue + 1 :])
            gain = own.utility(space.index_of_levels(levels)) - here
            found.append(_Demand(abs(level - now), gain, issue, level))
    return found


def _caucus(state: HallState) -> CallCaucus | None:
    """Return the call of a caucus, once, with those who read a bracket as the mover does.

    The bracket is the one on which the text costs it most among those where others read it so; what
    they agree, each promises the others to hold out for. Whoever has been asked into one meanwhile
    calls none (of others it is not told), and on the last floor there is nothing left to concert.
    Who has a face to lose keeps its last caucus for those at odds with it.
    """
    rules, mover = state.scenario.protocol, state.mover
    stand, text = state.stands[mover], state.offer
    is_last = state.now + 1 >= state.known_rounds
    if state.caucuses[mover] >= min(rules.caucuses, 1) or stand is None or text is None or is_last:
        return None
    if keeps_caucuses(state) or any(mover in room.members for room in state.rooms):
        return None
    own = state.levels(stand.outcome)
    stakes = {
        one.issue: one.gain
        for one in _demands(state, state.levels(text), own)
        if one.level == own[one.issue] and one.gain > TIE
    }
    ids, names = state.scenario.ids, state.scenario.space.issues
    for issue in sorted(stakes, key=lambda issue: (-stakes[issue], issue)):
        friends = [
            ids[other]
            for other, one in enumerate(state.stands)
            if one is not None and other != mover and state.levels(one.outcome)[issue] == own[issue]
        ]
        if friends:
            return CallCaucus(tuple(friends[: rules.rooms.size - 1]), (names[issue],))
    return None
