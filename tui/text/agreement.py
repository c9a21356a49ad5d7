"""What follows from signing, as text: will it hold, who signs, the years after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

from delegates.text import counted
from games.agreement import Agreement
from games.compliance.dispute import DisputeLimit
from games.compliance.packages import Package, packages
from games.compliance.verdicts import Verdict
from games.implementation.price_floor import FloorRange
from games.implementation.units import price_unit, short
from games.participation.membership import StableCoalitions
from games.participation.signatures import SignatureProfile, StableSignatures
from games.point_words import tenths
from games.scenario import Scenario
from tui.text.brackets import some
from tui.text.wording import paragraph
from tui.text.years import year_lines

PROFILES = 3
"""Stable ways to sign, and coalitions, that are written out; the JSON has them all."""


MANY = 12
"""Parties beyond which what is said of each is told together."""

LISTED = 6
"""Of many parties, verdicts on single ones that are written out."""

NAMED = 6
"""Of many parties, those that are named in a list."""


FEW_STEADY = 3
"""Parties that sign whatever the quarrel up to which each is told in a line."""


def agreement_lines(found: Agreement) -> list[str]:
    """Return what the scenario lets be said of a signed outcome; nothing where that is nothing."""
    parts = (*agreement_parts(found), *year_parts(found))
    return [line for part in parts for line in (*part, "")]


def agreement_parts(found: Agreement) -> Iterator[list[str]]:
    """Yield what can be said of a signed outcome now: each part begins with its heading."""
    if found.ratification:
        yield ["Who ratifies?", paragraph(ratification_words(found), "  ")]
    if not found.binds:
        told = "The text is not in force: it binds nobody, and there is nothing to keep or break."
        yield ["Will it hold?", paragraph(told, "  ")]
    elif found.verdict is not None:
        yield ["Will it hold?", paragraph(verdict_words(found.verdict), "  ")]
    if found.ruling_words is not None:
        yield ["What do the words mean?", paragraph(found.ruling_words, "  ")]
    if found.dispute:
        yield ["The quarrel", *_dispute_lines(found.scenario, found.dispute)]
    if found.signatures is not None and found.coalitions is not None:
        yield [
            "Who signs?",
            *_signatures(found.scenario, found.signatures),
            *_coalitions(found.scenario, found.coalitions),
        ]


def year_parts(found: Agreement) -> Iterator[list[str]]:
    """Yield what the years after would bring, if the scenario speaks of them."""
    if found.outlook_words is not None:
        lines = ["The years after (simulated)", paragraph(found.outlook_words, "  ")]
        if found.floor is not None:
            lines.append(paragraph(floor_words(found.scenario, found.floor), "  "))
        if found.outlook is not None:
            lines += year_lines(found.scenario, found.outlook)
        yield lines


def package_lines(found: Agreement) -> list[str]:
    """Return what linking the parts of a text does to the patience that it needs."""
    return [
        paragraph(_package_words(found.scenario, one), "  ")
        for one in packages(found.scenario, found.outcome)
        if len(one.kinds) > 1
    ]


def _package_words(scenario: Scenario, one: Package) -> str:
    alone = ", ".join(
        f"{kind} {delta:.2f}" for kind, delta in zip(one.kinds, one.linkage.apart, strict=True)
    )
    helped = [one.kinds[k] for k in one.linkage.gained]
    harmed = [one.kinds[k] for k, _, _ in one.linkage.lost]
    told = [f"the package carries {', '.join(helped)}" if helped else ""]
    told += [f"it puts {', '.join(harmed)} at risk" if harmed else ""]
    verdict = "; ".join(filter(None, told)) or "linking changes nothing"
    return (
        f"{scenario.parties[one.party].name}: least patience δ* to keep each part alone: {alone}; "
        f"as one package {one.linkage.pooled:.2f}: {verdict}."
    )


def floor_words(scenario: Scenario, floor: FloorRange) -> str:
    """Return what a price floor is worth as an option, in the unit of prices."""
    unit = price_unit(scenario) or "a unit"
    return (
        f"As an option the floor is worth {_price(floor.least)} to {_price(floor.most)} {unit}, by "
        f"what is assumed of prices ({_price(floor.intrinsic)} if they stood still)."
    )


def _price(value: float) -> str:
    return tenths(value) if value < 100 else short(value)


def ratification_words(found: Agreement) -> str:
    """Return how likely a signed outcome is to pass in each capital, and in all of them."""
    names = found.scenario.parties
    ranked = sorted(found.ratification.items(), key=lambda pair: pair[1])
    told = [f"{names[party].name} {chance:.0%}" for party, chance in ranked]
    least = f", {some(told, NAMED)}" if len(told) > NAMED else f": {', '.join(told)}"
    if len(told) == 1:
        party, chance = ranked[0]
        return f"Once it is signed it passes in the capital of {names[party].name}: {chance:.0%}."
    jointly = prod(chance for _, chance in ranked)
    return f"Chance that it passes at home once it is signed{least}; in all of them {jointly:.0%}."


def verdict_words(found: Verdict) -> str:
    """Return the verdict in plain words; of many parties those that owe nothing are counted."""
    if len(found.parties) <= MANY:
        return found.paragraph
    owing = [
        line for one, line in zip(found.parties, found.lines, strict=True) if one.game is not None
    ]
    free = len(found.parties) - len(owing)
    more = len(owing) - LISTED
    told = [*owing[:LISTED], f"… and {more} more."] if more > 0 else owing
    rest = f"The other {free} owe nothing." if free else ""
    return " ".join(part for part in (found.headline, *told, rest) if part)


def _dispute_lines(scenario: Scenario, found: Sequence[DisputeLimit]) -> Iterator[str]:
    """Yield how much of the dispute signatures survive; of several parties those it costs one."""
    steady = [one for one in found if one.signs and one.level >= 1]
    if len(steady) <= FEW_STEADY:
        yield from (_dispute_line(scenario, one) for one in found)
        return
    who = f"All {len(found)}" if len(steady) == len(found) else f"{len(steady)} of {len(found)}"
    yield f"  {who} would sign this text whatever the quarrel."
    yield from (_dispute_line(scenario, one) for one in found if one not in steady)


def _dispute_line(scenario: Scenario, one: DisputeLimit) -> str:
    """Return how much of the dispute a party's signature survives."""
    name = scenario.parties[one.party].name
    if one.signs:
        most = "whatever the quarrel" if one.level >= 1 else f"up to a quarrel of {one.level:.2f}"
        return paragraph(f"{name} would sign this text {most} (on a scale to 1).", "  ")
    if one.depth <= 0:
        return paragraph(f"{name} would sign no text of this substance, however shallow.", "  ")
    return paragraph(
        f"{name} would not sign; a text of legal depth {one.depth:.2f} it would.", "  "
    )


