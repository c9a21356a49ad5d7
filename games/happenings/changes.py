"""The scenario as it is after something has happened: what changes, and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from games.parts.ambiguity import with_added
from games.parts.base import Scale
from games.parts.surroundings import best_alternative

if TYPE_CHECKING:
    from games.parts.mandates import Instruction, Mandate
    from games.parts.shocks import Shock
    from games.scenario import Dispute, Party, Scenario

V = TypeVar("V")


def struck(scenario: Scenario, shock: Shock) -> Scenario:
    """Return a scenario after a shock.

    Points and reservation values have what the shock states added; alternatives follow the
    market's new share; the spot price is multiplied; the quarrel's level stays in [0, 1].
    """
    changes: dict[str, object] = {}
    market = scenario.market
    if shock.market is not None and market is not None:
        market = market.model_copy(update={"share": shock.market})
        changes["market"] = market
    share = 0.0 if market is None else market.share
    changes["parties"] = {
        name: _party_after(scenario, name, shock, share) for name in scenario.parties
    }
    if shock.spot is not None and scenario.implementation is not None:
        plan = scenario.implementation
        price = plan.price.model_copy(update={"spot": plan.price.spot * shock.spot})
        changes["implementation"] = plan.model_copy(update={"price": price})
    if shock.dispute and scenario.dispute is not None:
        changes["dispute"] = _quarrel_after(scenario.dispute, shock.dispute)
    if shock.ratify:
        changes["mandates"] = {
            name: _mandate_after(mandate, shock.ratify.get(name, 0.0))
            for name, mandate in scenario.mandates.items()
        }
    return _copy(scenario, changes)


def _party_after(scenario: Scenario, name: str, shock: Shock, share: float) -> Party:
    party = scenario.parties[name]
    changes: dict[str, object] = {}
    added = shock.points.get(name)
    if added:
        changes["points"] = {
            issue: with_added(scenario.issues[issue], name, points, added.get(issue, {}))
            for issue, points in party.points.items()
        }
    more = shock.reservation.get(name, 0.0)
    if party.alternatives and (more or shock.market is not None):
        alternatives = tuple(
            one.model_copy(update={"points": one.points + more}) for one in party.alternatives
        )
        changes["alternatives"] = alternatives
        changes["reservation"] = best_alternative(alternatives, share)
    elif more:
        changes["reservation"] = party.reservation + more
    return party.model_copy(update=changes) if changes else party


def _quarrel_after(dispute: Dispute, added: float) -> Dispute:
    level = dispute.level
    if isinstance(level, Scale):
        values = {option: _share(value + added) for option, value in level.values.items()}
        return dispute.model_copy(update={"level": level.model_copy(update={"values": values})})
    return dispute.model_copy(update={"level": _share(level + added)})


def _share(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _mandate_after(mandate: Mandate, added: float) -> Mandate:
    if mandate.ratify is None or not added:
        return mandate
    ratify = mandate.ratify.model_copy(update={"threshold": mandate.ratify.threshold + added})
    return mandate.model_copy(update={"ratify": ratify})


def instructed(scenario: Scenario, party: str, instruction: Instruction) -> Scenario:
    """Return a scenario after an instruction: new limits, or one more red line."""
    match instruction.kind:
        case "tighten" | "widen":
            return _with_limits(scenario, party, instruction.limits)
        case "red-line":
            own = scenario.parties[party]
            lines = (*own.red_lines, dict(instruction.red_line))
            changed = own.model_copy(update={"red_lines": lines})
            return _copy(scenario, {"parties": _replaced(scenario.parties, party, changed)})
        case "no-deal":
            return scenario


def answered(scenario: Scenario, party: str, issue: str, option: str) -> Scenario:
    """Return a scenario after a capital has granted an option outside the limits."""
    limits = scenario.mandates[party].limits
    return _with_limits(scenario, party, {issue: (*limits.get(issue, ()), option)})


def at_rest(scenario: Scenario) -> Scenario:
    """Return a scenario as it is now, in which nothing more strikes and no capital sends orders.

    What a delegate may sign stays limited, and it may still ask for more.
    """
    ordered = any(mandate.instructions for mandate in scenario.mandates.values())
    return scenario.once("at rest", _at_rest) if scenario.shocks or ordered else scenario


def _at_rest(scenario: Scenario) -> Scenario:
    mandates = {
        name: mandate.model_copy(update={"instructions": ()})
        for name, mandate in scenario.mandates.items()
    }
    return _copy(scenario, {"shocks": {}, "mandates": mandates})


def _with_limits(scenario: Scenario, party: str, limits: dict[str, tuple[str, ...]]) -> Scenario:
    mandate = scenario.mandates[party]
    changed = mandate.model_copy(update={"limits": {**mandate.limits, **limits}})
    return _copy(scenario, {"mandates": _replaced(scenario.mandates, party, changed)})


def _replaced(by_party: dict[str, V], party: str, value: V) -> dict[str, V]:
    return {**by_party, party: value}


def _copy(scenario: Scenario, changes: dict[str, object]) -> Scenario:
    after = scenario.model_copy(update=changes)
    vars(after)["space"] = scenario.space  # the outcomes are the same, and their table is large
    return after
