"""NegMAS 0.16 plays the same sessions with its MiCRO negotiator.

Its rules were read from its source and are pinned here: a step is taken while it has sent no more
different offers than it has received, from all the others together; it accepts what is worth at
least its next step or, while it waits, its last one; past its last rational outcome, whatever
reaches its reservation value (`MiCROOfferingPolicy`, `MiCROAcceptancePolicy`).
"""

import pytest

from games.scenario import Scenario
from tests.oracles.negmas_sessions import (
    Trace,
    negotiated,
    play_micro_with_our_lots,
    play_negmas,
    trace_of,
)
from tests.support.domains import random_scenario


def bilateral(seed: int) -> Scenario:
    """Return a domain of two parties."""
    return random_scenario(20_000 + seed, outcomes=(6, 200), rounds=(20, 100))


def multilateral(seed: int) -> Scenario:
    """Return a domain of three to five parties."""
    return random_scenario(30_000 + seed, parties=3 + seed % 3, outcomes=(10, 400), rounds=(5, 40))


def ours(domain: Scenario) -> Trace:
    """Play a session of MiCRO minds here."""
    return trace_of(negotiated(domain, ["micro"] * len(domain.ids)))


def walks_away(domain: Scenario) -> bool:
    """Return whether a party has nothing to hope for: here it leaves, NegMAS's ends the session."""
    return any(own.highest < own.reservation for own in domain.preferences)


def until_a_repeat(trace: Trace) -> list[tuple[int, int, int]]:
    """Return the offers made before a party first offers what it has offered already."""
    offers = [(mover, outcome) for _, mover, outcome in trace.offers]
    new = [offer not in offers[:place] for place, offer in enumerate(offers)]
    return trace.offers[: [*new, False].index(False)]


@pytest.mark.parametrize("seed", range(72))
def test_two_parties_make_the_same_offers_and_agreement_as_in_negmas(seed: int) -> None:
    domain = bilateral(seed)

    assert ours(domain) == play_micro_with_our_lots(domain)


@pytest.mark.parametrize("seed", range(48))
def test_three_to_five_parties_make_the_same_offers_and_agreement_as_in_negmas(seed: int) -> None:
    domain = multilateral(seed)

    assert ours(domain) == play_micro_with_our_lots(domain)


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("draw", [bilateral, multilateral])
def test_until_lots_are_drawn_the_offers_are_those_of_negmas_as_it_comes(draw, seed) -> None:
    domain = draw(seed)

    mine, theirs = ours(domain), play_negmas(domain, ["micro"] * len(domain.ids))

    assert until_a_repeat(mine) == until_a_repeat(theirs)


def test_the_domains_hold_agreements_failures_repeats_and_parties_without_hope() -> None:
    domains = [bilateral(seed) for seed in range(72)]
    traces = [ours(domain) for domain in domains]

    assert 15 < sum(trace.agreement is not None for trace in traces) < 60
    assert sum(len(until_a_repeat(trace)) < len(trace.offers) for trace in traces) > 5
    assert sum(walks_away(domain) for domain in domains) > 3


@pytest.mark.campaign
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("draw", [bilateral, multilateral])
def test_two_thousand_more_domains_are_played_the_same(draw) -> None:
    for seed in range(1000, 3000):
        domain = draw(seed)
        assert ours(domain) == play_micro_with_our_lots(domain), seed