def _signatures(scenario: Scenario, found: StableSignatures) -> Iterator[str]:
    if not found.found:
        yield paragraph(f"No way to sign is stable ({found.note}).", "  ")
        return
    ways = counted(len(found.found), "stable way to sign", "stable ways to sign")
    yield paragraph(f"{ways} ({found.note}):", "  ")
    for profile in found.found[:PROFILES]:
        yield paragraph(_profile(scenario, profile), "    ")
    if len(found.found) > PROFILES:
        yield f"    … and {len(found.found) - PROFILES} more"


def _profile(scenario: Scenario, profile: SignatureProfile) -> str:
    groups: dict[str, list[str]] = {}
    for party, signature in profile.signatures.items():
        groups.setdefault(signature, []).append(scenario.parties[party].name)
    is_long = len(profile.signatures) > MANY
    told = "; ".join(
        f"{signature}{f' ({len(names)})' if is_long else ''}: {_names(names, is_long=is_long)}"
        for signature, names in groups.items()
    )
    return f"{told} ({'in force' if profile.in_force else 'not in force'})"


def _names(names: Sequence[str], *, is_long: bool) -> str:
    return some(names, NAMED) if is_long else ", ".join(names)


def _coalitions(scenario: Scenario, found: StableCoalitions) -> Iterator[str]:
    if not found.found:
        yield paragraph(f"No coalition is stable ({found.note}).", "  ")
        return
    largest = found.found[0]
    members = [scenario.parties[party].name for party in largest.members]
    names = _names(members, is_long=len(scenario.ids) > MANY) or "nobody"
    if len(members) > MANY:
        names = f"{len(members)} parties, {names}"
    yield paragraph(
        f"Largest coalition that nobody would leave or join: {names} ({found.note}).", "  "
    )
