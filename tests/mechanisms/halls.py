"""What is at work while delegations talk and sign."""

from __future__ import annotations

from collections.abc import Sequence

from games.compliance.dispute import dispute_scales
from games.participation.fund import fund_size
from games.participation.outside import reservation_after
from games.participation.signatures import signature_weights
from games.parts.aftermath import Belief
from games.parts.base import of_party
from games.protocols.settlement import is_in_force
from games.protocols.vows import is_met
from games.scenario import Scenario, load_scenario
from games.session import State
from tests.mechanisms.mechanism import (
    Mechanism,
    agrees,
    as_stated,
    changed,
    first_payoff,
    hall,
    part,
    payoff_of,
)
from tests.support.markets import with_market_share

THREATENED = ("NOR", "SWE", "FRA", "DEU", "GBR", "NLD", "FIN")
"""Delegations of the ministerial whose states were threatened with tariffs in January 2026."""


def signed(state: State, how: str, among: Sequence[str] | None = None) -> float:
    """Return the share of delegations (of some, if named) that signed in one way."""
    ids = state.scenario.ids
    asked = ids if among is None else [party for party in among if party in ids]
    ways = dict(zip(ids, hall(state).signatures, strict=True))
    return sum(ways[party] == how for party in asked) / len(asked)


def binding(state: State) -> float:
    """Return the share of delegations that signed binding."""
    return signed(state, "binding")


def declaratory(state: State) -> float:
    """Return the share of delegations that signed a declaration."""
    return signed(state, "declaratory")


def members(state: State) -> float:
    """Return the share of delegations that signed at all."""
    return 1 - signed(state, "out")


def in_force(state: State) -> float:
    """Return 1 if the text binds, else 0."""
    return float(is_in_force(hall(state)))


def groups(scenario: Scenario) -> tuple[list[str], list[str]]:
    """Return the delegations that a quarrel costs much at home, and those it costs little.

    Those above and below half of the greatest audience cost; the author of the quarrel is neither.
    """
    assert scenario.dispute is not None
    cost = {party: scenario.dispute.audience_cost.get(party, 0.0) for party in scenario.ids}
    most = max(cost.values())
    high = [party for party, one in cost.items() if one > most / 2]
    low = [party for party, one in cost.items() if one <= most / 4 and party != "USA"]
    return high, low


def without_quarrel(scenario: Scenario) -> Scenario:
    """Return the scenario in which the quarrel costs nobody anything."""
    assert scenario.dispute is not None
    silent = scenario.dispute.model_copy(update={"audience_cost": {}})
    return scenario.model_copy(update={"dispute": silent})


def gain(state: State, among: Sequence[str]) -> float:
    """Return the mean gain of some delegations over their reservation values, in own points."""
    own = {one.party: one for one in state.scenario.preferences}
    at = {party: place for place, party in enumerate(state.scenario.ids)}
    return sum(state.worth(at[one]) - own[one].reservation for one in among) / len(among)


def with_a_faint_quarrel(scenario: Scenario) -> Scenario:
    """Return the scenario in which the quarrel costs a fiftieth of what it does.

    At nought those who gain nothing by the language either would be indifferent to it, and a
    strategy that is indifferent asks for whatever option is listed first.
    """
    assert scenario.dispute is not None
    costs = {party: cost / 50 for party, cost in scenario.dispute.audience_cost.items()}
    return part(scenario, "dispute", audience_cost=costs)


def equal_trust(scenario: Scenario) -> Scenario:
    """Return the scenario in which the threatened trust as much as others do on average."""
    others = [one for party, one in scenario.trust.items() if party not in THREATENED]
    mean = Belief(
        a=sum(one.a for one in others) / len(others), b=sum(one.b for one in others) / len(others)
    )
    return scenario.model_copy(
        update={"trust": {**scenario.trust, **dict.fromkeys(THREATENED, mean)}}
    )


def free_riding(state: State) -> float:
    """Return the share of the members asked to pay that paid nothing; 0 if none was asked."""
    asked = [one for one in hall(state).pledges if one is not None]
    return sum(not one for one in asked) / len(asked) if asked else 0.0


def funded(state: State) -> float:
    """Return the share of the largest fund that was raised, 0 if it was not built."""
    scenario, fund = state.scenario, state.scenario.fund
    assert fund is not None
    if state.agreement is None:
        return 0.0
    weights = {member: fund.weights.get(member, 1.0) for member in fund.members}
    pledges = dict(zip(scenario.ids, hall(state).pledges, strict=True))
    raised = sum(weights[one] for one in fund.members if pledges[one]) / sum(weights.values())
    is_built = fund.threshold is None or raised >= fund.threshold
    return raised * fund_size(scenario, state.agreement) if is_built else 0.0


def unbound_reservation(state: State) -> float:
    """Return the mean reservation value of a delegation that is not bound, after the reply."""
    scenario, agreed = state.scenario, state.agreement
    if agreed is None or not in_force(state):
        return sum(one.reservation for one in scenario.preferences) / len(scenario.ids)
    weights, _ = signature_weights(scenario)
    bound = [one == "binding" for one in hall(state).signatures]
    share = float(weights[bound].sum() / weights.sum())
    found = [reservation_after(scenario, k, agreed, share) for k in range(len(scenario.ids))]
    return sum(found) / len(found)


def enforced(scenario: Scenario, chance: float = 0.5) -> Scenario:
    """Return the scenario in which reneging is punished with some chance.

    Where nothing is enforced next to nobody binds itself, and what moves binding signatures has
    nothing to move.
    """
    return part(scenario, "commitments", enforcement=chance)


def consumer_reservation(state: State) -> float:
    """Return the reservation value of the first party."""
    return state.scenario.preferences[0].reservation


