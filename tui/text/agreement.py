"""What follows from signing, as text: will it hold, who signs, the years after."""

from __future__ import annotations

from collections.abc import Iterator

from games.agreement import Agreement
from games.compliance.dispute import DisputeLimit
from games.participation.membership import StableCoalitions
from games.participation.signatures import SignatureProfile, StableSignatures
from games.scenario import Scenario
from tui.text.wording import paragraph, points

PROFILES = 3
"""Stable ways to sign, and coalitions, that are written out; the JSON has them all."""


def agreement_lines(found: Agreement) -> list[str]:
    """Return what the scenario lets be said of a signed outcome; nothing where that is nothing."""
    return [line for part in _parts(found) for line in (*part, "")]


def _parts(found: Agreement) -> Iterator[list[str]]:
    if found.verdict is not None:
        yield ["Will it hold?", paragraph(found.verdict.paragraph, "  ")]
    if found.dispute:
        yield ["The quarrel", *(_dispute_line(found.scenario, one) for one in found.dispute)]
    if found.signatures is not None and found.coalitions is not None:
        yield [
            "Who signs?",
            *_signatures(found.scenario, found.signatures),
            *_coalitions(found.scenario, found.coalitions),
        ]
    if found.outlook_words is not None:
        lines = ["The years after (simulated)", paragraph(found.outlook_words, "  ")]
        if found.floor is not None:
            worth = f"{points(found.floor.least)} to {points(found.floor.most)}"
            lines.append(
                paragraph(
                    f"As an option the floor is worth {worth} a unit, by what is assumed of prices "
                    f"({points(found.floor.intrinsic)} if they stood still).",
                    "  ",
                )
            )
        yield lines


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
    yield paragraph(f"{len(found.found)} stable ways to sign ({found.note}):", "  ")
    for profile in found.found[:PROFILES]:
        yield paragraph(_profile(scenario, profile), "    ")
    if len(found.found) > PROFILES:
        yield f"    … and {len(found.found) - PROFILES} more"


def _profile(scenario: Scenario, profile: SignatureProfile) -> str:
    groups: dict[str, list[str]] = {}
    for party, signature in profile.signatures.items():
        groups.setdefault(signature, []).append(scenario.parties[party].name)
    told = "; ".join(f"{signature}: {', '.join(names)}" for signature, names in groups.items())
    return f"{told} ({'in force' if profile.in_force else 'not in force'})"


def _coalitions(scenario: Scenario, found: StableCoalitions) -> Iterator[str]:
    if not found.found:
        yield paragraph(f"No coalition is stable ({found.note}).", "  ")
        return
    largest = found.found[0]
    names = ", ".join(scenario.parties[party].name for party in largest.members) or "nobody"
    yield paragraph(
        f"Largest coalition that nobody would leave or join: {names} ({found.note}).", "  "
    )
