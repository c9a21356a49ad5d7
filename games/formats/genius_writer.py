"""Scenarios made into domains of the Genius platform, or refused where Genius has no word for them.

An issue's weight is a hundredth of the most points it can give, an item's evaluation its share of
these, so the greatest is 1: whoever divides by the greatest evaluation and whoever takes the raw
sum read the same utilities. Evaluations have as many digits as it takes for `read_genius` to give
back every float as it was. What the files hold beyond that is in `left_behind`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from math import isinf
from typing import TYPE_CHECKING

from games.errors import ScenarioError, plain
from games.formats.genius import ROUNDS, issue_ids
from games.formats.xml_tree import attribute

if TYPE_CHECKING:
    from pydantic import BaseModel

    from games.scenario import Scenario

DIGITS = 25
"""Digits of an evaluation that is no short decimal: enough for its product with any float to
round back to the float it was made from."""

_CARRIED = {
    "scenario": {"minilateral", "id", "title", "protocol", "issues", "parties"},
    "protocol": {"discounting"},
    "issue": {"label", "options"},
    "party": {"reservation", "discount", "points"},
}
"""Fields whose meaning the files hold; a domain's id is the name of its file."""

_HARMLESS = {
    "scenario": {"level", "date", "setting", "seats", "sources", "commitments"},
    "protocol": {"rounds", "opens"},
    "issue": {"unit", "kind", "obligor", "unmet", "source", "basis"},
    "party": {"name", "side", "bloc", "weight", "interests", "brief", "reservation_basis"},
}
"""Fields that the files cannot hold but that change no utility; all others are refused."""


def write_genius(scenario: Scenario) -> tuple[str, dict[str, str]]:
    """Return the XML of a scenario's domain, and of each party's profile by its id.

    Raises:
        ScenarioError: If Genius has no word for some of it; the message names what.
    """
    problem = next(_inexpressible(scenario), None)
    if problem is not None:
        raise ScenarioError(f"{scenario.id}: {plain(problem)}")
    names = _names(scenario)
    return _domain(scenario, names), {
        party: _profile(scenario, names, party) for party in scenario.parties
    }


def left_behind(scenario: Scenario) -> tuple[str, ...]:
    """Return what a scenario says that Genius's files do not, as paths; none changes a utility.

    Rounds and who opens are named where they are not what an import assumes.
    """
    found = [f"protocol.{name}" for name in ("rounds", "opens") if _differs(scenario, name)]
    found += [f"scenario.{name}" for name in _said(scenario, _CARRIED["scenario"])]
    if _names(scenario) != [issue.label for issue in scenario.issues.values()]:
        found += ["issue.label"]
    for kind, parts in (("issue", scenario.issues), ("party", scenario.parties)):
        names = {name for part in parts.values() for name in _said(part, _CARRIED[kind])}
        found += [f"{kind}.{name}" for name in sorted(names)]
    return tuple(found)


def _differs(scenario: Scenario, name: str) -> bool:
    return getattr(scenario.protocol, name) != {"rounds": ROUNDS, "opens": "fixed"}[name]


def _said(part: BaseModel, known: set[str]) -> list[str]:
    """Return the other fields of a part that are not what they are by default."""
    return sorted(part.model_dump(exclude=known, exclude_defaults=True))


def _inexpressible(scenario: Scenario) -> Iterator[str]:
    """Yield what Genius cannot say, as a path and why."""
    parts = [
        ("", "scenario", scenario),
        ("protocol.", "protocol", scenario.protocol),
        *((f"issues.{name}.", "issue", issue) for name, issue in scenario.issues.items()),
        *((f"parties.{name}.", "party", party) for name, party in scenario.parties.items()),
    ]
    for where, kind, part in parts:
        for name in _said(part, _CARRIED[kind] | _HARMLESS[kind]):
            yield f"{where}{name}: Genius's files cannot hold it; expected a scenario without"
    yield from _inexpressible_time(scenario)
    for name, party in scenario.parties.items():
        for issue, row in party.points.items():
            if max(row.values()) <= 0 and any(row.values()):
                yield (
                    f"parties.{name}.points.{issue}: no option is worth more than 0; expected one, "
                    "for Genius divides by the greatest"
                )
            elif any(row.values()) and isinf(min(row.values()) / max(row.values())):
                yield f"parties.{name}.points.{issue}: they differ by more than floats can hold"


