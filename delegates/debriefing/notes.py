"""Every move of the reviewed party, annotated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from delegates.debriefing.recorded import Recorded
from delegates.debriefing.wording import (
    SECRETS,
    changes,
    label,
    name,
    percent,
    signed,
    terms,
    told_after,
    told_in,
)
from delegates.text import one_line
from games.moves import Accept, Offer, WalkAway
from games.naming import series
from games.point_words import tenths
from games.review.debrief import Alternative, MoveNote, Remark, RemarkKind, Step
from games.review.positions import Position, last_offer, settled
from games.session import State, expected_payoffs, payoffs, utilities
from games.tactics.frequency_model import mean_worths
from games.utility import TIE

if TYPE_CHECKING:
    from games.outcomes import FloatArray
    from games.review.continuations import CounterpartModel, Line
    from games.review.leaks import Leak
    from games.review.reading import MoveReading, SessionReading
    from games.scenario import Scenario

MISTAKE = 0.05
"""Share of the possible gain from which a loss is a mistake; any smaller one that is measured is an
inaccuracy."""

BLUNDER = 0.15
"""Share from which it is a blunder."""

MOST_STEPS = 60
"""Moves of a continuation that are told; how it ends is told however long it is."""

BY_STAND_IN = "decided by your stand-in, not by you"
"""Said of a move that a person's stand-in made."""

LITTLE = 0.05
"""Points under which two ends of a session are told as the same."""

_WEIGHT: dict[RemarkKind, int] = {
    kind: weight
    for weight, kind in enumerate(
        (
            "blunder",
            "below-reservation",
            "missed-acceptance",
            "mistake",
            "leak",
            "needless-concession",
            "inaccuracy",
            "dominated-offer",
            "best",
            "fine",
        )
    )
}


def grade(loss: float) -> RemarkKind:
    """Return what a measured loss is called by its size, a share of the possible gain."""
    if loss >= BLUNDER:
        return "blunder"
    return "mistake" if loss >= MISTAKE else "inaccuracy"


def remark_order(remark: Remark) -> int:
    """Return where a remark stands among others of the same move, the weightiest first."""
    return _WEIGHT.get(remark.kind, len(_WEIGHT))


def move_notes(recorded: Recorded, reading: SessionReading | None) -> tuple[MoveNote, ...]:
    """Return the moves of the reviewed party, annotated.

    Args:
        recorded: The session.
        reading: What the mathematics says of it; None where it says nothing.
    """
    read = {} if reading is None else {one.number: one for one in reading.moves}
    models = {} if reading is None else reading.counterpart_models
    return tuple(
        _note(recorded, position, read.get(position.number), models)
        for position in recorded.positions
        if position.state.party == recorded.party
    )


def _note(
    recorded: Recorded,
    position: Position,
    read: MoveReading | None,
    models: dict[str, CounterpartModel],
) -> MoveNote:
    state, event = position.state, recorded.made[position.number]
    own, outcome = state.scenario.preferences[recorded.seat], settled(position)
    if outcome is None and isinstance(position.act.move, Accept):
        outcome = state.on_table
    judgement = None if read is None or recorded.is_sealed else read.judgement
    remarks = [*_judged(recorded, position, read), *_plain(recorded, position, outcome)]
    by_stand_in = recorded.is_stand_ins(position.number)
    if by_stand_in:
        remarks.append(Remark(kind="stand-in", words=BY_STAND_IN))
    remarks.sort(key=remark_order)
    lost = judgement is not None and judgement.loss > 0
    return MoveNote(
        number=position.number + 1,
        turn=position.act.turn,
        round=state.round,
        move=position.act.move,
        told=told_in(recorded.scenario, state, position.history, position.act.move),
        words=one_line(event.words),
        utility=None if outcome is None else own.utility(outcome),
        over_reservation=None if outcome is None else own.utility(outcome) - own.reservation,
        remarks=tuple(remarks),
        loss=None if judgement is None else judgement.loss,
        loss_points=None
        if judgement is None
        else (judgement.difference if judgement.loss > 0 else 0.0),
        standard_error=None if judgement is None else judgement.standard_error,
        hindsight_loss=None if read is None or recorded.is_sealed else read.hindsight_loss,
        best=_alternative(recorded, position, read, models) if lost and read else None,
        is_stand_ins=by_stand_in,
    )


