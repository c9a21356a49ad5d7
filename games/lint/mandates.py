"""Ratification and face at home: what contradicts the scenario, and what moves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from games.lint.misnamed import unknown_names
from games.ratification import passing_chances, ratifying
from games.utility import is_tabled

if TYPE_CHECKING:
    from games.lint.finding import Remark
    from games.scenario import Scenario

CERTAIN = 1e-3
"""Chances closer than this to 1, or to 0, are as good as certain."""


def ratification_contradictions(scenario: Scenario) -> Iterator[str]:
    """Yield what the points that count at home name and the scenario does not have."""
    for party, mandate in scenario.mandates.items():
        if mandate.ratify is None:
            continue
        where = f"mandates.{party}.ratify.points"
        yield from unknown_names(where, mandate.ratify.points, scenario.issues)
        for name, points in mandate.ratify.points.items():
            if name in scenario.issues:
                known = scenario.issues[name].texts
                yield from unknown_names(f"{where}.{name}", points, known)


def ratification_findings(scenario: Scenario) -> Iterator[Remark]:
    """Yield hurdles at home that every outcome clears, or none does."""
    if not is_tabled(scenario):
        return
    for position in ratifying(scenario):
        own = scenario.preferences[position]
        if own.in_force is None:
            continue
        chances = passing_chances(scenario, own.party, own.in_force)
        open_to_it = chances if own.signable is None else chances[own.signable]
        where = f"mandates.{own.party}.ratify.threshold"
        if float(np.min(open_to_it)) > 1 - CERTAIN:
            yield where, "whatever it may sign passes at home: the hurdle moves nothing"
        if float(np.max(open_to_it)) < CERTAIN:
            yield where, "nothing that it may sign passes at home"


def face_findings(scenario: Scenario) -> Iterator[Remark]:
    """Yield where a face to lose is at stake in talks that nobody watches."""
    if scenario.protocol.kind != "alternating-offers":
        return
    why = (
        "counts for nothing: alternating offers are talks behind closed doors; a face is lost in a "
        "plenary or forum"
    )
    for party, mandate in scenario.mandates.items():
        if mandate.face:
            yield f"mandates.{party}.face", why
