"""A preparation sheet from a file, for scripts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from games.errors import ScenarioError, SettingError
from games.faults import fault_text
from games.files.reading import Unreadable, read_text
from games.preparation import Sheet, problem_with_sheet
from games.scenario_files.strict_yaml import MAX_BYTES, load_strict, locate

if TYPE_CHECKING:
    from games.aliases import Aliases
    from games.scenario import Scenario


def sheet_in(path: Path, scenario: Scenario, party: str, known: Aliases) -> Sheet:
    """Return the preparation sheet that a YAML file holds, checked against the scenario.

    Args:
        path: The file; its keys are those of `Sheet`.
        scenario: What is negotiated.
        party: Whose sheet it is.
        known: Who plays under which name.

    Raises:
        SettingError: If it cannot be read, is no sheet, or does not fit the scenario.
    """
    text = _text(path)
    try:
        values = load_strict(text, str(path))
    except ScenarioError as error:
        raise SettingError(f"--sheet {error}") from None
    if not isinstance(values, dict):
        raise SettingError(f"--sheet {path}: expected keys with values; {_keys()}")
    try:
        sheet = Sheet.model_validate(values)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        place = tuple(str(part) for part in problem["loc"])
        line, _ = locate(text, place, at_key=problem["type"] == "extra_forbidden")
        where = f":{line}" if line is not None else ""
        more = f"; {_keys()}" if problem["type"] == "extra_forbidden" and len(place) == 1 else ""
        raise SettingError(
            f"--sheet {path}{where}: {'.'.join(place)}: {fault_text(problem)}{more}"
        ) from None
    guesses = {known.id_of(other): guess for other, guess in sheet.guesses.items()}
    sheet = sheet.model_copy(update={"guesses": guesses})
    problem = problem_with_sheet(scenario, party, sheet)
    if problem is not None:
        raise SettingError(f"--sheet {path}: {problem}")
    return sheet


def _keys() -> str:
    return f"the keys are {', '.join(Sheet.model_fields)}"


def _text(path: Path) -> str:
    try:
        return read_text(path, MAX_BYTES)
    except Unreadable as error:
        raise SettingError(f"--sheet {error}") from None
