"""One seat's debrief as a column, and a session's end for all together, as lines for a width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from delegates.debriefing.wording import label, option
from delegates.text import one_line
from tui.text.class_words import belief_head, belief_rows, efficiency_words, side_rows, side_words
from tui.text.columns import cut, right
from tui.widgets.ending import ended_in_full
from tui.widgets.fitted import title, wrapped

if TYPE_CHECKING:
    from delegates.classroom.side_by_side import Side, SideBySide

_EMPTY = Content("")
_LONGEST = 2000


def seat_lines(found: SideBySide, side: Side, width: int) -> list[Content]:
    """Return a seat's figures, what is said of its play, its lessons, and what it gave."""
    place = found.sides.index(side)
    lines = [_figure(name, cells[place], width) for name, cells in side_rows(found)]
    lines += [_EMPTY, title("Lessons")]
    if not side.debrief.lessons:
        lines += wrapped("None: the record gives none.", width, style="$muted")
    for number, one in enumerate(side.debrief.lessons, 1):
        lines += wrapped(one_line(one.title, _LONGEST), width, style="bold", first=f"{number}. ")
        lines += wrapped(one_line(one.words, _LONGEST), width, first="   ")
    lines += [_EMPTY, title("Play")]
    for told in side_words(side):
        lines += wrapped(one_line(told, _LONGEST), width, first="· ")
    lines += _wanted(found, side, width)
    if side.debrief.sheet:
        lines += [_EMPTY, title("Preparation")]
        for one in side.debrief.sheet:
            sign = {True: "✓ ", False: "✗ ", None: "· "}[one.is_good]
            told = f"{one.what}: wrote {one.said}; in truth {one.true}. {one.verdict}"
            lines += wrapped(one_line(told, _LONGEST), width, first=sign)
    return lines


def _figure(name: str, value: str, width: int) -> Content:
    room = max(width - len(value) - 1, 8)
    lead = Content.styled(name, "$muted").truncate(room, ellipsis=True, pad=True)
    return Content.assemble(lead, " ", (value, "bold")).truncate(width, ellipsis=True)


def _wanted(found: SideBySide, side: Side, width: int) -> list[Content]:
    """Return what the seat truly wanted, beside what the others' offers gave up for it."""
    rows = belief_rows(found, side.party)
    if not rows:
        return []
    head = belief_head(found, side.party)[1:]
    shown = head[: max((width - 16) // 9, 1)]
    room = max(width - 9 * len(shown), 8)
    lines = [_EMPTY, title("What it wanted, and was given")]
    lines.append(_weights("", shown, room, "$muted"))
    lines += [_weights(row[0], row[1 : len(shown) + 1], room, "") for row in rows]
    return lines


def _weights(name: str, cells: tuple[str, ...], room: int, style: str) -> Content:
    lead = Content(name).truncate(room, ellipsis=True, pad=True)
    told = "".join(right(cut(cell, 8), 9) for cell in cells)
    return Content.assemble(lead, (told, style))


def session_lines(found: SideBySide, width: int) -> list[Content]:
    """Return how the session ended for all together."""
    lines = [*ended_in_full(found.status).wrap(max(width, 8))]
    for issue, value in (found.agreement or {}).items():
        told = f"{label(found.scenario, issue)}: {option(found.scenario, issue, value)}"
        lines += wrapped(told, width, first="  ")
    if found.status != "open":
        lines += [_EMPTY, title("How good it was for all")]
        for told in efficiency_words(found.efficiency):
            lines += wrapped(told, width, first="· ")
    holds = found.sides[0].debrief.holds
    if holds:
        lines += [_EMPTY, title("Will it hold?")]
        for told in holds:
            lines += wrapped(one_line(told, _LONGEST), width, first="· ")
    if found.notes:
        lines += [_EMPTY, title("What this cannot say")]
        for told in found.notes:
            lines += wrapped(one_line(told, _LONGEST), width, first="· ")
    return lines
