"""A move of the conversation as lines: the act apart from the words."""

from __future__ import annotations

from textual.content import Content

from games.outcomes import Option
from games.scenario import Scenario
from transcripts.events import MoveMade
from tui.replay.agenda import changed_issues
from tui.replay.history import ACCEPT, LEAVE, OFFER, STAND, History
from tui.replay.labels import PartyLabel, amount, one_line
from tui.replay.recording import SpokenMove

INDENT = 6
"""Columns before everything but a move's first line."""

_ACTS = {
    OFFER: ("offers", "bold"),
    ACCEPT: ("accepts", "bold $success"),
    STAND: ("stands by the text", "$muted"),
    LEAVE: ("walks away", "bold $error"),
}
_TOLD = {"offer": OFFER, "accept": ACCEPT, "walk-away": LEAVE}


def act_told(event: MoveMade, history: History | None, position: int) -> tuple[str, str]:
    """Return what a party does in a move, and how that is set off.

    Only the history tells standing by an offer from accepting it.
    """
    known = history is not None and position < len(history)
    act = int(history.acts[position]) if history is not None and known else _TOLD[event.act]
    return _ACTS[act]


def terms(scenario: Scenario, event: MoveMade, history: History | None, position: int) -> Content:
    """Return what an offer asks: everything the first time, later what changed."""
    outcome = event.outcome or {}
    issues = list(outcome)
    changed = None
    if history is not None and position < len(history):
        changed = changed_issues(history, position)
    if changed is None:
        return _joined([_term(scenario, issue, outcome[issue]) for issue in issues])
    if not changed:
        return Content.styled("the same offer as before", "$muted")
    same = len(issues) - len(changed)
    names = tuple(scenario.issues)
    parts = [_term(scenario, names[issue], outcome[names[issue]], bold=True) for issue in changed]
    if same:
        parts.append(Content.styled(f"{same} as before", "$muted"))
    return _joined(parts)


def _term(scenario: Scenario, issue: str, option: Option, *, bold: bool = False) -> Content:
    details = scenario.issues.get(issue)
    if details is None:
        return Content(one_line(issue))
    return Content.assemble(
        (f"{one_line(details.label)} ", "$muted"),
        (amount(details, option), "bold" if bold else ""),
    )


def _joined(parts: list[Content]) -> Content:
    return Content.styled(" · ", "$muted").join(parts)


def move_lines(
    move: SpokenMove,
    label: PartyLabel | None,
    scenario: Scenario,
    history: History | None,
    width: int,
) -> list[Content]:
    """Return the lines of a move, wrapped to a width."""
    room = max(width - INDENT, 10)
    lines = [_head(move, label, history, width)]
    event = move.event
    if event is not None and event.act == "offer":
        lines += _indented(terms(scenario, event, history, move.number - 1), room)
    if move.words:
        lines += _indented(Content(f"“{move.words}”"), room)
    for notice in move.notices:
        lines += _indented(Content.assemble(("! ", "bold $warning"), (notice, "$muted")), room)
    return [*lines, Content("")]


def _head(
    move: SpokenMove, label: PartyLabel | None, history: History | None, width: int
) -> Content:
    number = f"{move.number:>{INDENT - 2}} "
    if move.event is None or label is None:
        return Content.assemble((number, "$muted"), ("! not sound", "bold $error"))
    position = move.number - 1
    left = Content.assemble(
        (number, "$muted"),
        (f" {label.glyph} {label.name}", f"bold {label.style}"),
        "  ",
        act_told(move.event, history, position),
    )
    right = f"round {move.event.round + 1} "
    space = width - left.cell_length - len(right)
    if space < 1:
        return left.truncate(width, ellipsis=True)
    return Content.assemble(left, " " * space, (right, "$muted"))


def _indented(content: Content, room: int) -> list[Content]:
    return [line.pad_left(INDENT) for line in content.wrap(room)]