def own_last(position: Position) -> int | None:
    """Return what the mover had last offered before its move; None if it had offered nothing."""
    return last_offer(position.history, position.act.mover)


def leaked(leaks: Iterable[Leak]) -> Iterator[Remark]:
    """Yield the private figures that a move's words gave away."""
    for leak in leaks:
        words = f"says “{one_line(leak.text)}”, which gives away {SECRETS[leak.secret]}"
        yield Remark(kind="leak", words=words)


# --- what the mathematics says of a move


def _judged(recorded: Recorded, position: Position, read: MoveReading | None) -> Iterator[Remark]:
    if read is None:
        return
    scenario, own = recorded.scenario, position.state.scenario.preferences[recorded.seat]
    yield from leaked(read.leaks)
    known = read.dominated_as_known
    if known is not None and known.better is not None:
        yield Remark(
            kind="dominated-offer",
            words=(
                "as far as its offers let one know, another offer was better for "
                f"{_others(recorded)} and no worse for you: "
                f"{changes(scenario, _outcome(position), known.better)}"
            ),
        )
    if recorded.is_sealed:
        return
    truth = read.dominated_in_truth
    if truth is not None and truth.better is not None:
        gains = [
            f"{signed(one.utility(truth.better) - one.utility(_outcome(position)))} to "
            f"{name(scenario, one.party)}"
            for one in position.state.scenario.preferences
            if one.party != recorded.party
        ]
        yield Remark(
            kind="dominated-offer",
            words=(
                f"in truth {changes(scenario, _outcome(position), truth.better)} would have been "
                f"worth {series(gains)} at no cost to you"
            ),
        )
    if read.unneeded_concession and read.ground is not None:
        given = 0.0 - read.ground.changes[own.party]
        yield Remark(
            kind="needless-concession",
            words=(
                f"gives up {tenths(given)} points although your last offer would have been accepted"
            ),
        )
    yield from _graded(recorded, position, read)


def _graded(recorded: Recorded, position: Position, read: MoveReading) -> Iterator[Remark]:
    judgement = read.judgement
    if judgement is None:
        return
    if judgement.refused_better:
        yield Remark(
            kind="missed-acceptance",
            words=(
                "what was on the table was better to accept than any move compared that goes on: "
                f"worth {_worth(recorded, position)} points to you"
            ),
        )
    if judgement.loss > 0:
        yield Remark(
            kind=grade(judgement.loss),
            words=(
                f"gives away {tenths(judgement.difference)} points that could be expected, "
                f"± {tenths(judgement.standard_error)} "
                f"({percent(judgement.loss)} of what you could gain)"
            ),
        )
        yield from _in_hindsight(recorded, read)
        return
    of_better = "better" if judgement.best == 0 else "measurably better"
    if _is_dominated(read):
        words = f"it cost you nothing: no move compared was {of_better} for you"
        yield Remark(kind="fine", words=words)
    else:
        yield Remark(kind="best", words=f"nothing compared was {of_better}")


def _is_dominated(read: MoveReading) -> bool:
    found = (read.dominated_as_known, read.dominated_in_truth)
    return any(one is not None and one.better is not None for one in found)


