"""A debrief's panels as lines: accuracy, result, lessons, beliefs, preparation, and after."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from delegates.text import one_line
from games.point_words import tenths
from games.review.debrief import Belief, Debrief, Lesson, SheetLine
from tui.text.columns import cut, left, width_of
from tui.text.labels import PartyLabel, option_with_unit
from tui.widgets.ending import ended_in_full
from tui.widgets.move_note import EMPTY, hanging

_LONGEST = 600
_BAR = 20
_NAMED = 6
"""Parties up to which each has a line of its own."""

BARS = (
    "Shares of what each can gain: wanted is the truth, read is what its own offers show, implied "
    "is what the offers made to it amount to."
)
"""How the bars of beliefs are read."""

_GOOD = {True: ("✓", "$success"), False: ("✗", "$error"), None: ("·", "$muted")}


def accuracy_bar(accuracy: float, error: float | None) -> Content:
    """Return an accuracy in percent as a bar: full up to its error's lower end, hatched across."""
    low = _cells(accuracy - (error or 0.0))
    high = max(_cells(accuracy + (error or 0.0)), low)
    return Content.assemble(
        ("█" * low, "$primary"), ("▒" * (high - low), "$primary"), ("░" * (_BAR - high), "$faint")
    )


def _cells(percent: float) -> int:
    return round(_BAR * min(max(percent, 0.0), 100.0) / 100)


def accuracy_words(accuracy: float | None, error: float | None) -> str:
    """Return an accuracy with its standard error, or that there is none."""
    if accuracy is None:
        return "not computed"
    return f"{accuracy:.0f} ± {error:.1f} %" if error is not None else f"{accuracy:.0f} %"


def accuracy_told(debrief: Debrief) -> str:
    """Return how accurately the party played, or where it is told what is kept here."""
    if debrief.is_sealed:
        where = "once it is over" if debrief.status == "open" else "with whoever hosted the table"
        return f"accuracy: {where}"
    return f"accuracy {accuracy_words(debrief.accuracy, debrief.accuracy_error)}"


def play_lines(debrief: Debrief, labels: dict[str, PartyLabel], width: int) -> list[Content]:
    """Return how well the party played and what it came to, above the lessons."""
    lines = _accuracy_lines(debrief, width)
    if debrief.hindsight is not None:
        told = f"{debrief.hindsight:.0f} % against the counterparts as they are."
        lines += _wrapped(told, width, "$muted")
    if not debrief.is_sealed:
        lines += _others_lines(debrief, labels, width)
    lines += [EMPTY, *_result_lines(debrief, labels, width)]
    return lines


def _accuracy_lines(debrief: Debrief, width: int) -> list[Content]:
    """Return the accuracy with its bar and what is to be noted of it, or why there is none."""
    note = one_line(debrief.accuracy_note or "", _LONGEST)
    if debrief.accuracy is None:
        return Content.assemble(("Accuracy ", "bold"), note or "not computed").wrap(width)
    told = accuracy_words(debrief.accuracy, debrief.accuracy_error)
    bar = accuracy_bar(debrief.accuracy, debrief.accuracy_error)
    head = Content.assemble(("Accuracy ", "bold"), (told, "bold $primary"), "  ", bar)
    return [*head.wrap(width), *(_wrapped(note, width, "$muted") if note else [])]


def _others_lines(debrief: Debrief, labels: dict[str, PartyLabel], width: int) -> list[Content]:
    others = [
        Content.assemble(
            (f"{labels[party].signed_id} ", labels[party].style),
            "not computed" if found is None else f"{found:.0f} %",
        )
        for party, found in debrief.accuracies.items()
        if party != debrief.party and party in labels
    ]
    if not others or all(found is None for found in debrief.accuracies.values()):
        return []
    return Content.assemble(("Others: ", "$muted"), Content(" · ").join(others)).wrap(width)


def _result_lines(debrief: Debrief, labels: dict[str, PartyLabel], width: int) -> list[Content]:
    """Return how the session ended and what each party has; of many, the party's own."""
    lines = ended_in_full(debrief.status).wrap(max(width, 8))
    if debrief.status == "open":
        return lines
    shown = [party for party in debrief.utilities if party in labels]
    if len(shown) > _NAMED:
        shown = [party for party in shown if party == debrief.party]
    longest = min(max((width_of(labels[party].name) for party in shown), default=0), 24)
    lines += [_standing(debrief, labels[party], longest, width) for party in shown]
    return lines


def _standing(debrief: Debrief, label: PartyLabel, longest: int, width: int) -> Content:
    """Return what a party has, where there is room with what it is measured against."""
    worth = debrief.utilities[label.id]
    name = cut(label.name, longest) if longest else label.name
    has = Content.assemble(
        (f"{label.glyph} {left(name, longest)}", label.style), (f" {tenths(worth):>6}", "bold")
    )
    against = over = in_time = Content("")
    least = debrief.reservations.get(label.id)
    if least is not None:
        gain = worth - least
        against = Content.styled(f" against {tenths(least):>5}", "$muted")
        over = Content.styled(f" {gain:+.1f}", "bold $error" if gain < 0 else "$success")
    payoff = debrief.payoffs.get(label.id, worth)
    if abs(payoff - worth) >= 0.05:
        in_time = Content.styled(f" ({tenths(payoff)} with time)", "$muted")
    told = Content.assemble(has, against, over, in_time)
    if told.cell_length > width:
        told = Content.assemble(has, over, in_time)
    return told.truncate(width, ellipsis=True)