def _inexpressible_time(scenario: Scenario) -> Iterator[str]:
    protocol = scenario.protocol
    for name, party in scenario.parties.items():
        if party.discount < 1 and protocol.discounting != "total":
            yield (
                f"parties.{name}.discount: it acts on the gain alone, in Genius on the whole "
                "utility; expected `discounting: total`, or no discount"
            )
        if party.discount**protocol.rounds == 0:
            yield f"parties.{name}.discount: nothing is left after {protocol.rounds} rounds"


def _names(scenario: Scenario) -> list[str]:
    """Return the names of the issues: their labels if these tell them apart, else their ids."""
    labels = [issue.label for issue in scenario.issues.values()]
    apart = len(set(labels)) == len(labels) and all(label.strip() for label in labels)
    return labels if apart else list(scenario.issues)


def _domain(scenario: Scenario, names: Sequence[str]) -> str:
    ids = list(scenario.issues)
    known = issue_ids(names) == ids
    issues: list[str] = []
    for index, (name, id_, issue) in enumerate(
        zip(names, ids, scenario.issues.values(), strict=True), 1
    ):
        items = [
            f'<item index="{number}" value={attribute(text)} cost="0" description=""/>'
            for number, text in enumerate(issue.texts, 1)
        ]
        more = "" if known else f" id={attribute(id_)}"
        kind = _value_kind(issue.options)
        issues += [_issue_opening(index, name, kind, more), *items, "</issue>"]
    return "\n".join(
        [
            "<negotiation_template>",
            f'<utility_space number_of_issues="{len(names)}">',
            _objective_opening(scenario),
            *issues,
            "</objective>",
            "</utility_space>",
            "</negotiation_template>",
            "",
        ]
    )


def _profile(scenario: Scenario, names: Sequence[str], party: str) -> str:
    details = scenario.parties[party]
    issues: list[str] = []
    weights: list[str] = []
    for index, (name, (id_, issue)) in enumerate(
        zip(names, scenario.issues.items(), strict=True), 1
    ):
        own = [details.points[id_][text] for text in issue.texts]
        greatest = max(own)
        items = [
            f'<item index="{number}" value={attribute(text)} '
            f'evaluation="{_share(value, greatest)}"/>'
            for number, (text, value) in enumerate(zip(issue.texts, own, strict=True), 1)
        ]
        issues += [_issue_opening(index, name, _value_kind(issue.options)), *items, "</issue>"]
        weights.append(f'<weight index="{index}" value="{_hundredth(greatest)}"/>')
    return "\n".join(
        [
            f'<utility_space number_of_issues="{len(names)}">',
            _objective_opening(scenario),
            *issues,
            *weights,
            "</objective>",
            f'<discount_factor value="{details.discount**scenario.protocol.rounds!r}"/>',
            f'<reservation value="{_hundredth(details.reservation)}"/>',
            "</utility_space>",
            "",
        ]
    )


def _objective_opening(scenario: Scenario) -> str:
    name = attribute(scenario.title)
    return f'<objective index="0" etype="objective" type="objective" description="" name={name}>'


def _issue_opening(index: int, name: str, kind: str, more: str = "") -> str:
    types = f'etype="discrete" type="discrete" vtype="{kind}"'
    return f'<issue index="{index}" {types} name={attribute(name)}{more}>'


def _value_kind(options: Sequence[object]) -> str:
    """Return what Genius calls the kind of values: numbers only if all are."""
    if all(isinstance(option, int) for option in options):
        return "integer"
    return "real" if all(isinstance(option, int | float) for option in options) else "discrete"


def _hundredth(value: float) -> str:
    """Return a hundredth of the decimal that a float is written as, exactly."""
    return _decimal(Decimal(repr(value)).scaleb(-2))


def _share(value: float, greatest: float) -> str:
    """Return value/greatest in as many digits as it takes to find the value again."""
    if value == 0:
        return "0"
    whole = Decimal(repr(greatest))
    short = Decimal(repr(value / greatest))
    if float(Fraction(short) * Fraction(whole)) == value:
        return _decimal(short)
    return _decimal(Context(prec=DIGITS).divide(Decimal(repr(value)), whole))


def _decimal(value: Decimal) -> str:
    plainly = f"{value.normalize():f}"
    return plainly if len(plainly) <= DIGITS + 5 else str(value.normalize())
