"""What stops a scenario: names that refer to nothing, parts that do not go together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import prod
from typing import TYPE_CHECKING, cast

import numpy as np

from games.lint.ambiguity import ambiguity_contradictions
from games.lint.events import event_contradictions, order_contradictions
from games.lint.mandates import ratification_contradictions
from games.lint.misnamed import scale_contradictions, unknown_names
from games.lint.surroundings import surrounding_contradictions
from games.parts.aftermath import Reading
from games.utility import (
    MAX_OUTCOMES,
    MAX_TABLE_BYTES,
    excluding_issues,
    is_tabled,
    signable_mask,
)

if TYPE_CHECKING:
    from games.parts.aftermath import Implementation
    from games.parts.base import Part
    from games.scenario import Issue, Party, Scenario


def contradictions(scenario: Scenario) -> Iterator[str]:
    """Yield what makes a scenario no game at all; the first is enough to refuse it.

    What the parts leave to be agreed is computed, and looked at where they fit together.
    """
    fits = True
    for problem in _misfits(scenario):
        fits = False
        yield problem
    if fits:
        yield from _impossible(scenario)


def _misfits(scenario: Scenario) -> Iterator[str]:
    """Yield what refers to nothing or contradicts another part; none of it computes a table."""
    yield from _issue_contradictions(scenario)
    yield from ambiguity_contradictions(scenario)
    yield from event_contradictions(scenario)
    yield from ratification_contradictions(scenario)
    yield from _party_contradictions(scenario)
    yield from _protocol_contradictions(scenario)
    if scenario.dispute is not None:
        yield from unknown_names(
            "dispute.audience_cost", scenario.dispute.audience_cost, scenario.ids
        )
        for name, scale in (("level", scenario.dispute.level), ("depth", scenario.dispute.depth)):
            if not isinstance(scale, int | float):
                yield from scale_contradictions(f"dispute.{name}", scale, scenario)
    yield from _aftermath_contradictions(scenario)
    yield from surrounding_contradictions(scenario)
    yield from unknown_names("seats", scenario.seats, scenario.ids)


def _impossible(scenario: Scenario) -> Iterator[str]:
    """Yield what leaves too many outcomes, none, or none that some party may sign."""
    size = prod(len(issue.options) for issue in scenario.issues.values())
    if size > MAX_OUTCOMES:
        yield f"issues: {size} outcomes; at most {MAX_OUTCOMES} can be numbered, leave options out"
    elif (tied := excluding_issues(scenario).size) > MAX_TABLE_BYTES:
        yield f"issues: exclusions tie {tied} combinations together; at most {MAX_TABLE_BYTES}"
    elif scenario.space.count == 0:
        yield "issues: every outcome is excluded; nothing can be agreed"
    elif crossed := list(_unsignable(scenario)):
        yield from crossed
    else:
        yield from order_contradictions(scenario)


def _aftermath_contradictions(scenario: Scenario) -> Iterator[str]:
    if scenario.commitments is not None:
        names = ("fine", "collapse", "sunk", "patience")
        yield from _party_names("commitments", scenario.commitments, names, scenario)
    yield from unknown_names("trust", scenario.trust, scenario.ids)
    if scenario.participation is not None:
        names = ("weights", "kappa", "access", "reply", "spill", "penalty", "benefit", "cost")
        yield from _party_names("participation", scenario.participation, names, scenario)
    if scenario.implementation is not None:
        yield from _implementation_contradictions(scenario, scenario.implementation)


def _party_names(where: str, part: Part, names: Iterable[str], scenario: Scenario) -> Iterator[str]:
    for name in names:
        value: object = getattr(part, name)
        if isinstance(value, dict):
            yield from unknown_names(
                f"{where}.{name}", cast("dict[str, object]", value), scenario.ids
            )


def _implementation_contradictions(scenario: Scenario, plan: Implementation) -> Iterator[str]:
    where = "implementation"
    yield from _party_names(where, plan, ("law", "swing"), scenario)
    if plan.renegotiation is not None:
        place = f"{where}.renegotiation"
        yield from _party_names(place, plan.renegotiation, ("cost",), scenario)
    for name in ("volume", "floor", "contract_price", "term", "invest"):
        yield from _figure_contradictions(f"{where}.{name}", getattr(plan, name), scenario)
    for number, project in enumerate(plan.projects):
        place = f"{where}.projects.{number}.capped_until"
        yield from _figure_contradictions(place, project.capped_until, scenario)
        if project.host is not None:
            host = f"{where}.projects.{number}.host"
            yield from unknown_names(host, [project.host], scenario.ids)
    total = sum(project.share for project in plan.projects)
    if total > 1 + 1e-9:
        yield f"{where}.projects: their shares sum to {total:g}; expected at most 1"
    owing = {issue.obligor for issue in scenario.issues.values()} - {None}
    if not owing:
        yield f"{where}: no issue names an obligor; nobody has to deliver anything"
    patience = None if scenario.commitments is None else scenario.commitments.patience
    known = patience if isinstance(patience, dict) else owing if patience is not None else ()
    for party in scenario.ids:
        if party in owing and party not in known:
            yield f"{where}: expected commitments.patience of {party!r}, who owes something"


def _figure_contradictions(where: str, figure: object, scenario: Scenario) -> Iterator[str]:
    if not isinstance(figure, Reading):
        return
    if figure.issue not in scenario.issues:
        yield from unknown_names(f"{where}.issue", [figure.issue], scenario.issues)
        return
    issue = scenario.issues[figure.issue]
    values = figure.values
    if values is None:
        words = [option for option in issue.options if isinstance(option, str)]
        if words:
            yield f"{where}: the option {words[0]!r} is no number; expected values for the options"
        numbers = [float(option) for option in issue.options if not isinstance(option, str)]
    else:
        yield from unknown_names(f"{where}.values", values, issue.texts)
        for text in issue.texts:
            if text not in values:
                yield f"{where}.values: the option {text!r} has no value"
        numbers = list(values.values())
    if any(number * figure.scale < 0 for number in numbers):
        yield f"{where}: a figure is below 0; expected at least 0 for every option"


def _issue_contradictions(scenario: Scenario) -> Iterator[str]:
    for name, issue in scenario.issues.items():
        yield from _option_contradictions(scenario, name, issue)


def _option_contradictions(scenario: Scenario, name: str, issue: Issue) -> Iterator[str]:
    where = f"issues.{name}"
    if len(set(issue.texts)) < len(issue.texts):
        yield f"{where}.options: an option stands there twice"
    if any(isinstance(value, float) and not np.isfinite(value) for value in issue.options):
        yield f"{where}.options: expected finite numbers"
    if issue.obligor is not None:
        yield from unknown_names(f"{where}.obligor", [issue.obligor], scenario.ids)
    if issue.unmet is not None:
        yield from unknown_names(f"{where}.unmet", [issue.unmet], issue.texts)
    yield from unknown_names(f"{where}.excludes", issue.excludes, issue.texts)
    for option, exclusions in issue.excludes.items():
        for other, options in exclusions.items():
            place = f"{where}.excludes.{option}"
            if other == name or other not in scenario.issues:
                yield f"{place}: expected another issue, found {other!r}"
            else:
                yield from unknown_names(f"{place}.{other}", options, scenario.issues[other].texts)


def _party_contradictions(scenario: Scenario) -> Iterator[str]:
    for name, party in scenario.parties.items():
        yield from _points_contradictions(scenario, f"parties.{name}", party)
        yield from _link_contradictions(scenario, f"parties.{name}", party)
        yield from unknown_names(f"parties.{name}.concerns", party.concerns, scenario.issues)
        for number, red_line in enumerate(party.red_lines):
            where = f"parties.{name}.red_lines.{number}"
            if not red_line:
                yield f"{where}: expected at least one issue"
            for issue, option in red_line.items():
                yield from _option_of(scenario, where, issue, option)


def _unsignable(scenario: Scenario) -> Iterator[str]:
    if not is_tabled(scenario):
        return
    # What the limits of a mandate leave is looked at order by order, once red lines leave anything.
    bare = scenario.model_copy(update={"mandates": {}}) if scenario.mandates else scenario
    for party, details in scenario.parties.items():
        signable = signable_mask(bare, party) if details.red_lines else None
        if signable is not None and not signable.any():
            yield f"parties.{party}.red_lines: they leave it nothing to sign"


def _option_of(scenario: Scenario, where: str, issue: str, option: str) -> Iterator[str]:
    if issue not in scenario.issues:
        yield from unknown_names(where, [issue], scenario.issues)
    else:
        yield from unknown_names(f"{where}.{issue}", [option], scenario.issues[issue].texts)


def _points_contradictions(scenario: Scenario, where: str, party: Party) -> Iterator[str]:
    yield from unknown_names(f"{where}.points", party.points, scenario.issues)
    for name, issue in scenario.issues.items():
        points = party.points.get(name)
        if points is None:
            yield f"{where}.points: the issue {name!r} is missing; expected points for its options"
            continue
        yield from unknown_names(f"{where}.points.{name}", points, issue.texts)
        for text in issue.texts:
            if text not in points:
                yield f"{where}.points.{name}: the option {text!r} has no points"


def _link_contradictions(scenario: Scenario, where: str, party: Party) -> Iterator[str]:
    for number, link in enumerate(party.links):
        place = f"{where}.links.{number}"
        first, second = link.issues
        if first == second:
            yield f"{place}: a link needs two different issues, found {first!r} twice"
            continue
        yield from unknown_names(place, link.issues, scenario.issues)
        for option, row in link.points.items():
            yield from _option_of(scenario, place, first, option)
            for other in row:
                yield from _option_of(scenario, place, second, other)


def _protocol_contradictions(scenario: Scenario) -> Iterator[str]:
    protocol = scenario.protocol
    if protocol.chair is not None:
        yield from unknown_names("protocol.chair", [protocol.chair], scenario.ids)
    if protocol.kind == "forum" and scenario.participation is None:
        yield "participation: expected in a forum, whose text is signed; it is not stated"
    if protocol.deadline is not None and protocol.deadline.start > protocol.rounds:
        yield (
            f"protocol.deadline.from: round {protocol.deadline.start} is after "
            f"the last of {protocol.rounds} rounds"
        )
    if protocol.agreement != "unanimity":
        yield from unknown_names(
            "protocol.agreement.weights", protocol.agreement.weights, scenario.ids
        )
        yield from unknown_names(
            "protocol.agreement.vetoes", protocol.agreement.vetoes, scenario.ids
        )
