"""Every act of the reviewed party in a plenary or forum, annotated.

Accuracy is not computed there; what can be reckoned exactly (a signature, a pledge, a last vote) is
graded all the same, by what it gave away as it could be expected or whatever the others did.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from delegates.debriefing.notes import BY_STAND_IN, grade, leaked, remark_order
from delegates.debriefing.recorded import Recorded
from delegates.debriefing.wording import (
    changes,
    percent,
    signed,
    told_in,
)
from delegates.text import counted, one_line
from games.point_words import tenths
from games.review.debrief import Alternative, MoveNote, Remark, RemarkKind

if TYPE_CHECKING:
    from games.review.hall import HallMove, HallReading
    from games.review.hall_choices import Choice
    from games.review.positions import Position

_KINDS: dict[str, RemarkKind] = {
    "opening": "opening",
    "demand": "demand",
    "concession": "concession",
    "trade": "trade",
    "repeat": "repeat",
    "acceptance": "acceptance",
    "walk-away": "walk-away",
}
"""Acts of a hall that moves at a table are called by as well."""


def hall_notes(recorded: Recorded, reading: HallReading) -> tuple[MoveNote, ...]:
    """Return the acts of the reviewed party, annotated."""
    return tuple(_note(recorded, recorded.positions[one.number], one) for one in reading.moves)


def known_choice(move: HallMove) -> Choice | None:
    """Return the exact comparison of a choice with what its party could know; None without one."""
    return next((one for one in move.choices if one.basis != "given what the others did"), None)


def _note(recorded: Recorded, position: Position, read: HallMove) -> MoveNote:
    choice = None if recorded.is_sealed else known_choice(read)
    given = [one for one in read.choices if one.basis == "given what the others did"]
    remarks = sorted(_remarks(recorded, position, read), key=remark_order)
    return MoveNote(
        number=read.number + 1,
        turn=read.turn,
        round=read.round,
        move=read.move,
        told=told_in(recorded.scenario, position.state, position.history, read.move),
        words=one_line(recorded.made[read.number].words),
        utility=read.utility,
        over_reservation=read.over_reservation,
        remarks=tuple(remarks),
        loss=None if choice is None else choice.share,
        loss_points=None if choice is None else choice.lost,
        standard_error=None if choice is None else 0.0,
        hindsight_loss=None if recorded.is_sealed or not given else given[0].share,
        best=None
        if choice is None or choice.lost <= 0
        else _alternative(recorded, position, choice),
        is_stand_ins=recorded.is_stand_ins(read.number),
    )


def _alternative(recorded: Recorded, position: Position, choice: Choice) -> Alternative:
    own = position.state.scenario.preferences[recorded.seat]
    worth = choice.worths[choice.best]
    return Alternative(
        move=choice.best,
        words=told_in(recorded.scenario, position.state, position.history, choice.best),
        expected_gain=worth - own.reservation,
        continuation=(),
        ends=f"worth {tenths(worth)} points to you, {choice.basis}",
        by={},
    )


def _remarks(recorded: Recorded, position: Position, read: HallMove) -> Iterator[Remark]:
    yield from leaked(read.leaks)
    yield from _acted(read)
    own = position.state.scenario.preferences[recorded.seat]
    if recorded.is_stand_ins(read.number):
        yield Remark(kind="stand-in", words=BY_STAND_IN)
    if read.outcome is not None and read.act in _KINDS and own.falls_short(read.outcome):
        short = tenths(own.reservation - own.utility(read.outcome))
        yield Remark(
            kind="below-reservation", words=f"worth {short} points less to you than no agreement"
        )
    if not recorded.is_sealed:
        yield from _in_truth(recorded, position, read)


def _acted(read: HallMove) -> Iterator[Remark]:
    """Yield what an act does, by the party's own points."""
    if read.utility is None or read.over_reservation is None:
        return
    over = f"{tenths(read.utility)} points, {signed(read.over_reservation)} over your r"
    kind = _KINDS.get(read.act, "other")
    if read.change is None:
        lead = "opens at" if read.act == "opening" else "the text is worth"
        yield Remark(kind=kind, words=f"{lead} {over}")
    elif read.act == "concession":
        share = "" if read.concession is None else f" ({percent(read.concession)} of your reach)"
        yield Remark(kind=kind, words=f"gives up {tenths(-read.change)} points{share}; {over}")
    elif read.act == "repeat":
        yield Remark(kind=kind, words=f"stands where it stood: {over}")
    else:
        yield Remark(kind=kind, words=f"{signed(read.change)} points to you; {over}")


def _in_truth(recorded: Recorded, position: Position, read: HallMove) -> Iterator[Remark]:
    better = None if read.dominated_in_truth is None else read.dominated_in_truth.better
    if better is not None and read.outcome is not None:
        preferences = position.state.scenario.preferences
        gaining = [
            one
            for one in preferences
            if one.party != recorded.party
            and one.utility(better) > one.utility(read.outcome) + one.tie
        ]
        yield Remark(
            kind="dominated-offer",
            words=(
                f"in truth {changes(recorded.scenario, read.outcome, better)} would have been "
                f"better for {counted(len(gaining), 'other party', 'other parties')} and no worse "
                "for anyone"
            ),
        )
    if read.needless_concession and read.change is not None:
        yield Remark(
            kind="needless-concession",
            words=(
                f"gives up {tenths(-read.change)} points and comes nearer to the text and to the "
                "others on nothing"
            ),
        )
    choice = known_choice(read)
    if choice is not None and choice.lost > 0:
        yield Remark(
            kind=grade(choice.share),
            words=(
                f"gives away {tenths(choice.lost)} points, {choice.basis} "
                f"({percent(choice.share)} of what you could gain)"
            ),
        )
    elif choice is not None:
        words = f"nothing open was worth more, {choice.basis}"
        yield Remark(kind="best" if better is None else "fine", words=words)
