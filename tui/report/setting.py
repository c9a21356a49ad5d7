"""What everyone at the table knows: setting, parties, issues, rules, and where figures are from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from delegates.text import clean, counted, one_line
from games.option_words import with_units
from games.protocols.hall import is_hall
from games.protocols.stages import is_signed
from games.scenario import Quorum
from tui.report.document import Block, Heading, Listed, Table, Words
from tui.report.editions import Edition
from tui.text.wording import amount, in_percent

if TYPE_CHECKING:
    from games.scenario import Issue, Scenario

NAMED = 6
"""Parties that a list names; the others are counted."""


def setting_blocks(scenario: Scenario) -> Iterator[Block]:
    """Yield the public part of a report."""
    yield Heading("The setting")
    yield Words(clean(scenario.setting) or "The scenario states no background.")
    yield from _around(scenario)
    yield Heading("Who sits there")
    has_interests = any(party.interests for party in scenario.parties.values())
    yield Table(
        head=("party", "id", "side", *(("what it says it wants",) if has_interests else ())),
        rows=tuple(
            (
                one_line(party.name),
                code,
                party.side,
                *((one_line(party.interests),) if has_interests else ()),
            )
            for code, party in scenario.parties.items()
        ),
    )
    yield Heading("What is negotiated")
    yield Table(
        head=("issue", "options", "who must deliver it"),
        rows=tuple(
            (_label(issue), _options(issue), _obligor(scenario, issue))
            for issue in scenario.issues.values()
        ),
    )
    excluded = list(_excluded(scenario))
    if excluded:
        yield Words("What does not go together:")
        yield Listed(tuple(excluded))
    yield Heading("The rules")
    yield Listed(tuple(rules(scenario)))


def names(scenario: Scenario, codes: Sequence[str]) -> str:
    """Return parties by name, those beyond a few counted."""
    told = [one_line(scenario.parties[code].name) for code in codes[:NAMED]]
    rest = len(codes) - len(told)
    return ", ".join(told) + (f" and {rest} more" if rest else "")


def _label(issue: Issue) -> str:
    return one_line(issue.label)


def _options(issue: Issue) -> str:
    told = " · ".join(one_line(amount(option)) for option in issue.options)
    has_amounts = any(not isinstance(option, str) for option in issue.options)
    return f"{told} {one_line(issue.unit)}".strip() if has_amounts else told


def _obligor(scenario: Scenario, issue: Issue) -> str:
    return "–" if issue.obligor is None else one_line(scenario.parties[issue.obligor].name)


def _excluded(scenario: Scenario) -> Iterator[str]:
    for issue in scenario.issues.values():
        for option, others in issue.excludes.items():
            against = "; ".join(
                f"{_label(scenario.issues[name])} {_several(scenario.issues[name], texts)}"
                for name, texts in others.items()
            )
            yield f"{_label(issue)} {_several(issue, (option,))} with {against}."


def _several(issue: Issue, options: Sequence[str]) -> str:
    return one_line(with_units(issue, options, " or "))


def _around(scenario: Scenario) -> Iterator[Block]:
    """Yield what surrounds the table and is known to all."""
    told: list[str] = []
    if scenario.market is not None:
        supplier, share = one_line(scenario.market.supplier), scenario.market.share
        told.append(f"The market: {supplier} holds {share:.0%} of it ({scenario.market.basis}).")
    if scenario.outside is not None:
        name = one_line(scenario.outside.name)
        told.append(f"{name} does not sit at the table, and answers a text once it is in force.")
    if scenario.fund is not None:
        label, members = one_line(scenario.fund.label), len(scenario.fund.members)
        told.append(f"A joint fund can be pledged to: {label}, {members} members.")
    if told:
        yield Listed(tuple(told))


def rules(scenario: Scenario) -> Iterator[str]:
    """Yield the rules of the talks, a sentence each."""
    talks = scenario.protocol
    if is_hall(scenario):
        yield from _hall_rules(scenario)
    else:
        yield (
            f"Alternating offers: at most {counted(talks.rounds, 'round')}; every party has a turn "
            "in each. On its turn a party accepts the offer on the table, makes one that settles "
            "every issue, or walks away for good."
        )
        opens = {
            "fixed": "Turns follow the order of the list above.",
            "alternate": "Who opens a round changes from round to round.",
            "lot": "Lots are drawn for the order of each round.",
        }
        yield opens[talks.opens]
    yield _agreement(scenario)
    if talks.deadline is not None:
        yield (
            f"From round {talks.deadline.start} on every round may be the last, with a chance of "
            f"{in_percent(talks.deadline.close)}."
        )
    if talks.breakdown:
        chance = in_percent(talks.breakdown)
        yield f"Each round that passes counts as a chance of {chance} of breakdown."
    yield "Without agreement each party falls back on the best it can do elsewhere."


def _agreement(scenario: Scenario) -> str:
    rule = scenario.protocol.agreement
    if isinstance(rule, Quorum):
        needed = f"{rule.quorum:.0%} of the voting weight"
        if rule.vetoes:
            needed += f" ({names(scenario, rule.vetoes)} among it)"
    else:
        needed = "both parties" if len(scenario.ids) == 2 else f"all {len(scenario.ids)} parties"
    if scenario.protocol.kind == "forum":
        return f"A text goes to signature before the last round if {needed} stand by it."
    return f"An agreement needs {needed}."


def _entry_into_force(scenario: Scenario) -> Iterator[str]:
    behind = scenario.participation
    if behind is not None and behind.threshold is not None:
        yield f"It is in force once {behind.threshold:.0%} of the weight has signed it binding."


def _hall_rules(scenario: Scenario) -> Iterator[str]:
    talks = scenario.protocol
    chair = one_line(scenario.parties[talks.chair or scenario.ids[0]].name)
    more = f" ({talks.extension} more by extension)" if talks.extension else ""
    yield (
        f"A {talks.kind}: at most {counted(talks.rounds, 'round')}{more}. {chair} chairs and holds "
        "the pen of one negotiating text, alternatives in brackets."
    )
    yield (
        f"Small rooms seat {talks.rooms.size} for {talks.rooms.turns} moves each; caucuses a "
        f"delegation may call: {talks.caucuses}."
    )
    if talks.silence == "allowed":
        yield "The chair may have a text adopted unless somebody breaks the silence."
    if is_signed(scenario):
        yield "Each delegation signs the text binding or declaratory, or stays out."
        yield from _entry_into_force(scenario)


def sources_blocks(scenario: Scenario, edition: Edition) -> Iterator[Block]:
    """Yield where figures come from, and what the figures of each issue and part are."""
    yield Heading("Where the figures come from")
    public, own, private = (
        [*made(scenario)] for made in (_public_parts, _own_parts, _private_parts)
    )
    told = {
        Edition.PARTICIPANTS: public,
        Edition.DEBRIEF: [*public, *private],
        Edition.FACILITATOR: [*public, *own, *private],
    }[edition]
    yield Table(
        head=("issue or part", "its figures are", "sources"),
        rows=tuple(
            (one_line(what), basis, ", ".join(map(one_line, source)) or "–")
            for what, basis, source in told
        ),
    )
    # A source's title tells what a part is about that the edition may not tell of.
    withheld = _cited([*own, *private]) - _cited(told)
    sources = [one for one in scenario.sources if one.id not in withheld]
    if not sources:
        yield Words("The scenario names no sources for these.")
        return
    yield Listed(
        tuple(
            f"{one_line(one.id)} ({', '.join(filter(None, (one_line(one.date), one.basis)))}): "
            f"{_source(one.title, one.note)}"
            for one in sources
        )
    )


_Part = tuple[str, str, Sequence[str]]
"""What it is, what its figures are called, and the ids of its sources."""


def _cited(parts: Sequence[_Part]) -> set[str]:
    return {source for *_, sources in parts for source in sources}


def _public_parts(scenario: Scenario) -> Iterator[_Part]:
    for issue in scenario.issues.values():
        yield issue.label, issue.basis, issue.source
    for what, part in (
        ("the market", scenario.market),
        ("who stays outside", scenario.outside),
        ("the joint fund", scenario.fund),
    ):
        if part is not None:
            yield what, part.basis, part.source


def _own_parts(scenario: Scenario) -> Iterator[_Part]:
    """Yield what stands in a party's own papers."""
    for party in scenario.parties.values():
        for one in party.alternatives:
            yield f"{party.name}, instead: {one.name}", one.basis, one.source


def _private_parts(scenario: Scenario) -> Iterator[_Part]:
    """Yield what not everyone at the table knows of beforehand, and all may know afterwards."""
    for issue in scenario.issues.values():
        for option, words in issue.ambiguous.items():
            yield f"{issue.label} “{option}”", words.basis, words.source
    for name, deal in scenario.side_deals.items():
        yield f"side deal {name}", deal.basis, deal.source
    for name, shock in scenario.shocks.items():
        yield f"shock {name}", shock.basis, shock.source
    plan = scenario.implementation
    if plan is not None:
        yield "the years after signature", plan.basis, plan.source
        yield "the market price", plan.price.basis, plan.price.source
        for project in plan.projects:
            yield f"project {project.name}", project.basis, project.source


def _source(title: str, note: str) -> str:
    return f"{one_line(title)}. {one_line(note)}" if note.strip() else one_line(title)
