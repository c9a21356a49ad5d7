"""What an author should know of a scenario that can be played: weaknesses, and notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Protocol, cast

from games.lint.ambiguity import ambiguity_findings
from games.lint.events import event_findings
from games.lint.finding import Finding
from games.lint.mandates import face_findings, ratification_findings
from games.lint.options import option_findings
from games.lint.quorum import quorum_findings
from games.lint.space import space_findings
from games.lint.standard import standard_findings
from games.lint.surroundings import surrounding_findings, surrounding_parts
from games.parts.base import Part

if TYPE_CHECKING:
    from games.scenario import Scenario


class _Sourced(Protocol):
    """A part of a scenario that says where its figures come from."""

    @property
    def source(self) -> tuple[str, ...]: ...

    @property
    def basis(self) -> str: ...


def lint(scenario: Scenario) -> tuple[Finding, ...]:
    """Return what is worth mending in a playable scenario, nothing if it is clean."""
    return tuple(one for one in _found(scenario) if one.severity == "weakness")


def findings(scenario: Scenario) -> tuple[Finding, ...]:
    """Return what an author should know of a playable scenario: weaknesses, then notes.

    Among the notes is the distance from the standard of interesting games, which takes a second.
    """
    found = [*_found(scenario), *standard_findings(scenario)]
    return tuple(sorted(found, key=lambda one: one.severity == "note"))


IDLE = "Part of what is stated there has no effect: mend it, or leave it out."
"""Why a remark matters on what is stated but moves nothing."""


def _found(scenario: Scenario) -> Iterator[Finding]:
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