def _in_hindsight(recorded: Recorded, read: MoveReading) -> Iterator[Remark]:
    """Yield what was lost, and what the best move would have come to, against them as they are."""
    if read.hindsight_loss is None:
        return
    who = f"against {_others(recorded)} as {'it is' if _is_pair(recorded) else 'they are'}"
    more = None if read.best_line is None else over_end(recorded, read.best_line.final)
    if more is not None and more <= -LITTLE and read.best_line is not None:
        failed = read.best_line.final.agreement is None
        end = "it would have failed, with no agreement and" if failed else "it would have brought"
        yield Remark(
            kind="other",
            words=(
                f"over the counterparts you could expect, another move was better; {who}, {end} "
                f"{tenths(-more)} points less to you than you have now"
            ),
        )
    elif read.hindsight_loss <= 0:
        words = f"in hindsight nothing was lost: {who} no move compared would have brought more"
        yield Remark(kind="other", words=words)
        return
    if read.hindsight_loss > 0:
        share = percent(read.hindsight_loss)
        words = f"in hindsight {share} of what you could gain was lost, {who}"
        yield Remark(kind="other", words=words)


def over_end(recorded: Recorded, final: State) -> float | None:
    """Return how much more than the session another end brings the party; None before it is over.

    In own points, time counted, before any capital has spoken.
    """
    if recorded.final.is_open or recorded.is_sealed:
        return None
    own = recorded.party
    return expected_payoffs(final)[own] - expected_payoffs(recorded.final)[own]


def _is_pair(recorded: Recorded) -> bool:
    return len(recorded.scenario.ids) == 2


def _worth(recorded: Recorded, position: Position) -> str:
    state = position.state
    on_table = state.on_table
    own = state.scenario.preferences[recorded.seat]
    return "–" if on_table is None else tenths(own.utility(on_table))


def _outcome(position: Position) -> int:
    found = settled(position)
    if found is None:
        raise AssertionError("what is dominated names no outcome")
    return found


def _others(recorded: Recorded) -> str:
    others = [one for one in recorded.scenario.ids if one != recorded.party]
    return name(recorded.scenario, others[0]) if len(others) == 1 else "the others"


# --- what can be said of a move without any


def _plain(recorded: Recorded, position: Position, outcome: int | None) -> Iterator[Remark]:
    state, move = position.state, position.act.move
    own = state.scenario.preferences[recorded.seat]
    if isinstance(move, WalkAway):
        yield Remark(
            kind="walk-away",
            words=f"leaves with the {tenths(own.reservation)} points of no agreement",
        )
        return
    if outcome is None:
        return
    over = own.utility(outcome) - own.reservation
    if own.falls_short(outcome) and isinstance(move, Accept | Offer):
        yield Remark(
            kind="below-reservation",
            words=f"worth {tenths(-over)} points less to you than no agreement",
        )
    if isinstance(move, Accept) and state.mover in state.standing:
        yield Remark(kind="repeat", words="the same again")
    elif isinstance(move, Accept):
        yield Remark(
            kind="acceptance",
            words=f"accepts {tenths(own.utility(outcome))} points, {signed(over)} over your r",
        )
    elif isinstance(move, Offer):
        yield _offered(recorded, position, outcome)
        yield from _refused(recorded, position)


def _refused(recorded: Recorded, position: Position) -> Iterator[Remark]:
    state = position.state
    own, on_table = state.scenario.preferences[recorded.seat], state.on_table
    if on_table is None or state.mover in state.standing:
        return
    yield Remark(
        kind="refusal",
        words=(f"leaves what is on the table, worth {tenths(own.utility(on_table))} points to you"),
    )


