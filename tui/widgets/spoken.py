"""A move of the conversation as lines: the act apart from the words."""

from __future__ import annotations

from textual.content import Content

from delegates.text import one_line
from delegates.views import labels_of
from games.outcomes import Option
from games.protocols.words import act_words
from games.scenario import Scenario
from transcripts.acts import move_of
from transcripts.events import MoveMade
from tui.replay.agenda import changed_issues, issues_beside_text
from tui.replay.history import ACCEPT, LEAVE, OFFER, STAND, History
from tui.replay.spoken_move import SpokenMove
from tui.text.happened import requested
from tui.text.labels import PartyLabel, option_with_unit, party_labels
from tui.text.wording import terms as terms_in_full

HAPPENED = "◆"
"""Sign of what happened between moves."""

INDENT = 6
"""Columns before everything but a move's first line."""

_ACTS = {
    OFFER: ("offers", "bold"),
    ACCEPT: ("accepts", "bold $success"),
    STAND: ("stands by the text", "$muted"),
    LEAVE: ("walks away", "bold $error"),
}
_TOLD = {"offer": OFFER, "accept": ACCEPT, "walk-away": LEAVE}

_STYLES = {
    "pass": "$muted",
    "ask-capital": "$muted",
    "keep-silence": "$muted",
    "break-silence": "bold $error",
    "threaten": "bold $error",
    "promise": "bold $success",
}
"""Acts of a hall that are set off; the others are bold."""


def act_told(
    event: MoveMade, scenario: Scenario, history: History | None, position: int
) -> tuple[str, str]:
    """Return what a party does in a move, and how that is set off.

    Only the history tells standing by an offer from accepting it.
    """
    in_hall = event.stage and not (event.act == "walk-away" and event.room is None)
    if in_hall or event.act in ("pass", "ask-capital"):
        asked = requested(event, scenario) if event.on else None
        told = _done_in_hall(event, scenario)
        return f"{told}{f': {asked}' if asked else ''}", _STYLES.get(event.act, "bold")
    known = history is not None and position < len(history)
    act = int(history.acts[position]) if history is not None and known else _TOLD.get(event.act, 0)
    return _ACTS[act]


def _done_in_hall(event: MoveMade, scenario: Scenario) -> str:
    """Return what a party does in a move of a hall."""
    if event.act == "offer":
        return "asks" if event.room is None else "proposes"
    if event.act == "accept" and event.room is not None:
        return "accepts"
    if event.act == "ask-capital" and not event.on:
        return "asks for time to consult its capital"
    try:
        move = move_of(scenario, event)
    except ValueError as error:
        return one_line(str(error))
    names = {label.id: label.name for label in party_labels(scenario)}
    return one_line(act_words(move, names, labels_of(scenario)))


def terms(scenario: Scenario, event: MoveMade, history: History | None, position: int) -> Content:
    """Return what an offer asks: everything the first time, later what changed."""
    outcome = event.outcome or {}
    issues = list(outcome)
    changed = None
    if history is not None and position < len(history):
        changed = (issues_beside_text if event.stage else changed_issues)(history, position)
    if changed is None:
        return _joined([_term(scenario, issue, outcome[issue]) for issue in issues])
    if not changed:
        same = "the text as it stands" if event.stage else "the same offer as before"
        return Content.styled(same, "$muted")
    same = len(issues) - len(changed)
    names = tuple(scenario.issues)
    parts = [_term(scenario, names[issue], outcome[names[issue]], bold=True) for issue in changed]
    if same:
        where = "in the text" if event.stage else "before"
        parts.append(Content.styled(f"{same} as {where}", "$muted"))
    return _joined(parts)


def _term(scenario: Scenario, issue: str, option: Option, *, bold: bool = False) -> Content:
    details = scenario.issues.get(issue)
    if details is None:
        return Content(one_line(issue))
    return Content.assemble(
        (f"{one_line(details.label)} ", "$muted"),
        (option_with_unit(details, option), "bold" if bold else ""),
    )


def _joined(parts: list[Content]) -> Content:
    return Content.styled(" · ", "$muted").join(parts)


