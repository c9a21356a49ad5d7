"""Lessons from the preparation sheet: what was meant against what was done and what was true."""

from __future__ import annotations

from collections.abc import Iterator

from delegates.debriefing.lessons.evidence import NOTICEABLE, Evidence, Finding
from delegates.debriefing.wording import percent, signed
from games.bargaining.solutions import bargain
from games.point_words import tenths
from games.review.preparation import LARGE
from games.utility import TIE


def target(evidence: Evidence) -> Iterator[Finding]:
    """Yield whether the target was reached, or could not be.

    Weight: by how much it was missed, or lay out of reach (a third), as a share of the possible
    gain; reached, a fifth.
    """
    sheet = evidence.sheet
    if sheet is None or sheet.target is None or not evidence.is_over or evidence.spread <= TIE:
        return
    aim, agreed = sheet.target, evidence.agreement
    worth = evidence.worth
    most = evidence.own.reservation + evidence.spread
    end = "the agreement gives" if agreed is not None else "no agreement leaves you"
    if evidence.is_turned_down:
        end = "what capitals turned down leaves you"
    if aim > most + TIE:
        yield Finding(
            kind="target-out-of-reach",
            title="Set a target that somebody else can sign",
            words=(
                f"Your target was {tenths(aim)} points; the most that all could agree to gives you "
                f"{tenths(most)}, and {end} {tenths(worth)}."
            ),
            moves=evidence.last_word,
            weight=evidence.share(aim - most) / 3,
        )
    elif evidence.share(aim - worth) > NOTICEABLE:
        yield Finding(
            kind="target-missed",
            title="Hold to your target",
            words=(
                f"Your target was {tenths(aim)} points, and {end} {tenths(worth)}; up to "
                f"{tenths(most)} could be agreed."
            ),
            moves=evidence.last_word,
            weight=evidence.share(aim - worth),
        )
    elif worth >= aim - TIE and agreed is not None:
        yield Finding(
            kind="target-reached",
            title="You reached your target",
            words=f"Your target was {tenths(aim)} points; the agreement gives {tenths(worth)}.",
            moves=evidence.last_word,
            weight=0.2,
            is_merit=True,
        )


def line(evidence: Evidence) -> Iterator[Finding]:
    """Yield that something was signed below the own walk-away line.

    Weight: by how much, as a share of the possible gain, a tenth at least.
    """
    sheet, agreed = evidence.sheet, evidence.agreement
    if sheet is None or sheet.walk_away is None or agreed is None:
        return
    worth = evidence.worth
    if worth < sheet.walk_away - TIE:
        yield Finding(
            kind="line-crossed",
            title="A walk-away line is there to be kept",
            words=(
                f"You meant to leave below {tenths(sheet.walk_away)} points and signed "
                f"{tenths(worth)}, {signed(worth - evidence.own.reservation)} against your r."
            ),
            moves=evidence.last_word,
            weight=max(0.1, evidence.share(sheet.walk_away - worth)),
        )


def guesses(evidence: Evidence) -> Iterator[Finding]:
    """Yield the guessed reservation value that was furthest off, or that it was near.

    Each is measured by what was true when it was guessed.

    Weight: a quarter of the error, a share of what the counterpart could gain.
    """
    sheet = evidence.sheet
    if sheet is None:
        return
    errors: list[tuple[float, str, float, float]] = []
    # A sheet is written of the session as it is announced, whatever strikes later.
    at_first = evidence.recorded.scenario
    for other, best in zip(at_first.preferences, bargain(at_first).best.tolist(), strict=True):
        guess = sheet.guesses.get(other.party)
        reach = best - other.reservation
        if guess is not None and guess.reservation is not None and reach > TIE:
            off = guess.reservation - other.reservation
            errors.append((abs(off) / reach, other.party, guess.reservation, other.reservation))
    if not errors:
        return
    error, party, guessed, true = max(errors)
    who = evidence.called(party)
    now = next(one.reservation for one in evidence.others if one.party == party)
    truth = f"it is {tenths(true)}" if now == true else f"it was {tenths(true)} then"
    told = (
        f"You took the r of {who} to be {tenths(guessed)} of its points; {truth}, "
        f"{percent(error)} of what it could gain away."
    )
    if error > LARGE:
        yield Finding(
            kind="guess-far-off",
            title="Find out what they have without you",
            words=told,
            moves=(),
            weight=min(1.0, error) / 4,
        )
    else:
        yield Finding(
            kind="guess-near",
            title="You knew how far they could go",
            words=told,
            moves=(),
            weight=(1 - error) / 5,
            is_merit=True,
        )
