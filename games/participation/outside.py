"""What a supplier that is not at the table does about a text: it undercuts, and withholds licences.

Once a text is in force with a share m of the weight bound, the outside supplier cuts its prices to
all who are not bound, by cut = price_cut(ω) · m of the furthest it can go. The alternatives of an
unbound party i are then worth more, and its reservation value rises to

    r_i(m) = max over its alternatives of points − exposure · share² + undercut · cut.

Of a party without stated alternatives it stays as it is. From those bound it withholds licences:
each loses dependence_i · squeeze(ω), however many are bound. A text that is not in force it leaves
alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from games.outcomes import FloatArray, IndexArray
from games.parts.base import of_party, of_scale

if TYPE_CHECKING:
    from games.scenario import Scenario


def price_cut(scenario: Scenario, outcome: int, bound_share: float) -> float:
    """Return how far the outside supplier cuts its prices to the unbound, in [0, 1].

    Args:
        scenario: Says how it replies; nobody cuts prices where it does not.
        outcome: The text in force.
        bound_share: m, the share of the weight that is bound.
    """
    outside = scenario.outside
    if outside is None:
        return 0.0
    return of_scale(outside.price_cut, scenario.space.outcome(outcome)) * bound_share


def reservation_after(scenario: Scenario, position: int, outcome: int, bound_share: float) -> float:
    """Return r_i(m), an unbound party's reservation value after the price cut, in its points.

    Args:
        scenario: Says how the outside supplier replies and what the party's alternatives are.
        position: The party.
        outcome: The text in force.
        bound_share: m, the share of the weight that is bound.
    """
    cut = price_cut(scenario, outcome, bound_share)
    lines = alternative_lines(scenario, position)
    return scenario.preferences[position].reservation + max(a + b * cut for a, b in lines)


def squeeze_cost(scenario: Scenario, position: int, outcome: int) -> float:
    """Return what the withheld licences cost a party bound by a text in force, in its points."""
    outside = scenario.outside
    if outside is None:
        return 0.0
    squeeze = of_scale(outside.squeeze, scenario.space.outcome(outcome))
    return of_party(outside.dependence, scenario.ids[position]) * squeeze


def alternative_lines(scenario: Scenario, position: int) -> tuple[tuple[float, float], ...]:
    """Return what each alternative of a party is worth over its best, and gains by the cut.

    Pairs (a, b): at a price cut, the alternative is worth r + a + b · cut. A party without stated
    alternatives has one that no cut reaches.
    """
    known = scenario.parties[scenario.ids[position]].alternatives
    if not known:
        return ((0.0, 0.0),)
    share = 0.0 if scenario.market is None else scenario.market.share
    best = max(one.worth(share) for one in known)
    return tuple((one.worth(share) - best, one.undercut) for one in known)


@dataclass(frozen=True, kw_only=True)
class Reply:
    """The outside supplier's reply to a text in force, for all parties at once."""

    squeeze: FloatArray
    """What it costs each party to be bound, shape (parties,)."""
    levels: FloatArray
    """What each alternative is worth over the best without a cut, shape (alternatives, parties)."""
    slopes: FloatArray
    """What each would gain if all were bound, likewise."""

    def rises(self, bound_share: FloatArray, who: IndexArray | slice | int) -> FloatArray:
        """Return r_i(m) − r_i of parties that are not bound.

        Args:
            bound_share: m, shape (…, parties asked), or (…) for one party.
            who: The parties asked.
        """
        found = self.levels[0, who] + self.slopes[0, who] * bound_share
        for level, slope in zip(self.levels[1:], self.slopes[1:], strict=True):
            found = np.maximum(found, level[who] + slope[who] * bound_share)
        return found

    def in_shares(self, gain: FloatArray) -> Reply:
        """Return the reply in shares of what each party can gain.

        Args:
            gain: That, in the party's points, shape (parties,).
        """
        return replace(
            self, squeeze=self.squeeze / gain, levels=self.levels / gain, slopes=self.slopes / gain
        )


def outside_reply(scenario: Scenario, outcome: int) -> Reply | None:
    """Return the reply to a text in points, or None if nobody outside replies."""
    if scenario.outside is None:
        return None
    parties = range(len(scenario.ids))
    lines = [alternative_lines(scenario, position) for position in parties]
    most = max(map(len, lines))
    # A party of fewer alternatives has its first one again: that changes no maximum.
    padded = np.array([own + own[:1] * (most - len(own)) for own in lines])
    return Reply(
        squeeze=np.array([squeeze_cost(scenario, position, outcome) for position in parties]),
        levels=np.ascontiguousarray(padded[:, :, 0].T),
        slopes=padded[:, :, 1].T * price_cut(scenario, outcome, 1.0),
    )
