"""A debrief line by line: for terminals without screens, pipes and screen readers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from delegates.debriefing.as_json import NOT_FOR
from delegates.debriefing.leftover import left_told
from delegates.debriefing.wording import label, option
from delegates.text import one_line
from games.naming import called as in_sentence
from games.point_words import tenths
from tui.text.columns import cut, left
from tui.text.endings import IN_FULL
from tui.text.wording import LIMITS, hung, paragraph

if TYPE_CHECKING:
    from games.review.debrief import Alternative, Debrief, Lesson, MoveNote, SheetLine
    from games.scenario import Scenario

MOST_PARTIES = 12
"""Parties up to which each one's accuracy and points are told."""

STEPS = 4
"""Moves of a continuation that are told line by line; how it ends is told in any case."""

GRADES = {"inaccuracy": "?!", "mistake": "?", "blunder": "??"}
"""How a graded move is marked, as chess players do."""

MARKS = (
    "?! inaccuracy: it gave away something that could be measured; ? mistake: 5% or more of what "
    "could be gained; ?? blunder: 15% or more."
)
"""What the marks mean."""


def review_lines(found: Debrief) -> list[str]:
    """Return the whole debrief as lines of text."""
    return [*_head(found), *_lessons(found), *_moves(found), *_after(found), "", paragraph(LIMITS)]


def _head(found: Debrief) -> Iterator[str]:
    scenario, own = found.scenario, found.party
    yield paragraph(f"Review of {in_words(scenario, own)} in {one_line(scenario.title)}")
    yield paragraph(f"Session {one_line(found.session)}. {IN_FULL[found.status]}.")
    if found.agreement is not None:
        for issue, value in found.agreement.items():
            yield hung("  ", f"{label(scenario, issue)}: {option(scenario, issue, value)}", "    ")
    yield ""
    for note in found.notes:
        yield paragraph(f"Note: {note}")
    yield from _figures(found)
    if found.hints:
        yield f"The adviser was asked {found.hints} time{'' if found.hints == 1 else 's'}."
    yield ""


def called(scenario: Scenario, party: str) -> str:
    """Return a party's name, cleaned."""
    return one_line(scenario.parties[party].name) or party


def in_words(scenario: Scenario, party: str) -> str:
    """Return a party's name as it stands in a sentence: `the United States`."""
    return in_sentence(called(scenario, party))


def _figures(found: Debrief) -> Iterator[str]:
    own = found.party
    if found.is_sealed:  # a note has said what is kept
        return
    yield paragraph(f"Accuracy: {accuracy_words(found)}")
    if found.hindsight is not None:
        yield f"In hindsight (never counted): {found.hindsight:.0f}%"
    if found.status != "open":
        yield (
            f"Points: {tenths(found.utilities[own])}, {tenths(found.payoffs[own])} in time; "
            f"without agreement (r) {tenths(found.reservations[own])}"
        )
    others = [party for party in found.accuracies if party != own]
    if len(others) < MOST_PARTIES:
        for party in others:
            value = found.accuracies[party]
            told = "not computed" if value is None else f"{value:.0f}%"
            had = f", {tenths(found.utilities[party])} points" if found.status != "open" else ""
            yield paragraph(f"{called(found.scenario, party)}: accuracy {told}{had}")
    yield paragraph(f"Left on the table: {left_told(found)}")


def accuracy_words(found: Debrief) -> str:
    """Return the accuracy with its standard error, or why there is none."""
    if found.accuracy is None:
        return found.accuracy_note or "not computed"
    error = "" if found.accuracy_error is None else f" ± {found.accuracy_error:.0f}"
    note = f" ({found.accuracy_note})" if found.accuracy_note else ""
    return f"{found.accuracy:.0f}{error}%{note}"


def _lessons(found: Debrief) -> Iterator[str]:
    if not found.lessons:
        return
    yield "LESSONS"
    for number, lesson in enumerate(found.lessons, 1):
        yield hung(f"{number}. ", f"{lesson.title}. {lesson.words}{pointed(lesson)}")
    yield ""


def pointed(lesson: Lesson) -> str:
    """Return the moves that a lesson points to, as a note behind it."""
    if not lesson.moves:
        return ""
    numbers = ", ".join(map(str, lesson.moves))
    return f" (move{'' if len(lesson.moves) == 1 else 's'} {numbers})"