def _offered(recorded: Recorded, position: Position, outcome: int) -> Remark:
    """Return what an offer does to the party's last one, by its own points."""
    own, last = position.state.scenario.preferences[recorded.seat], own_last(position)
    reach = own.highest - own.reservation
    if last is None:
        over = own.utility(outcome) - own.reservation
        share = f" ({percent(over / reach)} of the most you could get)" if reach > TIE else ""
        words = f"opens at {tenths(own.utility(outcome))} points, {signed(over)} over your r"
        return Remark(kind="opening", words=words + share)
    if last == outcome:
        return Remark(kind="repeat", words="the same offer again")
    change = own.utility(outcome) - own.utility(last)
    up, down = moved_issues(recorded.scenario, own.utilities, last, outcome)
    theirs = "" if recorded.is_sealed else f"; {_their_changes(recorded, position, last, outcome)}"
    if up and down:
        gained, given = (
            series([label(recorded.scenario, issue) for issue in side]) for side in (up, down)
        )
        words = f"trades {given} for {gained}: {signed(change)} points to you{theirs}"
        return Remark(kind="trade", words=words)
    if change < -TIE:
        share = f" ({percent(-change / reach)} of what lies over your r)" if reach > TIE else ""
        words = f"gives up {tenths(-change)} points{share}{theirs}"
        return Remark(kind="concession", words=words)
    if change > TIE:
        words = f"asks for {tenths(change)} points more than before{theirs}"
        return Remark(kind="demand", words=words)
    return Remark(kind="other", words=f"costs you nothing{theirs}")


def _their_changes(recorded: Recorded, position: Position, last: int, outcome: int) -> str:
    return series(
        [
            f"{signed(one.utility(outcome) - one.utility(last))} to "
            f"{name(recorded.scenario, one.party)}"
            for one in position.state.scenario.preferences
            if one.party != recorded.party
        ]
    )


def moved_issues(
    scenario: Scenario, utilities: FloatArray, before: int, after: int
) -> tuple[list[str], list[str]]:
    """Return the issues on which an outcome is better than an earlier one, and those where worse.

    By the mean worth of their options over all settlements of the other issues.
    """
    worths = mean_worths(scenario.space, utilities)
    old, new = scenario.space.levels_of(before), scenario.space.levels_of(after)
    rises = {
        issue: worth[level] - worth[was]
        for issue, worth, was, level in zip(scenario.space.issues, worths, old, new, strict=True)
    }
    up = [issue for issue, rise in rises.items() if rise > TIE]
    return up, [issue for issue, rise in rises.items() if rise < -TIE]


# --- the best alternative


def _alternative(
    recorded: Recorded,
    position: Position,
    read: MoveReading,
    models: dict[str, CounterpartModel],
) -> Alternative | None:
    judgement, line = read.judgement, read.best_line
    if judgement is None or line is None:
        return None
    best = judgement.candidates[judgement.best]
    return Alternative(
        move=best.move,
        words=told_in(recorded.scenario, position.state, position.history, best.move),
        expected_gain=best.expected_gain,
        continuation=_steps(recorded, position, line),
        ends=_ending(recorded, line.final),
        by=dict(models),
        over_end=over_end(recorded, line.final),
    )


def _steps(recorded: Recorded, position: Position, line: Line) -> tuple[Step, ...]:
    """Return what follows the first move of a line, up to `MOST_STEPS` moves."""
    scenario, history = recorded.scenario, [*position.history, line.acts[0]]
    steps: list[Step] = []
    for act in line.acts[1 : MOST_STEPS + 1]:
        steps.append(
            Step(
                round=act.turn // len(scenario.ids),
                party=scenario.ids[act.mover],
                words=told_after(scenario, history, act),
            )
        )
        history.append(act)
    return tuple(steps)


def _ending(recorded: Recorded, final: State) -> str:
    own = recorded.party
    if final.agreement is None:
        how = "a party leaves" if final.status == "walked-away" else "the rounds run out"
        return f"no agreement: {how}, and you have {tenths(utilities(final)[own])} points"
    worth, in_time = utilities(final)[own], payoffs(final)[own]
    counted = "" if abs(worth - in_time) < 0.05 else f" ({tenths(in_time)}, time counted)"
    return (
        f"agreement in round {final.rounds_begun}: {tenths(worth)} points to you{counted}, by "
        f"{terms(recorded.scenario, final.agreement)}"
    )
