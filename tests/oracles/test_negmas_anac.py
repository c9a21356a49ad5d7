"""NegMAS 0.16 plays and ranks its ports of AgentK and HardHeaded as they are played here.

What was read from its source and is pinned here: both ports offer by the clock alone, the outcome
nearest above lo + (hi − lo)(1 − t⁵), lo the least rational outcome; both accept what is worth as
much as that, and AgentK's takes anything from t = .99 on (`GTimeDependentOffering`, `GACNext`,
`GACCombi`) - even what lies below its reservation value, where ours does not follow.
"""

from collections.abc import Callable
from functools import cache
from itertools import product
from random import Random

import pytest

from delegates.minds.anac_agentk import AgentK
from games.scenario import Scenario
from tests.oracles.negmas_anac import (
    AS_IT_COMES,
    MINDS,
    OPPONENTS,
    RATIONAL,
    Traces,
    anac_domain,
    gain,
    gains,
    here,
    kendall_tau,
    means,
    ranking,
    sessions,
    there,
    trace_here,
)
from tests.oracles.negmas_sessions import Trace, trace_of_negmas
from tests.support.domains import random_scenario

DOMAINS = range(10)


@cache
def domain(seed: int, *, reserved: bool) -> Scenario:
    """Return a domain, made once."""
    return anac_domain(seed, reserved=reserved)


@cache
def ours(seed: int, *, reserved: bool) -> Traces:
    """Return all sessions of a domain, played here."""
    game = domain(seed, reserved=reserved)
    return {pair: here(game, pair) for pair in sessions()}


def overstepped(game: Scenario, pair: tuple[str, str], trace: Trace) -> bool:
    """Return whether AgentK's port signed what is worth less to it than no agreement."""
    return any(name == "agentk" and gain(game, seat, trace) < 0 for seat, name in enumerate(pair))


def test_ten_domains_are_played_and_ranked_as_in_negmas() -> None:
    rows = []
    for seed in DOMAINS:
        game, mine = domain(seed, reserved=False), ours(seed, reserved=False)
        theirs = {pair: there(game, pair, AS_IT_COMES) for pair in sessions()}
        assert mine == theirs, seed
        rows.append((gains(game, mine), gains(game, theirs)))
        assert kendall_tau(*rows[-1]) == 1, seed
    here_, in_negmas = (means(column) for column in zip(*rows, strict=True))
    assert ranking(here_) == ranking(in_negmas)
    assert ranking(here_)[:3] == ["agentk", "hardheaded", "boulware"]
    assert here_ == pytest.approx(in_negmas, abs=1e-9)


@pytest.mark.parametrize("seed", DOMAINS)
def test_with_reservation_values_only_what_a_port_signs_below_its_own_differs(seed: int) -> None:
    game = domain(seed, reserved=True)
    pairs = [pair for pair in sessions() if {"agentk", "hardheaded"} & set(pair)]
    mine = {pair: here(game, pair) for pair in pairs}
    others = {pair: there(game, pair, AS_IT_COMES) for pair in pairs}
    differing = {pair for pair in pairs if mine[pair] != others[pair]}
    assert differing == {pair for pair in pairs if overstepped(game, pair, others[pair])}
    for pair in differing:
        assert mine[pair] == there(game, pair, RATIONAL)
        assert mine[pair].agreement is None


def test_the_port_of_agentk_signs_below_its_reservation_value_at_the_end() -> None:
    game = domain(0, reserved=True)
    pair = ("agentk", "tough")
    assert overstepped(game, pair, there(game, pair, AS_IT_COMES))


def test_the_domains_put_the_strategies_to_the_test() -> None:
    games = [domain(seed, reserved=False) for seed in DOMAINS]
    played = [ours(seed, reserved=False) for seed in DOMAINS]
    traces = [trace for sessions_of in played for trace in sessions_of.values()]
    assert 0.5 < sum(trace.agreement is not None for trace in traces) / len(traces) < 0.95
    assert min(game.space.size for game in games) < 50
    assert max(game.space.size for game in games) > 500
    orders = [
        tuple(ranking(means([gains(game, sessions_of)])))
        for game, sessions_of in zip(games, played, strict=True)
    ]
    assert len(set(orders)) > 3


