"""Whether what is said of a bilateral survives noise on its points.

Points at stake are judgements. Every figure is multiplied by an independent factor between .5 and
1.5, drawn either for each issue and each link of a party or for every single number of points;
reservation values, red lines, the dispute and what cannot happen stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from games.matrices.stance_game import StanceClass, stance_class
from games.outcomes import FloatArray
from games.ratification import at_signature
from games.utility import TIE, link_table

if TYPE_CHECKING:
    from games.scenario import Scenario
    from games.utility import Preferences

SPREAD = 0.5
"""The factors lie between 1 − this and 1 + this."""

NO_ZOPA = "no agreement is possible"


@dataclass(frozen=True, kw_only=True)
class ClassSurvival:
    """In what share of draws a bilateral's stance game stays of its class."""

    stance_class: StanceClass
    by_issue: float
    """One factor for each issue and link of a party."""
    by_entry: float
    """One factor for every single number of points."""
    draws: int


def class_survival(scenario: Scenario, *, draws: int, seed: int = 0) -> ClassSurvival | None:
    """Return how often a bilateral's stance game stays of its class; None without a ZOPA.

    The class is that of the rule for feasible shares (`stance_class`), taken for the two parties
    whichever their sides.

    Args:
        scenario: With two parties.
        draws: How often the points are shaken, for each kind of noise.
        seed: Draws the noise.

    Raises:
        ValueError: If there are no draws.
    """
    if draws < 1:
        raise ValueError(f"draws: expected at least 1, found {draws}")
    first, second = scenario.preferences
    plain = _class_of(scenario, (first.utilities, second.utilities))
    if plain == NO_ZOPA:
        return None
    shares: list[float] = []
    for by_entry in (False, True):
        rng = np.random.default_rng(seed)
        kept = sum(
            _class_of(
                scenario,
                (
                    noisy_utilities(scenario, first, rng, by_entry=by_entry),
                    noisy_utilities(scenario, second, rng, by_entry=by_entry),
                ),
            )
            == plain
            for _ in range(draws)
        )
        shares.append(kept / draws)
    return ClassSurvival(stance_class=plain, by_issue=shares[0], by_entry=shares[1], draws=draws)


def noisy_utilities(
    scenario: Scenario, own: Preferences, rng: np.random.Generator, *, by_entry: bool
) -> FloatArray:
    """Return a party's utilities of every outcome with its points shaken, shape (size,).

    Args:
        scenario: Gives the points.
        own: The party's preferences in it.
        rng: Draws the factors, in the order of issues and links.
        by_entry: Whether every number has a factor of its own.
    """
    details = scenario.parties[own.party]
    space = scenario.space
    in_force = own.utilities if own.in_force is None else own.in_force
    table = in_force.reshape(space.shape).copy()
    for name, issue in scenario.issues.items():
        points = np.array([details.points[name][text] for text in issue.texts])
        table += space.along(name, _shaken(points, rng, by_entry).tolist())
    for link in details.links:
        table += space.across(*link.issues, _shaken(link_table(scenario, link), rng, by_entry))
    return at_signature(scenario, own.party, table, own.reservation).reshape(space.size)


def _shaken(values: FloatArray, rng: np.random.Generator, by_entry: bool) -> FloatArray:
    """Return by how much values change when multiplied by factors around 1."""
    return values * rng.uniform(-SPREAD, SPREAD, size=values.shape if by_entry else None)


def _class_of(
    scenario: Scenario, utilities: tuple[FloatArray, FloatArray]
) -> StanceClass | Literal["no agreement is possible"]:
    """Return the class of the stance game under some utilities."""
    rational = np.ones(scenario.space.size, dtype=bool)
    for own, worth in zip(scenario.preferences, utilities, strict=True):
        rational &= worth >= own.reservation - TIE
        if own.signable is not None:
            rational &= own.signable
    if not rational.any():
        return "no agreement is possible"
    shares = np.array(
        [
            _share_of_gain(worth[rational] - own.reservation)
            for own, worth in zip(scenario.preferences, utilities, strict=True)
        ]
    )
    return stance_class(shares.min(axis=0), shares[0], shares[1])


def _share_of_gain(gains: FloatArray) -> FloatArray:
    """Return gains as shares of the greatest; all of it where there is nothing to gain."""
    most = float(gains.max())
    return gains / most if most > TIE else np.ones(len(gains))
