"""Small ways of writing points, terms and paragraphs."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from delegates.text import clean, counted
from games.option_words import labelled, with_unit
from games.outcomes import Option
from games.scenario import Issue
from transcripts.events import HandedOver, Parent, Resumed
from tui.text.columns import left, lines_of, width_of

WIDTH = 80
"""Columns that plain text keeps to."""

_columns: ContextVar[int] = ContextVar("columns", default=WIDTH)

LABEL = 44
"""Columns of an issue's label; longer ones are wrapped."""

MOST_DIGITS = 18
"""Digits of a number that somebody types, at most; thousands of them are no number to Python."""

LIMITS = (
    "For training and research: weights, red lines and patience are judgements, states are "
    "stylised. It predicts and advises no government; delegates' words are machine-written."
)
"""The limits that every result states."""


LONGEST_WORDS = 4000
"""Characters of a statement that are shown; a longer one is cut, and says so."""


class Agenda(Protocol):
    """Whatever names the issues that are negotiated: a scenario, or what everyone knows of one."""

    @property
    def issues(self) -> Mapping[str, Issue]:
        """The issues by their ids."""
        ...


@contextmanager
def as_wide_as(columns: int) -> Generator[None]:
    """Have paragraphs that are written meanwhile keep to so many columns."""
    before = _columns.set(columns)
    try:
        yield
    finally:
        _columns.reset(before)


def paragraph(text: str, indent: str = "") -> str:
    """Return a text wrapped to the width."""
    return "\n".join(lines_of(" ".join(text.split()), _columns.get(), first=indent, rest=indent))


def most_rounds(rounds: int) -> str:
    """Return how many rounds there are at most: `There are at most 6 rounds`."""
    return f"There {'is' if rounds == 1 else 'are'} at most {counted(rounds, 'round')}"


def clean_line(line: str) -> str:
    """Return a line without escapes and controls, indented as it was."""
    return line[: len(line) - len(line.lstrip(" "))] + clean(line)


def in_percent(share: float) -> str:
    """Return a share in percent, with one decimal where it has one: `2%`, `2.5%`."""
    return f"{round(100 * share, 1):g}%"


def hung(lead: str, text: str, indent: str | None = None) -> str:
    """Return a text wrapped to the width behind a lead; further lines are indented, as far as it
    reaches if not told how far."""
    rest = " " * width_of(lead) if indent is None else indent
    return "\n".join(lines_of(" ".join(text.split()), _columns.get(), first=lead, rest=rest))


def rewrapped(lines: Iterable[str], width: int) -> list[str]:
    """Return lines of a text that was wrapped to some width, wrapped to another.

    An item that holds line breaks is a paragraph; one that does not, and fits, is left as it is.
    """
    found: list[str] = []
    for item in lines:
        pieces = item.split("\n")
        if all(width_of(piece) <= width for piece in pieces):
            found += pieces
            continue
        first = _indent(pieces[0])
        hanging = _indent(pieces[1]) if len(pieces) > 1 else f"{first}  "
        text = " ".join(piece.strip() for piece in pieces)
        found += lines_of(text, max(width, 20), first=first, rest=hanging) or [""]
    return found


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def shown_words(words: str) -> str:
    """Return a statement cleaned of escapes and controls, cut if nobody could read it all."""
    cut = clean(words[: 2 * LONGEST_WORDS])[:LONGEST_WORDS]
    return cut if len(words) <= LONGEST_WORDS else f"{cut} … ({len(words):,} characters in all)"


def amount(option: Option) -> str:
    """Return an option as people write it: thousands set apart."""
    return f"{option:,}" if isinstance(option, int | float) else option


def term(scenario: Agenda, issue: str, option: Option) -> str:
    """Return one settled issue: label, amount and unit."""
    return labelled(scenario.issues[issue].label, with_unit(scenario.issues[issue], option))


def terms(scenario: Agenda, outcome: Mapping[str, Option]) -> str:
    """Return an outcome in one line, issues apart by middle dots."""
    return " · ".join(term(scenario, issue, option) for issue, option in outcome.items())


def changes(
    scenario: Agenda, before: Mapping[str, Option] | None, outcome: Mapping[str, Option]
) -> str:
    """Return an offer by what it changes in the same party's last one; all of it if that is new."""
    if before is None:
        return terms(scenario, outcome)
    moved = [
        labelled(
            details.label, f"{amount(before[issue])} → {with_unit(scenario.issues[issue], option)}"
        )
        for (issue, option), details in zip(outcome.items(), scenario.issues.values(), strict=True)
        if option != before[issue]
    ]
    return " · ".join(moved) + "; the rest as before" if moved else "the same offer as before"


def agenda(scenario: Agenda, outcome: Mapping[str, Option], indent: str = "  ") -> list[str]:
    """Return an outcome as a list, one issue a line."""
    width = min(LABEL, max(width_of(scenario.issues[issue].label) for issue in outcome))
    lines: list[str] = []
    for issue, option in outcome.items():
        first, *more = lines_of(scenario.issues[issue].label, width)
        lines.append(f"{indent}{left(first, width)}  {with_unit(scenario.issues[issue], option)}")
        lines.extend(f"{indent}  {rest}" for rest in more)
    return lines


def money(cost_usd: float | None) -> str:
    """Return a cost, or that it is not known."""
    if cost_usd is None:
        return "cost not known"
    return "no cost" if cost_usd == 0 else f"{cost_usd:.4f} USD"


def origin(parent: Parent, own: str | None = None) -> str:
    """Return where a session branched off, and whose seats were given anew there.

    Args:
        parent: Where it branched off.
        own: The seat of the person it is told to, if there is one.
    """
    seats = ["yours" if party == own else clean(party) for party in parent.seats]
    others = f"; seats given anew: {', '.join(seats)}" if seats else ""
    return f"branched off {clean(parent.session)} after move {parent.moves}{others}"


def carried_on(event: Resumed) -> str:
    """Return in words that a session was carried on, and by which model if by another."""
    by = f"; {event.model} is asked from here on" if event.model else ""
    return f"carried on after an interruption{by}"


def handed_over(event: HandedOver) -> str:
    """Return that a person's seat changed hands, and why."""
    if event.to == "person":
        return f"the person is back: {clean(event.reason)}"
    turns = "" if event.turns is None else f" for {event.turns} of its turns"
    turns = " for one turn" if event.turns == 1 else turns
    return f"a stand-in takes the seat{turns}: {clean(event.reason)}"
