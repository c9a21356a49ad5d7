"""Lessons from what the offers were made of: trades, priorities, value left on the table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from delegates.debriefing.leftover import Better
from delegates.debriefing.lessons.evidence import NOTICEABLE, Evidence, Finding, sorted_moves
from delegates.debriefing.wording import changes, label, percent, signed
from delegates.text import counted
from games.moves import Offer
from games.naming import capitalised
from games.point_words import tenths
from games.review.debrief import Belief
from games.review.rankings import issue_weights
from games.utility import TIE

MISREAD = 0.25
"""Half the sum of absolute differences of two sets of weights, from which they are far apart."""

READ_WELL = 0.15
"""The same up to which they are close."""


def value_left(evidence: Evidence) -> Iterator[Finding]:
    """Yield what other terms would have given the party at nobody's cost, or that none would.

    Weight: that as a share of the possible gain; where there was nothing left, the party's own
    share.
    """
    agreed, better = evidence.agreement, evidence.better
    if agreed is None:
        return
    if better is not None and evidence.share(better.points) > NOTICEABLE:
        yield Finding(
            kind="value-left",
            title="There was more for you at nobody's cost",
            words=(f"{_could(evidence, agreed, better)}{_why(evidence, agreed, better.outcome)}"),
            moves=evidence.last_word,
            weight=evidence.share(better.points),
        )
    elif evidence.recorded.folded.findings.undominated:
        gain = evidence.share(evidence.worth - evidence.own.reservation)
        if gain < 0:
            return  # to leave nothing is no merit of who signed what is worth less than nothing
        yield Finding(
            kind="nothing-left",
            title="Nothing was left on the table",
            words=(
                "No other outcome is better for one party at nobody's cost; you have "
                f"{percent(gain)} of what you could gain."
            ),
            moves=evidence.last_word,
            weight=gain,
            is_merit=True,
        )


def _could(evidence: Evidence, agreed: int, better: Better) -> str:
    """Return what other terms, or the same in force for all, would have given the party."""
    more = f"{tenths(better.points)} points more"
    moved = changes(evidence.scenario, agreed, better.outcome)
    if evidence.hall is None:
        return f"The agreement could have given you {more} with nobody worse off: {moved}."
    than = "than you have, with nobody worse off than they are"
    if not moved:
        return f"Kept by all, the text as it was adopted would have given you {more} {than}."
    return f"Kept by all, other terms could have given you {more} {than}: {moved}."


def _why(evidence: Evidence, agreed: int, better: int) -> str:
    """Return the two issues of a trade that explain it: what each weighs for whom."""
    if len(evidence.others) != 1:
        return ""
    (other,) = evidence.others
    space = evidence.scenario.space
    changed = [
        place
        for place, (was, now) in enumerate(
            zip(space.levels_of(agreed), space.levels_of(better), strict=True)
        )
        if was != now
    ]
    own = [*issue_weights(evidence.scenario, evidence.recorded.party).values()]
    theirs = [*issue_weights(evidence.scenario, other.party).values()]
    ranked = sorted(changed, key=lambda place: own[place] - theirs[place])
    if len(ranked) < 2:
        return ""
    told = [
        f"{label(evidence.scenario, space.issues[place])} weighs {percent(own[place])} for "
        f"you and {percent(theirs[place])} for {evidence.called(other.party)}"
        for place in (ranked[-1], ranked[0])
    ]
    return f" {capitalised(told[0])}; {told[1]}."


class Misfit(NamedTuple):
    """How far what was spent on the issues is from what a counterpart wants."""

    party: str
    error: float
    """Half the sum of absolute differences of the two sets of weights."""
    over: Belief
    """The issue on which most was spent beyond what it weighs for the counterpart."""
    under: Belief


def misfit(evidence: Evidence) -> Misfit | None:
    """Return the counterpart whose wants the party's offers fit least; None where not known."""
    found: list[Misfit] = []
    for other in evidence.others:
        rows = [
            (one, one.implied_weight - one.true_weight)
            for one in evidence.beliefs
            if one.party == other.party and one.implied_weight is not None
        ]
        if rows and any(one.true_weight > 0 for one, _ in rows):
            found.append(
                Misfit(
                    other.party,
                    sum(abs(gap) for _, gap in rows) / 2,
                    max(rows, key=lambda row: row[1])[0],
                    min(rows, key=lambda row: row[1])[0],
                )
            )
    return max(found, key=lambda one: one.error) if found else None


