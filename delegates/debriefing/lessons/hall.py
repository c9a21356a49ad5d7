"""Lessons from a plenary or forum: choices that can be reckoned, ground given towards nobody."""

from __future__ import annotations

from collections.abc import Iterator

from delegates.debriefing.hall_notes import known_choice
from delegates.debriefing.lessons.evidence import Evidence, Finding, sorted_moves
from delegates.debriefing.wording import percent
from delegates.text import counted
from games.point_words import tenths


def choices(evidence: Evidence) -> Iterator[Finding]:
    """Yield signatures, pledges, votes and departures that gave something away, or that none did.

    Weight: what they gave away, in shares of the possible gain, added up; none, a fifth.
    """
    if evidence.hall is None:
        return
    reckoned = [
        (one, choice) for one in evidence.hall.moves if (choice := known_choice(one)) is not None
    ]
    lost = [(one, choice) for one, choice in reckoned if choice.lost > 0]
    if lost:
        worst, choice = max(lost, key=lambda pair: pair[1].share)
        note = next(one for one in evidence.notes if one.number == worst.number + 1)
        best = "" if note.best is None else f" Worth most of what was open: {note.best.words}."
        total = sum(one.lost for _, one in lost)
        more = (
            f" {counted(len(lost), 'choice')} gave away {tenths(total)} in all."
            if len(lost) > 1
            else ""
        )
        yield Finding(
            kind="hall-choice",
            title="Reckon what signing, paying and voting are worth",
            words=(
                f"Move {note.number} ({note.told}) gave away {tenths(choice.lost)} points, "
                f"{percent(choice.share)} of what you could gain, {choice.basis}.{best}{more}"
            ),
            moves=sorted_moves([one.number + 1 for one, _ in lost]),
            weight=min(1.0, sum(one.share for _, one in lost)),
        )
    elif reckoned:
        yield Finding(
            kind="hall-choices-sound",
            title="Where it could be reckoned you chose well",
            words=(
                f"{counted(len(reckoned), 'choice')} of yours can be reckoned exactly, and nothing "
                "that was open was worth more than what you did."
            ),
            moves=sorted_moves([one.number + 1 for one, _ in reckoned]),
            weight=0.2,
            is_merit=True,
        )


def towards_nobody(evidence: Evidence) -> Iterator[Finding]:
    """Yield the ground that was given and came nearer to nobody.

    Weight: half of the shares of the own reach that were given up so, added up.
    """
    if evidence.hall is None:
        return
    found = [one for one in evidence.hall.moves if one.needless_concession]
    if not found:
        return
    worst = max(found, key=lambda one: one.concession or 0.0)
    more = f" It was one of {len(found)} such moves." if len(found) > 1 else ""
    yield Finding(
        kind="towards-nobody",
        title="Give ground towards somebody",
        words=(
            f"At move {worst.number + 1} you gave up {tenths(-(worst.change or 0.0))} points, and "
            f"on nothing came nearer to the text or to what another delegation stood for.{more}"
        ),
        moves=sorted_moves([one.number + 1 for one in found]),
        weight=min(1.0, sum(one.concession or 0.0 for one in found) / 2),
    )


def for_oneself(evidence: Evidence) -> Iterator[Finding]:
    """Yield the statement that could have asked for more at nobody's cost by most.

    Weight: half of that, as a share of the possible gain.
    """
    if evidence.hall is None:
        return
    found = [one for one in evidence.hall.moves if one.gain_missed]
    if not found:
        return
    most = max(found, key=lambda one: one.gain_missed or 0.0)
    missed = most.gain_missed or 0.0
    yield Finding(
        kind="asked-too-little-in-hall",
        title="Ask for what costs nobody anything",
        words=(
            f"What you stood for at move {most.number + 1} could have been worth {tenths(missed)} "
            "points more to you with no other delegation worse off."
        ),
        moves=sorted_moves([one.number + 1 for one in found]),
        weight=evidence.share(missed) / 2,
    )
