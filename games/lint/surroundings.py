"""What is contradictory in what a scenario says of the surroundings of the table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from games.lint.misnamed import scale_contradictions, unknown_names
from games.parts.surroundings import Fund, Outside, SideDeal, Statecraft, best_alternative

if TYPE_CHECKING:
    from games.lint.finding import Remark
    from games.parts.base import PerParty, Scale
    from games.parts.surroundings import Alternative, Market, Measure
    from games.scenario import Scenario

_OF_HALLS = ("chair", "rooms", "caucuses", "silence", "extension", "speakers")
"""Keys of a protocol that only plenaries and forums heed."""


def surrounding_contradictions(scenario: Scenario) -> Iterator[str]:
    """Yield what refers to nothing, or says two things at once."""
    yield from _reservation_contradictions(scenario)
    if scenario.outside is not None:
        yield from _outside_contradictions(scenario.outside, scenario)
    yield from _statecraft_contradictions(scenario.statecraft, scenario)
    for name, deal in scenario.side_deals.items():
        yield from _deal_contradictions(f"side_deals.{name}", deal, scenario.ids)
    if scenario.fund is not None:
        yield from _fund_contradictions(scenario.fund, scenario)


def _reservation_contradictions(scenario: Scenario) -> Iterator[str]:
    share = 0.0 if scenario.market is None else scenario.market.share
    for name, party in scenario.parties.items():
        if not party.alternatives:
            continue
        best = best_alternative(party.alternatives, share)
        if abs(best - party.reservation) > 1e-6:
            yield (
                f"parties.{name}.reservation: {party.reservation:g}, but its best alternative is "
                f"worth {best:g}; expected one or the other alone"
            )


def _outside_contradictions(outside: Outside, scenario: Scenario) -> Iterator[str]:
    yield from _scales("outside", ("price_cut", "squeeze"), outside, scenario)
    yield from _party_figures("outside.dependence", outside.dependence, scenario.ids)


def _scales(where: str, names: Iterable[str], part: object, scenario: Scenario) -> Iterator[str]:
    for name in names:
        scale: float | Scale = getattr(part, name)
        if not isinstance(scale, int | float):
            yield from scale_contradictions(f"{where}.{name}", scale, scenario)


def _party_figures(where: str, figures: PerParty, ids: Iterable[str]) -> Iterator[str]:
    if isinstance(figures, dict):
        yield from unknown_names(where, figures, ids)


def _statecraft_contradictions(statecraft: Statecraft, scenario: Scenario) -> Iterator[str]:
    ids = scenario.ids
    for name, measure in statecraft.measures.items():
        where = f"statecraft.measures.{name}"
        yield from unknown_names(f"{where}.by", [measure.by], ids)
        yield from unknown_names(f"{where}.towards", measure.towards, ids)
        if measure.by in measure.towards:
            yield f"{where}.towards: {measure.by!r} aims it at itself; expected others"
        yield from unknown_names(f"{where}.effect", measure.effect, measure.towards)
    yield from _party_figures("statecraft.backing_down", statecraft.backing_down, ids)


def _deal_contradictions(where: str, deal: SideDeal, ids: Iterable[str]) -> Iterator[str]:
    yield from unknown_names(f"{where}.parties", deal.parties, ids)
    yield from unknown_names(f"{where}.points", deal.points, deal.parties)
    if deal.parties[0] == deal.parties[1]:
        yield f"{where}.parties: {deal.parties[0]!r} stands there twice; expected two parties"
    for party in deal.parties:
        if party not in deal.points:
            yield f"{where}.points: {party!r} is missing; expected points for both parties"


def _fund_contradictions(fund: Fund, scenario: Scenario) -> Iterator[str]:
    yield from unknown_names("fund.members", fund.members, scenario.ids)
    if len(set(fund.members)) < len(fund.members):
        yield "fund.members: a party stands there twice"
    for name, figures in (("cost", fund.cost), ("benefit", fund.benefit)):
        yield from unknown_names(f"fund.{name}", figures, fund.members)
        for member in fund.members:
            if member not in figures:
                yield f"fund.{name}: {member!r} is missing; expected points for every member"
    yield from unknown_names("fund.weights", fund.weights, fund.members)
    yield from _scales("fund", ("size",), fund, scenario)


def surrounding_parts(
    scenario: Scenario,
) -> Iterator[tuple[str, Market | Alternative | Outside | SideDeal | Fund]]:
    """Yield what surrounds the table and may name a source, with its place."""
    if scenario.market is not None:
        yield "market", scenario.market
    for name, party in scenario.parties.items():
        for number, alternative in enumerate(party.alternatives):
            yield f"parties.{name}.alternatives.{number}", alternative
    if scenario.outside is not None:
        yield "outside", scenario.outside
    for name, deal in scenario.side_deals.items():
        yield f"side_deals.{name}", deal
    if scenario.fund is not None:
        yield "fund", scenario.fund


def surrounding_findings(scenario: Scenario) -> Iterator[Remark]:
    """Yield what is stated but moves nothing."""
    yield from _idle_protocol(scenario)
    if scenario.market is None:
        for name, party in scenario.parties.items():
            if any(one.exposure for one in party.alternatives):
                yield f"parties.{name}.alternatives", "an exposure counts for nothing: no market"
    elif not scenario.market.supplier.strip():
        yield "market.supplier", "names nobody"
    if scenario.outside is not None and scenario.participation is None:
        yield "outside", "never answers: no participation is stated, so that no text is in force"
    for name, measure in scenario.statecraft.measures.items():
        yield from _measure_findings(f"statecraft.measures.{name}", measure)


def _idle_protocol(scenario: Scenario) -> Iterator[Remark]:
    protocol, parties = scenario.protocol, len(scenario.ids)
    standard = type(protocol)()
    given = [name for name in _OF_HALLS if getattr(protocol, name) != getattr(standard, name)]
    if protocol.kind == "alternating-offers":
        for name in given:
            yield f"protocol.{name}", "counts for nothing in alternating offers"
        return
    if protocol.rooms.size > parties and "rooms" in given:
        yield "protocol.rooms.size", f"{protocol.rooms.size}, but there are {parties} parties"
    if protocol.speakers is not None and protocol.speakers > parties:
        yield "protocol.speakers", f"{protocol.speakers}, but there are {parties} parties"


def _measure_findings(where: str, measure: Measure) -> Iterator[Remark]:
    for party in measure.towards:
        if not measure.effect.get(party):
            yield f"{where}.effect", f"{party} is aimed at, but nothing befalls it"
    points = measure.effect.values()
    if min(points) < 0 < max(points):
        yield f"{where}.effect", "harms some and helps others; it is either threatened or promised"
