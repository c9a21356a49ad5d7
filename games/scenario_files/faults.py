"""What keeps a scenario file from being a scenario: each fault with the place where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from games.errors import plain
from games.faults import fault_text
from games.naming import perhaps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from games.scenario_files.written import Place, Written

_Loc = tuple[int | str, ...]
"""Where pydantic finds a problem."""

MOST_FAULTS = 64
"""Faults that are told apart at most; alternatives that all fail count as several."""


class Contradictory(ValueError):  # noqa: N818 - what it says of the scenario
    """Raised where the parts of a scenario do not fit together; the message is the first reason."""

    def __init__(self, found: tuple[str, ...]) -> None:
        """Keep every reason, at least one."""
        super().__init__(found[0])
        self.found = found


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that keeps a file from being a scenario."""

    where: str
    """The place in the file, keys apart by dots; empty where there is none."""
    what: str
    """What was expected, and what was found."""
    place: Place

    @property
    def line(self) -> str:
        """The fault in a line: file and line, where, what was expected, what was found."""
        return plain(f"{self.place.text}: {self.where + ': ' if self.where else ''}{self.what}")


def faults_in(error: ValidationError, source: Written) -> list[Fault]:
    """Return each fault of what is written, once; the first is what a refusal tells.

    Args:
        error: With at least one problem.
        source: What was validated.
    """
    left = [
        (source.place(tuple(str(part) for part in problem["loc"])), problem)
        for problem in error.errors(include_url=False)[:MOST_FAULTS]
    ]
    absent = [problem["loc"] for _, problem in left if problem["type"] == "missing"]
    found = [*_told(*_deepest(left), source, absent)]
    while left:
        group = [left[0]]
        if _is_alternative(*left[0]):
            start = left[0][0].standing
            group = [one for one in left if _stands_in(one[0], start)]
        found += _told(*_deepest(group), source, absent)
        left = [one for one in left if one not in group]
    return list({one.line: one for one in found}.values())


def _is_alternative(place: Place, problem: ErrorDetails) -> bool:
    """Return whether a problem is that of one alternative: its place holds a name of the schema."""
    return len(problem["loc"]) > len(place.standing) + (problem["type"] == "missing")


def _stands_in(place: Place, start: tuple[str, ...]) -> bool:
    return place.standing[: len(start)] == start


def _told(
    problem: ErrorDetails, place: Place, where: str, source: Written, absent: Sequence[_Loc]
) -> list[Fault]:
    """Return a problem as faults: several where parts do not fit together.

    Args:
        problem: What pydantic found.
        place: Where it is written.
        where: Its place, keys apart by dots.
        source: What was validated.
        absent: The places of keys that are missing: a stray key may be one of them.
    """
    own = problem.get("ctx", {}).get("error")
    if isinstance(own, Contradictory):
        return [_contradiction(one, source) for one in own.found]
    message = fault_text(problem)
    if problem["type"] == "value_error" and not where:
        return [_contradiction(message, source)]
    if problem["type"] == "missing" and where == "minilateral" and is_plan(source.values):
        message = "is missing; this is a plan, which `minilateral evaluate` plays"
    if problem["type"] == "extra_forbidden" and (meant := _meant(problem["loc"], absent)):
        return [Fault(where=where, what=f"{message}{meant}", place=place)]
    value = problem["input"]
    shown = f", found {_shown(value)}" if isinstance(value, str | int | float | bool) else ""
    return [Fault(where=where, what=f"{message}{shown}", place=place)]


def _meant(stray: _Loc, absent: Sequence[_Loc]) -> str:
    """Return which key a stray one may stand for: first of those that are missing beside it."""
    from games.scenario_files.schema_words import known_keys

    name = str(stray[-1])
    beside = [str(one[-1]) for one in absent if one[:-1] == stray[:-1]]
    return perhaps(name, beside) or perhaps(name, known_keys())


def is_plan(values: object) -> bool:
    """Return whether what a file says is a plan of an evaluation, not a scenario."""
    return isinstance(values, dict) and "minilateral-plan" in values


_STRAY = re.compile(r"unknown '(.*)'; expected one of ", re.DOTALL)
"""How a contradiction tells of a name that refers to nothing."""


def _contradiction(told: str, source: Written) -> Fault:
    """Return a contradiction, which names its own place; a stray key is found where it stands."""
    where, _, what = told.partition(": ")
    path = tuple(where.split("."))
    place = source.place(path)
    stray = _STRAY.match(what)
    if stray is not None:
        inner = source.place((*path, stray.group(1)), at_key=True)
        if len(inner.standing) > len(place.standing):
            place = inner
    return Fault(where=where, what=what, place=place)


def _deepest(located: list[tuple[Place, ErrorDetails]]) -> tuple[ErrorDetails, Place, str]:
    """Return the first problem or, of alternatives that all fail there, the one that got furthest.

    With it come where it is written and its place, without the schema's names for alternatives.
    """
    start = located[0][0].standing
    place, problem = max(
        (one for one in located[:8] if _stands_in(one[0], start)),
        key=lambda one: len(one[0].standing) + (one[1]["type"] == "missing"),
    )
    missing = (str(problem["loc"][-1]),) if problem["type"] == "missing" else ()
    return problem, place, ".".join(place.standing + missing)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}…"