def trading(evidence: Evidence) -> Iterator[Finding]:
    """Yield offers that could have been better for the others at no cost, and why they were not.

    Weight: half of what the others missed for nothing, the mean over all own offers, in shares of
    each one's reach; where what was spent is far from what a counterpart wants, more by as much.
    """
    wasted, made = evidence.wasted, evidence.own_offers
    if not made or not evidence.moves_read:
        return
    mean = float(np.sum([lost for _, lost in wasted.values()])) / len(made)
    fit = misfit(evidence)
    if mean > NOTICEABLE and fit is not None and fit.error >= MISREAD:
        yield _misread(evidence, fit, mean)
    elif mean > NOTICEABLE:
        yield _untraded(evidence, mean)
    elif fit is not None and fit.error <= READ_WELL:
        yield Finding(
            kind="read-well",
            title="You paid where it counted for them",
            words=(
                f"What your offers gave up was spread over the issues much as "
                f"{evidence.called(fit.party)} weighs them: {percent(fit.error)} of it lay "
                "elsewhere."
            ),
            moves=sorted_moves([one.number for one in made]),
            weight=(1 - fit.error) / 4,
            is_merit=True,
        )
    elif not wasted:
        yield Finding(
            kind="nothing-wasted",
            title="Your offers wasted nothing",
            words=(
                f"None of your {counted(len(made), 'offer')} could have been better for "
                f"{evidence.them} at no cost to you."
                if len(made) > 1
                else f"Your one offer, move {made[0].number}, could not have been better for "
                f"{evidence.them} at no cost to you."
            ),
            moves=sorted_moves([one.number for one in made]),
            weight=0.2,
            is_merit=True,
        )


def _misread(evidence: Evidence, fit: Misfit, mean: float) -> Finding:
    spent, missed = fit.over.implied_weight or 0.0, fit.under.implied_weight or 0.0
    who = evidence.called(fit.party)
    could = (
        f" Its offers let one read {percent(fit.under.read_weight)} for {fit.under.label}."
        if fit.under.read_weight is not None
        else ""
    )
    return Finding(
        kind="misread-priorities",
        title="Pay with what they want most",
        words=(
            f"Of what your offers gave up, {percent(spent)} was on {fit.over.label}, which weighs "
            f"{percent(fit.over.true_weight)} for {who}, and {percent(missed)} on "
            f"{fit.under.label}, which weighs {percent(fit.under.true_weight)}.{could}"
        ),
        moves=_most_wasted(evidence),
        weight=min(1.0, mean * (1 + fit.error) / 2),
    )


def _untraded(evidence: Evidence, mean: float) -> Finding:
    wasted, made = evidence.wasted, evidence.own_offers
    number = max(wasted, key=lambda one: wasted[one][1])
    outcome, lost = wasted[number]
    offered = next(one.outcome for one in made if one.number == number)
    whose = "its" if len(evidence.others) == 1 else "their"
    size = f"by {percent(lost)} of what lies over {whose} r"
    terms = changes(evidence.scenario, offered, outcome)
    better = f"could have been better for {evidence.them} at no cost to you"
    return Finding(
        kind="traded-too-little",
        title="Trade across issues before you give ground",
        words=(
            f"Your one offer, move {number}, {better}, {size}: {terms}."
            if len(made) == 1
            else f"{len(wasted)} of your {len(made)} offers {better}; at move {number} {size}: "
            f"{terms}."
        ),
        moves=_most_wasted(evidence),
        weight=mean / 2,
    )


def _most_wasted(evidence: Evidence) -> tuple[int, ...]:
    ranked = sorted(evidence.wasted, key=lambda number: -evidence.wasted[number][1])
    return sorted_moves(ranked[:5])


def good_trade(evidence: Evidence) -> Iterator[Finding]:
    """Yield the own offer that gave the other party most at no cost to oneself.

    Weight: a quarter of what it gave, as a share of the other's reach.
    """
    if evidence.reading is None or len(evidence.others) != 1:
        return
    (other,) = evidence.others
    reach = other.highest - other.reservation
    answerable = {one.number for one in evidence.answerable_offers}
    free = [
        (one.ground.changes[other.party], one)
        for one in evidence.reading.moves
        if one.ground is not None
        and isinstance(one.move, Offer)
        and one.number + 1 in answerable
        and one.ground.changes[evidence.recorded.party] >= -TIE
        and one.ground.changes[other.party] > TIE
    ]
    if not free or reach <= TIE:
        return
    gave, best = max(free, key=lambda pair: pair[0])
    own = 0.0 if best.ground is None else best.ground.changes[evidence.recorded.party]
    yield Finding(
        kind="good-trade",
        title="You found something for them that cost you nothing",
        words=(
            f"Move {best.number + 1} was worth {signed(gave)} points to "
            f"{evidence.called(other.party)} and {signed(own)} to you against your offer before."
        ),
        moves=(best.number + 1,),
        weight=min(1.0, gave / reach) / 4,
        is_merit=True,
    )
