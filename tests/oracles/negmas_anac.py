"""A field of strategies against fixed opponents, in NegMAS and here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from math import sqrt
from random import Random
from statistics import fmean
from typing import Any

from negmas.gb.components.genius import GACCombi, GTimeDependentOffering
from negmas.genius.gboa_negotiators import GAgentK, GHardHeaded
from negmas.sao import ResponseType
from negmas.sao.negotiators import MiCRONegotiator, ToughNegotiator

from delegates.contract import ScriptedMind, View
from delegates.minds.anac_port import Port
from delegates.minds.micro import Micro
from delegates.minds.time_based import TimeBased
from delegates.scripted import play_scripted
from games.scenario import Scenario
from games.session import Accept, Move, Offer
from games.tactics.aspirations import BLIND_EXPONENTS
from tests.oracles.negmas_sessions import (
    NEGOTIATORS,
    LotsAsHere,
    Trace,
    finished,
    trace_of_negmas,
    utility_functions,
)
from tests.support.domains import party, random_widths, scenario

OPPONENTS = ("boulware", "linear", "conceder", "micro", "tough")
"""The fixed opponents: the same on both sides, which the traces prove."""

FIELD = (*OPPONENTS, "agentk", "hardheaded")
"""The strategies that are ranked: the two ports among the opponents themselves."""

ROUNDS = 100
"""So many has a session converted from Genius; AgentK's port takes anything in the last of them."""


class Tough:
    """Offers its best and accepts nothing else, as NegMAS's `ToughNegotiator`."""

    def choose(self, view: View) -> Move:
        """Return its move."""
        best = int(view.own.ranking[0][-1])
        return Accept() if view.offer == best else Offer(best)


MINDS: Mapping[str, Callable[[], ScriptedMind]] = {
    **{name: lambda e=e: TimeBased(e) for name, e in BLIND_EXPONENTS.items()},
    "micro": Micro,
    "tough": Tough,
    "agentk": Port,
    "hardheaded": lambda: Port(closing=None),
}
"""The field here."""


class RationalCombi(GACCombi):
    """AgentK's port, but for what lies below the reservation value: that it refuses, as here."""

    def __call__(self, state: Any, offer: Any, source: str | None) -> ResponseType:
        """Return the port's answer to an offer that is rational, else a refusal."""
        ufun: Any = self.negotiator.ufun  # pyright: ignore[reportOptionalMemberAccess]
        if offer is not None and float(ufun(offer)) < float(ufun.reserved_value):
            return ResponseType.REJECT_OFFER
        return super().__call__(state, offer, source)


def rational_agentk() -> GAgentK:
    """Return NegMAS's port of AgentK, made to keep to its reservation value."""
    offering = GTimeDependentOffering()
    return GAgentK(offering=offering, acceptance=RationalCombi(offering_policy=offering))


def _micro(place: tuple[int, int, str]) -> MiCRONegotiator:
    offering = LotsAsHere()
    offering.here = place
    return MiCRONegotiator(offering=offering)


Negotiators = Mapping[str, Callable[[tuple[int, int, str]], Any]]
"""What makes a negotiator of NegMAS, given parties, position and id."""

AS_IT_COMES: Negotiators = {
    **{name: lambda _, kind=kind: kind() for name, kind in NEGOTIATORS.items()},
    "micro": _micro,
    "tough": lambda _: ToughNegotiator(),
    "agentk": lambda _: GAgentK(),
    "hardheaded": lambda _: GHardHeaded(),
}
"""The field in NegMAS."""

RATIONAL: Negotiators = {**AS_IT_COMES, "agentk": lambda _: rational_agentk()}
"""The same, AgentK's port kept to its reservation value."""


def anac_domain(seed: int, *, reserved: bool) -> Scenario:
    """Return a random additive domain of two parties, each with utilities from 0 to 1.

    20 to 1000 outcomes; how far the parties want the opposite of each other is drawn. No agreement
    is worth 0, as in the competitions of 2010 and 2011, or if `reserved` up to .5.
    """
    rng = Random(f"anac/{seed}")
    options = {
        f"i{k}": [f"o{j}" for j in range(width)]
        for k, width in enumerate(random_widths(rng, 20, 1000))
    }
    opposition = rng.random()
    wanted = {name: [rng.random() for _ in names] for name, names in options.items()}
    parties = {
        f"P{position}": party(
            _points(rng, options, wanted, opposition, reverse=position == 1),
            rng.random() / 2 if reserved else 0.0,
        )
        for position in range(2)
    }
    return scenario(options, parties, protocol={"rounds": ROUNDS, "opens": "fixed"})


