"""What the counterparts wanted, against what the party's offers amounted to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from delegates.debriefing.wording import label
from games.review.debrief import Belief
from games.review.rankings import issue_weights
from games.tactics.frequency_model import mean_worths
from games.utility import TIE

if TYPE_CHECKING:
    from games.outcomes import FloatArray
    from games.review.close import CloseReading
    from games.scenario import Scenario

LEAST_OFFERS = 2
"""Own offers from which what they amount to is told."""


def spent_by_issue(
    scenario: Scenario, utilities: FloatArray, offers: Sequence[int]
) -> FloatArray | None:
    """Return on which issues offers gave something up, shape (issues,), as shares of 1.

    What an offer gives up on an issue is how far its option lies under the party's best option
    there, in own points, all else alike; over all offers. Who spends most on an issue offers as if
    that were what the others want most. None where too few were made or nothing was given up.

    Args:
        scenario: What is negotiated.
        utilities: The party's utilities.
        offers: The outcomes it offered.
    """
    if len(offers) < LEAST_OFFERS:
        return None
    worths = mean_worths(scenario.space, utilities)
    levels = np.array([scenario.space.levels_of(outcome) for outcome in offers])
    given = np.array(
        [float((worth.max() - worth[levels[:, issue]]).sum()) for issue, worth in enumerate(worths)]
    )
    total = float(given.sum())
    return given / total if total > TIE else None


def beliefs(
    scenario: Scenario, seat: int, offers: Sequence[int], close: CloseReading
) -> tuple[Belief, ...]:
    """Return each counterpart's weights: true, as its offers let read, as own offers amount to.

    Args:
        scenario: What was negotiated.
        seat: Position of the reviewed party.
        offers: The outcomes that the party offered.
        close: What could be believed of the counterparts.
    """
    spent = spent_by_issue(scenario, scenario.preferences[seat].utilities, offers)
    read = {one.party: one for one in close.beliefs}
    return tuple(
        Belief(
            party=one.party,
            issue=issue,
            label=label(scenario, issue),
            true_weight=truth,
            read_weight=read[one.party].believed[place] if read[one.party].offers else None,
            implied_weight=None if spent is None else float(spent[place]),
        )
        for one in scenario.preferences
        if one.party != scenario.ids[seat]
        for place, (issue, truth) in enumerate(issue_weights(scenario, one.party).items())
    )
