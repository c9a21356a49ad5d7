"""What becomes of an agreement once arbitration has said what its ambiguous words mean.

At signature every party counts with its own reading. A ruling lets one plain option stand for all:
then honouring is worth something else to each, and some would rather break their word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from games.compliance.game import incentives
from games.compliance.verdicts import Kind, verdict
from games.parts.ambiguity import OpenReading, ambiguities, rulings

if TYPE_CHECKING:
    from games.scenario import Scenario

MOST_RULED = 16
"""Rulings that are looked at, the likeliest first; beyond, verdicts on each would take long."""

TOLD = 3
"""Rulings that are told one by one."""

_BREAKS: tuple[Kind, ...] = ("not worth keeping", "declaratory", "needs a fine")


@dataclass(frozen=True, kw_only=True)
class RuledOn:
    """An agreement after one combination of awards."""

    chance: float
    outcome: int
    """What stands."""
    awards: dict[str, str]
    """Issue → the plain option awarded."""
    rewards: dict[str, float]
    """R of each party that is bound: what honouring is worth to it if all honour, in its points."""
    reneges: tuple[str, ...]
    """Those who would then break their word."""


def after_rulings(
    scenario: Scenario, outcome: int, bound: Collection[str] | None = None
) -> tuple[RuledOn, ...]:
    """Return an agreement after each of its likeliest rulings; nothing if no words are ambiguous.

    Args:
        scenario: What was negotiated.
        outcome: What was agreed.
        bound: The parties that it obliges, at least one; all if not given.
    """
    opened = ambiguities(scenario, outcome)
    if not opened:
        return ()
    ranked = sorted(rulings(scenario, outcome), key=lambda one: (-one.chance, one.outcome))
    names = [scenario.space.issues[one.issue] for one in opened]
    found: list[RuledOn] = []
    for chance, stands in ranked[:MOST_RULED]:
        settled = scenario.space.levels_of(stands)
        found.append(
            RuledOn(
                chance=chance,
                outcome=stands,
                awards={
                    name: scenario.issues[name].texts[settled[one.issue]]
                    for name, one in zip(names, opened, strict=True)
                },
                rewards=rewards(scenario, stands, bound),
                reneges=reneging(scenario, stands, bound),
            )
        )
    return tuple(found)


def rewards(
    scenario: Scenario, outcome: int, bound: Collection[str] | None = None
) -> dict[str, float]:
    """Return R of each party that is bound, what honouring is worth to it if all honour."""
    return {
        party: incentives(scenario, outcome, position).reward
        for position, party in enumerate(scenario.ids)
        if bound is None or party in bound
    }


def reneging(
    scenario: Scenario, outcome: int, bound: Collection[str] | None = None
) -> tuple[str, ...]:
    """Return the parties that would break their word under an outcome, as its verdict has it.

    Those for whom nothing makes up for keeping it, and those who trust the others too little.
    """
    return tuple(
        one.party
        for one in verdict(scenario, outcome, bound).parties
        if one.kind in _BREAKS or (one.kind == "holds if each expects it" and one.honours is False)
    )


def explain_rulings(
    scenario: Scenario, outcome: int, found: tuple[RuledOn, ...], bound: Collection[str] | None
) -> str:
    """Return how an agreement's ambiguous words are read, and what follows from a ruling."""
    before = reneging(scenario, outcome, bound)
    told = [_award_words(scenario, one, before) for one in found[:TOLD]]
    if len(found) > TOLD:
        count = prod(len(one.awards) for one in ambiguities(scenario, outcome))
        told.append(f"Of {count} rulings these are the likeliest.")
    return " ".join((*_reading_words(scenario, outcome), *told))


def _reading_words(scenario: Scenario, outcome: int) -> Iterator[str]:
    for one in ambiguities(scenario, outcome):
        yield _read_by_each(scenario, one)


def _read_by_each(scenario: Scenario, one: OpenReading) -> str:
    name = scenario.space.issues[one.issue]
    option = scenario.issues[name].texts[one.option]
    words = scenario.issues[name].ambiguous[option]
    readers: dict[str, list[str]] = {}
    for party, reading in words.readings.items():
        readers.setdefault(reading, []).append(scenario.parties[party].name)
    read = "; ".join(f"{' and '.join(names)}: {reading}" for reading, names in readers.items())
    told = f" ({read})" if read else ""
    return (
        f"“{option}” on {name} each reads in its own way{told}; with a chance of "
        f"{one.hazard:.0%} a year it is disputed."
    )


def _award_words(scenario: Scenario, ruled: RuledOn, before: tuple[str, ...]) -> str:
    awards = " and ".join(f"{option} on {issue}" for issue, option in ruled.awards.items())
    names = {party: scenario.parties[party].name for party in scenario.ids}
    anew = [names[one] for one in ruled.reneges if one not in before]
    still = [names[one] for one in ruled.reneges if one in before]
    kept = [names[one] for one in before if one not in ruled.reneges]
    what = [
        *([f"{' and '.join(anew)} would renege"] if anew else []),
        *([f"{' and '.join(still)} would renege as before"] if still else []),
        *([f"{' and '.join(kept)} would now keep its word"] if len(kept) == 1 else []),
        *([f"{' and '.join(kept)} would now keep their word"] if len(kept) > 1 else []),
    ]
    worth = ", ".join(f"{names[party]} {value:.3g}" for party, value in ruled.rewards.items())
    return (
        f"If arbitration awards {awards} ({ruled.chance:.0%}), "
        f"{'; '.join(what) or 'nobody would renege'}. Honouring is then worth, in each one's own "
        f"points: {worth}."
    )
