"""A text under negotiation as treaty drafts have it: alternatives in brackets, with who asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from delegates.text import clean, one_line
from games.option_words import labelled, with_unit
from games.outcomes import Option
from games.protocols.hall import Bracket, HallState
from tui.text.wording import amount, hung

if TYPE_CHECKING:
    from games.outcomes import OutcomeSpace
    from games.protocols.hall import Alternative
    from games.scenario import Issue

SHORT = 28
"""Columns of an issue's label up to which it is whole; beyond, its first words stand for it."""

NAMED = 2
"""Proposers of an alternative that are named; the others are counted."""

HANGING = " " * 8

_HANGING_WORDS = (
    *("a", "an", "and", "at", "below", "by", "for", "from", "in", "is", "it", "of", "on", "or"),
    *("over", "the", "to", "under", "where", "with"),
)
"""Words that a shortened label does not end on."""


@dataclass(frozen=True)
class Called:
    """What parties and issues are called in few words."""

    parties: tuple[str, ...]
    """In the scenario's order."""
    issues: Mapping[str, Issue]
    space: OutcomeSpace

    @property
    def labels(self) -> dict[str, str]:
        """What each issue is called, by its id."""
        return {name: short(name, issue) for name, issue in self.issues.items()}

    def issue(self, position: int) -> str:
        """Return what an issue is called."""
        name = self.space.issues[position]
        return short(name, self.issues[name])

    def option(self, issue: int, level: int, *, unit: bool = True) -> str:
        """Return an option of an issue as people write it."""
        details = self.issues[self.space.issues[issue]]
        option: Option = details.options[level]
        return clean(with_unit(details, option) if unit else amount(option))

    def term(self, issue: int, level: int) -> str:
        """Return one settled issue."""
        return labelled(self.issue(issue), self.option(issue, level))

    def terms(self, levels: Sequence[int], only: Iterable[int] | None = None) -> str:
        """Return what some issues, or all, are settled by, in one line."""
        chosen = range(len(levels)) if only is None else only
        return " · ".join(self.term(issue, levels[issue]) for issue in chosen)

    def changes(self, before: Sequence[int], after: Sequence[int]) -> str:
        """Return in what an outcome differs from another, each issue from what to what."""
        return " · ".join(
            labelled(
                self.issue(issue),
                f"{self.option(issue, was, unit=False)} → {self.option(issue, now)}",
            )
            for issue, (was, now) in enumerate(zip(before, after, strict=True))
            if was != now
        )

    def some(self, parties: Sequence[int], most: int = NAMED) -> str:
        """Return the names of the first of some parties, the others counted."""
        return some([self.parties[k] for k in parties], most)


def short(name: str, issue: Issue) -> str:
    """Return what an issue is called in few words: its label, or as much of it as there is room.

    Args:
        name: Its id, which stands for a label that is missing.
        issue: The issue.
    """
    label = one_line(issue.label) or name
    if len(label) <= SHORT:
        return label
    words = label[:SHORT].rsplit(" ", 1)[0].split()
    while len(words) > 1 and words[-1].strip(",") in _HANGING_WORDS:
        words.pop()
    return f"{' '.join(words).rstrip(',;')[: SHORT - 1]}…"


def some(names: Sequence[str], most: int = NAMED) -> str:
    """Return the first of some names, the others counted: one more is named rather than counted."""
    if len(names) <= most + 1:
        return ", ".join(names)
    return f"{', '.join(names[:most])} (+{len(names) - most})"


def bracket_words(bracket: Bracket, called: Called) -> str:
    """Return a bracket: the text's reading first, then the others with those who ask for them."""
    readings = sorted(bracket.alternatives, key=lambda one: (one.level != bracket.text, one.level))
    told = [_reading(one, bracket, called) for one in readings]
    details = called.issues[called.space.issues[bracket.issue]]
    numbers = [not isinstance(details.options[one.level], str) for one in readings]
    unit = f" {clean(details.unit)}" if details.unit and all(numbers) else ""
    return f"[{' | '.join(told)}]{unit}"


def _reading(one: Alternative, bracket: Bracket, called: Called) -> str:
    option = called.option(bracket.issue, one.level, unit=False)
    if one.level == bracket.text or not one.proposers:
        return option
    return f"{option}: {called.some(one.proposers)}"


def text_lines(
    text: Sequence[int] | None,
    brackets: Sequence[Bracket],
    called: Called,
    parked: frozenset[int] = frozenset(),
) -> list[str]:
    """Return a text with its brackets, an issue a line; what is free of them in one paragraph.

    Args:
        text: The options that the chair has; None where there is no text yet.
        brackets: The issues in brackets.
        called: What everything is called.
        parked: Issues that were set aside.
    """
    lines: list[str] = []
    for bracket in brackets:
        name = called.issue(bracket.issue)
        aside = " (parked)" if bracket.issue in parked else ""
        lines.append(hung(f"    {name}{aside}: ", bracket_words(bracket, called), HANGING))
    bound = {bracket.issue for bracket in brackets}
    free = [] if text is None else [k for k in range(len(text)) if k not in bound]
    if text is not None and free:
        lead = "free of brackets" if bound else "without brackets"
        lines.append(hung(f"    {lead}: ", called.terms(text, free), HANGING))
    return lines


def called_in(state: HallState) -> Called:
    """Return what everything is called in a hall."""
    scenario = state.scenario
    names = tuple(clean(party.name) for party in scenario.parties.values())
    return Called(names, scenario.issues, scenario.space)


def draft_lines(state: HallState, called: Called) -> list[str]:
    """Return the text of a hall with its brackets, under a line that says how far it is."""
    brackets = state.brackets()
    text = None if state.offer is None else state.levels(state.offer)
    issues = len(state.scenario.space.issues)
    if text is None:
        if not brackets:
            return []
        lead = f"No text yet; what is asked for ({len(brackets)} of {issues} issues in brackets):"
    elif brackets:
        lead = f"The text ({len(brackets)} of {issues} issues in brackets):"
    else:
        lead = "The text, without brackets:"
    return [lead, *text_lines(text, brackets, called, state.parked)]
