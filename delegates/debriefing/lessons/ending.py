"""Lessons from how the session ended: what it was worth, and whether it will last."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

import numpy as np

from delegates.debriefing.lessons.evidence import Evidence, Finding, sorted_moves
from delegates.debriefing.wording import percent, signed
from delegates.text import counted
from games.compliance.verdicts import STRENGTH
from games.moves import Accept, Offer, WalkAway
from games.naming import series
from games.point_words import tenths
from games.session import expected_payoffs, step
from games.utility import TIE

AT_RISK = {0: 0.5, 1: 0.4, 2: 0.3, 3: 0.15}
"""By how firm a verdict is, the share of what was gained that is reckoned at risk; a judgement."""

FAIR = 0.02
"""How far under what the Nash outcome gives still counts as that, a share of the possible gain."""


def no_agreement(evidence: Evidence) -> Iterator[Finding]:
    """Yield that nothing was agreed although something could be, or that nothing could.

    Weight: what the Nash outcome gains the party, as a share of what it could gain; 1 where there
    was nothing to agree.
    """
    if not evidence.is_over or evidence.recorded.final.agreement is not None:
        return
    zopa, left = evidence.bargain.zopa, _left_oneself(evidence)
    if len(zopa) == 0:
        if len(evidence.bargain.passing):
            return  # some could have agreed without the others
        yield Finding(
            kind="nothing-to-agree",
            title="There was nothing to agree",
            words=(
                "No outcome that all may sign gives every party as much as no agreement does: to "
                "sign nothing was right."
            ),
            moves=evidence.last_word if left is None else (left,),
            weight=1.0,
            is_merit=True,
        )
        return
    fair = evidence.nash_worth
    if fair is None or evidence.spread <= TIE:
        return
    ties = evidence.bargain.solutions["nash"]
    nash = int(ties[evidence.own.utilities[ties].argmax()])
    theirs = [
        f"{signed(one.utility(nash) - one.reservation)} to {evidence.called(one.party)}"
        for one in evidence.others
    ]
    told = series(theirs) if len(theirs) <= 3 else "nobody less"
    over = signed(evidence.own.utility(nash) - evidence.own.reservation)
    yield Finding(
        kind="no-agreement",
        title=(
            f"You left an agreement that {_everybody(evidence)} could have had"
            if left is not None
            else "An agreement was there to be had"
        ),
        words=(
            f"With {counted(len(zopa), 'outcome')} nobody would have been worse off than without "
            f"agreement; the Nash outcome gives {over} points over your r, and {told}."
            f"{_last_offer(evidence)}"
        ),
        moves=evidence.last_word if left is None else (left,),
        weight=evidence.share(fair - evidence.own.reservation),
    )


def _everybody(evidence: Evidence) -> str:
    return "both" if len(evidence.others) == 1 else "all"


def _left_oneself(evidence: Evidence) -> int | None:
    """Return the own move with which the party walked away, from 1."""
    left = [one.number + 1 for one in evidence.own_positions if isinstance(one.act.move, WalkAway)]
    return left[-1] if left else None


def _last_offer(evidence: Evidence) -> str:
    """Return what the last own offer that could be answered left the other party, if any."""
    made = evidence.answerable_offers
    if not made or len(evidence.others) != 1:
        return ""
    (other,) = evidence.others
    over = other.utility(made[-1].outcome) - other.reservation
    who = evidence.called(other.party)
    if over < -TIE:
        return (
            f" Your last offer, move {made[-1].number}, gave {who} {tenths(-over)} points less "
            "than no agreement."
        )
    return (
        f" Your last offer, move {made[-1].number}, gave {who} {tenths(over)} points more than no "
        "agreement."
    )


def refused_at_the_end(evidence: Evidence) -> Iterator[Finding]:
    """Yield that the session's last move let go what was worth more than no agreement.

    It is told first: nothing else that went wrong could be mended so surely. Weight: what was lost,
    as a share of the possible gain.
    """
    final, last = evidence.recorded.final, evidence.recorded.positions[-1:]
    if not evidence.is_over or final.agreement is not None or evidence.hall is not None or not last:
        return
    state, seat = last[0].state, evidence.recorded.seat
    if state.mover != seat or state.offer is None or not state.may_sign(seat, state.offer):
        return
    taken, _ = step(state, Accept())
    if taken.agreement is None:
        return
    worth = expected_payoffs(taken)[evidence.recorded.party]
    lost = worth - evidence.had
    if evidence.share(lost) < FAIR:
        return
    move, number = last[0].act.move, last[0].number + 1
    who = "your stand-in" if evidence.recorded.is_stand_ins(number - 1) else "you"
    match move:
        case Offer():
            did = f"{who} made an offer that nobody could answer"
        case WalkAway():
            did = f"{who} left"
        case _:
            did = f"{who} did not take it"
    yield Finding(
        kind="refused-at-the-end",
        title="Take what is on the table where nobody can answer you any more",
        words=(
            f"At move {number}, the session's last, what was on the table was worth "
            f"{tenths(worth)} points to you, {tenths(lost)} more than no agreement; {did}, and the "
            f"{tenths(lost)} points were lost."
        ),
        moves=(number,),
        weight=evidence.share(lost),
        is_first=True,
    )


def below_reservation(evidence: Evidence) -> Iterator[Finding]:
    """Yield what was signed or offered below the reservation value.

    Weight: the shortfall of what was signed, as a share of the possible gain; half that of what was
    offered.
    """
    own, worth = evidence.own, evidence.worth
    if evidence.has_signed and worth < own.reservation - own.tie:
        short = own.reservation - worth
        yield Finding(
            kind="signed-below-reservation",
            title="Sign nothing that is worth less than no agreement",
            words=(
                f"The agreement is worth {tenths(worth)} points to you, {tenths(short)} less than "
                "no agreement."
            ),
            moves=evidence.last_word,
            weight=max(0.05, evidence.share(short)),
        )
        return
    low = [
        (one.over_reservation or 0.0, one.number)
        for one in evidence.notes
        if isinstance(one.move, Offer)
        and any(remark.kind == "below-reservation" for remark in one.remarks)
    ]
    if low:
        lowest, number = min(low)
        yield Finding(
            kind="offered-below-reservation",
            title="Offer nothing that is worth less than no agreement",
            words=(
                f"{counted(len(low), 'offer')} of yours {'was' if len(low) == 1 else 'were'} worth "
                f"less to you than no agreement; at move {number} by {tenths(-lowest)} points."
            ),
            moves=sorted_moves([number for _, number in low]),
            weight=evidence.share(-lowest) / 2,
        )


def share_won(evidence: Evidence) -> Iterator[Finding]:
    """Yield how much of the possible gain the agreement brought, where that is a fair share.

    Weight: half of that share; a fair share is what the Nash outcome gives.
    """
    agreed, fair = evidence.agreement, evidence.nash_worth
    if agreed is None or fair is None or evidence.spread <= TIE:
        return
    worth = evidence.worth
    gain = (worth - evidence.own.reservation) / evidence.spread
    if gain <= 0:
        return
    if evidence.share(fair - worth) <= FAIR:
        yield Finding(
            kind="fair-share",
            title="You got your share",
            words=(
                f"The agreement gives you {tenths(worth)} points, {_of_all(gain)}; the Nash "
                f"outcome gives {tenths(fair)}."
            ),
            moves=evidence.last_word,
            weight=min(1.0, gain) / 2,
            is_merit=True,
        )
        return
    yield Finding(
        kind="small-share",
        title=_small(evidence),
        words=(
            f"The agreement gives you {tenths(worth)} points, {percent(gain)} of what you could "
            f"gain; the Nash outcome gives {tenths(fair)}."
        ),
        moves=evidence.last_word,
        weight=evidence.share(fair - worth) / 2,
    )


def _of_all(gain: float) -> str:
    if gain > 1 + TIE:
        return "more than could be had with nobody worse off than without agreement"
    return f"{percent(gain)} of what you could gain"


def _small(evidence: Evidence) -> str:
    """Return what a small share is called: whether the others got more depends on what they got."""
    gains = evidence.gains
    theirs = float(np.mean([gains[one.party] for one in evidence.others]))
    # What a party has from a hall hangs on more than the outcome agreed.
    if evidence.hall is not None or theirs <= gains[evidence.recorded.party] + FAIR:
        return "You got less than could be had for you"
    return f"The other{'s' * (len(evidence.others) > 1)} got the larger part"


def better_than_nothing(evidence: Evidence) -> Iterator[Finding]:
    """Yield that what was signed beats no agreement.

    Weight: a tenth of the gain, as a share of the possible one.
    """
    if not evidence.has_signed or evidence.worth - evidence.own.reservation <= TIE:
        return
    over = evidence.worth - evidence.own.reservation
    yield Finding(
        kind="better-than-nothing",
        title="You signed something that is worth signing",
        words=f"The agreement is worth {tenths(over)} points more to you than no agreement.",
        moves=evidence.last_word,
        weight=evidence.share(over) / 10,
        is_merit=True,
    )


def holding(evidence: Evidence) -> Iterator[Finding]:
    """Yield whether the agreement will be kept, by the party on which that hangs.

    Weight: what the party gained by it, as a share of what it could gain, times a share at risk by
    how firm the verdict is (`AT_RISK`); where it holds, a fifth of the gain.
    """
    found = evidence.recorded.folded.findings.agreement
    if not evidence.has_signed or found is None or found.verdict is None:
        return
    gain = evidence.share(max(0.0, evidence.worth - evidence.own.reservation))
    verdict, headline = found.verdict, found.verdict.headline
    pairs = list(zip(verdict.parties, verdict.lines, strict=True))
    weakest, line = min(
        pairs, key=lambda pair: (STRENGTH[pair[0].kind], -(pair[0].critical_discount or 0.0))
    )
    risk = AT_RISK.get(STRENGTH[weakest.kind])
    if risk is not None and gain > 0:
        yield Finding(
            kind="will-not-hold",
            title=(
                "You signed what you may not keep yourself"
                if weakest.party == evidence.recorded.party
                else "Ask who will keep it before you sign"
            ),
            words=f"{headline} {line}",
            moves=evidence.last_word,
            weight=gain * risk,
        )
    elif risk is None and gain > 0:
        yield Finding(
            kind="will-hold",
            title="What you signed can be kept",
            words=f"{headline} {line}",
            moves=evidence.last_word,
            weight=gain / 5,
            is_merit=True,
        )


def ratifying(evidence: Evidence) -> Iterator[Finding]:
    """Yield that capitals may turn the agreement down.

    Weight: what was gained, as a share of what could be, times the chance that some capital does.
    """
    found, final = evidence.recorded.folded.findings.agreement, evidence.recorded.final
    agreed = None if evidence.recorded.seat in final.left else final.agreement
    if agreed is None or found is None or not found.ratification:
        return
    chances = found.ratification
    jointly = prod(chances.values())
    worth = evidence.own.utility(agreed) if evidence.is_turned_down else evidence.worth
    gain = evidence.share(max(0.0, worth - evidence.own.reservation))
    came = " It was turned down." if evidence.is_turned_down else ""
    hardest = min(chances, key=lambda party: chances[party])
    is_own = hardest == evidence.recorded.party
    whose = "your own capital" if is_own else f"the capital of {evidence.called(hardest)}"
    told = (
        f"{whose} ratifies it is {percent(jointly)}"
        if len(chances) == 1
        else f"every capital ratifies it is {percent(jointly)}; least likely is {whose}, "
        f"{percent(chances[hardest])}"
    )
    if jointly < 1 - 2 * FAIR and gain > 0:
        yield Finding(
            kind="ratification",
            title="Write what the capitals can ratify",
            words=f"The chance that {told}.{came}",
            moves=evidence.last_word,
            weight=gain * (1 - jointly),
        )
