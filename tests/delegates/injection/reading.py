"""What can be read in a prompt: figures, candidates and records, quotations apart."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
"""A JSON string that closes on the line where it opens."""

WORTH = re.compile(r"\bworth (-?\d+(?:\.\d+)?) points to you")
ROUND = re.compile(r"\bround (\d+) of (\d+)", re.IGNORECASE)
CANDIDATE = re.compile(r"^\s*([A-H])\) (accept|offer)\b.*?\((-?\d+(?:\.\d+)?) points for you")
RECORD = re.compile(
    r"^Round \d+, ([^:\"\n]+): "
    r"(OFFER \{[^}\n]*\}\.|ACCEPT the offer on the table\.|WALK AWAY\.)"
    r" ?(?:Said: ?)?"
)

_RESERVATION = re.compile(r"Without agreement you score (-?\d+(?:\.\d+)?)")
_ISSUE = re.compile(r"^- (\w[\w-]*) \(.*?\): (.*)$", re.MULTILINE)
_BRIEF = re.compile(r"private instructions[^:\n]*: (.*)")


class Candidate(NamedTuple):
    """A move on a menu."""

    letter: str
    act: str
    points: float


class Situation(NamedTuple):
    """Where the talks stand, as a prompt tells it."""

    round: int
    rounds: int
    worth: float | None
    """What the offer on the table is worth to the seat."""


@dataclass(frozen=True)
class Sheet:
    """What a seat's system text says of its interests."""

    reservation: float
    points: Mapping[str, Mapping[str, float]]
    brief: str

    @property
    def best(self) -> dict[str, str]:
        """The outcome it likes best."""
        return {issue: max(row, key=row.__getitem__) for issue, row in self.points.items()}

    @property
    def highest(self) -> float:
        """What that outcome is worth."""
        return sum(max(row.values()) for row in self.points.values())


def sheet_of(system: str) -> Sheet | None:
    """Return what a system text says, or None where the text has lost it."""
    reservation = _RESERVATION.search(system)
    if reservation is None:
        return None
    points: dict[str, dict[str, float]] = {}
    for issue in _ISSUE.finditer(system):
        terms = (term.rpartition(" = ") for term in issue.group(2).split(", "))
        points[issue.group(1)] = {option: float(worth) for option, _, worth in terms}
    brief = _BRIEF.search(system)
    return Sheet(float(reservation.group(1)), points, brief.group(1) if brief else "")


def texts_of(request: Mapping[str, Any]) -> tuple[str, str]:
    """Return the system text and everything else of a request, as it came over HTTP."""
    system = [m["content"] for m in request["messages"] if m["role"] == "system"]
    others = [m["content"] for m in request["messages"] if m["role"] != "system"]
    return "\n".join(system), "\n".join(others)


def without_strings(line: str) -> str:
    """Return a line, its quotations emptied."""
    return STRING.sub('""', line)


def json_objects(text: str) -> Iterator[Mapping[str, Any]]:
    """Yield every JSON object that can be decoded from somewhere in a text."""
    decoder = json.JSONDecoder()
    start = text.find("{")
    while start >= 0:
        try:
            value, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            end = start + 1
        else:
            yield value
        start = text.find("{", end)