def sensitive_binding(state: State) -> float:
    """Return the share binding among the sensitive minus that among the insensitive."""
    high, low = groups(load_scenario("ministerial"))
    return signed(state, "binding", high) - signed(state, "binding", low)


def sensitive_gain(state: State) -> float:
    """Return the mean gain of the sensitive minus that of the insensitive."""
    high, low = groups(load_scenario("ministerial"))
    return gain(state, high) - gain(state, low)


def believed(scenario: Scenario) -> Scenario:
    """Return the scenario in which nobody can back down of a threat for less than acting on it."""
    craft = scenario.statecraft
    costs = {
        party: max(
            of_party(craft.backing_down, party),
            *(one.cost for one in craft.measures.values() if one.by == party),
            0.0,
        )
        for party in scenario.ids
    }
    return part(scenario, "statecraft", backing_down=costs)


def depth_agreed(state: State) -> float:
    """Return how deep in law the text agreed goes, on a scale to 1; 0 without one."""
    return (
        dispute_scales(state.scenario, state.agreement)[1] if state.agreement is not None else 0.0
    )


def demands_met(state: State) -> float:
    """Return the share of threats whose demand the text meets; 0 if nobody threatened."""
    threats = [one for one in hall(state).vows if one.is_threat]
    met = sum(state.agreement is not None and is_met(hall(state), one) for one in threats)
    return met / len(threats) if threats else 0.0


unanswered = changed(enforced, lambda scenario: scenario.model_copy(update={"outside": None}))
"""The scenario, enforced, in which nobody outside answers."""


HALLS: dict[str, Mechanism] = {
    "the quarrel": Mechanism(
        title="A quarrel over Greenland that makes signing deep texts costly at home",
        scenario="ministerial",
        off=changed(enforced, without_quarrel),
        on=enforced,
        metric=sensitive_binding,
        measures="binding signatures, sensitive minus insensitive delegations",
        sign=-1,
        others={"gain over r, sensitive minus insensitive": sensitive_gain, "binding": binding},
    ),
    "concentrated supply": Mechanism(
        title="One supplier holds 74 % of the market, not 50 %",
        scenario="cobalt-offtake",
        off=lambda scenario: with_market_share(scenario, 0.50),
        on=lambda scenario: with_market_share(scenario, 0.74),
        metric=consumer_reservation,
        measures="the consumer's reservation value",
        sign=-1,
        by_construction=True,
        others={"the consumer's payoff": first_payoff, "agreement": agrees},
    ),
    "the outside supplier on outsiders": Mechanism(
        title="The outside supplier cuts its price to those who are not bound",
        scenario="ministerial",
        off=unanswered,
        on=enforced,
        metric=unbound_reservation,
        measures="reservation value of a delegation that is not bound",
        sign=1,
        by_construction=True,
        others={"in force": in_force},
    ),
    "the outside supplier on members": Mechanism(
        title="The outside supplier cuts prices outside and squeezes licences inside",
        scenario="ministerial",
        off=unanswered,
        on=enforced,
        metric=binding,
        measures="binding signatures",
        sign=-1,
        by_construction=True,
        others={"signatures of any kind": members, "in force": in_force},
    ),
    "the club penalty": Mechanism(
        title="Adjustable tariffs against those who stay out",
        scenario="ministerial",
        off=changed(enforced, lambda scenario: part(scenario, "participation", penalty=0.0)),
        on=enforced,
        metric=members,
        measures="signatures of any kind",
        sign=1,
        by_construction=True,
        others={"binding": binding, "declaratory": declaratory},
    ),
    "threatened tariffs": Mechanism(
        title="States that were threatened with tariffs trust less",
        scenario="ministerial",
        off=changed(enforced, equal_trust),
        on=enforced,
        metric=lambda state: signed(state, "binding", THREATENED),
        measures="binding signatures of the threatened",
        sign=-1,
        by_construction=True,
        others={"binding, all": binding},
    ),
    "the threshold fund": Mechanism(
        title="A joint fund is built only if 60 % is pledged",
        scenario="ministerial",
        off=lambda scenario: part(scenario, "fund", threshold=None),
        metric=free_riding,
        measures="members of the fund that pay nothing",
        sign=-1,
        by_construction=True,
        others={"raised, share of the largest fund": funded},
    ),
    "credible threats": Mechanism(
        title="Threats are believed, for backing down costs more than carrying them out",
        scenario="greenland-linkage",
        off=as_stated,
        on=believed,
        metric=agrees,
        measures="agreements among the three over Greenland",
        sign=1,
        others={
            "demands met, of those made with a threat": demands_met,
            "payoff of the United States": payoff_of("USA"),
            "payoff of the Kingdom": payoff_of("GRL"),
            "payoff of the Union": payoff_of("EUE"),
        },
    ),
    "linkage": Mechanism(
        title="What is written on Greenland's status makes a deep text dear at home",
        scenario="greenland-linkage",
        off=with_a_faint_quarrel,
        metric=depth_agreed,
        measures="legal depth agreed, 0 without agreement",
        sign=-1,
        others={
            "agreements among the three over Greenland": agrees,
            "payoff of the United States": payoff_of("USA"),
            "payoff of the Kingdom": payoff_of("GRL"),
            "payoff of the Union": payoff_of("EUE"),
        },
    ),
    "enforcement": Mechanism(
        title="Reneging is punished with a chance of one half, not never",
        scenario="ministerial",
        off=as_stated,
        on=enforced,
        metric=binding,
        measures="binding signatures",
        sign=1,
        by_construction=True,
        others={"declaratory": declaratory, "in force": in_force},
    ),
}
"""By the name that its row has."""
