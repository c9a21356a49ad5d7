"""Lessons from how the offers moved: where they began, who gave ground, what was refused."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from delegates.debriefing.lessons.evidence import NOTICEABLE, Evidence, Finding, Made, sorted_moves
from delegates.debriefing.wording import percent, signed
from games.moves import Offer
from games.point_words import tenths
from games.session import payoff
from games.utility import TIE, Preferences

FASTER = 0.1
"""How much more of its reach a party must have given up to be said to concede faster."""


def opening(evidence: Evidence) -> Iterator[Finding]:
    """Yield how the first offer compares with what the Nash outcome gives.

    Weight: by how much it asks for less, as a share of the possible gain; where it asks for more, a
    tenth of that.
    """
    own, fair = evidence.own_offers, evidence.nash_worth
    if not own or fair is None or evidence.spread <= TIE:
        return
    first = own[0]
    under = evidence.share(fair - first.own)
    # In a hall many speak to a text; there is no offer on the table to be anchored by.
    is_at_table = evidence.hall is None
    theirs = [one for one in evidence.offers if is_at_table and one.number < first.number]
    after = (
        f" The first offer on the table was theirs, worth {tenths(theirs[0].own)} points to you."
        if theirs
        else ""
    )
    if under > NOTICEABLE:
        yield Finding(
            kind="opened-low",
            title="Open above what you hope to end with",
            words=(
                f"Your first offer, move {first.number}, asked for {tenths(first.own)} points; the "
                f"Nash outcome alone gives you {tenths(fair)}, {percent(under)} of what you could "
                f"gain more.{after}"
            ),
            moves=(first.number,),
            weight=under,
        )
    elif under < -NOTICEABLE and evidence.agreement is not None and not _is_costly(evidence, first):
        yield Finding(
            kind="opened-high",
            title="You left yourself room",
            words=(
                f"Your first offer, move {first.number}, asked for {tenths(first.own)} points, "
                f"{tenths(first.own - fair)} more than the Nash outcome gives you.{after}"
            ),
            moves=(first.number,),
            weight=min(1.0, -under) / 10,
            is_merit=True,
        )


def _is_costly(evidence: Evidence, made: Made) -> bool:
    """Return whether an offer gave something away: then it is not praised."""
    return any(one.number == made.number and one.loss for one in evidence.notes)


class Pace(NamedTuple):
    """How much of its reach, from best outcome to reservation value, a party gave up."""

    given: float
    """Between its first offer and what it stood for at the end, as a share of its reach."""
    first: int | None
    """The move with which it first asked for less than before, from 1; None if it never did."""


def pace_of(evidence: Evidence, party: Preferences) -> Pace | None:
    """Return how fast a party gave ground; None if it made no offer or has nothing to gain."""
    made = [one for one in evidence.offers if one.party == party.party]
    reach = party.highest - party.reservation
    if not made or reach <= TIE:
        return None
    end = made[-1].outcome if evidence.agreement is None else evidence.agreement
    worth = [party.utility(one.outcome) for one in made]
    fell = [
        now.number
        for now, before, after in zip(made[1:], worth, worth[1:], strict=False)
        if after < before - TIE
    ]
    return Pace((worth[0] - party.utility(end)) / reach, fell[0] if fell else None)


def pace(evidence: Evidence) -> Iterator[Finding]:
    """Yield who gave ground faster at a table, where that went with who ended better off.

    Weight: half the difference of what was given up, in shares of each party's reach.
    """
    own = pace_of(evidence, evidence.own)
    others = [
        (one, found) for one in evidence.others if (found := pace_of(evidence, one)) is not None
    ]
    if own is None or not others or evidence.hall is not None or evidence.agreement is None:
        return
    theirs = float(np.mean([found.given for _, found in others]))
    their_gain = float(np.mean([evidence.gains[one.party] for one, _ in others]))
    gain, more = evidence.gains[evidence.recorded.party], own.given - theirs
    who = evidence.called(others[0][0].party) if len(others) == 1 else "the others on average"
    told = (
        f"From first offer to agreement you gave up {_given(own.given)} of what lies between your "
        f"best outcome and your r, {who} {_given(theirs)}"
    )
    ended = f"you ended with {percent(gain)} of what you could gain, {who} with "
    if more > FASTER and gain < their_gain - NOTICEABLE:
        yield Finding(
            kind="conceded-faster",
            title="Give ground no faster than they do",
            words=f"{told}; {ended}{percent(their_gain)}.{_first(own, others)}",
            moves=_steepest(evidence),
            weight=more / 2,
        )
    elif more < -FASTER and gain > their_gain + NOTICEABLE:
        yield Finding(
            kind="conceded-slower",
            title="You gave ground more slowly than they did",
            words=f"{told}; {ended}{percent(their_gain)}.",
            moves=sorted_moves([one.number for one in evidence.own_offers]),
            weight=-more / 2,
            is_merit=True,
        )


def _given(share: float) -> str:
    """Return how much was given up; who ended better off than it began gave up nothing."""
    return percent(share) if share > TIE else "nothing"


def _first(own: Pace, others: list[tuple[Preferences, Pace]]) -> str:
    """Return who gave ground first, where it was the party itself."""
    before = [found.first for _, found in others if found.first is not None]
    if own.first is None or any(number < own.first for number in before):
        return ""
    return f" You gave ground first, at move {own.first}."


def _steepest(evidence: Evidence) -> tuple[int, ...]:
    """Return the own offers that gave up most, up to three."""
    made = evidence.own_offers
    falls = [
        (before.own - after.own, after.number)
        for before, after in pairwise(made)
        if before.own - after.own > TIE
    ]
    return sorted_moves([number for _, number in sorted(falls, reverse=True)[:3]])


class Refused(NamedTuple):
    """An offer of another party that the reviewed one did not take."""

    number: int
    """The own move with which it was refused, from 1."""
    offer: Made
    in_time: float
    """What taking it would have brought, time counted."""


def refused_offers(evidence: Evidence) -> list[Refused]:
    """Return what one other party offered and the reviewed one might have signed, but did not."""
    found: list[Refused] = []
    if len(evidence.others) != 1 or evidence.hall is not None:
        return found
    for position in evidence.own_positions:
        state = position.state
        outcome, turn, seat = state.offer, state.offer_turn, evidence.recorded.seat
        is_theirs = outcome is not None and seat not in state.accepted
        if not isinstance(position.act.move, Offer) or outcome is None or turn is None:
            continue
        if not is_theirs or not state.may_sign(seat, outcome):
            continue
        own = state.scenario.preferences[seat]
        in_time = payoff(state.scenario, seat, own.utility(outcome), turn)
        made = bisect_right(evidence.offers, position.number, key=lambda one: one.number)
        on_table = evidence.offers[made - 1]
        found.append(Refused(position.number + 1, on_table, in_time))
    return found


def refusals(evidence: Evidence) -> Iterator[Finding]:
    """Yield what was refused, against what the session ended with.

    Weight: the difference of the best offer refused and the end, time counted, as a share of the
    possible gain; rightly refused, likewise.
    """
    found = refused_offers(evidence)
    if not found or not evidence.is_over:
        return
    best = max(found, key=lambda one: one.in_time)
    more = best.in_time - evidence.had
    who = evidence.called(best.offer.party, begins=True)
    if evidence.share(more) > NOTICEABLE:
        yield Finding(
            kind="refused-better",
            title="A better offer than the end was on the table",
            words=(
                f"{who} offered {tenths(best.offer.own)} points at move {best.offer.number}, which "
                f"you refused at move {best.number}; counting time it was worth "
                f"{tenths(best.in_time)}, and you ended with {tenths(evidence.had)}."
            ),
            moves=(best.number,),
            weight=evidence.share(more),
        )
    elif evidence.agreement is not None and evidence.share(-more) > NOTICEABLE:
        yield Finding(
            kind="refused-rightly",
            title="You were right to wait",
            words=(
                f"The best offer that you refused, at move {best.number}, would have brought "
                f"{tenths(best.in_time)} points, time counted; you ended with "
                f"{tenths(evidence.had)}, {signed(-more)}."
            ),
            moves=sorted_moves([one.number for one in found]),
            weight=evidence.share(-more),
            is_merit=True,
        )


def delay(evidence: Evidence) -> Iterator[Finding]:
    """Yield what the time that the agreement took has cost.

    Weight: half of that, as a share of the possible gain.
    """
    if evidence.agreement is None:
        return
    worth = evidence.worth
    cost = worth - evidence.had
    state = evidence.recorded.final
    if evidence.share(cost) > 2 * NOTICEABLE and state.offer_turn is not None:
        rounds = state.agreed_after
        yield Finding(
            kind="delay",
            title="Time was dear",
            words=(
                f"The agreed text was on the table after {rounds:.1f} rounds; the time before took "
                f"{tenths(cost)} of its {tenths(worth)} points."
            ),
            moves=evidence.last_word,
            weight=evidence.share(cost) / 2,
        )
