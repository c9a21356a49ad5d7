"""What is wrong with a scenario: contradictions that stop it, and findings worth mending."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import prod
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from games.ambiguity import ambiguity_contradictions, ambiguity_findings
from games.event_lint import event_contradictions, event_findings, order_contradictions
from games.findings import Finding
from games.mandate_lint import (
    face_findings,
    ratification_contradictions,
    ratification_findings,
)
from games.misnamed import scale_contradictions, unknown_names
from games.surrounding_lint import (
    surrounding_contradictions,
    surrounding_findings,
    surrounding_parts,
)
from games.utility import (
    MAX_OUTCOMES,
    MAX_TABLE_BYTES,
    excluding_issues,
    is_tabled,
    signable_mask,
)

if TYPE_CHECKING:
    from games.aftermath import Implementation
    from games.parts import Part
    from games.scenario import Issue, Party, Scenario


class _Sourced(Protocol):
    """A part of a scenario that says where its figures come from."""

    @property
    def source(self) -> tuple[str, ...]: ...

    @property
    def basis(self) -> str: ...


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
    from games.aftermath import Reading

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


def lint(scenario: Scenario) -> tuple[Finding, ...]:
    """Return what is worth mending in a playable scenario, nothing if it is clean."""
    return tuple(one for one in _found(scenario) if one.severity == "weakness")


def findings(scenario: Scenario) -> tuple[Finding, ...]:
    """Return what an author should know of a playable scenario: weaknesses, then notes.

    Among the notes is the distance from the standard of interesting games, which takes a second.
    """
    from games.standard_lint import standard_findings

    found = [*_found(scenario), *standard_findings(scenario)]
    return tuple(sorted(found, key=lambda one: one.severity == "note"))


IDLE = "Part of what is stated there has no effect: mend it, or leave it out."
"""Why a remark matters on what is stated but moves nothing."""


def _found(scenario: Scenario) -> Iterator[Finding]:
    # Every scenario that is loaded passes through this file; what only a check needs is not loaded.
    from games.option_lint import option_findings
    from games.quorum_lint import quorum_findings
    from games.space_lint import space_findings

    yield from _source_findings(scenario)
    yield from _unsourced_findings(scenario)
    yield from _idle_sources(scenario)
    yield from _obligor_findings(scenario)
    yield from _name_findings(scenario)
    for remarks in (surrounding_findings, event_findings):
        yield from (Finding(where, what, IDLE) for where, what in remarks(scenario))
    for remarks in (ambiguity_findings, ratification_findings, face_findings):
        yield from (Finding(where, what) for where, what in remarks(scenario))
    yield from option_findings(scenario)
    yield from space_findings(scenario)
    yield from quorum_findings(scenario)


def _source_findings(scenario: Scenario) -> Iterator[Finding]:
    known = {source.id for source in scenario.sources}
    for where, part in _sourced(scenario):
        if not part.source and part.basis != "judgement":
            yield Finding(
                where,
                f"a figure called {part.basis} names no source",
                "Nobody can check it: name a source, or say basis: judgement.",
            )
        for source in part.source:
            if source not in known:
                yield Finding(
                    f"{where}.source",
                    f"{source!r} is not among the sources",
                    "Add it under sources, with this id.",
                )


def _idle_sources(scenario: Scenario) -> Iterator[Finding]:
    """Yield the sources that nothing names, neither under `source` nor in a note."""
    named: set[str] = set()
    notes: list[str] = []
    for where, part in _parts(scenario, ""):
        if not where.startswith("sources."):
            named.update(getattr(part, "source", ()))
            notes.append(getattr(part, "note", ""))
    told = "\n".join(notes)
    for number, source in enumerate(scenario.sources):
        if source.id not in named and source.id not in told:
            yield Finding(
                f"sources.{number}",
                f"nothing names the source {source.id!r}",
                "Name it under source where a figure rests on it, or in a note; or leave it out.",
                "note",
            )


def _unsourced_findings(scenario: Scenario) -> Iterator[Finding]:
    """Yield the facts and estimates that can name no source and do not say whence they come."""
    for where, part in _parts(scenario, ""):
        fields = type(part).model_fields
        if "basis" not in fields or {"source", "id"} & fields.keys():
            continue
        basis: str = getattr(part, "basis", "judgement")
        note: str = getattr(part, "note", "")
        if basis != "judgement" and not note.strip():
            yield Finding(
                where,
                f"called {basis}, and no note says where it comes from",
                "Nobody can check it: say so in its note, or call it a judgement.",
            )


def _parts(value: object, where: str) -> Iterator[tuple[str, Part]]:
    """Yield every part of a scenario, with its place."""
    from games.parts import Part

    if isinstance(value, Part):
        yield where, value
        # Iterating over the part itself would also yield what was computed from it.
        fields = type(value).model_fields
        inner: Iterable[tuple[object, object]] = ((name, getattr(value, name)) for name in fields)
    elif isinstance(value, dict):
        inner = cast("dict[object, object]", value).items()
    elif isinstance(value, tuple):
        inner = enumerate(cast("tuple[object, ...]", value))
    else:
        return
    for key, held in inner:
        yield from _parts(held, f"{where}.{key}" if where else str(key))


def _sourced(scenario: Scenario) -> Iterator[tuple[str, _Sourced]]:
    for name, issue in scenario.issues.items():
        yield f"issues.{name}", issue
        for option, words in issue.ambiguous.items():
            yield f"issues.{name}.ambiguous.{option}", words
    if scenario.implementation is not None:
        yield "implementation", scenario.implementation
        yield "implementation.price", scenario.implementation.price
        for number, project in enumerate(scenario.implementation.projects):
            yield f"implementation.projects.{number}", project
    for name, shock in scenario.shocks.items():
        yield f"shocks.{name}", shock
    yield from surrounding_parts(scenario)


OWED = frozenset({"supply", "price", "investment", "processing"})
"""Kinds of issues by which somebody has to deliver or to pay something."""


def _obligor_findings(scenario: Scenario) -> Iterator[Finding]:
    for name, issue in scenario.issues.items():
        if issue.obligor is None:
            yield Finding(
                f"issues.{name}",
                "names no obligor: nobody has to deliver it",
                "What is agreed on it binds nobody, so that no verdict speaks of it."
                + (f" An issue of kind {issue.kind} needs one." if issue.kind in OWED else ""),
                "weakness" if issue.kind in OWED else "note",
            )


def _name_findings(scenario: Scenario) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for party, details in scenario.parties.items():
        other = seen.setdefault(details.name, party)
        if other != party:
            yield Finding(
                f"parties.{party}",
                f"has the same name as {other}: {details.name!r}",
                "Whoever reads what was said cannot tell them apart.",
            )
