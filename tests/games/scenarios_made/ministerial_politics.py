"""What surrounds the ministerial's text: alternatives, signatures, trust, deals and the fund."""

import math
from typing import Any

from tests.games.scenarios_made.ministerial_figures import DELEGATIONS, Figures
from tests.games.scenarios_made.ministerial_points import (
    HOST,
    MARKET_SHARE,
    PAYERS,
    halves,
    is_partner,
    need,
)


def alternatives(party: str) -> list[dict[str, Any]]:
    """Return what a delegation can do without a common text, and what that is worth to it."""
    own = DELEGATIONS[party]
    bound = 1.0 if own.instrument or is_partner(own) else 0.5 if "F" in own.groups else 0.0
    buys = own.role == "consumer"
    united = "E" in own.groups or party == "EUE"  # trade is the Union's to agree
    invests = own.role == "financier"
    if party == HOST:
        first = {"name": "deal by deal with one supplier after another", "points": 54}
    else:
        first = {
            "name": "bilateral memorandum with the United States",
            "points": halves(
                34 + 6 * bound + 6 * math.sqrt(own.supply / 100) + 6 * buys - 8 * united
            ),
        }
    exposed = {"exposure": halves(16 * own.reliance)}
    return [
        {**first, "exposure": halves(8 * own.reliance), "undercut": halves(2 * own.reliance)},
        {
            "name": "deal with China",
            "points": halves(20 + 48 * own.china),
            "exposure": halves(16 * own.reliance + 4 * own.china),
            "undercut": halves(8 * own.reliance),
        },
        {
            "name": "wait and buy or sell at the market",
            "points": halves(26 + 16 * (1 - need(own)) + 22 * invests),
            **exposed,
            "undercut": halves(6 * own.reliance),
        },
    ]


def reservation(party: str) -> float:
    """Return the worth of the best alternative at the present share of the dominant supplier."""
    return max(one["points"] - one["exposure"] * MARKET_SHARE**2 for one in alternatives(party))


def weight(party: str) -> float:
    """Return a delegation's weight towards entry into force: half supply, half use, in %."""
    own = DELEGATIONS[party]
    supply = sum(one.supply for one in DELEGATIONS.values())
    use = sum(one.use for one in DELEGATIONS.values())
    return round(50 * own.supply / supply + 50 * own.use / use, 2)


SQUEEZE = (0.0, 0.2, 0.5, 1.0)
"""How hard licences are withheld from those bound by each form of text."""
CUT = (0.0, 0.3, 0.8)
"""How far the outside supplier cuts its prices against each price mechanism."""


def dependence(party: str) -> float:
    """Return what the hardest squeeze would cost a delegation."""
    own = DELEGATIONS[party]
    return halves(12 * own.china**2 + 5 * own.reliance)


def trust(party: str) -> dict[str, float]:
    """Return a delegation's prior that others honour what they sign, as Beta counts."""
    own = DELEGATIONS[party]
    if "T" in own.groups:
        return {"a": 4, "b": 6}
    if party == "EUE":
        return {"a": 4, "b": 5}
    return {"a": 4, "b": 2} if is_partner(own) else {"a": 4, "b": 4}


def kappa(own: Figures) -> float:
    """Return the share of its undisputed gain that declarations bring a delegation.

    Words bring investors, the more the scarcer capital is; they bring a buyer little that is safe.
    """
    buys = own.role in ("consumer", "host")
    return round(0.35 + 0.1 * need(own) - 0.05 * buys, 2)


def participation() -> dict[str, Any]:
    """Return what signing, half signing and staying out lead to."""
    return {
        "threshold": 0.65,
        "weights": {party: weight(party) for party in DELEGATIONS},
        "kappa": {party: kappa(own) for party, own in DELEGATIONS.items()},
        "access": {party: halves(1.5 + 3 * need(own)) for party, own in DELEGATIONS.items()},
        "reply": {party: halves(12 * own.china**2) for party, own in DELEGATIONS.items()},
        "spill": {party: round(0.002 * weight(party), 4) for party in DELEGATIONS},
        "penalty": {party: halves(1 + 3 * own.reliance) for party, own in DELEGATIONS.items()},
    }


def fund() -> dict[str, Any]:
    """Return who pays into the pooled fund, what that costs and what it brings."""
    use = {party: DELEGATIONS[party].use for party in PAYERS}
    total = sum(use.values())
    return {
        "members": list(PAYERS),
        "cost": {party: halves(3 + 20 * part / total) for party, part in use.items()},
        "benefit": {party: halves(8 + 10 * DELEGATIONS[party].reliance) for party in PAYERS},
        "weights": use,
    }


MEASURES = {
    "tariffs": lambda own: -8.0,
    "finance": lambda own: halves(2 + 4 * need(own)),
    "offtake": lambda own: halves(2 + 2 * need(own)),
}
"""Points that what is threatened or promised brings each of those it is aimed at."""


def side_deal(party: str) -> dict[str, Any]:
    """Return the bilateral deal that a delegation closes with the host on the day."""
    own = DELEGATIONS[party]
    plan = party == "MEX"
    deal: dict[str, Any] = {
        "label": "plan of action for sixty days" if plan else "framework or memorandum of the day",
        "parties": [HOST, party],
        "points": {
            HOST: halves(0.5 + 3 * math.sqrt(own.supply / 100)),
            party: halves(2 + 4 * need(own)),
        },
        "source": ["state-2026"],
    }
    if party == "GBR":
        deal["note"] = "Probable: it was signed a day later, by one report."
    return deal
