"""Scenarios whose dominant supplier holds another share of the market."""

from __future__ import annotations

import json

from games.scenario import Scenario


def with_market_share(scenario: Scenario, share: float) -> Scenario:
    """Return a scenario in which the dominant supplier holds another share of the market.

    The reservation values that follow from alternatives move with it; nothing else does.
    """
    values = json.loads(scenario.canonical())
    values["market"] = {**values.get("market", {"supplier": ""}), "share": share}
    for name, party in scenario.parties.items():
        if party.alternatives:
            values["parties"][name].pop("reservation", None)
    return Scenario.model_validate(values)