def move_lines(
    move: SpokenMove,
    label: PartyLabel | None,
    scenario: Scenario,
    history: History | None,
    width: int,
    number: int | None = None,
) -> list[Content]:
    """Return the lines of a move, wrapped to a width.

    Args:
        move: The move.
        label: How its party is called.
        scenario: What is negotiated.
        history: The moves that were read.
        width: Columns.
        number: By which it is told; a party counts those that it has heard.
    """
    room = max(width - INDENT, 10)
    lines = [line for told in move.happened for line in _happened(told, room)]
    lines += [Content("")] * bool(lines)
    lines.append(_head(move, label, scenario, history, width, number or move.number))
    event = move.event
    if event is not None and not _fits(move, label, scenario, history, width):
        told = Content.styled(*act_told(event, scenario, history, move.number - 1))
        lines += _indented(told, room)
    if event is not None and event.outcome is not None:
        lines += _indented(terms(scenario, event, history, move.number - 1), room)
    if move.words and not _says_no_more(move, scenario, history):
        lines += _indented(Content(f"“{move.words}”"), room)
    for notice in move.notices:
        lines += _indented(Content.assemble(("! ", "bold $warning"), (notice, "$muted")), room)
    return [*lines, Content("")]


def searched(
    move: SpokenMove, label: PartyLabel | None, scenario: Scenario, history: History | None
) -> str:
    """Return what a move can be found by: all that is shown of it but its number, and all of its
    terms in the place of how many are as before."""
    event = move.event
    if event is None:
        return one_line(" ".join(move.notices)).casefold()
    parts = [_when(move), event.party, event.act.replace("-", " ")]
    parts += [] if label is None else [label.glyph, label.name]
    parts.append(act_told(event, scenario, history, move.number - 1)[0])
    parts.append(requested(event, scenario) or "" if event.on else "")
    if event.outcome is not None and event.outcome.keys() <= scenario.issues.keys():
        parts.append(terms_in_full(scenario, event.outcome))
    parts += [move.words, *move.happened, *move.notices]
    return one_line(" ".join(parts)).casefold()


def _happened(told: str, room: int) -> list[Content]:
    """Return what happened before a move, as lines of its own."""
    mark = Content.styled(f"{HAPPENED:>{INDENT - 2}}  ", "bold $warning")
    first, *rest = Content.styled(told, "$warning").wrap(room)
    return [Content.assemble(mark, first), *(line.pad_left(INDENT) for line in rest)]


def _says_no_more(move: SpokenMove, scenario: Scenario, history: History | None) -> bool:
    """Return whether the words of a hall's act only say once more what was done."""
    event = move.event
    if event is None or event.outcome is not None:
        return False
    if event.act in ("pass", "ask-capital"):
        return True
    if not event.stage:
        return False
    return act_told(event, scenario, history, move.number - 1)[0] in one_line(move.words)


def _fits(
    move: SpokenMove,
    label: PartyLabel | None,
    scenario: Scenario,
    history: History | None,
    width: int,
) -> bool:
    """Return whether what was done stands on the first line, beside who did it."""
    if move.event is None or label is None:
        return True
    told, _ = act_told(move.event, scenario, history, move.number - 1)
    return INDENT + 3 + len(label.name) + 2 + len(told) + len(_when(move)) < width


def _when(move: SpokenMove) -> str:
    where = f" · {move.where}" if move.where else ""
    number = 0 if move.event is None else move.event.round + 1
    return f"round {number}{where} "


def _head(
    move: SpokenMove,
    label: PartyLabel | None,
    scenario: Scenario,
    history: History | None,
    width: int,
    counted: int,
) -> Content:
    number = f"{counted:>{INDENT - 2}} "
    if move.event is None or label is None:
        return Content.assemble((number, "$muted"), ("! not sound", "bold $error"))
    left = Content.assemble(
        (number, "$muted"), (f" {label.glyph} {label.name}", f"bold {label.style}")
    )
    if _fits(move, label, scenario, history, width):
        told = act_told(move.event, scenario, history, move.number - 1)
        left = Content.assemble(left, "  ", told)
    right = _when(move)
    space = width - left.cell_length - len(right)
    if space < 1:
        return left.truncate(width, ellipsis=True)
    return Content.assemble(left, " " * space, (right, "$muted"))


def _indented(content: Content, room: int) -> list[Content]:
    return [line.pad_left(INDENT) for line in content.wrap(room)]
