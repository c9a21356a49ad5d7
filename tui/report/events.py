"""What may happen between moves, and words that each reads in its own way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from delegates.text import one_line
from games.option_words import settled_words
from tui.report.document import Block, Heading, Listed, Table
from tui.report.setting import names

if TYPE_CHECKING:
    from games.parts.shocks import Shock
    from games.scenario import Scenario


def events_blocks(scenario: Scenario, *, with_figures: bool) -> Iterator[Block]:
    """Yield what may happen during the talks, and who reads ambiguous words in which way.

    Args:
        scenario: The scenario.
        with_figures: Whether what a shock changes is told in points.
    """
    if scenario.shocks:
        yield Heading("What may happen")
        yield Table(
            head=("id", "what", "when", "who learns of it"),
            rows=tuple(
                (name, _shock(one), _when(one), names(scenario, list(one.heard_by)) or "all")
                for name, one in scenario.shocks.items()
            ),
        )
    if with_figures:
        changes = tuple(
            f"{name}: {'; '.join(told)}."
            for name, one in scenario.shocks.items()
            if (told := list(_changes(scenario, one)))
        )
        if changes:
            yield Heading("What each changes", 3)
            yield Listed(changes)
    readings = tuple(_readings(scenario))
    if readings:
        yield Heading("Words that each reads in its own way")
        yield Listed(readings)


def _shock(one: Shock) -> str:
    label = one_line(one.label)
    return f"{label}: {one_line(one.words)}" if one.words.strip() else label


def _when(one: Shock) -> str:
    told = [
        *([f"round {one.round}"] if one.round is not None else []),
        *([f"{one.chance:.0%} a round"] if one.chance else []),
    ]
    return ", ".join(told) or "when the trainer says so"


def _changes(scenario: Scenario, one: Shock) -> Iterator[str]:
    """Yield what a shock changes, in figures, and what these are."""
    for code, issues in one.points.items():
        for issue, options in issues.items():
            for option, added in options.items():
                what = one_line(settled_words(scenario.issues, {issue: option}))
                yield f"to {names(scenario, [code])} {what} is worth {added:+g} points"
    yield from _each(
        scenario, one.reservation, "what {name} has without agreement changes by {value:+g} points"
    )
    yield from _each(
        scenario,
        one.ratify,
        "what a text must be worth to pass in the capital of {name} changes by {value:+g} points",
    )
    if one.spot is not None:
        yield f"the market price is multiplied by {one.spot:g}"
    if one.market is not None:
        yield f"the dominant supplier holds {one.market:.0%} of the market"
    if one.dispute:
        yield f"the quarrel is {one.dispute:+g} on a scale to 1"
    if one.source:
        yield f"source {', '.join(map(one_line, one.source))}"
    note = one_line(one.note).rstrip(".")
    if note.casefold().startswith(one.basis):
        yield note
    else:
        yield f"{one.basis}, {note}" if note else one.basis


def _each(scenario: Scenario, values: Mapping[str, float], told: str) -> Iterator[str]:
    for code, value in values.items():
        yield told.format(name=names(scenario, [code]), value=value)


def _readings(scenario: Scenario) -> Iterator[str]:
    for issue in scenario.issues.values():
        for option, words in issue.ambiguous.items():
            read = ", ".join(
                f"{one_line(scenario.parties[code].name)} as {one_line(meaning)}"
                for code, meaning in words.readings.items()
            )
            stands = ", ".join(
                f"{one_line(meaning)} {chance:.0%}" for meaning, chance in words.chances.items()
            )
            yield (
                f"{one_line(issue.label)} “{one_line(option)}”: read by {read or 'nobody'}; "
                f"disputed {words.hazard:.0%} a year, then {stands}."
            )
