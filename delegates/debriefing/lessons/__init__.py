"""Three lessons from a session, computed from its record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from delegates.debriefing.lessons.ending import (
    below_reservation,
    better_than_nothing,
    holding,
    no_agreement,
    ratifying,
    refused_at_the_end,
    share_won,
)
from delegates.debriefing.lessons.evidence import Evidence, Finding
from delegates.debriefing.lessons.hall import choices, for_oneself, towards_nobody
from delegates.debriefing.lessons.issues import good_trade, trading, value_left
from delegates.debriefing.lessons.moves import (
    advice,
    costly_moves,
    needless_concessions,
    sound_moves,
    stood_in,
)
from delegates.debriefing.lessons.pace import delay, opening, pace, refusals
from delegates.debriefing.lessons.said import figures
from delegates.debriefing.lessons.sheet import guesses, line, target
from games.naming import series
from games.review.debrief import Lesson

LESSONS: dict[str, Callable[[Evidence], Iterator[Finding]]] = {
    "single moves": costly_moves,
    "sound moves": sound_moves,
    "the stand-in": stood_in,
    "needless concessions": needless_concessions,
    "opening": opening,
    "pace": pace,
    "refusals": refusals,
    "time": delay,
    "value left": value_left,
    "trading": trading,
    "a good trade": good_trade,
    "no agreement": no_agreement,
    "the last move": refused_at_the_end,
    "below the reservation value": below_reservation,
    "the share won": share_won,
    "better than nothing": better_than_nothing,
    "will it hold": holding,
    "ratification": ratifying,
    "choices in a hall": choices,
    "towards nobody": towards_nobody,
    "for oneself in a hall": for_oneself,
    "private figures": figures,
    "target": target,
    "walk-away line": line,
    "guesses": guesses,
    "advice": advice,
}
"""Everything that a lesson may be about, and what finds it in the record."""

LEAST = 0.01
"""Share of the possible gain under which what went wrong is not told as a lesson."""

MOST = 3
"""Lessons that are told."""

_SAME: dict[str, str] = {
    "refused-better": "refusal",
    "refused-too-much": "refusal",
    "refused-at-the-end": "refusal",
    "no-agreement": "the end",
    "left-too-early": "the end",
    "small-share": "the share",
    "conceded-faster": "the share",
    "accepted-too-early": "the share",
    "signed-below-reservation": "below",
    "line-crossed": "below",
    "accepted-below": "below",
    "refused-rightly": "refusal",
    "advice-not-taken": "advice",
    "advice-not-asked": "advice",
    "fair-share": "the share",
    "nothing-left": "nothing left",
    "better-than-nothing": "the share",
}
"""Lessons that are about the same thing in a session: the weightiest stands for all."""

_CONTRARY = frozenset(
    frozenset(pair)
    for pair in (
        ("delay", "accepted-too-early"),
        ("delay", "asked-too-little"),
        *(
            ("refused-at-the-end", other)
            for other in ("asked-too-little", "target-missed", "no-agreement", "left-too-early")
        ),
    )
)
"""Lessons that would send a player two ways: of each two the weightier is told."""


def findings(evidence: Evidence) -> list[Finding]:
    """Return everything that the record shows, what went wrong first, the weightiest first.

    What was done right comes after: where enough went wrong, that is what can be learnt.
    """
    found = [
        one
        for find in LESSONS.values()
        for one in find(evidence)
        if one.is_merit or one.weight >= LEAST
    ]
    told = [_with_stand_in(evidence, one) for one in found]
    return sorted(told, key=lambda one: (not one.is_first, one.is_merit, -one.weight, one.kind))


def _with_stand_in(evidence: Evidence, one: Finding) -> Finding:
    """Return a finding that says which of the moves it points to a person's stand-in made."""
    if one.kind == "stood-in":
        return one
    theirs = [number for number in one.moves if evidence.recorded.is_stand_ins(number - 1)]
    if not theirs:
        return one
    numbers = series([str(number) for number in theirs])
    told = f"Move {numbers} was" if len(theirs) == 1 else f"Moves {numbers} were"
    return replace(one, words=f"{one.words} {told} your stand-in's.")


def lessons(evidence: Evidence) -> tuple[Lesson, ...]:
    """Return the three weightiest lessons; fewer where the record gives no more."""
    if not evidence.notes:
        return ()
    chosen: list[Finding] = []
    for one in findings(evidence):
        if not any(_excludes(other.kind, one.kind) for other in chosen):
            chosen.append(one)
    return tuple(Lesson(title=one.title, words=one.words, moves=one.moves) for one in chosen[:MOST])


def _excludes(told: str, other: str) -> bool:
    """Return whether a lesson is not told beside one that is."""
    is_same = _SAME.get(told, told) == _SAME.get(other, other)
    return is_same or frozenset({told, other}) in _CONTRARY
