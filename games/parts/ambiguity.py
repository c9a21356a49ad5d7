"""Words that each party reads in its own way, until somebody must say what they mean.

An ambiguous option stands for no level of its own: each party reads it as one of the plain options
of the same issue, and values it so when it signs. In every year after signature the words may be
disputed; then arbitration decides which plain option stands. Constructive ambiguity was named so by
Kissinger; Pehar, Jovan (2001), "Use of ambiguities in peace agreements", in Language and Diplomacy,
tells what it buys and what it costs.

Red lines, exclusions and figures are about the words: an ambiguous option is ruled out where it is
named itself, whatever anybody reads into it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Annotated, NamedTuple, cast

from pydantic import Field

from games.outcomes import option_text
from games.parts.base import Basis, Name, OptionText, Part, Share, Sources, Text

if TYPE_CHECKING:
    from games.scenario import Issue, Scenario

Weight = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]

_SAME = 1e-9
"""Points closer than this are those that follow from a reading."""


class Ambiguity(Part):
    """How an option is read, how soon it is disputed, and what then stands."""

    readings: dict[Name, OptionText] = Field(default={})
    """As which plain option a party reads it. A party without a reading takes it for what stands
    after arbitration on average: it has nothing else to go by."""
    hazard: Share
    """Chance a year that its meaning is disputed."""
    arbitration: Annotated[dict[OptionText, Weight], Field(min_length=1)]
    """Weights of the plain options that may stand after arbitration; only their proportions
    count."""
    source: Sources = ()
    basis: Basis = "judgement"
    note: Text = ""

    @property
    def chances(self) -> dict[str, float]:
        """The chance of each plain option that may stand after arbitration."""
        total = sum(self.arbitration.values())
        return {one: weight / total for one, weight in self.arbitration.items() if weight > 0}

    def meaning(self, party: str) -> dict[str, float]:
        """Return what the words are to a party: plain options and how far each counts."""
        reading = self.readings.get(party)
        return self.chances if reading is None else {reading: 1.0}


@dataclass(frozen=True)
class OpenReading:
    """An issue that an outcome settles by ambiguous words."""

    issue: int
    """Position of the issue."""
    option: int
    """Position of the ambiguous option."""
    hazard: float
    """Chance a year that it is disputed."""
    awards: tuple[tuple[int, float], ...]
    """Positions of the plain options that may stand after arbitration, and their chances."""


class Ruling(NamedTuple):
    """What may stand once every ambiguous option has been ruled on."""

    chance: float
    outcome: int


def ambiguities(scenario: Scenario, outcome: int) -> tuple[OpenReading, ...]:
    """Return the issues that an outcome settles by ambiguous words, in the scenario's order."""
    found: list[OpenReading] = []
    levels = scenario.space.levels_of(outcome)
    for position, (level, issue) in enumerate(zip(levels, scenario.issues.values(), strict=True)):
        words = issue.ambiguous.get(issue.texts[level])
        if words is not None:
            awards = tuple((issue.texts.index(one), p) for one, p in words.chances.items())
            found.append(OpenReading(position, level, words.hazard, awards))
    return tuple(found)


def rulings(scenario: Scenario, outcome: int) -> tuple[Ruling, ...]:
    """Return every combination of awards on an outcome's ambiguous options, with its chance.

    Awards on different issues are independent. An outcome without ambiguous options stands as it
    is. What arbitration lets stand may combine options that could not have been agreed together.
    """
    opened = ambiguities(scenario, outcome)
    found: list[Ruling] = []
    for combination in product(*(one.awards for one in opened)):
        levels = list(scenario.space.levels_of(outcome))
        for reading, (level, _) in zip(opened, combination, strict=True):
            levels[reading.issue] = level
        chance = prod((one for _, one in combination), start=1.0)
        found.append(Ruling(chance, scenario.space.index_of_levels(levels)))
    return tuple(found)


def as_heard(issue: Issue) -> Issue:
    """Return an issue as all know it: which options are ambiguous, not how anybody reads them."""
    if not issue.ambiguous:
        return issue
    public = {
        option: words.model_copy(update={"readings": {}, "note": ""})
        for option, words in issue.ambiguous.items()
    }
    return issue.model_copy(update={"ambiguous": public})


def own_readings(scenario: Scenario, party: str) -> dict[str, dict[str, str]]:
    """Return how one party reads ambiguous options: issue → option → plain option."""
    found = {
        name: {
            option: words.readings[party]
            for option, words in issue.ambiguous.items()
            if party in words.readings
        }
        for name, issue in scenario.issues.items()
    }
    return {name: readings for name, readings in found.items() if readings}


def with_readings(values: object) -> object:
    """Return a scenario's raw values with the points that follow from how parties read words.

    Stated points stay. Values that are no valid ambiguities are left as they are, to be complained
    of in their place.
    """
    filled = _rewritten(values)
    return values if filled is None else filled


def without_readings(values: Mapping[str, object]) -> Mapping[str, object]:
    """Return a scenario's plain values without the points that follow from readings."""
    bare = _rewritten(values, keep=False)
    return values if bare is None else bare


