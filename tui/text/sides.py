"""The debriefs of one session side by side, line by line: a column a seat, as many as fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from delegates.classroom.as_json import FOR_WHOM
from delegates.debriefing.as_json import NOT_FOR
from delegates.debriefing.wording import label, option
from delegates.text import counted, one_line
from tui.text.class_words import (
    belief_head,
    belief_rows,
    efficiency_words,
    party_name,
    side_rows,
    side_words,
)
from tui.text.columns import cut, left, right
from tui.text.endings import IN_FULL
from tui.text.review import pointed, sheet_words
from tui.text.wording import LIMITS, WIDTH, hung, paragraph

if TYPE_CHECKING:
    from delegates.classroom.side_by_side import Side, SideBySide

_LEAD = 28
"""Columns of what a figure is."""

_SEAT = 17
"""Columns of a seat."""

_ABREAST = (WIDTH - _LEAD) // _SEAT


def sides_lines(found: SideBySide) -> list[str]:
    """Return the debriefs of one session as lines of text."""
    return [
        *_head(found),
        *_figures(found),
        *(line for side in found.sides for line in _seat(found, side)),
        *_wanted(found),
        paragraph(NOT_FOR),
        paragraph(LIMITS),
    ]


def _head(found: SideBySide) -> Iterator[str]:
    scenario = found.scenario
    yield paragraph(f"Debriefs side by side: {one_line(scenario.title)}")
    yield paragraph(FOR_WHOM)
    yield paragraph(
        f"Session {one_line(found.session)}, {counted(found.rounds, 'round')}, "
        f"{counted(found.moves, 'move')}. {IN_FULL[found.status]}."
    )
    for issue, value in (found.agreement or {}).items():
        yield hung("  ", f"{label(scenario, issue)}: {option(scenario, issue, value)}", "    ")
    for note in found.notes:
        yield paragraph(f"Note: {note}")
    if found.status != "open":
        for told in efficiency_words(found.efficiency):
            yield paragraph(told)
    yield ""


def _figures(found: SideBySide) -> Iterator[str]:
    rows = side_rows(found)
    names = [party_name(found.scenario, one.party) for one in found.sides]
    for first in range(0, len(names), _ABREAST):
        yield _line("", names[first : first + _ABREAST])
        for name, cells in rows:
            yield _line(name, cells[first : first + _ABREAST])
        yield ""


def _line(lead: str, cells: Sequence[str]) -> str:
    told = "".join(f"{right(cut(cell, _SEAT - 1), _SEAT)}" for cell in cells)
    return f"{left(cut(lead, _LEAD), _LEAD)}{told}"


def _seat(found: SideBySide, side: Side) -> Iterator[str]:
    yield party_name(found.scenario, side.party).upper()
    for told in side_words(side):
        yield hung("- ", told)
    for number, lesson in enumerate(side.debrief.lessons, 1):
        yield hung(f"{number}. ", f"{lesson.title}. {lesson.words}{pointed(lesson)}")
    for line in side.debrief.sheet:
        yield hung("- ", f"Prepared: {sheet_words(line)}")
    yield ""


def _wanted(found: SideBySide) -> Iterator[str]:
    told = [one.party for one in found.sides if belief_rows(found, one.party)]
    if not told:
        return
    yield "WHAT EACH WANTED, AND WHAT IT WAS GIVEN"
    yield paragraph(
        "For each issue: what it truly weighs for the party, what its offers let one read, and how "
        "much of all that another seat's offers gave up was given there."
    )
    for party in told:
        yield f"  {cut(party_name(found.scenario, party), WIDTH - 2)}"
        head = belief_head(found, party)[1:]
        for first in range(0, len(head), 4):
            shown = head[first : first + 4]
            yield " " * 40 + "".join(right(cut(one, 9), 10) for one in shown)
            for row in belief_rows(found, party):
                cells = row[1:][first : first + 4]
                yield f"    {left(cut(row[0], 34), 36)}{''.join(f'{one:>10}' for one in cells)}"
    yield ""
