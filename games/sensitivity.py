"""A scenario whose judged numbers are a little different, to see what hangs on them.

Numbers that a scenario states by judgement are multiplied by a factor of their own each, drawn
evenly between 1 − spread and 1 + spread. What is called a fact or an estimate stays, and so do the
rules of the game: who sits there and with what weight, the options, what excludes what, red lines,
rounds, patience, discounts, and how soon reneging is noticed. So do the dates and chances of
shocks, what capitals order, how sharply a hurdle bites (β), and of the years after what is built,
agreed and reopened; `_RULES` names all that is drawn. A share that would exceed 1 is set to 1.
Zeros stay zeros. Of a part that a file states, figures left at their defaults count as stated; of
one that it does not state, nothing counts.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import inf
from random import Random
from typing import TYPE_CHECKING, Literal, NamedTuple, cast, get_args

from games.parts.ambiguity import without_readings

if TYPE_CHECKING:
    from games.scenario import Scenario

Area = Literal[
    "points",
    "alternatives",
    "market",
    "dispute",
    "commitments",
    "trust",
    "participation",
    "outside",
    "statecraft",
    "side deals",
    "fund",
    "years",
    "mandates",
    "shocks",
    "ambiguity",
]

AREAS: tuple[Area, ...] = get_args(Area)
"""What can be drawn: reservation values count with the alternatives they stand for, and `years` is
what happens after signature."""

SPREAD = 0.5
"""The factors lie between 1 − this and 1 + this."""

_DIGITS = 9


class _Rule(NamedTuple):
    """Where judged numbers stand: keys from the top, `*` for any; all numbers beneath are drawn."""

    area: Area
    place: tuple[str, ...]
    most: float = inf
    """The largest number that is valid there."""


_RULES = (
    _Rule("points", ("parties", "*", "points")),
    _Rule("points", ("parties", "*", "links", "*", "points")),
    _Rule("alternatives", ("parties", "*", "reservation")),
    *(
        _Rule("alternatives", ("parties", "*", "alternatives", "*", name))
        for name in ("points", "exposure", "undercut")
    ),
    _Rule("market", ("market", "share"), 1.0),
    _Rule("dispute", ("dispute", "level"), 1.0),
    _Rule("dispute", ("dispute", "depth"), 1.0),
    _Rule("dispute", ("dispute", "audience_cost")),
    *(_Rule("commitments", ("commitments", name), 1.0) for name in ("enforcement", "mutual")),
    *(_Rule("commitments", ("commitments", name)) for name in ("fine", "collapse", "sunk")),
    *(_Rule("trust", ("trust", "*", name)) for name in ("a", "b", "kept", "broken")),
    *(_Rule("participation", ("participation", name), 1.0) for name in ("threshold", "kappa")),
    _Rule("participation", ("participation", "spill"), 1.0),
    *(
        _Rule("participation", ("participation", name))
        for name in ("weights", "access", "reply", "penalty", "benefit", "cost")
    ),
    *(_Rule("outside", ("outside", name), 1.0) for name in ("price_cut", "squeeze")),
    _Rule("outside", ("outside", "dependence")),
    *(_Rule("statecraft", ("statecraft", "measures", "*", name)) for name in ("effect", "cost")),
    *(_Rule("statecraft", ("statecraft", name)) for name in ("backing_down", "trust")),
    _Rule("side deals", ("side_deals", "*", "points")),
    *(_Rule("fund", ("fund", name), 1.0) for name in ("size", "threshold")),
    *(_Rule("fund", ("fund", name)) for name in ("cost", "benefit", "weights")),
    *(_Rule("years", ("implementation", name)) for name in ("law", "swing")),
    _Rule("years", ("implementation", "price", "volatility"), 10.0),
    *(
        _Rule("mandates", ("mandates", "*", "ratify", name))
        for name in ("threshold", "audience_cost", "points")
    ),
    _Rule("mandates", ("mandates", "*", "face")),
    _Rule("mandates", ("mandates", "*", "grants", "*", "*", "least")),
    *(
        _Rule("shocks", ("shocks", "*", name))
        for name in ("points", "reservation", "spot", "dispute", "ratify")
    ),
    _Rule("shocks", ("shocks", "*", "market"), 1.0),
    _Rule("ambiguity", ("issues", "*", "ambiguous", "*", "hazard"), 1.0),
    _Rule("ambiguity", ("issues", "*", "ambiguous", "*", "arbitration")),
)


@dataclass(frozen=True, kw_only=True)
class DrawnNumber:
    """A number that was drawn anew."""

    area: Area
    place: tuple[str, ...]
    """The keys that lead to it in the scenario, from the top."""
    stated: float
    factor: float
    value: float
    """What it is now."""

    @property
    def path(self) -> str:
        """Its place as one text, `parties.USA.points.volume.3000`."""
        return ".".join(self.place)

    @property
    def is_clipped(self) -> bool:
        """Whether it would have been too large to be valid."""
        return abs(self.value - self.stated * self.factor) > 1e-6 * max(1.0, abs(self.value))


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A scenario with its judged numbers drawn anew."""

    scenario: Scenario
    numbers: tuple[DrawnNumber, ...]
    """Every number drawn, area by area."""

    def count(self) -> dict[Area, int]:
        """Return how many numbers of each area were drawn, areas without any left out."""
        found: dict[Area, int] = {}
        for number in self.numbers:
            found[number.area] = found.get(number.area, 0) + 1
        return found


