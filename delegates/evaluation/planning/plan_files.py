"""Plans as they are written: read from a file, or from those that come with the package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import cast

from pydantic import ValidationError

from delegates.evaluation.planning.plan import Plan
from delegates.evaluation.planning.plan_lint import refused
from games.errors import PlanError, ScenarioError, plain
from games.scenario_faults import faults_in
from games.scenario_files import Sheet, Written
from games.strict_yaml import MAX_CHARACTERS, load_strict

KEY = "minilateral-plan"
"""By which a file says that it is a plan."""

_PLANS = files("delegates") / "evaluation" / "planning" / "plans"
"""The plans that come with the package."""


@dataclass(frozen=True, kw_only=True)
class WrittenPlan:
    """A plan and the text that it was read from."""

    plan: Plan
    sheet: Sheet

    @property
    def folder(self) -> Path | None:
        """From which it names scenarios; None of one that comes with the package."""
        return self.sheet.folder

    def error(self, path: Sequence[str], problem: str) -> PlanError:
        """Return the error that names a place in the plan."""
        return _error(self.sheet, tuple(path), problem)


def bundled_plans() -> tuple[str, ...]:
    """Return the names of the plans that come with the package."""
    names = (item.name for item in _PLANS.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


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
    return _read_sheet(name, *(_bundled(name) if is_bundled else _file(Path(source), name)))


def parse_plan(text: str, name: str = "plan", folder: Path | None = None) -> WrittenPlan:
    """Return the plan that a YAML text describes.

    Raises:
        PlanError: If it describes none; the message names the line and what was expected.
    """
    return _read_sheet(name, text, folder)


def _read_sheet(name: str, text: str, folder: Path | None) -> WrittenPlan:
    try:
        sheet = Sheet(name=name, text=text, values=load_strict(text, name), folder=folder)
    except ScenarioError as error:
        raise PlanError(str(error)) from None
    stated = sheet.values
    if isinstance(stated, dict) and KEY not in stated:
        expected = "expected the format's version, 1"
        if "minilateral" in stated:
            expected = "this is a scenario; a plan names it under `scenarios`"
        raise PlanError(f"{name}: {KEY}: is missing; {expected}")
    try:
        plan = Plan.model_validate(sheet.values)
    except ValidationError as error:
        source = Written(sheets=(sheet,), values=sheet.values)
        raise PlanError(faults_in(error, source)[0].line) from None
    for path, problem in refused(plan):
        raise _error(sheet, path, problem)
    return WrittenPlan(plan=plan, sheet=sheet)


def _error(sheet: Sheet, path: tuple[str, ...], problem: str) -> PlanError:
    return PlanError(plain(str(sheet.error(_listed(sheet, path), problem))))


def _listed(sheet: Sheet, path: tuple[str, ...]) -> tuple[str, ...]:
    """Return a strategy's place by number, where the plan lists specifications without names."""
    values = cast("dict[str, object]", sheet.values)
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
        with path.open("rb") as file:
            raw = file.read(4 * MAX_CHARACTERS + 1)
        if len(raw) > 4 * MAX_CHARACTERS:
            raise PlanError(f"{name}: larger than {4 * MAX_CHARACTERS} bytes; not read")
        return raw.decode("utf-8"), path.parent
    except FileNotFoundError:
        known = ", ".join(bundled_plans()) or "none"
        raise PlanError(
            f"{name}: no such file, and no bundled plan of that name ({known})"
        ) from None
    except UnicodeDecodeError as error:
        raise PlanError(f"{name}: not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise PlanError(f"{name}: cannot be read: {error.strerror}") from None
    except ValueError:
        raise PlanError(f"{name!r}: no file can have this name") from None
