"""A debrief for print: the same as on the screen, as Markdown or as one HTML file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from delegates.debriefing.as_json import NOT_FOR
from delegates.debriefing.leftover import left_told
from delegates.debriefing.wording import label, name, option
from delegates.text import counted, one_line
from games.point_words import tenths
from tui.report.document import Block, Caption, Document, Figure, Heading, Listed, Table, Words
from tui.report.review_charts import Course, Weights
from tui.text.endings import IN_FULL
from tui.text.review import (
    MARKS,
    MOST_PARTIES,
    accuracy_words,
    called,
    foretold,
    in_words,
    mark,
    pointed,
)

if TYPE_CHECKING:
    from games.review.debrief import Alternative, Debrief, MoveNote

STAMP = (
    "SIMULATION. States are stylised; weights, red lines, patience and penalties are judgements. "
    "Delegates' words are machine-written; no government said them. For training and research: it "
    "predicts and advises no government."
)

LIMITS = (
    NOT_FOR,
    (
        "A move is judged against counterparts drawn from what the seat could know then, and "
        "against a few moves; another move that was not compared may have been better still."
    ),
    (
        "In hindsight means against the counterparts as they were; it shows what luck did and "
        "never enters the accuracy."
    ),
    "Points, reservation values, patience, trust and penalties are judgements throughout.",
    "What delegates say in sessions is machine-written; models carry cultural bias.",
)
"""What every review states of itself."""

MOST_STEPS = 12
"""Moves of a continuation that are printed."""


def review_report(found: Debrief) -> Document:
    """Return a debrief as a document."""
    scenario = found.scenario
    told = [
        one_line(scenario.title),
        f"session {one_line(found.session)}",
        scenario.date,
        counted(len(found.moves), "own move"),
    ]
    return Document(
        title=f"Review: {called(scenario, found.party)}",
        subtitle=" · ".join(told),
        edition="Review",
        holds=(
            "Holds what the person at this seat may know while the session is not over."
            if found.is_sealed
            else "Holds what every party wanted and could have had. Hand it out after the session."
        ),
        stamp=STAMP,
        blocks=list(_blocks(found)),
    )


def _blocks(found: Debrief) -> Iterator[Block]:
    yield from _outcome(found)
    yield from _lessons(found)
    yield from _moves(found)
    yield from _wanted(found)
    if found.holds:
        yield Heading("Will it hold?")
        yield Listed(found.holds)
    if found.sheet:
        yield Heading("Your preparation against the truth")
        yield Table(
            head=("", "you wrote", "at half time", "in truth, or done", "verdict"),
            rows=tuple(
                (one.what, one.said, one.again or "–", one.true, _verdict(one.verdict, one.is_good))
                for one in found.sheet
            ),
        )
    yield Heading("Limits")
    yield Listed(LIMITS)


def _verdict(words: str, is_good: bool | None) -> str:
    return words if is_good is None else f"{'✓' if is_good else '✗'} {words}"


def _outcome(found: Debrief) -> Iterator[Block]:
    yield Heading("How it went")
    yield Words(f"{IN_FULL[found.status]}.")
    if found.agreement is not None:
        yield Table(
            head=("issue", "agreed"),
            rows=tuple(
                (label(found.scenario, issue), option(found.scenario, issue, value))
                for issue, value in found.agreement.items()
            ),
        )
    told: list[str] = []
    if not found.is_sealed:  # else a note says what is kept
        told.append(f"Accuracy: {accuracy_words(found)}")
    if found.hindsight is not None:
        told.append(f"In hindsight, never counted: {found.hindsight:.0f}%")
    if not found.is_sealed:
        told.append(f"Left on the table: {left_told(found)}")
    if found.hints:
        told.append(f"The adviser was asked {found.hints} time{'' if found.hints == 1 else 's'}.")
    yield Listed((*told, *found.notes))
    yield from _parties(found)


def _parties(found: Debrief) -> Iterator[Block]:
    shown = [party for party in found.parties if party in found.utilities]
    if len(shown) > MOST_PARTIES:
        shown = [found.party]
    if found.status == "open":
        return
    yield Table(
        head=("party", "points", "in time", "without agreement (r)", "accuracy"),
        rows=tuple(
            (
                called(found.scenario, party) + (" (reviewed)" if party == found.party else ""),
                tenths(found.utilities[party]),
                tenths(found.payoffs[party]),
                tenths(found.reservations[party]),
                _percent(found.accuracies.get(party)),
            )
            for party in shown
        ),
        figures=(1, 2, 3, 4),
    )


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}%"


def _lessons(found: Debrief) -> Iterator[Block]:
    if not found.lessons:
        return
    yield Heading("Lessons")
    for number, one in enumerate(found.lessons, 1):
        yield Heading(f"{number}. {one.title}", 3)
        yield Words(f"{one.words}{pointed(one)}")


def _moves(found: Debrief) -> Iterator[Block]:
    yield Heading("Your moves")
    if not found.moves:
        yield Words("You made no move.")
        return
    yield from _course(found)
    if any(mark(one) for one in found.moves):
        yield Words(MARKS, is_aside=True)
    for note in found.moves:
        yield from _move(found, note)


def _course(found: Debrief) -> Iterator[Block]:
    told = [(one.number, one.utility) for one in found.moves if one.utility is not None]
    if not told:
        return
    course = Course(
        moves=[number for number, _ in told],
        worth=[worth for _, worth in told],
        reservation=found.reservations[found.party],
        marked=frozenset(one.number for one in found.moves if mark(one)),
    )
    what = "What each of your moves asked for or took, in your points"
    yield Figure(
        course,
        Caption(
            in_colours=f"{what}. Diamonds gave something away; the broken line is no agreement.",
            in_words=f"{what}.",
        ),
    )


def _move(found: Debrief, note: MoveNote) -> Iterator[Block]:
    worth = "" if note.utility is None else f", {tenths(note.utility)} points"
    yield Heading(f"Move {note.number}{mark(note)}, round {note.round + 1}{worth}", 4)
    who = "Your stand-in" if note.is_stand_ins else name(found.scenario, found.party, begins=True)
    yield Words(f"{who} {note.told}.")
    if note.words:
        yield Words(f"“{note.words}”", is_aside=True)
    yield Listed(
        tuple(f"{one.kind.replace('-', ' ')}: {one.words}" for one in note.remarks)
        or ("nothing to remark",)
    )
    if note.best is not None:
        yield from _best(found, note.best)


def _best(found: Debrief, best: Alternative) -> Iterator[Block]:
    yield Words(
        f"Best of the moves compared: {best.words}; it could be expected to bring "
        f"{tenths(best.expected_gain)} points over no agreement. {_ended(found, best)}"
    )
    if best.continuation:
        steps = [
            f"Round {one.round + 1}: {in_words(found.scenario, one.party)} {one.words}"
            for one in best.continuation[:MOST_STEPS]
        ]
        more = len(best.continuation) - MOST_STEPS
        yield Listed((*steps, *((f"… and {counted(more, 'more move')}",) if more > 0 else ())))


def _ended(found: Debrief, best: Alternative) -> str:
    if not best.by:
        return f"That is {best.ends}."
    return f"It would have ended in {best.ends} ({foretold(found, best)})."


def _wanted(found: Debrief) -> Iterator[Block]:
    if not found.beliefs:
        return
    yield Heading("What they wanted")
    yield Words(
        "For each issue: what it weighs for the other party, what its offers let one read, and how "
        "much of what your offers gave up was given there."
    )
    parties = list(dict.fromkeys(one.party for one in found.beliefs))
    for party in parties[:MOST_PARTIES]:
        rows = [one for one in found.beliefs if one.party == party]
        who, inside = called(found.scenario, party), in_words(found.scenario, party)
        yield Heading(who, 3)
        yield Figure(
            Weights(
                party=who,
                labels=[one_line(one.label) for one in rows],
                wanted=[one.true_weight for one in rows],
                given=[one.implied_weight for one in rows],
            ),
            Caption(
                in_colours=f"Dark: what each issue weighs for {inside}. Light: what you gave.",
                in_words=f"What each issue weighs for {inside}, and what you gave there.",
            ),
        )
        yield Table(
            head=("issue", "true weight", "as its offers read", "what you gave"),
            rows=tuple(
                (
                    one_line(one.label),
                    f"{one.true_weight:.0%}",
                    _share(one.read_weight),
                    _share(one.implied_weight),
                )
                for one in rows
            ),
            figures=(1, 2, 3),
        )
    more = len(parties) - MOST_PARTIES
    if more > 0:
        yield Words(f"… and {more} more parties; “--format json” has them all.")


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"