class _Place(NamedTuple):
    """A judged number in a scenario's values."""

    rule: _Rule
    keys: tuple[str, ...]
    holder: dict[str, object] | list[object]
    key: str | int
    number: int | float


def drawn(
    scenario: Scenario, seed: int, spread: float = SPREAD, what: Collection[Area] = AREAS
) -> Variant:
    """Return a scenario with every judged number multiplied by a factor of its own.

    A number's factor depends on the seed and on its place alone: of one seed, it is the same
    whatever else is drawn, so that areas can be compared in pairs. Reservation values that follow
    from alternatives follow the new ones.

    Args:
        scenario: Of which every number of these areas counts that is called a judgement: points
            always, others where the part they stand in does not state another `basis`.
        seed: Draws the factors.
        spread: Factors lie between 1 − spread and 1 + spread.
        what: The areas to draw in.

    Raises:
        ValueError: If the spread is not between 0 and 1, an area is unknown, or what was drawn is
            no valid scenario.
    """
    if not 0 <= spread < 1:
        raise ValueError(f"spread: expected from 0 to below 1, found {spread!r}")
    unknown = sorted(set(what) - set(AREAS))
    if unknown:
        raise ValueError(f"what: unknown {unknown[0]!r}; expected some of {', '.join(AREAS)}")
    values = _values(scenario)
    numbers: list[DrawnNumber] = []
    for place in _judged(values, _stated(scenario), what):
        factor = factor_of(seed, ".".join(place.keys), spread)
        value = min(round(place.number * factor, _DIGITS), place.rule.most)
        cast("dict[str | int, object]", place.holder)[place.key] = value
        numbers.append(
            DrawnNumber(
                area=place.rule.area,
                place=place.keys,
                stated=float(place.number),
                factor=factor,
                value=value,
            )
        )
    return Variant(scenario=type(scenario).model_validate(values), numbers=tuple(numbers))


def factor_of(seed: int, path: str, spread: float = SPREAD) -> float:
    """Return what the number at a place is multiplied by under a seed, whatever else is drawn."""
    return Random(f"{seed}/{path}").uniform(1 - spread, 1 + spread)


def judged_numbers(scenario: Scenario, what: Collection[Area] = AREAS) -> tuple[str, ...]:
    """Return the paths of all numbers that `drawn` would draw anew, as the scenario has them."""
    values, stated = _values(scenario), _stated(scenario)
    return tuple(".".join(place.keys) for place in _judged(values, stated, what))


def _values(scenario: Scenario) -> dict[str, object]:
    """Return a scenario's plain values, without those that follow from others.

    These are reservation values of parties with alternatives, and points of ambiguous words.
    """
    values = json.loads(scenario.model_dump_json(by_alias=True))
    for name, party in scenario.parties.items():
        if party.alternatives:
            del values["parties"][name]["reservation"]
    return dict(without_readings(values))


def _stated(scenario: Scenario) -> frozenset[str]:
    """Return the parts that a scenario states: those that are not as they are where none is."""
    fields = type(scenario).model_fields
    return frozenset(
        field.alias or name
        for name, field in fields.items()
        if field.is_required()
        or getattr(scenario, name) != field.get_default(call_default_factory=True)
    )


def _judged(
    values: dict[str, object], stated: Collection[str], what: Collection[Area]
) -> Iterator[_Place]:
    for rule in _RULES:
        if rule.area in what and rule.place[0] in stated:
            yield from _found(rule, values, rule.place, (), "judgement")


def _found(
    rule: _Rule, node: object, ahead: tuple[str, ...], behind: tuple[str, ...], basis: object
) -> Iterator[_Place]:
    """Yield the judged numbers of a rule below one node.

    Args:
        rule: Whose numbers.
        node: Where the search stands.
        ahead: The keys still to follow; below the last of them every number counts.
        behind: The keys followed.
        basis: What the innermost part so far calls its figures.
    """
    if not isinstance(node, dict | list):
        return
    holder = cast("dict[str, object] | list[object]", node)
    if isinstance(holder, dict):
        basis = holder.get("basis", basis)
    for key, child in holder.items() if isinstance(holder, dict) else enumerate(holder):
        if ahead and ahead[0] not in ("*", key):
            continue
        keys = (*behind, str(key))
        is_number = isinstance(child, int | float) and not isinstance(child, bool)
        if is_number and child and len(ahead) <= 1 and basis == "judgement":
            yield _Place(rule, keys, holder, key, cast("float", child))
        else:
            yield from _found(rule, child, ahead[1:], keys, basis)
