"""Names in a scenario that refer to nothing in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from games.parts.base import Scale
    from games.scenario import Scenario


def unknown_names(where: str, names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    """Yield a complaint for each name that is not among the known ones."""
    allowed = list(known)
    for name in names:
        if name not in allowed:
            yield f"{where}: unknown {name!r}; expected one of {', '.join(allowed)}"


def scale_contradictions(where: str, scale: Scale, scenario: Scenario) -> Iterator[str]:
    """Yield what keeps a scale from giving a figure for every option of its issue."""
    if scale.issue not in scenario.issues:
        yield from unknown_names(where, [scale.issue], scenario.issues)
        return
    texts = scenario.issues[scale.issue].texts
    yield from unknown_names(f"{where}.values", scale.values, texts)
    for text in texts:
        if text not in scale.values:
            yield f"{where}.values: the option {text!r} has no value"
