"""What an outcome is worth to a party once threats, promises and side deals are counted.

A measure is believed where backing down would cost its author at least as much as carrying it out
(Schelling 1960; on audience costs Fearon 1994): then it is what the author would choose when it
falls due. Others count for nothing. The author itself expects to bear the cheaper of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from games.outcomes import BoolArray
from games.parts.base import of_party
from games.ratification import expected_audience_cost
from games.utility import Preferences

if TYPE_CHECKING:
    from games.protocols.hall import Vow
    from games.scenario import Scenario

MOST_KEPT, MOST_SLICES = 1024, 64
"""Preferences kept on a scenario, and on preferences; more would cost memory rather than save
time."""


def perceived(
    scenario: Scenario, position: int, vows: Sequence[Vow], deals: Sequence[str] = ()
) -> Preferences:
    """Return a party's preferences with all that was vowed to it and by it, and its side deals."""
    concerned = tuple(
        vow for vow in vows if vow.measure and (vow.by == position or position in vow.to)
    )
    own = scenario.ids[position]
    made = tuple(name for name in deals if own in scenario.side_deals[name].parties)
    if not concerned and not made:
        return scenario.preferences[position]
    key = (position, concerned, made)
    return _kept(scenario, "perceived", key, lambda: _perceived(scenario, position, key[1], made))


def _kept(
    scenario: Scenario, name: str, key: object, compute: Callable[[], Preferences]
) -> Preferences:
    known: dict[object, Preferences] = scenario.once(name, lambda _: {})
    found = known.get(key)
    if found is None:
        if len(known) >= MOST_KEPT:
            known.clear()
        found = known[key] = compute()
    return found


def _perceived(
    scenario: Scenario, position: int, vows: Iterable[Vow], deals: Sequence[str]
) -> Preferences:
    base = scenario.preferences[position]
    tables = [base.utilities, *([] if base.in_force is None else [base.in_force])]
    reservation = base.reservation
    # A deal takes the place of what the text brings, not of what it costs to sign it in vain.
    in_vain = expected_audience_cost(scenario, base.party, tables[-1]) if deals else 0.0
    tables[0] = tables[0] + in_vain
    for name in deals:
        share = scenario.side_deals[name].instead
        tables = [reservation + (1 - share) * (table - reservation) for table in tables]
    tables[0] = tables[0] - in_vain
    for vow in vows:
        worth = believed_worth(scenario, vow, position)
        met = _settled(scenario, vow.settles)
        due = worth * (~met if vow.is_threat else met)
        tables = [table + due for table in tables]
        reservation += worth if vow.is_threat else 0.0
    return replace(
        base,
        utilities=tables[0],
        in_force=tables[1] if len(tables) > 1 else None,
        reservation=reservation,
        kept={},
    )


def _settled(scenario: Scenario, settles: Iterable[tuple[int, int]]) -> BoolArray:
    """Return which outcomes settle all these issues by these options."""
    space = scenario.space
    place: list[slice] = [slice(None)] * len(space.issues)
    for issue, level in settles:
        place[issue] = slice(level, level + 1)
    met = np.zeros(space.shape, dtype=bool)
    met[tuple(place)] = True
    return met.reshape(space.size)


def is_credible(scenario: Scenario, measure: str) -> bool:
    """Return whether backing down would cost a measure's author as much as carrying it out."""
    craft = scenario.statecraft
    planned = craft.measures[measure]
    return of_party(craft.backing_down, planned.by) >= planned.cost


def believed_worth(scenario: Scenario, vow: Vow, position: int) -> float:
    """Return the points a party expects from a vow if it falls due, its author's included."""
    if vow.measure is None:
        return 0.0
    craft = scenario.statecraft
    planned = craft.measures[vow.measure]
    party = scenario.ids[position]
    if vow.by == position:
        return -min(planned.cost, of_party(craft.backing_down, party))
    return planned.effect.get(party, 0.0) if is_credible(scenario, vow.measure) else 0.0


def within(scenario: Scenario, own: Preferences, base: int, issues: frozenset[int]) -> Preferences:
    """Return preferences over those outcomes alone that are like `base` on all other issues."""
    if len(issues) == len(scenario.space.issues):
        return own
    levels = scenario.space.levels_of(base)
    fixed = tuple(-1 if k in issues else level for k, level in enumerate(levels))
    known: dict[tuple[int, ...], Preferences] = own.once("slices", lambda _: {})
    found = known.get(fixed)
    if found is None:
        if len(known) >= MOST_SLICES:
            known.clear()
        found = known[fixed] = _sliced(scenario, own, fixed)
    return found


def _sliced(scenario: Scenario, own: Preferences, fixed: Sequence[int]) -> Preferences:
    place = tuple(slice(None) if level < 0 else slice(level, level + 1) for level in fixed)
    allowed = np.zeros(scenario.space.shape, dtype=bool)
    allowed[place] = True
    mask = allowed.reshape(scenario.space.size)
    if own.signable is not None:
        mask = mask & own.signable
    return replace(own, signable=mask, kept={})