def with_added(
    issue: Issue, party: str, points: Mapping[str, float], added: Mapping[str, float]
) -> dict[str, float]:
    """Return a party's points on an issue once some were added to options.

    Ambiguous options whose points follow from a reading follow it further, unless something is
    added to them by name.
    """
    moved = {option: worth + added.get(option, 0.0) for option, worth in points.items()}
    for option, words in issue.ambiguous.items():
        meaning = words.meaning(party)
        if option not in added and abs(points[option] - _mean(points, meaning)) <= _SAME:
            moved[option] = _mean(moved, meaning)
    return moved


def _mean(points: Mapping[str, float], meaning: Mapping[str, float]) -> float:
    return sum(share * points[option] for option, share in meaning.items())


Raw = Mapping[str, object]


def _rewritten(values: object, *, keep: bool = True) -> dict[str, object] | None:
    """Return raw values with what follows from readings filled in, or left out; None if none."""
    given = _mapping(values)
    words = {} if given is None else dict(_ambiguous(_mapping(given.get("issues"))))
    parties = None if given is None else _mapping(given.get("parties"))
    if given is None or parties is None or not words:
        return None
    rewritten = {name: _party(name, party, words, keep) for name, party in parties.items()}
    return {**given, "parties": rewritten}


def _mapping(value: object) -> Raw | None:
    return cast("Raw", value) if isinstance(value, Mapping) else None


def _ambiguous(issues: Raw | None) -> Iterator[tuple[str, dict[str, Ambiguity]]]:
    """Yield the issues with valid ambiguous options, and these."""
    for name, issue in (issues or {}).items():
        stated = getattr(issue, "ambiguous", None)
        listed = _mapping((_mapping(issue) or {}).get("ambiguous") if stated is None else stated)
        found: dict[str, Ambiguity] = {}
        for option, words in (listed or {}).items():
            try:
                valid = Ambiguity.model_validate(words)
            except ValueError:
                continue
            if sum(valid.arbitration.values()) > 0:
                found[_text(option)] = valid
        if found:
            yield name, found


def _text(option: object) -> str:
    return option_text(option) if isinstance(option, str | int | float) else str(option)


def _party(name: str, party: object, words: dict[str, dict[str, Ambiguity]], keep: bool) -> object:
    own = _mapping(party)
    points = None if own is None else _mapping(own.get("points"))
    if own is None or points is None:
        return party
    meanings = {
        issue: {option: one.meaning(name) for option, one in listed.items()}
        for issue, listed in words.items()
    }
    of_issues = {
        issue: _followed(stated, meanings.get(issue, {}), keep) for issue, stated in points.items()
    }
    links = own.get("links")
    if not isinstance(links, list | tuple):
        return {**own, "points": of_issues}
    linked = [_link(link, meanings, keep) for link in cast("list[object]", links)]
    return {**own, "points": of_issues, "links": linked}


def _followed(
    stated: object,
    meanings: Mapping[str, Mapping[str, float]],
    keep: bool,
    absent: float | None = None,
) -> object:
    """Return stated points, those of ambiguous options filled in or left out.

    Args:
        stated: Option → points.
        meanings: Of the ambiguous options.
        keep: Whether to fill them in.
        absent: What an option that is not stated is worth; None where every option must be.
    """
    given = _mapping(stated)
    if given is None:
        return stated
    known = {_text(option): worth for option, worth in given.items()}
    points = dict(given)
    for option, meaning in meanings.items():
        worths = [known.get(one, absent) for one in meaning]
        numbers = [one for one in worths if isinstance(one, int | float)]
        if len(numbers) < len(worths) or not any(one in known for one in meaning):
            continue
        worth = sum(share * one for share, one in zip(meaning.values(), numbers, strict=True))
        if keep:
            if option not in known:
                points[option] = worth
        elif option in points and abs(cast("float", points[option]) - worth) <= _SAME:
            del points[option]
    return points


def _link(
    link: object, meanings: Mapping[str, Mapping[str, Mapping[str, float]]], keep: bool
) -> object:
    """Return a link whose ambiguous options go with others as what they are read as does."""
    given = _mapping(link)
    issues = None if given is None else given.get("issues")
    rows = None if given is None else _mapping(given.get("points"))
    if given is None or rows is None or not isinstance(issues, list | tuple):
        return link
    pair = cast("list[object]", issues)
    if len(pair) != 2:
        return link
    first, second = (meanings.get(str(one), {}) for one in pair)
    if not keep:
        # Backwards: what follows in the rows was filled in last.
        rows = {option: _followed(row, second, keep, 0.0) for option, row in rows.items()}
    rows = _across(rows, first, keep)
    if keep:
        rows = {option: _followed(row, second, keep, 0.0) for option, row in rows.items()}
    return {**given, "points": rows}


def _across(rows: Raw, meanings: Mapping[str, Mapping[str, float]], keep: bool) -> Raw:
    """Return the rows of a link, those of ambiguous options filled in or left out cell by cell."""
    cells = {
        _text(one): {_text(other): worth for other, worth in cells.items()}
        for one, row in rows.items()
        if (cells := _mapping(row)) is not None
    }
    if len(cells) < len(rows):
        return rows
    others = {other for row in cells.values() for other in row}
    for other in sorted(others):
        column: dict[str, object] = {one: row[other] for one, row in cells.items() if other in row}
        followed = cast("Raw", _followed(column, meanings, keep, 0.0))
        for one in meanings:
            if one in followed:
                cells.setdefault(one, {})[other] = followed[one]
            elif one in cells:
                cells[one].pop(other, None)
    return {one: row for one, row in cells.items() if row or one not in meanings}
