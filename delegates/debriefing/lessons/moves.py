"""Lessons from single moves: what each gave away against the best that was compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from delegates.debriefing.lessons.evidence import Evidence, Finding, sorted_moves
from delegates.debriefing.notes import LITTLE
from delegates.debriefing.wording import percent
from delegates.text import counted
from games.moves import Accept, Offer, WalkAway
from games.naming import series
from games.point_words import tenths
from games.review.debrief import MoveNote
from games.utility import TIE

MOSTLY = 0.6
"""Share of moves without a measured loss from which that is worth saying."""


def costly_moves(evidence: Evidence) -> Iterator[Finding]:
    """Yield the moves at a table that gave away expected gain, by what was wrong with them.

    Weight: their losses, shares of the possible gain, added up, those that were none against the
    counterparts as they are by half.
    """
    if evidence.hall is not None:
        return
    groups: dict[str, list[MoveNote]] = {}
    for note in evidence.own_notes:
        if note.loss and note.best is not None:
            groups.setdefault(_wrong(evidence, note), []).append(note)
    for kind, notes in groups.items():
        worst = max(notes, key=_counted)
        total = sum(map(_counted, notes))
        yield Finding(
            kind=kind,
            title=_title(evidence, kind, notes),
            words=f"{_told(evidence, kind, worst)}{_altogether(notes)}{_luck(evidence, worst)}",
            moves=sorted_moves([worst.number, *(one.number for one in _costliest(notes))]),
            weight=min(1.0, total),
        )


_TITLES = {
    "left-too-early": "Do not leave while the talks can still pay",
    "accepted-too-early": "Ask once more before you accept",
    "accepted-below": "Refuse what is worth less than no agreement",
    "refused-too-much": "Take an offer that beats going on",
    "asked-too-little": "Ask for more while there is time",
    "asked-too-much": "Ask for what can still be had",
    "turn-not-used": "Use every turn",
}


AT_THE_END = "Ask for more, even at the end"
"""Said of who asked for too little in the last round alone."""


def _title(evidence: Evidence, kind: str, notes: Sequence[MoveNote]) -> str:
    last = evidence.scenario.protocol.rounds - 1
    if kind == "asked-too-little" and all(one.round == last for one in notes):
        return AT_THE_END
    return _TITLES[kind]


BY_LUCK = 0.5
"""What a loss that was to be expected, but was none in hindsight, weighs as a lesson; a judgement:
the move would have been a mistake against most others."""


def _counted(note: MoveNote) -> float:
    """Return what a move's loss weighs: less where hindsight does not bear it out."""
    return (note.loss or 0.0) * (1.0 if _is_borne_out(note) else BY_LUCK)


def _is_borne_out(note: MoveNote) -> bool:
    """Return whether, as far as is known, a loss to be expected was one in hindsight too."""
    return not _would_have_failed(note) and (note.hindsight_loss is None or note.hindsight_loss > 0)


def _would_have_failed(note: MoveNote) -> bool:
    over = None if note.best is None else note.best.over_end
    return over is not None and over <= -LITTLE


def _luck(evidence: Evidence, note: MoveNote) -> str:
    """Return that a loss to be expected was none in the end, where that is so."""
    if _is_borne_out(note):
        return ""
    they = "it is" if len(evidence.others) == 1 else "they are"
    against = f"against {evidence.them} as {they}"
    if note.best is not None and note.best.over_end is not None and _would_have_failed(note):
        return (
            f" That is over the counterparts you could expect: {against}, what was best at move "
            f"{note.number} would have ended {tenths(-note.best.over_end)} points lower for you."
        )
    return f" In hindsight, {against}, move {note.number} lost nothing."


def _wrong(evidence: Evidence, note: MoveNote) -> str:
    if isinstance(note.move, WalkAway):
        return "left-too-early"
    state = evidence.recorded.positions[note.number - 1].state
    # Who accepts its own offer again asks for it once more.
    if isinstance(note.move, Accept) and state.mover not in state.standing:
        own = state.scenario.preferences[state.mover]
        on_table = state.on_table
        is_below = on_table is not None and own.falls_short(on_table)
        return "accepted-below" if is_below else "accepted-too-early"
    if not isinstance(note.move, Offer | Accept):
        return "turn-not-used"
    if note.best is not None and isinstance(note.best.move, Accept):
        return "refused-too-much"
    best = _best_worth(evidence, note)
    is_more = best is not None and best > (note.utility or 0.0) + TIE
    return "asked-too-little" if is_more else "asked-too-much"