def _points(
    rng: Random,
    options: Mapping[str, list[str]],
    wanted: Mapping[str, list[float]],
    opposition: float,
    *,
    reverse: bool,
) -> dict[str, dict[str, float]]:
    weights = {name: 0.1 + rng.random() for name in options}
    points: dict[str, dict[str, float]] = {}
    for name, names in options.items():
        common = [1 - value if reverse else value for value in wanted[name]]
        mixed = [opposition * value + (1 - opposition) * rng.random() for value in common]
        low, high = min(mixed), max(mixed)
        weight = weights[name] / sum(weights.values())
        points[name] = {
            option: weight * (value - low) / (high - low)
            for option, value in zip(names, mixed, strict=True)
        }
    return points


def here(domain: Scenario, names: Sequence[str], seed: int = 0) -> Trace:
    """Play a session of the field here."""
    return trace_here(domain, [MINDS[name]() for name in names], seed)


def trace_here(domain: Scenario, minds: Sequence[ScriptedMind], seed: int = 0) -> Trace:
    """Return the offers and the agreement of some minds."""
    parties = len(domain.ids)
    play = play_scripted(domain, minds, seed)
    offers = [
        (turn // parties, turn % parties, move.outcome)
        for turn, move in zip(play.turns, play.moves, strict=True)
        if isinstance(move, Offer)
    ]
    return Trace(offers, play.state.agreement)


def there(domain: Scenario, names: Sequence[str], field: Negotiators) -> Trace:
    """Play a session of the field in NegMAS."""
    parties = len(domain.ids)
    made = [
        field[name]((parties, position, domain.ids[position]))
        for position, name in enumerate(names)
    ]
    return trace_of_negmas(domain, finished(domain, made, utility_functions(domain)))


def sessions() -> list[tuple[str, str]]:
    """Return every pair of which one is of the field and the other an opponent, seat by seat."""
    pairs = [(name, opponent) for name in FIELD for opponent in OPPONENTS]
    return list(dict.fromkeys([*pairs, *((second, first) for first, second in pairs)]))


Traces = Mapping[tuple[str, str], Trace]
"""What was played in one domain, by pair of strategies."""


def gain(domain: Scenario, seat: int, trace: Trace) -> float:
    """Return a party's utility of a session's end: 0 its reservation value, 1 its best outcome."""
    own = domain.preferences[seat]
    if trace.agreement is None:
        return 0.0
    return (own.utility(trace.agreement) - own.reservation) / (own.highest - own.reservation)


def gains(domain: Scenario, played: Traces) -> list[float]:
    """Return the mean gain of each of the field over all opponents, in either seat."""
    return [
        fmean(
            gain(domain, seat, played[(name, opponent) if seat == 0 else (opponent, name)])
            for opponent in OPPONENTS
            for seat in (0, 1)
        )
        for name in FIELD
    ]


def means(by_domain: Sequence[Sequence[float]]) -> dict[str, float]:
    """Return each strategy's mean over domains."""
    columns = zip(*by_domain, strict=True)
    return {name: fmean(column) for name, column in zip(FIELD, columns, strict=True)}


def ranking(mean_gains: Mapping[str, float]) -> list[str]:
    """Return the field from best to worst."""
    return sorted(mean_gains, key=lambda name: -mean_gains[name])


def kendall_tau(first: Sequence[float], second: Sequence[float], tie: float = 1e-9) -> float:
    """Return Kendall's τ-b of two lists of values; values closer than `tie` are tied."""
    signs = [
        [0 if abs(a - b) < tie else (1 if a > b else -1) for a, b in combinations(values, 2)]
        for values in (first, second)
    ]
    untied = [sum(map(abs, row)) for row in signs]
    agreeing = sum(one * other for one, other in zip(*signs, strict=True))
    return agreeing / sqrt(untied[0] * untied[1]) if all(untied) else float(untied[0] == untied[1])
