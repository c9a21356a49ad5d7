"""The scenarios that a plan names: bundled ones, files, and globs of files."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from delegates.evaluation.planning.plan import Plan
from delegates.evaluation.planning.plan_files import bundled_plans
from games.errors import PlanError, ScenarioError
from games.faults import fault_text
from games.naming import perhaps
from games.scenario import Scenario, bundled_scenarios, scenario_of
from games.scenario_files.faults import is_plan
from games.scenario_files.written import read_written

Fail = Callable[[Sequence[str], str], PlanError]
"""Returns the error that names a place in the plan."""

KEPT = "scenarios"
"""The folder beside a plan that was played, in which its scenarios lie."""


def scenarios_of(plan: Plan, folder: Path | None, fail: Fail) -> tuple[Scenario, ...]:
    """Return the scenarios that a plan names, in its order, each once.

    Of a plan that is kept with its results they are those that were played.

    Raises:
        PlanError: If there is none of that name, or it is not valid.
    """
    if plan.played is not None and folder is not None:
        return kept_scenarios(plan.played.scenarios, folder / KEPT, fail)
    found: dict[str, Scenario] = {}
    come_from: dict[str, str] = {}
    for number, named in enumerate(plan.scenarios):
        path = ("scenarios", str(number))
        for origin, scenario in _named(named, folder or Path(), path, fail):
            known = found.setdefault(scenario.id, scenario)
            if known is not scenario and known.canonical() != scenario.canonical():
                raise fail(
                    path,
                    f"{origin} is another scenario than {come_from[scenario.id]}, and both have "
                    f"the id {scenario.id!r}; expected ids that differ",
                )
            come_from.setdefault(scenario.id, origin)
    return tuple(found.values())


def kept_scenarios(shas: Sequence[str], folder: Path, fail: Fail) -> tuple[Scenario, ...]:
    """Return scenarios that were kept in a folder, each under the SHA-256 of its text.

    Raises:
        PlanError: If one is missing or was changed.
    """
    found: list[Scenario] = []
    for number, sha in enumerate(shas):
        path, file = ("played", "scenarios", str(number)), folder / f"{sha}.json"
        try:
            text = file.read_bytes()
        except OSError as error:
            raise fail(path, f"{file}: cannot be read: {error.strerror}") from None
        if hashlib.sha256(text).hexdigest() != sha:
            raise fail(path, f"{file}: was changed; its SHA-256 is not its name any more")
        try:
            found.append(Scenario.model_validate_json(text))
        except ValidationError as error:
            problem = fault_text(error.errors(include_url=False)[0])
            raise fail(path, f"{file}: is no scenario of this version: {problem}") from None
    return tuple(found)


def _named(
    named: str, folder: Path, path: Sequence[str], fail: Fail
) -> Iterator[tuple[str, Scenario]]:
    """Yield the scenarios that one line of a plan names, and where each comes from."""
    if named in bundled_scenarios():
        yield named, _read(named, path, fail)
        return
    file = folder / _expanded(named, path, fail)
    kind = _kind_of(file, named, path, fail)
    if kind == "folder":
        raise fail(
            path, f"{named!r} is a folder; expected a file, or a glob such as {named}/*.yaml"
        )
    if kind == "file" or not glob.has_magic(named):
        if kind is None:
            if named in bundled_plans():
                raise fail(path, f"{named!r} is a bundled plan; expected a scenario")
            known = bundled_scenarios()
            meant = perhaps(Path(named).stem, known) or f" ({', '.join(known)})"
            raise fail(
                path,
                f"{named!r}: no such file in {folder}, and no bundled scenario of that name{meant}",
            )
        if _is_plan_file(file):
            raise fail(
                path,
                f"{named!r} is a plan; expected a scenario, such as those that it names itself",
            )
        yield str(file), _read(file, path, fail)
        return
    yield from _matching(named, folder, path, fail)


def _expanded(named: str, path: Sequence[str], fail: Fail) -> Path:
    try:
        return Path(named).expanduser()
    except RuntimeError:
        raise fail(path, f"{named!r} names no known home; expected a file") from None


def _kind_of(
    file: Path, named: str, path: Sequence[str], fail: Fail
) -> Literal["file", "folder"] | None:
    """Return what lies there; None where nothing does that could be read."""
    try:
        if file.is_dir():
            return "folder"
        return "file" if file.is_file() else None
    except OSError as error:
        raise fail(path, f"{named!r}: cannot be read: {error.strerror}") from None


def _matching(
    named: str, folder: Path, path: Sequence[str], fail: Fail
) -> Iterator[tuple[str, Scenario]]:
    """Yield the scenarios that a glob matches, in the order of their paths; plans are no match."""
    count = 0
    pattern = str(_expanded(named, path, fail))
    # Not `Path.glob`: that takes no absolute pattern.
    for match in sorted(glob.glob(pattern, root_dir=folder, recursive=True)):  # noqa: PTH207
        file = folder / match
        if not file.is_file():
            continue
        try:
            written = read_written(file, is_named_by_file=True)
            if not is_plan(written.values):
                count += 1
                yield str(file), scenario_of(written)
        except ScenarioError as error:
            raise fail(path, str(error)) from None
    if not count:
        raise fail(path, f"{named!r} matches no scenario's file; expected at least one")


def _is_plan_file(file: Path) -> bool:
    try:
        return is_plan(read_written(file, is_named_by_file=True).values)
    except ScenarioError:
        return False


def _read(source: str | Path, path: Sequence[str], fail: Fail) -> Scenario:
    try:
        return scenario_of(read_written(source, is_named_by_file=True))
    except ScenarioError as error:
        raise fail(path, str(error)) from None