def walks_away(game: Scenario) -> bool:
    """Return whether a party has nothing to hope for: here it leaves, NegMAS's stays silent."""
    return any(own.highest < own.reservation for own in game.preferences)


def drawn(seed: int, parties: int) -> tuple[Scenario, list[str]]:
    """Return a domain in which nobody walks away, and who plays it."""
    numbers = (40_000 + 97 * seed + more for more in range(97))
    made: Callable[[int], Scenario] = lambda number: random_scenario(  # noqa: E731
        number,
        parties=parties,
        outcomes=(10, 400),
        rounds=(5, 130),
        scale=(1.0, 100.0, 0.01)[seed % 3],
    )
    game = next(game for game in map(made, numbers) if not walks_away(game))
    names = Random(seed).choices(["agentk", "hardheaded", "boulware", "conceder"], k=parties)
    return game, ["agentk" if seed % 2 else "hardheaded", *names[1:]]


@pytest.mark.parametrize(("seed", "parties"), product(range(16), (2, 3, 5)))
def test_any_number_of_parties_on_any_scale_make_the_same_offers(seed: int, parties: int) -> None:
    game, names = drawn(seed, parties)
    assert here(game, names) == there(game, names, RATIONAL)


def test_ranks_are_compared_with_ties() -> None:
    assert kendall_tau([1, 2, 3], [1, 2, 3]) == 1
    assert kendall_tau([1, 2, 3], [3, 2, 1]) == -1
    assert kendall_tau([1, 2, 3, 4], [1, 3, 2, 4]) == pytest.approx(4 / 6)
    assert kendall_tau([1, 1, 2], [1, 2, 3]) == pytest.approx(2 / 6**0.5)


@pytest.mark.campaign
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("reserved", [False, True])
def test_forty_more_domains_are_played_and_ranked_the_same(reserved: bool) -> None:
    rows = []
    for seed in range(1000, 1040):
        game = anac_domain(seed, reserved=reserved)
        played = [
            {pair: play(pair) for pair in sessions()}
            for play in (
                lambda pair, game=game: here(game, pair),
                lambda pair, game=game: there(game, pair, RATIONAL),
                lambda pair, game=game: there(game, pair, AS_IT_COMES),
            )
        ]
        assert played[0] == played[1], seed
        rows.append([gains(game, traces) for traces in played])
    mine, rational, as_it_comes = (means(column) for column in zip(*rows, strict=True))
    taus = [kendall_tau(row[0], row[2]) for row in rows]
    print(f"\nreserved={reserved}: τ by domain {min(taus):.2f} to {max(taus):.2f}")
    for name in ranking(mine):
        print(f"{name:12} {mine[name]:.4f} {rational[name]:.4f} {as_it_comes[name]:.4f}")
    assert ranking(mine) == ranking(rational)
    assert reserved or ranking(mine) == ranking(as_it_comes)


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_agentk_by_its_own_rules_makes_the_offers_of_another_reimplementation() -> None:
    from tests.oracles import negmas_genius_agents

    # To one who repeats one offer for ever, whether that varies is a matter of its last digits.
    varying = [name for name in OPPONENTS if name != "tough"]
    for seed, name, position in product(range(2000, 2040), varying, (0, 1)):
        game = anac_domain(seed, reserved=False)
        minds = [AgentK(), MINDS[name]()][:: 1 - 2 * position]
        opponent = AS_IT_COMES[name]((2, 1 - position, game.ids[1 - position]))
        theirs = negmas_genius_agents.play(game, position, opponent)
        assert trace_here(game, minds) == trace_of_negmas(game, theirs), (seed, name, position)
