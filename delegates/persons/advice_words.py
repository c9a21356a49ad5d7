"""How advice words terms, worths, gains and chances."""

from __future__ import annotations

from collections.abc import Mapping

from delegates.contract import View
from games.option_words import with_unit
from games.outcomes import Option
from games.point_words import in_points
from games.scenario import Issue


def terms(view: View, outcome: int) -> str:
    """Return the terms of an outcome; of one near the own last offer, what is changed in it."""
    issues, settled = view.public.issues, view.public.space.outcome(outcome)
    base, whose = view.last_offer, "your last terms"
    if base is None:
        base, whose = view.offer, "the terms on the table"
    if base is not None:
        before = view.public.space.outcome(base)
        changed = {name: one for name, one in settled.items() if one != before[name]}
        if not changed:
            return f"{whose} again"
        if 2 * len(changed) <= len(settled):
            return f"{whose} with {listed_terms(issues, changed)}"
    return listed_terms(issues, settled)


def listed_terms(issues: Mapping[str, Issue], settled: Mapping[str, Option]) -> str:
    """Return settled issues in a row, with their units."""
    return ", ".join(
        f"{issues[name].label} {with_unit(issues[name], option)}"
        for name, option in settled.items()
    )


def worth(view: View, outcome: int) -> str:
    """Return what an outcome is worth to the seat: `67.5 points to you`."""
    return f"{in_points(view.own.utility(outcome))} to you"


def gain(value: float) -> str:
    """Return a gain over the reservation value: `12.0 points over no agreement`."""
    side = "over" if value >= 0 else "under"
    return f"{in_points(abs(value))} {side} no agreement"
