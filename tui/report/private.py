"""What the facilitator alone may see: briefs, reservation values, alternatives, points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from tui.report.document import Block, Heading, Listed, Table, Words
from tui.report.setting import names, one_line, option_words
from tui.text.wording import points

if TYPE_CHECKING:
    from games.mandates import Instruction
    from games.scenario import Party, Scenario
    from games.shocks import Shock


def private_blocks(scenario: Scenario) -> Iterator[Block]:
    """Yield the private part of a report, party by party."""
    yield Heading("Private briefs and points")
    yield Words("Nobody who is to play should see this part.", is_aside=True)
    for code, party in scenario.parties.items():
        yield Heading(f"{one_line(party.name)} ({code})", 3)
        if party.brief.strip():
            yield Words(party.brief)
        yield Listed(tuple(_figures(scenario, code, party)))
        yield _points_table(scenario, party)
        links = tuple(_links(scenario, party))
        if links:
            yield Listed(links)


def _figures(scenario: Scenario, code: str, party: Party) -> Iterator[str]:
    basis = f" ({one_line(party.reservation_basis)})" if party.reservation_basis.strip() else ""
    yield f"Without agreement: {points(party.reservation)} points{basis}."
    own = scenario.preferences[scenario.ids.index(code)]
    yield f"At best: {points(own.highest)} points. Patience a round: {party.discount:g}."
    share = 0.0 if scenario.market is None else scenario.market.share
    for one in party.alternatives:
        yield f"Instead: {one_line(one.name)}, {points(one.worth(share))} points."
    for line in party.red_lines:
        told = " with ".join(
            f"{one_line(scenario.issues[name].label)} {one_line(option)}"
            for name, option in line.items()
        )
        yield f"Never signs: {told}."
    yield from _mandate(scenario, code)


def _mandate(scenario: Scenario, code: str) -> Iterator[str]:
    """Yield what stands behind a delegate, a sentence each."""
    mandate = scenario.mandates.get(code)
    if mandate is None:
        return
    if mandate.limits:
        yield f"May sign: {_limits(scenario, mandate.limits)}."
    for name, options in mandate.grants.items():
        label = one_line(scenario.issues[name].label)
        for option, grant in options.items():
            yield (
                f"Its capital grants {label} {one_line(option)} if the text is worth at least "
                f"{points(grant.least)} at home."
            )
    for one in mandate.instructions:
        yield f"Round {one.round}, from its capital: {_instruction(scenario, one)}"
    if mandate.ratify is not None:
        ratify = mandate.ratify
        yield (
            f"To be ratified: a text worth {points(ratify.threshold)} at home passes with even "
            f"chances; failing costs {points(ratify.audience_cost)}."
        )
    if mandate.face:
        yield f"Loses at home {points(mandate.face)} points per point yielded in plenary."


def _limits(scenario: Scenario, limits: Mapping[str, tuple[str, ...]]) -> str:
    return "; ".join(
        f"{one_line(scenario.issues[name].label)} {', '.join(map(one_line, options))}"
        for name, options in limits.items()
    )


def _instruction(scenario: Scenario, one: Instruction) -> str:
    what = {
        "tighten": f"sign no more than {_limits(scenario, one.limits)}",
        "widen": f"sign as far as {_limits(scenario, one.limits)}",
        "red-line": "never sign "
        + " with ".join(
            f"{one_line(scenario.issues[name].label)} {one_line(option)}"
            for name, option in one.red_line.items()
        ),
        "no-deal": "sign nothing in this round",
    }[one.kind]
    return f"{what} (“{one_line(one.words)}”)." if one.words.strip() else f"{what}."


def events_blocks(scenario: Scenario) -> Iterator[Block]:
    """Yield what may happen during the talks, and who reads ambiguous words in which way."""
    if scenario.shocks:
        yield Heading("What may happen")
        yield Table(
            head=("id", "what", "when", "who learns of it"),
            rows=tuple(
                (name, _shock(one), _when(one), names(scenario, list(one.heard_by)) or "all")
                for name, one in scenario.shocks.items()
            ),
        )
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


def _points_table(scenario: Scenario, party: Party) -> Table:
    rows: list[tuple[str, ...]] = []
    for name, issue in scenario.issues.items():
        stated = party.points.get(name, {})
        told = " · ".join(
            f"{option_words(issue, option)}: {points(stated[text])}"
            for option, text in zip(issue.options, issue.texts, strict=True)
            if text in stated
        )
        rows.append((one_line(issue.label), told or "–"))
    return Table(head=("issue", "points by option"), rows=tuple(rows))


def _links(scenario: Scenario, party: Party) -> Iterator[str]:
    for link in party.links:
        first, second = (one_line(scenario.issues[name].label) for name in link.issues)
        for one, others in link.points.items():
            for other, extra in others.items():
                yield (
                    f"{first} {one_line(one)} with {second} {one_line(other)}: "
                    f"{points(extra)} points more."
                )
