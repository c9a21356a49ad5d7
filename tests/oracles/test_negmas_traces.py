"""NegMAS 0.16 plays the same sessions with its Boulware, Linear and Conceder negotiators.

Its rules were read from its source and are pinned here: the aspiration is taken 1e-4 lower, in the
ufun's own units whatever its scale, and is never below the reservation value or the worst outcome
(`UtilityBasedOutcomeSetRecommender.scale_utilities`); the offer is the outcome nearest above,
unless one at most 1e-6 below is nearer (`_nearest_around`); a party that no outcome satisfies
offers its best one and accepts nothing.
"""

from random import Random

import pytest

from games.scenario import Scenario
from tests.oracles.negmas_sessions import (
    NEGOTIATORS,
    Trace,
    play_negmas,
    play_ours,
    utility_functions,
)
from tests.support.domains import listed, random_scenario

SCALES = (1.0, 100.0, 0.01, 2500.0)
"""Greatest utilities: NegMAS's tolerances are absolute, so the scale matters to them."""


def bilateral(seed: int, *, tied: bool = False) -> tuple[Scenario, list[str]]:
    """Return a domain of two parties and their strategies, all nine pairs in turn."""
    names = list(NEGOTIATORS)
    domain = random_scenario(seed, scale=SCALES[seed % 4], tied=tied)
    return domain, [names[seed % 3], names[seed // 3 % 3]]


def multilateral(seed: int, *, tied: bool = False) -> tuple[Scenario, list[str]]:
    """Return a domain of three to five parties and their strategies."""
    parties = 3 + seed % 3
    domain = random_scenario(10_000 + seed, parties=parties, scale=SCALES[seed % 4], tied=tied)
    return domain, Random(seed).choices(list(NEGOTIATORS), k=parties)


def utilities_of_movers(domain: Scenario, trace: Trace) -> dict[tuple[int, int], float]:
    """Return what each offer is worth to its offerer, by round and party."""
    return {
        (round_, mover): domain.preferences[mover].utility(outcome)
        for round_, mover, outcome in trace.offers
    }


@pytest.mark.parametrize("seed", range(126))
def test_two_parties_make_the_same_offers_and_agreement_as_in_negmas(seed: int) -> None:
    domain, strategies = bilateral(seed)

    assert play_ours(domain, strategies) == play_negmas(domain, strategies)


@pytest.mark.parametrize("seed", range(66))
def test_three_to_five_parties_make_the_same_offers_and_agreement_as_in_negmas(seed: int) -> None:
    domain, strategies = multilateral(seed)

    assert play_ours(domain, strategies) == play_negmas(domain, strategies)


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("play", [bilateral, multilateral])
def test_with_ties_each_offer_is_worth_the_same_to_its_offerer_as_in_negmas(play, seed) -> None:
    domain, strategies = play(seed, tied=True)

    ours = utilities_of_movers(domain, play_ours(domain, strategies))
    theirs = utilities_of_movers(domain, play_negmas(domain, strategies))

    common = ours.keys() & theirs.keys()
    assert [ours[turn] for turn in common] == pytest.approx([theirs[turn] for turn in common])
    assert (0, 0) in common


def test_the_random_domains_reach_agreements_and_miss_some() -> None:
    agreements = [play_ours(*bilateral(seed)).agreement for seed in range(126)]

    reached = sum(agreement is not None for agreement in agreements)

    assert 40 < reached < 120


def test_both_sides_compute_the_same_utilities() -> None:
    domain, _ = bilateral(1)

    functions = utility_functions(domain)

    for own, function in zip(domain.preferences, functions, strict=True):
        outcomes = [tuple(domain.space.outcome(k).values()) for k in range(domain.space.size)]
        theirs = [float(function(outcome)) for outcome in outcomes]
        assert own.utilities.tolist() == pytest.approx(theirs, abs=1e-9)


# With four rounds a linear party asks for .8, .6, .4 and .2 of the way from 0 to 1, less 1e-4.
LINEAR = 0.8 - 1e-4


@pytest.mark.parametrize(
    ("name", "values", "reservation"),
    [
        ("an outcome within 1e-6 below is nearer", [0, LINEAR - 5e-7, LINEAR + 0.01, 1], 0),
        ("an outcome within 1e-6 below is farther", [0, LINEAR - 8e-7, LINEAR + 2e-7, 1], 0),
        ("an outcome 2e-6 below is nearer", [0, LINEAR - 2e-6, LINEAR + 0.01, 1], 0),
        ("two outcomes are within 1e-6 below", [0, LINEAR - 9e-7, LINEAR - 4e-7, 1], 0),
        ("an outcome lies in the 1e-4 below the aspiration", [0, 0.8 - 5e-5, 0.81, 1], 0),
        ("an outcome below the reservation value is nearer", [0, 0.2 - 5e-7, 0.7, 1], 0.2),
        ("one outcome alone is acceptable", [0, 0.3, 0.6, 1], 0.95),
        ("no outcome is acceptable", [0, 0.3, 0.6, 1], 1.5),
        ("the best outcome is just acceptable", [0, 0.3, 0.6, 1], 1.0),
        ("all outcomes are worth the same", [0.5, 0.5, 0.5, 0.5], 0),
        ("utilities are negative", [-4, -3, -2.5, -1], -3.5),
    ],
)
@pytest.mark.parametrize("strategy", NEGOTIATORS)
def test_the_tolerances_are_those_of_negmas_when(name, values, reservation, strategy) -> None:
    domain = listed(
        {"A": values, "B": [1, 0.9, 0.5, 0]},
        {"A": reservation, "B": 2},
        protocol={"rounds": 4, "opens": "fixed"},
    )

    ours = utilities_of_movers(domain, play_ours(domain, [strategy, "boulware"]))
    theirs = utilities_of_movers(domain, play_negmas(domain, [strategy, "boulware"]))

    assert ours == theirs


@pytest.mark.campaign
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("play", [bilateral, multilateral])
def test_two_thousand_more_domains_are_played_the_same(play) -> None:
    for seed in range(1000, 3000):
        domain, strategies = play(seed)
        assert play_ours(domain, strategies) == play_negmas(domain, strategies), seed
