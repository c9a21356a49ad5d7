"""Options that nobody needs: worse for all than another one, or worth the same to everyone.

u is a sum of points of single options and of pairs of them. So the least and the most by which one
option of an issue is worth more than another, over all ways to settle the rest, follows issue by
issue, and no table of outcomes is needed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from games.lint.finding import Finding
from games.naming import listed
from games.outcomes import FloatArray
from games.parts.base import Scale
from games.utility import TIE, exclusions, link_table

if TYPE_CHECKING:
    from games.scenario import Issue, Scenario

MOST_WORK = 200_000_000
"""Comparisons of one party's points of two options beyond which an issue is not looked at."""


@dataclass(frozen=True, kw_only=True)
class Margins:
    """By how many points options of an issue are worth more than others, shape (k, k).

    Entry (a, b): option a instead of b, whatever else is settled.
    """

    least: FloatArray
    """The least of any party and any settlement of the rest."""
    most: FloatArray
    """The most, likewise."""


def option_findings(scenario: Scenario) -> Iterator[Finding]:
    """Yield options that can be left out."""
    for name, issue in scenario.issues.items():
        if len(issue.options) < 2 or _work(scenario, name) > MOST_WORK:
            continue
        margins = option_margins(scenario, name)
        used = set(_kept_for(scenario, name, issue))
        alike = _duplicates(scenario, name, margins, used)
        yield from _duplicate_findings(scenario, name, alike)
        yield from _dominated_findings(scenario, name, used)


def _work(scenario: Scenario, name: str) -> int:
    size = len(scenario.issues[name].options) ** 2
    partners = sum(
        len(scenario.issues[other].options)
        for party in scenario.parties.values()
        for link in party.links
        for other in link.issues
        if name in link.issues and other != name
    )
    return size * (len(scenario.ids) + partners)


def option_margins(scenario: Scenario, name: str) -> Margins:
    """Return by how much options of an issue are worth more than others to any party."""
    count = len(scenario.issues[name].options)
    least, most = np.full((count, count), np.inf), np.full((count, count), -np.inf)
    for party in scenario.ids:
        alone, beside = _worths(scenario, name, party)
        low = alone[:, None] - alone[None, :]
        high = low.copy()
        for table in beside.values():
            low += _extreme(table, np.minimum)
            high += _extreme(table, np.maximum)
        np.minimum(least, low, out=least)
        np.maximum(most, high, out=most)
    return Margins(least=least, most=most)


def _extreme(table: FloatArray, choose: np.ufunc) -> FloatArray:
    """Return the least or greatest difference of two rows over the columns, shape (rows, rows)."""
    found: FloatArray = table[:, None, 0] - table[None, :, 0]
    for column in table.T[1:]:
        choose(found, column[:, None] - column[None, :], out=found)
    return found