def _moves(found: Debrief) -> Iterator[str]:
    yield "YOUR MOVES"
    if not found.moves:
        yield "You made no move."
    elif any(GRADES.get(one.kind) for note in found.moves for one in note.remarks):
        yield paragraph(MARKS)
    for note in found.moves:
        yield from _move(found, note)
    yield ""


def mark(note: MoveNote) -> str:
    """Return how a move is graded, as a mark; nothing where it is not."""
    return next((GRADES[one.kind] for one in note.remarks if one.kind in GRADES), "")


def _move(found: Debrief, note: MoveNote) -> Iterator[str]:
    worth = "" if note.utility is None else f" ({tenths(note.utility)} points)"
    who = ", your stand-in" if note.is_stand_ins else ""
    told = f"Round {note.round + 1}{who}: {note.told}{worth}"
    yield hung(f"{note.number}{mark(note)}. ", told, "   ")
    for remark in note.remarks:
        yield hung("   - ", f"{remark.kind.replace('-', ' ')}: {remark.words}", "     ")
    if note.best is not None:
        yield hung("   > ", f"best: {note.best.words}", "     ")
        yield from _continuation(found, note.best)


def _continuation(found: Debrief, best: Alternative) -> Iterator[str]:
    for step in best.continuation[:STEPS]:
        who = in_words(found.scenario, step.party)
        yield hung("     ", f"round {step.round + 1}: {who} {step.words}", "       ")
    if len(best.continuation) > STEPS:
        yield "     …"
    yield hung("     ", ended(found, best), "       ")


def ended(found: Debrief, best: Alternative) -> str:
    """Return how an alternative would have ended, and by what that is foretold."""
    return f"ends in {best.ends} ({foretold(found, best)})" if best.by else best.ends


def foretold(found: Debrief, best: Alternative) -> str:
    """Return by what the others' answers in a continuation are foretold."""
    kinds = set(best.by.values())
    if len(kinds) == 1 and len(best.by) > 1:
        return f"the others answering by {_by(next(iter(kinds)), len(best.by))}"
    told = [
        f"{in_words(found.scenario, party)} answering by {_by(how, 1)}"
        for party, how in best.by.items()
    ]
    return ", ".join(told)


def _by(how: str, parties: int) -> str:
    if how == "its own mind":
        return "its own mind" if parties == 1 else "their own minds"
    return "its nearest concession curve" if parties == 1 else "their nearest concession curves"


def _after(found: Debrief) -> Iterator[str]:
    if found.beliefs:
        yield from _beliefs(found)
    if found.holds:
        yield "WILL IT HOLD?"
        for sentence in found.holds:
            yield paragraph(sentence)
        yield ""
    if found.sheet:
        yield "YOUR PREPARATION"
        for line in found.sheet:
            yield hung("- ", sheet_words(line))
        yield ""
    yield paragraph(NOT_FOR)


def sheet_words(line: SheetLine) -> str:
    """Return a line of the preparation sheet in a sentence."""
    again = "" if line.again is None else f"; at half time: {line.again}"
    verdict = f"{line.verdict[:1].upper()}{line.verdict[1:]}" if line.verdict else ""
    found = f"{line.what}: you wrote {line.said}{again}; as it was: {line.true}. {verdict}"
    return found if found.endswith(".") else f"{found}."


def _beliefs(found: Debrief) -> Iterator[str]:
    yield "WHAT THEY WANTED"
    yield paragraph(
        "For each issue what it weighs for the other party; what its offers let one read; and how "
        "much of what your offers gave up was given there."
    )
    named = ""
    for one in found.beliefs:
        if one.party != named:
            named = one.party
            who = cut(called(found.scenario, one.party), 40)
            yield f"  {left(who, 44)}{'true':>7}{'read':>8}{'given':>8}"
        shares = (one.true_weight, one.read_weight, one.implied_weight)
        told = [("–" if share is None else f"{share:.0%}") for share in shares]
        yield f"    {left(cut(one_line(one.label), 40), 42)}{told[0]:>7}{told[1]:>8}{told[2]:>8}"
    yield ""
