"""The debriefs of one session side by side, for print: a column a seat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from delegates.classroom.as_json import FOR_WHOM
from delegates.debriefing.wording import label, option
from delegates.text import counted, one_line
from tui.report.document import Block, Columns, Document, Heading, Listed, Table, Words
from tui.report.review import LIMITS, STAMP
from tui.text.class_words import (
    MOST_SEATS,
    belief_head,
    belief_rows,
    efficiency_words,
    party_name,
    side_rows,
    side_words,
)
from tui.text.endings import IN_FULL
from tui.text.review import pointed

if TYPE_CHECKING:
    from delegates.classroom.side_by_side import Side, SideBySide


def sides_report(found: SideBySide) -> Document:
    """Return the debriefs of one session as a document."""
    scenario = found.scenario
    told = [
        one_line(scenario.title),
        f"session {one_line(found.session)}",
        scenario.date,
        counted(found.rounds, "round"),
        counted(found.moves, "move"),
    ]
    return Document(
        title=f"Debriefs side by side: {one_line(scenario.title)}",
        subtitle=" · ".join(told[1:]),
        edition="Trainer's page",
        holds=f"{FOR_WHOM} Show it after the session.",
        stamp=STAMP,
        blocks=list(_blocks(found)),
        is_wide=True,
    )


def _blocks(found: SideBySide) -> Iterator[Block]:
    yield from _outcome(found)
    yield Heading("The seats side by side")
    yield from _figures(found)
    yield Heading("Seat by seat")
    yield Columns(tuple(_seat(found, side) for side in found.sides))
    yield from _wanted(found)
    yield from _sheets(found)
    yield Heading("Limits")
    yield Listed(LIMITS)


def _outcome(found: SideBySide) -> Iterator[Block]:
    scenario = found.scenario
    yield Heading("How it went")
    yield Words(f"{IN_FULL[found.status]}.")
    if found.agreement is not None:
        yield Table(
            head=("issue", "agreed"),
            rows=tuple(
                (label(scenario, issue), option(scenario, issue, value))
                for issue, value in found.agreement.items()
            ),
        )
    told = efficiency_words(found.efficiency) if found.status != "open" else []
    holds = found.sides[0].debrief.holds
    yield Listed((*told, *holds, *found.notes))


def _figures(found: SideBySide) -> Iterator[Block]:
    rows = side_rows(found)
    for first in range(0, len(found.sides), MOST_SEATS):
        some = found.sides[first : first + MOST_SEATS]
        yield Table(
            head=("", *(party_name(found.scenario, one.party) for one in some)),
            rows=tuple((name, *cells[first : first + MOST_SEATS]) for name, cells in rows),
            figures=tuple(range(1, len(some) + 1)),
            is_grid=True,
        )
    yield Words(
        "Points of different seats are in different units: what each got is read against its own r "
        "and m, as the share does. ± is the standard error of the accuracy, in percentage points.",
        is_aside=True,
    )


def _seat(found: SideBySide, side: Side) -> tuple[Heading | Words | Listed, ...]:
    lessons = tuple(f"{one.title}. {one.words}{pointed(one)}" for one in side.debrief.lessons) or (
        "No lesson: the record gives none.",
    )
    return (
        Heading(party_name(found.scenario, side.party), 3),
        Listed(tuple(side_words(side))),
        Words("Lessons", is_aside=True),
        Listed(lessons),
    )


def _wanted(found: SideBySide) -> Iterator[Block]:
    told = [one.party for one in found.sides if belief_rows(found, one.party)]
    if not told:
        return
    yield Heading("What each wanted, and what it was given")
    yield Words(
        "For each issue: what it truly weighs for the party, what its offers let one read, and how "
        "much of all that another seat's offers gave up was given there.",
        is_aside=True,
    )
    for party in told[: 2 * MOST_SEATS]:
        head = belief_head(found, party)
        yield Heading(party_name(found.scenario, party), 3)
        yield Table(
            head=head,
            rows=tuple(belief_rows(found, party)),
            figures=tuple(range(1, len(head))),
        )


def _sheets(found: SideBySide) -> Iterator[Block]:
    prepared = [side for side in found.sides if side.debrief.sheet]
    if not prepared:
        return
    yield Heading("Preparations against the truth")
    for side in prepared:
        yield Heading(party_name(found.scenario, side.party), 3)
        yield Table(
            head=("", "wrote", "at half time", "in truth, or done", "verdict"),
            rows=tuple(
                (one.what, one.said, one.again or "–", one.true, one.verdict)
                for one in side.debrief.sheet
            ),
        )
