"""Plans as they are written: read from a file, or from those that come with the package."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import cast

from pydantic import BaseModel, ValidationError

from delegates.evaluation.planning.plan import (
    OutcomeClasses,
    Plan,
    PlanBudget,
    Seating,
    SessionLimits,
)
from delegates.evaluation.planning.plan_lint import refused
from games.errors import PlanError, ScenarioError, plain
from games.faults import fault_text
from games.files.reading import Unreadable, read_text
from games.scenario import bundled_scenarios
from games.scenario_files.faults import faults_in
from games.scenario_files.strict_yaml import MAX_BYTES, load_strict
from games.scenario_files.written import Page, Written

KEY = "minilateral-plan"
"""By which a file says that it is a plan."""

LONGEST_QUOTED = 160
"""Characters without a space that a message quotes at most."""

_MISREAD = re.compile(r"(?s)(.*:(\d+)): found '(.*)', which YAML reads as (\w+); ")
"""How a refusal tells of a value that is spelt in a way that YAML takes for something else."""

_PLANS = files("delegates") / "evaluation" / "planning" / "plans"
"""The plans that come with the package."""


@dataclass(frozen=True, kw_only=True)
class WrittenPlan:
    """A plan and the text that it was read from."""

    plan: Plan
    page: Page

    @property
    def folder(self) -> Path | None:
        """From which it names scenarios; None of one that comes with the package."""
        return self.page.folder

    def error(self, path: Sequence[str], problem: str) -> PlanError:
        """Return the error that names a place in the plan."""
        return _error(self.page, tuple(path), problem)


def bundled_plans() -> tuple[str, ...]:
    """Return the names of the plans that come with the package."""
    names = (item.name for item in _PLANS.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def evaluation_meant(source: str) -> Path | None:
    """Return the folder of the evaluation that is to be carried on; None where a plan is meant.

    The name of a bundled plan means that plan, whatever lies beside: a folder that is called so
    is meant by its path, such as `./quick`.
    """
    path = Path(source)
    return path if source not in bundled_plans() and path.is_dir() else None


def load_plan(source: str | Path) -> Plan:
    """Return the plan in a file, or the bundled one of that name.

    Raises:
        PlanError: If there is none, or it cannot be played.
    """
    return read_plan(source).plan


def read_plan(source: str | Path) -> WrittenPlan:
    """Return the plan in a file, or the bundled one of that name, with its text.

    Raises:
        PlanError: If there is none, or it cannot be played; the message names the line.
    """
    name = str(source)
    is_bundled = isinstance(source, str) and name in bundled_plans()
    return _read_page(name, *(_bundled(name) if is_bundled else _file(Path(source), name)))


def parse_plan(text: str, name: str = "plan", folder: Path | None = None) -> WrittenPlan:
    """Return the plan that a YAML text describes.

    Raises:
        PlanError: If it describes none; the message names the line and what was expected.
    """
    return _read_page(name, text, folder)


def _read_page(name: str, text: str, folder: Path | None) -> WrittenPlan:
    try:
        page = Page(name=name, text=text, values=load_strict(text, name), folder=folder)
    except ScenarioError as error:
        raise PlanError(cut(_with_key(str(error), text))) from None
    stated = page.values
    if isinstance(stated, dict) and KEY not in stated:
        expected = "expected the format's version, 1"
        if "minilateral" in stated:
            expected = "this is a scenario; a plan names it under `scenarios`"
        raise PlanError(f"{name}: {KEY}: is missing; {expected}")
    try:
        plan = Plan.model_validate(page.values)
    except ValidationError as error:
        source = Written(pages=(page,), values=page.values)
        fault = faults_in(error, source)[0]
        where = f"{cut(fault.where)}: " if fault.where else ""
        raise PlanError(plain(f"{fault.place.text}: {where}{cut(fault.what)}")) from None
    for path, problem in refused(plan):
        raise _error(page, path, problem)
    return WrittenPlan(plan=plan, page=page)


def _error(page: Page, path: tuple[str, ...], problem: str) -> PlanError:
    told = str(page.error(_listed(page, path), cut(problem)))
    # The file's name is quoted whole, however long it is.
    return PlanError(plain(page.name + cut(told.removeprefix(page.name))))


def cut(text: str) -> str:
    """Return a text as a message may quote it: what is very long without a space is cut."""
    return re.sub(rf"(\S{{{LONGEST_QUOTED}}})\S+", r"\1…", text)


def _with_key(told: str, text: str) -> str:
    """Return the refusal of a value that YAML misreads with its key, and what is expected there."""
    misread = _MISREAD.match(told)
    if misread is None:
        return told
    where, number, value, kind = misread.groups()
    line = text.splitlines()[int(number) - 1]
    keys = re.findall(r"(?<![\w-])([\w-]+)\s*:(?=\s)", line[: line.find(value)])
    if not keys:
        return told
    expected = _expected_of(keys[-1], value)
    return f"{where}: {keys[-1]}: found {value!r}, which YAML reads as {kind}; {expected}"


def _expected_of(key: str, value: str) -> str:
    """Return what is expected of a key whose value was spelt so; quotes only where they help."""
    parts: tuple[type[BaseModel], ...] = (
        Plan,
        Seating,
        PlanBudget,
        SessionLimits,
        OutcomeClasses,
    )
    for part in parts:
        if key not in part.model_fields:
            continue
        try:
            part.model_validate({key: value})
        except ValidationError as error:
            for problem in error.errors(include_url=False):
                if problem["loc"][:1] == (key,):
                    return fault_text(problem)
    return "expected quotes around it"


def _listed(page: Page, path: tuple[str, ...]) -> tuple[str, ...]:
    """Return a strategy's place by number, where the plan lists specifications without names."""
    values = cast("dict[str, object]", page.values)
    listed = values.get("strategies")
    if path[:1] != ("strategies",) or len(path) < 2 or not isinstance(listed, list):
        return path
    named = ["".join(str(one).split()) for one in cast("list[object]", listed)]
    return ("strategies", str(named.index(path[1])), *path[2:]) if path[1] in named else path


def _bundled(name: str) -> tuple[str, Path | None]:
    file = _PLANS / f"{name}.yaml"
    return file.read_text(encoding="utf-8"), None


def _file(path: Path, name: str) -> tuple[str, Path]:
    try:
        return read_text(path, MAX_BYTES, name), path.parent
    except Unreadable as error:
        if not error.is_missing:
            raise PlanError(cut(str(error))) from None
        if name in bundled_scenarios():
            raise PlanError(
                f"{name}: this is a scenario; a plan names it under `scenarios`"
            ) from None
        known = ", ".join(bundled_plans()) or "none"
        raise PlanError(
            f"{cut(name)}: no such file, and no bundled plan of that name ({known})"
        ) from None
