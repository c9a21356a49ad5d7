"""A reviewed move as lines: its grade by sign and word, what was said, and what was better."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content

from delegates.text import one_line
from games.point_words import tenths
from games.review.debrief import Alternative, MoveNote, RemarkKind, Step
from tui.text.labels import PartyLabel
from tui.text.wording import shown_words

EMPTY = Content("")

_LONGEST = 600


@dataclass(frozen=True)
class Grade:
    """How a kind of remark is shown: a sign, a word and a colour, which never stands alone."""

    sign: str
    word: str
    style: str


GRADES: dict[RemarkKind, Grade] = {
    "best": Grade("!!", "best", "bold $success"),
    "fine": Grade("+", "fine", "$success"),
    "inaccuracy": Grade("?!", "inaccuracy", "$warning"),
    "mistake": Grade("?", "mistake", "bold $warning"),
    "blunder": Grade("??", "blunder", "bold $error"),
    "opening": Grade("○", "opening", "$primary"),
    "demand": Grade("△", "demand", "$primary"),
    "concession": Grade("▽", "concession", "$primary"),
    "trade": Grade("◇", "trade", "$success"),
    "repeat": Grade("=", "repeat", "$muted"),
    "acceptance": Grade("✓", "acceptance", "$success"),
    "refusal": Grade("✗", "refusal", "$primary"),
    "walk-away": Grade("←", "walk-away", "$warning"),
    "needless-concession": Grade("▽?", "needless", "$warning"),
    "dominated-offer": Grade("◇?", "dominated", "$warning"),
    "missed-acceptance": Grade("✓?", "missed", "$error"),
    "below-reservation": Grade("↓?", "below r", "$error"),
    "leak": Grade("»", "leak", "$warning"),
    "stand-in": Grade("⇄", "stand-in", "$muted"),
    "other": Grade("·", "", "$muted"),
}
"""Every kind of remark. Chess signs grade what a move gave away; the others say what it was."""

_SIZES: tuple[RemarkKind, ...] = ("blunder", "mistake", "inaccuracy", "best", "fine")
_WORD = max(len(grade.word) for grade in GRADES.values())


def grade_of(note: MoveNote) -> Grade:
    """Return a move's grade: by what it gave away where that is said, else by what it was."""
    kinds: list[RemarkKind] = [remark.kind for remark in note.remarks]
    graded = [GRADES[kind] for kind in _SIZES if kind in kinds]
    return [*graded, *(GRADES[kind] for kind in kinds), GRADES["other"]][0]


def move_row(note: MoveNote, width: int) -> Content:
    """Return a move on one line: number, grade, further signs, what was done, what it lost."""
    grade = grade_of(note)
    others = [GRADES[remark.kind] for remark in note.remarks]
    signs = " ".join(dict.fromkeys(one.sign for one in others if one != grade))
    lost = f" −{tenths(note.loss_points)}" if note.loss_points else ""
    left = Content.assemble(
        (f"{note.number:>4} ", "$muted"),
        (f"{grade.sign:<2} {grade.word:<{_WORD}} ", grade.style),
        (f"{signs:<5} ", "$muted"),
        ("your stand-in " if note.is_stand_ins else "", "$muted"),
        one_line(note.told, _LONGEST),
    )
    left = left.truncate(max(width - len(lost), 1), ellipsis=True)
    space = max(width - left.cell_length - len(lost), 0)
    return Content.assemble(left, " " * space, (lost, "$error"))