def lesson_lines(lesson: Lesson, number: int, width: int) -> list[Content]:
    """Return a lesson: its title, what it says, and the moves that it points to."""
    lead = Content.styled(f"{number}.", "bold $primary")
    lines = hanging(lead, Content.styled(one_line(lesson.title, _LONGEST), "bold"), width)
    told = Content(one_line(lesson.words, _LONGEST))
    if lesson.moves:
        listed = ", ".join(map(str, lesson.moves[:8])) + (" …" if len(lesson.moves) > 8 else "")
        moves = f"→ move{'s' if len(lesson.moves) > 1 else ''} {listed}"
        told = Content.assemble(told, " ", (moves, "$primary"))
    return [*lines, *hanging(Content("  "), told, width)]


def left_lines(debrief: Debrief, width: int) -> list[Content]:
    """Return the value that was left on the table."""
    shown = "" if debrief.left is None else tenths(debrief.left)
    figure = f" {shown} point{'' if shown == '1' else 's'}" if shown else ""
    if debrief.left_share is not None:
        figure += f", {debrief.left_share:.0%} of the possible"
    told = one_line(debrief.left_words, _LONGEST) or ("" if figure else "Not computed.")
    head = Content.assemble(("Value left", "bold"), figure)
    return [*head.wrap(width), *(_wrapped(told, width) if told else [])]


def belief_lines(debrief: Debrief, labels: dict[str, PartyLabel], width: int) -> list[Content]:
    """Return what each counterpart wanted, what could be read, and what the offers implied."""
    if not debrief.beliefs:
        return _wrapped("Nothing can be said of what the offers implied.", width, "$muted")
    lines = _wrapped(BARS, width, "$muted")
    for party, beliefs in _by_party(debrief.beliefs).items():
        label = labels.get(party)
        name = one_line(party, 40) if label is None else f"{label.glyph} {label.name}"
        lines += [EMPTY, *_wrapped(name, width, f"bold {label.style}" if label else "bold")]
        for belief in beliefs:
            lines += _belief_lines(belief, width)
    return lines


def _by_party(beliefs: Iterable[Belief]) -> dict[str, list[Belief]]:
    found: dict[str, list[Belief]] = {}
    for belief in beliefs:
        found.setdefault(belief.party, []).append(belief)
    return found


def _belief_lines(belief: Belief, width: int) -> list[Content]:
    room = max(min(_BAR, width - 18), 4)
    wanted = _weight_bar(belief.true_weight, room, "$primary")
    return [
        *_wrapped(one_line(belief.label, _LONGEST), width),
        Content.assemble(("  wanted  ", "$muted"), wanted),
        Content.assemble(
            ("  read    ", "$muted"), _weight_bar(belief.read_weight, room, "$agreed")
        ),
        Content.assemble(
            ("  implied ", "$muted"), _weight_bar(belief.implied_weight, room, "$muted")
        ),
    ]


def _weight_bar(weight: float | None, room: int, style: str) -> Content:
    if weight is None:
        return Content.styled("too few offers to tell", "$muted")
    filled = round(room * min(max(weight, 0.0), 1.0))
    return Content.assemble(
        ("█" * filled, style), ("░" * (room - filled), "$faint"), f" {weight:>4.0%}"
    )


def sheet_lines(debrief: Debrief, width: int) -> list[Content]:
    """Return the preparation sheet against the truth."""
    if not debrief.sheet:
        return _wrapped("No preparation sheet was filled in for this seat.", width, "$muted")
    lines: list[Content] = []
    for line in debrief.sheet:
        lines += [*_sheet_line(line, width), EMPTY]
    return lines[:-1]


def _sheet_line(line: SheetLine, width: int) -> list[Content]:
    sign, style = _GOOD[line.is_good]
    lead = Content.styled(sign, style)
    told = [
        Content.styled(one_line(line.what, _LONGEST), "bold"),
        Content.assemble(("said ", "$muted"), one_line(line.said, _LONGEST)),
    ]
    if line.again is not None:
        told.append(Content.assemble(("at half time ", "$muted"), one_line(line.again, _LONGEST)))
    told.append(Content.assemble(("in fact ", "$muted"), one_line(line.true, _LONGEST)))
    told.append(Content.styled(one_line(line.verdict, _LONGEST), style))
    head, *rest = told
    lines = hanging(lead, head, width)
    for one in rest:
        lines += hanging(Content(" "), one, width)
    return lines


def after_lines(debrief: Debrief, width: int) -> list[Content]:
    """Return what was agreed, whether it will hold, hints taken, and what cannot be said."""
    lines = _agreement_lines(debrief, width)
    if debrief.holds:
        lines += [EMPTY, Content.styled("Will it hold?", "bold")]
        for sentence in debrief.holds:
            lines += hanging(Content("·"), Content(one_line(sentence, _LONGEST)), width)
    hints = debrief.hints
    times = "once" if hints == 1 else f"{hints} times"
    asked = f"The adviser was asked {times}." if hints else "The adviser was not asked."
    lines += [EMPTY, Content.styled("Hints", "bold"), *_wrapped(asked, width)]
    if debrief.notes:
        lines += [EMPTY, Content.styled("What this cannot say", "bold")]
        for note in debrief.notes:
            lines += hanging(Content("·"), Content(one_line(note, _LONGEST)), width)
    return lines


def _agreement_lines(debrief: Debrief, width: int) -> list[Content]:
    lines = ended_in_full(debrief.status).wrap(max(width, 8))
    for issue, option in (debrief.agreement or {}).items():
        details = debrief.scenario.issues.get(issue)
        label = one_line(issue if details is None else details.label, 60)
        value = one_line(str(option)) if details is None else option_with_unit(details, option)
        told = Content.assemble((f"{label} ", "$muted"), (value, "bold"))
        lines += hanging(Content(" "), told, width)
    return lines


def _wrapped(text: str, width: int, style: str = "") -> list[Content]:
    return Content.styled(text, style).wrap(max(width, 8))