def _best_worth(evidence: Evidence, note: MoveNote) -> float | None:
    """Return what the best alternative asks for; None where it asks for nothing."""
    if note.best is None or not isinstance(note.best.move, Offer):
        return None
    state = evidence.recorded.positions[note.number - 1].state
    return state.scenario.preferences[evidence.recorded.seat].utility(note.best.move.outcome)


def _told(evidence: Evidence, kind: str, note: MoveNote) -> str:
    state = evidence.recorded.positions[note.number - 1].state
    own = state.scenario.preferences[evidence.recorded.seat]
    lost = tenths(note.loss_points or 0.0)
    size = f"{lost} points, {percent(note.loss or 0.0)} of what you could gain"
    utility = 0.0 if note.utility is None else note.utility
    match kind:
        case "left-too-early":
            return (
                f"At move {note.number} you left with the {tenths(own.reservation)} points of no "
                f"agreement; {_instead(note, 'going on')} could be expected to bring more: {size}."
            )
        case "accepted-too-early":
            return (
                f"At move {note.number} you took {tenths(utility)} points; "
                f"{_instead(note, 'an offer')} could be expected to bring more: {size}."
            )
        case "accepted-below":
            return (
                f"At move {note.number} you took {tenths(utility)} points, where no agreement "
                f"leaves you {tenths(own.reservation)}; to refuse could be expected to bring more: "
                f"{size}."
            )
        case "refused-too-much":
            on_table = state.on_table
            worth = own.utility(on_table) if on_table is not None else 0.0
            return (
                f"At move {note.number} {tenths(worth)} points were on the table and you asked for "
                f"{tenths(utility)}; to accept could be expected to bring more: {size}."
            )
        case "turn-not-used":
            return (
                f"At move {note.number} you made no offer ({note.told}); "
                f"{_instead(note, 'an offer')} could be expected to bring more: {size}."
            )
        case _:
            asked = _best_worth(evidence, note)
            instead = "leaving" if asked is None else f"asking for {tenths(asked)}"
            return (
                f"At move {note.number} you asked for {tenths(utility)} points; {instead} could be "
                f"expected to bring more: {size}."
            )


def _instead(note: MoveNote, else_: str) -> str:
    """Return what the best alternative does in a word, where that is accepting or leaving."""
    best = None if note.best is None else note.best.move
    if isinstance(best, WalkAway):
        return "leaving"
    return "accepting what was on the table" if isinstance(best, Accept) else else_


def _costliest(notes: Sequence[MoveNote]) -> list[MoveNote]:
    return sorted(notes, key=lambda one: -(one.loss or 0.0))[:4]


def _altogether(notes: Sequence[MoveNote]) -> str:
    if len(notes) < 2:
        return ""
    total = sum(one.loss_points or 0.0 for one in notes)
    return (
        f" {counted(len(notes), 'move')} of this kind gave away {tenths(total)} points altogether."
    )


def sound_moves(evidence: Evidence) -> Iterator[Finding]:
    """Yield that moves at a table gave nothing away that could be measured.

    Weight: the share of moves that did not, halved unless it is all of them.
    """
    judged = [one for one in evidence.own_notes if one.loss is not None]
    sound = [one for one in judged if not one.loss]
    is_in_hall = evidence.hall is not None
    if not judged or is_in_hall or evidence.spread <= TIE or len(sound) < MOSTLY * len(judged):
        return
    if len(sound) == len(judged):
        words = _all_sound(evidence, judged)
        title = "You played it as well as could be measured"
        weight = 1.0
    else:
        words = (
            f"{len(sound)} of {_of_yours(evidence, judged)} gave away nothing that could be "
            "measured against the moves compared."
        )
        title, weight = "Most of your moves were sound", len(sound) / len(judged) / 2
    yield Finding(
        kind="sound-moves",
        title=title,
        words=words,
        moves=sorted_moves([one.number for one in sound]),
        weight=weight,
        is_merit=True,
    )


def _all_sound(evidence: Evidence, judged: Sequence[MoveNote]) -> str:
    against = "that could be measured against the moves compared."
    if len(judged) > 1:
        return f"None of {_of_yours(evidence, judged)} gave away anything {against}"
    number, every = judged[0].number, len(evidence.own_notes)
    if every == 1:
        return f"Your one move, number {number}, gave away nothing {against}"
    return f"Move {number}, the only one of yours that could be judged, gave away nothing {against}"


