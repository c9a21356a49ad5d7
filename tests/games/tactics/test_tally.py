"""Offers counted as they come give the estimates of the frequency model, to the last digit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.outcomes import OutcomeSpace
from games.tactics.frequency_model import frequency_model
from games.tactics.offers import BAND, likeness, trade_off, trade_off_by
from games.tactics.tally import Tally, joint_gain, likings, slots_of
from tests.support.domains import random_scenario, scenarios

widths = st.lists(st.integers(1, 6), min_size=1, max_size=5)


def space_of(shape: list[int]) -> OutcomeSpace:
    """Return a space of issues with so many options each."""
    return OutcomeSpace(
        tuple(f"i{k}" for k in range(len(shape))),
        tuple(tuple(f"o{j}" for j in range(width)) for width in shape),
    )


@given(widths, st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_the_estimates_are_those_of_the_frequency_model(shape, drawn):
    space = space_of(shape)
    offers = [number % space.size for number in drawn]
    outcomes = np.arange(space.size)

    found = likings([Tally.of(space, offers)], slots_of(space, outcomes))

    assert found.tolist() == frequency_model(space, offers).utility(outcomes).tolist()


@given(widths, st.lists(st.integers(0, 10**6), max_size=12))
def test_the_model_of_what_was_counted_is_that_of_the_offers(shape, drawn):
    space = space_of(shape)
    offers = [number % space.size for number in drawn]

    counted, listed = Tally.of(space, offers).model(), frequency_model(space, offers)

    assert counted.weights.tolist() == listed.weights.tolist()
    assert [one.tolist() for one in counted.values] == [one.tolist() for one in listed.values]


@given(widths, st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_counting_on_is_counting_all(shape, drawn):
    space, tally, heard = space_of(shape), Tally(space_of(shape)), []
    for number in drawn:
        heard.append(number % space.size)
        tally.count(heard[-1])
        assert tally.worth().tolist() == Tally.of(space, heard).worth().tolist()


def test_by_hand():
    # Two issues of two and three options; the first was kept once, the second changed once.
    space = space_of([2, 3])
    tally = Tally.of(space, [space.index_of_levels((0, 0)), space.index_of_levels((0, 2))])
    # Weights 2/3 and 1/3; halves for frequency and nearness to the last offer.
    expected = [2 / 3, 0.0, 1 / 3 * 0.5, 1 / 3 * 0.25, 1 / 3]
    assert tally.worth().tolist() == pytest.approx(expected)
    assert slots_of(space, np.array([5])).ravel().tolist() == [1, 4]


def test_who_has_offered_nothing_says_nothing():
    space = space_of([2, 2])
    assert likings([Tally(space)], slots_of(space, np.arange(4))).tolist() == [0.0] * 4


@given(widths, st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_gains_are_the_estimates_less_the_worst_of_them(shape, drawn):
    space = space_of(shape)
    offers = [number % space.size for number in drawn]
    estimates = frequency_model(space, offers).utility(np.arange(space.size))

    gains = Tally.of(space, offers).gains()

    assert gains == pytest.approx(estimates - estimates.min(), abs=1e-12)


def test_gains_are_reckoned_anew_after_another_offer():
    space = space_of([3, 2])
    tally = Tally.of(space, [0])
    before = tally.gains().tolist()
    assert tally.gains().tolist() == before

    tally.count(5)

    assert tally.gains().tolist() == Tally.of(space, [0, 5]).gains().tolist() != before


def test_the_joint_gain_is_the_product_over_those_that_have_spoken():
    space = space_of([4])
    one, other = Tally.of(space, [0]), Tally.of(space, [3])

    both = joint_gain([one, Tally(space), other])

    # Liked 1, 1/3, 1/6, 0 by the one and the other way round by the other.
    assert both is not None
    assert both == pytest.approx([0, 1 / 18, 1 / 18, 0])
    assert joint_gain([Tally(space)]) is None
    assert joint_gain([]) is None


def plainly_traded_off(own, space, aspiration: float, others: list[list[int]]) -> int:
    """Return the trade-off offer by the definition, over all outcomes one by one."""
    signable = [outcome for outcome in range(space.size) if own.may_sign(outcome)]
    above = [k for k in signable if own.utility(k) >= aspiration - 1e-9]
    if not above:
        return min(signable, key=lambda k: (-own.utility(k), k))
    ceiling = aspiration + BAND * own.span + 1e-9
    band = [k for k in above if own.utility(k) <= ceiling]
    if not band:
        return min(above, key=lambda k: (own.utility(k), k))
    liked = sum(likeness(space, np.array(band), offers) for offers in others if offers)
    liking = dict(zip(band, np.broadcast_to(liked, len(band)).tolist(), strict=True))
    best = [k for k in band if liking[k] >= max(liking.values()) - 1e-9]
    return min(best, key=lambda k: (-own.utility(k), k))


@settings(max_examples=200)
@given(
    scenarios(),
    st.floats(-40, 120, allow_nan=False),
    st.lists(st.lists(st.integers(0, 63), max_size=6), max_size=3),
)
def test_an_offer_by_tallies_is_the_one_of_the_definition(game, aspiration, drawn):
    own, space = game.preferences[0], game.space
    others = [[number % space.size for number in offers] for offers in drawn]

    by_tallies = trade_off_by(own, space, aspiration, [Tally.of(space, one) for one in others])

    assert by_tallies == trade_off(own, space, aspiration, others)
    assert by_tallies == plainly_traded_off(own, space, aspiration, others)


@pytest.mark.parametrize("seed", range(6))
def test_where_nothing_is_kept_the_offers_are_the_same(seed, monkeypatch):
    game = random_scenario(seed, outcomes=(100, 400), tied=True)
    own, space = game.preferences[0], game.space
    others = [[seed, 2 * seed, 3 * seed + 1], [seed + 5]]
    asked = np.linspace(own.lowest - 0.1, own.highest + 0.1, 25).tolist()

    kept = [trade_off(own, space, aspiration, others) for aspiration in asked]
    monkeypatch.setattr("games.tactics.offers.MOST_SLOTTED", 0)

    assert kept == [trade_off(own, space, aspiration, others) for aspiration in asked]
    assert kept == [plainly_traded_off(own, space, aspiration, others) for aspiration in asked]
