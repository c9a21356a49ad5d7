"""Options as people write them: thousands set apart, with the unit of their issue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from games.outcomes import Option, option_text

if TYPE_CHECKING:
    from games.scenario import Issue


def with_unit(issue: Issue, option: Option) -> str:
    """Return an option with the unit of its issue where it is an amount: `260 USD/kg`.

    Args:
        issue: What is settled.
        option: The option, or the text by which files name it.
    """
    known = next((one for one in issue.options if option_text(one) == option), option)
    if isinstance(known, str):
        return known
    return f"{known:,} {issue.unit}".strip()


def with_units(issue: Issue, options: Iterable[Option], joint: str = ", ") -> str:
    """Return several options of an issue, each with its unit: `15 %, 30 %, 45 %`."""
    return joint.join(with_unit(issue, option) for option in options)


_NUMBERED = re.compile(r"\d\S*\s*$")


def labelled(label: str, told: str) -> str:
    """Return a label with what it is settled by, set apart by a colon where two numbers would meet:
    `share refined by year 7: 10 %`."""
    apart = ":" if _NUMBERED.search(label) and re.match(r"[-+\d]", told) else ""
    return f"{label}{apart} {told}"


def settled_words(issues: Mapping[str, Issue], settled: Mapping[str, Option]) -> str:
    """Return a combination of options by labels: `annual offtake 3,000 t with royalty 5 %`."""
    return " with ".join(
        labelled(issues[name].label or name, with_unit(issues[name], option))
        for name, option in settled.items()
    )