def _of_yours(evidence: Evidence, judged: Sequence[MoveNote]) -> str:
    every = len(evidence.own_notes)
    own = "moves" if every == len(evidence.notes) else "own moves"
    if len(judged) == every:
        return f"your {every} {own}"
    return f"those {len(judged)} of your {every} {own} that could be judged"


def stood_in(evidence: Evidence) -> Iterator[Finding]:
    """Yield what the moves of a person's stand-in gave away.

    Weight: half of their losses, shares of the possible gain, added up.
    """
    theirs = [one for one in evidence.notes if one.is_stand_ins]
    costly = [one for one in theirs if one.loss]
    if costly:
        lost = sum(one.loss_points or 0.0 for one in costly)
        yield Finding(
            kind="stood-in",
            title="Take your seat back before it costs you",
            words=(
                f"Your stand-in made {counted(len(theirs), 'move')}; {_moves_told(costly)} gave "
                f"away {tenths(lost)} points that could be expected."
            ),
            moves=sorted_moves([one.number for one in costly]),
            weight=min(1.0, sum(one.loss or 0.0 for one in costly)) / 2,
        )


def needless_concessions(evidence: Evidence) -> Iterator[Finding]:
    """Yield the ground that was given although the last offer would have been accepted.

    Weight: what the first of them gave up, as a share of the possible gain.
    """
    if evidence.reading is None:
        return
    own = {one.number for one in evidence.own_notes}
    needless = [
        one
        for one in evidence.reading.moves
        if one.unneeded_concession and one.ground and one.number + 1 in own
    ]
    if not needless:
        return
    first = needless[0]
    given = 0.0 if first.ground is None else -first.ground.changes[evidence.recorded.party]
    models = evidence.reading.counterpart_models.values()
    by = (
        ("by its own mind" if len(models) == 1 else "by their own minds")
        if set(models) == {"its own mind"}
        else "as far as the nearest concession curves tell"
    )
    more = (
        f" It was the first of {counted(len(needless), 'such concession')}."
        if len(needless) > 1
        else ""
    )
    yield Finding(
        kind="needless-concession",
        title="Do not give what nobody is waiting for",
        words=(
            f"At move {first.number + 1} you gave up {tenths(given)} points although "
            f"{evidence.them} would have accepted your last offer, {by}.{more}"
        ),
        moves=sorted_moves([one.number + 1 for one in needless]),
        weight=evidence.share(given),
    )


def advice(evidence: Evidence) -> Iterator[Finding]:
    """Yield what became of the adviser: advice not taken at a cost, or never asked for.

    Weight: the losses of the moves that went against it; where it was never asked, a tenth of all
    losses.
    """
    yield from _not_taken(evidence)
    yield from _not_asked(evidence)


def _not_taken(evidence: Evidence) -> Iterator[Finding]:
    by_turn = {one.turn: one for one in evidence.own_notes}
    against = [
        note
        for one in evidence.recorded.advice
        if (note := by_turn.get(one.turn)) is not None
        and note.loss
        and evidence.recorded.advised(one) != note.move
    ]
    if against:
        worst = max(against, key=lambda one: one.loss or 0.0)
        yield Finding(
            kind="advice-not-taken",
            title="Weigh advice before you go against it",
            words=(
                f"At {_moves_told(against)} you did otherwise than the adviser said; the "
                f"costliest, move {worst.number}, gave away {tenths(worst.loss_points or 0.0)} "
                "points that could be expected."
            ),
            moves=sorted_moves([one.number for one in against]),
            weight=min(1.0, sum(one.loss or 0.0 for one in against)),
        )


def _not_asked(evidence: Evidence) -> Iterator[Finding]:
    spec = evidence.recorded.specs.get(evidence.recorded.party)
    costly = [one for one in evidence.own_notes if one.loss]
    if spec is not None and spec.may_ask_advice and not evidence.recorded.advice and costly:
        yield Finding(
            kind="advice-not-asked",
            title="Ask when you are not sure",
            words=(
                f"The adviser was there and was not asked; {_moves_told(costly)} gave away "
                f"{tenths(sum(one.loss_points or 0.0 for one in costly))} points that could be "
                "expected."
            ),
            moves=sorted_moves([one.number for one in costly]),
            weight=min(1.0, sum(one.loss or 0.0 for one in costly)) / 10,
        )


def _moves_told(notes: Sequence[MoveNote]) -> str:
    numbers = sorted({one.number for one in notes})
    if len(numbers) > 4:
        return f"{len(numbers)} moves"
    return f"move{'' if len(numbers) == 1 else 's'} {series([str(one) for one in numbers])}"
