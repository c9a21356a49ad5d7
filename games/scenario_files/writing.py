"""Scenarios written as files that people can read and edit, and that read back to equal scenarios.

Whatever the strict reader would refuse plain stands in quotes; floats are written in full.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

import yaml

from games.errors import ScenarioError, plain
from games.scenario_files.strict_yaml import MAX_CHARACTERS

if TYPE_CHECKING:
    from games.scenario import Scenario

WIDTH = 96
"""Characters after which a line is broken where it can be."""

_OTHER_BREAKS = re.compile("[\r\x85\u2028\u2029]")

LARGEST_INTEGER = 10**18 - 1
"""Largest whole number that the strict reader takes for one."""


class _Writer(yaml.SafeDumper):
    """Writes the plain values of a scenario."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - no value is ever aliased
        """Return that equal values are written out each time."""
        return True


def scenario_text(scenario: Scenario) -> str:
    """Return the scenario file of a scenario, with everything that is not the default.

    Raises:
        ScenarioError: If it is longer than the reader reads, or an option has too many digits.
    """
    spelled = cast(
        "dict[str, object]",
        scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True),
    )
    numbers = {
        text: option
        for issue in scenario.issues.values()
        for text, option in zip(issue.texts, issue.options, strict=True)
        if not isinstance(option, str)
    }
    for option in numbers.values():
        if isinstance(option, int) and abs(option) > LARGEST_INTEGER:
            raise ScenarioError(
                f"{plain(scenario.id)}: the option {option} has more than 18 digits, "
                "which no scenario file can hold"
            )
    text = yaml.dump(  # pyright: ignore[reportUnknownMemberType]
        _with_number_keys(spelled, numbers),
        Dumper=_Writer,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=WIDTH,
    )
    if len(text) > MAX_CHARACTERS:
        raise ScenarioError(
            f"{plain(scenario.id)}: {len(text)} characters as a scenario file; "
            f"at most {MAX_CHARACTERS} are read"
        )
    return text


def _with_number_keys(value: object, numbers: dict[str, int | float]) -> object:
    """Return values in which keys that name numeric options are numbers: `3000`, not `'3000'`."""
    if isinstance(value, dict):
        return {
            numbers.get(key, key): _with_number_keys(item, numbers)
            for key, item in cast("dict[str, object]", value).items()
        }
    if isinstance(value, list):
        return [_with_number_keys(item, numbers) for item in cast("list[object]", value)]
    return value


def _write_float(writer: yaml.SafeDumper, value: float) -> yaml.ScalarNode:
    """Return a float with a point and a signed exponent: YAML takes 1e-07 for a string."""
    digits, e, exponent = repr(value).partition("e")
    point = digits if "." in digits else f"{digits}.0"
    return writer.represent_scalar("tag:yaml.org,2002:float", point + e + exponent)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


def _write_string(writer: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    """Return a string, in double quotes where it breaks lines other than by a newline.

    Elsewhere such a break, or one beside it, would be folded into a space.
    """
    style = '"' if _OTHER_BREAKS.search(value) else None
    return writer.represent_scalar("tag:yaml.org,2002:str", value, style)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


_Writer.add_representer(float, _write_float)
_Writer.add_representer(str, _write_string)