def _worths(scenario: Scenario, name: str, party: str) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Return what options of an issue are worth to a party, alone and with those of others."""
    details = scenario.parties[party]
    texts = scenario.issues[name].texts
    alone = np.array([details.points[name][text] for text in texts], dtype=np.float64)
    beside: dict[str, FloatArray] = {}
    for link in details.links:
        if name in link.issues:
            table = link_table(scenario, link)
            first, second = link.issues
            other, table = (second, table) if first == name else (first, table.T)
            beside[other] = beside[other] + table if other in beside else table
    _add_dispute(scenario, name, party, alone, beside)
    return alone, beside


def _add_dispute(
    scenario: Scenario, name: str, party: str, alone: FloatArray, beside: dict[str, FloatArray]
) -> None:
    dispute = scenario.dispute
    if dispute is None:
        return
    cost = dispute.audience_cost.get(party, 0.0)
    level, depth = (_of_issue(scenario, one) for one in (dispute.level, dispute.depth))
    if name not in (level[0], depth[0]):
        return
    if level[0] == depth[0] or level[0] is None or depth[0] is None:
        alone -= cost * level[1] * depth[1]
        return
    own, other = (level, depth) if level[0] == name else (depth, level)
    partner, table = str(other[0]), -cost * own[1][:, None] * other[1][None, :]
    beside[partner] = beside[partner] + table if partner in beside else table


def _of_issue(scenario: Scenario, scale: float | Scale) -> tuple[str | None, FloatArray]:
    """Return the issue that a scale depends on, with its values; no issue if it is one figure."""
    if not isinstance(scale, Scale):
        return None, np.array([float(scale)])
    texts = scenario.issues[scale.issue].texts
    return scale.issue, np.array([scale.values[text] for text in texts])


def _kept_for(scenario: Scenario, name: str, issue: Issue) -> Iterator[str]:
    """Yield the options of which something else in the scenario speaks than points and links.

    Whatever reads an issue may tell two options apart that are worth the same.
    """
    values = json.loads(scenario.canonical())
    for key, part in values.items():
        if key in {"issues", "parties", "dispute"} or not isinstance(part, dict):
            continue
        if any(_reads(one, name) for one in _mappings(cast("dict[str, object]", part))):
            yield from issue.texts
            return
    own = cast("dict[str, object]", values["issues"][name])
    yield from cast("dict[str, object]", own.get("ambiguous", {}))


def _mappings(value: object) -> Iterator[dict[str, object]]:
    if isinstance(value, dict):
        held = cast("dict[str, object]", value)
        yield held
        for inner in held.values():
            yield from _mappings(inner)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from _mappings(inner)


def _reads(part: dict[str, object], name: str) -> bool:
    return part.get("issue") == name or name in part


def _restrictions(scenario: Scenario, name: str, option: str) -> set[object]:
    """Return where an option cannot stand: exclusions, red lines, limits of a mandate."""
    found: set[object] = set()
    for issue, one, other, others in exclusions(scenario):
        if (issue, one) == (name, option):
            found.update((other, text) for text in others)
        elif other == name and option in others:
            found.add((issue, one))
    for party, details in scenario.parties.items():
        for line in details.red_lines:
            if line.get(name) == option:
                rest = frozenset((key, text) for key, text in line.items() if key != name)
                found.add((party, rest))
    for party, mandate in scenario.mandates.items():
        if option not in mandate.limits.get(name, (option,)):
            found.add((party, "mandate"))
    return found


def _duplicates(scenario: Scenario, name: str, margins: Margins, used: set[str]) -> list[list[str]]:
    """Return groups of options that differ in nothing."""
    texts = scenario.issues[name].texts
    same = (margins.least >= -TIE) & (margins.most <= TIE)
    groups: dict[int, list[str]] = {}
    for number, text in enumerate(texts):
        first = int(np.flatnonzero(same[number])[0])
        groups.setdefault(first, []).append(text)
    return [
        group
        for group in groups.values()
        if len(group) > 1
        and not used.intersection(group)
        and all(
            _restrictions(scenario, name, one) == _restrictions(scenario, name, group[0])
            for one in group[1:]
        )
    ]


def _duplicate_findings(scenario: Scenario, name: str, alike: list[list[str]]) -> Iterator[Finding]:
    for group in alike:
        if len(group) == len(scenario.issues[name].texts):
            yield Finding(
                f"issues.{name}",
                "however it is settled, it is worth the same to everyone",
                "Nobody has a reason to speak of it; give its options points, or leave it out.",
            )
        else:
            yield Finding(
                f"issues.{name}.options",
                f"{listed(group)}: worth the same to everyone, whatever else is settled",
                "They multiply the outcomes and change nothing; one of them is enough.",
            )


def dominated_options(scenario: Scenario) -> dict[str, dict[str, str]]:
    """Return, by issue, the options that another one dominates, each with one that does.

    The other is at least as good for every party and better for one, whatever else is settled, and
    can stand wherever the dominated one can. Words that each reads in its own way dominate nothing:
    to be worth something to everyone at signature is what they are for.
    """
    return scenario.once("dominated options", _dominated_options)


def _dominated_options(scenario: Scenario) -> dict[str, dict[str, str]]:
    found = {
        name: _dominated(scenario, name)
        for name, issue in scenario.issues.items()
        if len(issue.options) > 1 and _work(scenario, name) <= MOST_WORK
    }
    return {name: dominated for name, dominated in found.items() if dominated}


def _dominated(scenario: Scenario, name: str) -> dict[str, str]:
    margins, texts = option_margins(scenario, name), scenario.issues[name].texts
    better = (margins.least >= -TIE) & (margins.most > TIE)
    rulers: dict[str, list[str]] = {}
    open_ = scenario.issues[name].ambiguous
    for number in np.flatnonzero(better.any(axis=0)):
        here = _restrictions(scenario, name, texts[number])
        by = [texts[one] for one in np.flatnonzero(better[:, number])]
        by = [one for one in by if _restrictions(scenario, name, one) <= here and one not in open_]
        if by:
            rulers[texts[number]] = by
    # Of several the last word is told: one that is not dominated itself, as there always is.
    return {
        option: next((one for one in by if one not in rulers), by[0])
        for option, by in rulers.items()
    }


def _dominated_findings(scenario: Scenario, name: str, used: set[str]) -> Iterator[Finding]:
    found = dominated_options(scenario).get(name, {})
    groups: dict[str, list[str]] = {}
    for option, by in found.items():
        groups.setdefault(by, []).append(option)
    for by, options in groups.items():
        elsewhere = " What else hangs on this issue may be a reason." if used else ""
        yield Finding(
            f"issues.{name}.options",
            f"{listed(options)}: dominated by {by}, which is at least as good for everyone and "
            "better for someone, whatever else is settled",
            "By points nobody has a reason to insist on it: it is no trade-off. One issue that all "
            f"order alike is worth having, since they must find that out.{elsewhere}",
            "note",
        )