def note_lines(note: MoveNote, labels: dict[str, PartyLabel], width: int) -> list[Content]:
    """Return everything that is said of a move, wrapped to a width.

    Args:
        note: The move.
        labels: What the parties are called, by id.
        width: Columns.
    """
    grade = grade_of(note)
    head = Content.assemble(
        (f"Move {note.number}", "bold"),
        (f" · round {note.round + 1} · ", "$muted"),
        (f"{grade.sign} {grade.word}".strip(), grade.style),
        (" · by your stand-in" if note.is_stand_ins else "", "$muted"),
    )
    lines = [*head.wrap(width), *_wrapped(one_line(note.told, _LONGEST), width, "bold")]
    if note.words:
        lines += Content(f"“{shown_words(note.words)}”").wrap(width)
    lines += _worth_lines(note, width)
    for remark in note.remarks:
        of = GRADES[remark.kind]
        lines += _hung(of.sign, of.style, f"{_sentence(remark.words)}", width)
    lines += [EMPTY, *_loss_lines(note, width)]
    if note.best is not None:
        lines += [EMPTY, *_alternative_lines(note.best, labels, width)]
    return lines


def _worth_lines(note: MoveNote, width: int) -> list[Content]:
    if note.utility is None:
        return []
    told = f"Worth {tenths(note.utility)} points"
    if note.over_reservation is not None:
        told += f", {note.over_reservation:+.1f} against the reservation value"
    return _wrapped(f"{told}.", width, "$muted")


def _loss_lines(note: MoveNote, width: int) -> list[Content]:
    """Return what the move lost, with the error of the estimate."""
    if note.loss_points is None:
        return _wrapped("What it lost is not computed.", width, "$muted")
    error = "" if note.standard_error is None else f" ± {tenths(note.standard_error)}"
    if note.loss:
        told = f"Lost {tenths(note.loss_points)}{error} points: {note.loss:.0%} of what could "
        lines = _wrapped(f"{told}be gained.", width, "bold $error")
    else:
        told = f"Lost nothing that can be told from chance ({tenths(note.loss_points)}{error})."
        lines = _wrapped(told, width, "$success")
    if note.hindsight_loss is not None:
        told = f"Against the counterparts as they are it lost {note.hindsight_loss:.0%}."
        lines += _wrapped(told, width, "$muted")
    return lines


def _alternative_lines(
    best: Alternative, labels: dict[str, PartyLabel], width: int
) -> list[Content]:
    """Return the best alternative and the line of moves that would have followed."""
    lines = _hung("!!", "bold $success", f"Better: {one_line(best.words, _LONGEST)}", width)
    expected = f"On average {best.expected_gain:+.1f} points over the reservation value."
    lines += _wrapped(expected, width, "$muted")
    for step in best.continuation:
        lines += _step_lines(step, labels.get(step.party), width)
    lines += _hung("→", "bold", one_line(best.ends, _LONGEST), width)
    by = [f"{one_line(party, 40)} by {model}" for party, model in best.by.items()]
    if by:
        told = f"Foretold: {', '.join(by[:6])}{f' and {len(by) - 6} more' if len(by) > 6 else ''}."
        lines += _wrapped(told, width, "$muted")
    return lines


def _step_lines(step: Step, label: PartyLabel | None, width: int) -> list[Content]:
    sign = "·" if label is None else label.glyph
    name = one_line(step.party, 40) if label is None else label.name
    lead = f"R{step.round + 1:<3}"
    told = Content.assemble(
        (f"{sign} {name} ", "$muted" if label is None else label.style),
        one_line(step.words, _LONGEST),
    )
    return hanging(Content.styled(lead, "$muted"), told, width)


def hanging(lead: Content, told: Content, width: int) -> list[Content]:
    """Return a text wrapped behind a lead, further lines as far in as the first."""
    first, *rest = told.wrap(max(width - lead.cell_length - 1, 8)) or [EMPTY]
    return [
        Content.assemble(lead, " ", first),
        *(line.pad_left(lead.cell_length + 1) for line in rest),
    ]


def _hung(sign: str, style: str, told: str, width: int) -> list[Content]:
    return hanging(Content.styled(f"{sign:<2}", style), Content(told), width)


def _sentence(words: str) -> str:
    told = one_line(words, _LONGEST)
    told = f"{told[:1].upper()}{told[1:]}"
    return told if told.endswith((".", "!", "?", "…")) else f"{told}."


def _wrapped(text: str, width: int, style: str = "") -> list[Content]:
    return Content.styled(text, style).wrap(max(width, 8))
