"""The joint fund: payoffs by hand, the textbook's equilibria, one seat's turn by enumeration."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.errors import ScenarioError
from games.participation.fund import (
    FundGame,
    fund_game,
    fund_payoffs,
    fund_size,
    pays,
    pledge_equilibria,
)
from games.scenario import Scenario
from tests.support.domains import party, scenario

SMALL, LARGE = 1, 2


def consumers(members: int = 4, threshold: float | None = None, **more: Any) -> Scenario:
    """Return members of a fund, and a supplier; to pay costs 10, the whole fund is worth 25.

    Each member can gain 100 from the talks.
    """
    names = [f"M{number}" for number in range(members)]
    return scenario(
        {"fund": ["none", "small", "large"]},
        {
            "S": party({"fund": {"none": 0, "small": 1, "large": 1}}, side="supplier"),
            **{name: party({"fund": {"none": 0, "small": 50, "large": 100}}) for name in names},
        },
        fund={
            "label": "A smelter",
            "members": names,
            "size": {"issue": "fund", "values": {"none": 0, "small": 0.5, "large": 1}},
            "cost": dict.fromkeys(names, 10),
            "benefit": dict.fromkeys(names, 25),
            "threshold": threshold,
            **more,
        },
    )


def game(members: int = 4, threshold: float | None = None, **more: Any) -> FundGame:
    """Return the game of paying into the largest fund."""
    return fund_game(consumers(members, threshold, **more), LARGE)


def pledges(*payers: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return who pays, of four members."""
    return np.isin(np.arange(4), payers)


def test_the_text_says_how_large_the_fund_is():
    assert [fund_size(consumers(), outcome) for outcome in range(3)] == [0, 0.5, 1]
    assert fund_game(consumers(), SMALL).cost.tolist() == [5] * 4
    assert fund_game(consumers(), SMALL).benefit.tolist() == [12.5] * 4


@pytest.mark.parametrize(
    ("threshold", "payers", "expected"),
    [
        (None, (), [0, 0, 0, 0]),
        (None, (0,), [-3.75, 6.25, 6.25, 6.25]),
        (None, (0, 1, 2, 3), [15, 15, 15, 15]),
        (0.75, (0, 1), [0, 0, 0, 0]),  # too little: paid back
        (0.75, (0, 1, 2), [8.75, 8.75, 8.75, 18.75]),
        (1.0, (0, 1, 2, 3), [15, 15, 15, 15]),
        (0.0, (), [0, 0, 0, 0]),
    ],
)
def test_payoffs_by_hand(threshold, payers, expected):
    assert game(threshold=threshold).payoffs(pledges(*payers)).tolist() == expected


def test_contributions_weigh_as_stated():
    own = game(threshold=0.5, weights={"M0": 3})

    assert own.payoffs(pledges(0)).tolist() == [2.5, 12.5, 12.5, 12.5]  # 3/6 raised
    assert own.payoffs(pledges(1, 2)).tolist() == [0, 0, 0, 0]  # 2/6


def test_every_party_has_its_share_and_outsiders_none():
    found = fund_payoffs(
        consumers(threshold=0.75), LARGE, np.array([True, True, True, True, False])
    )

    assert found.tolist() == [0, 8.75, 8.75, 8.75, 18.75]


def test_without_a_threshold_to_pay_nothing_is_dominant():
    own = game()
    found = pledge_equilibria(own)

    for others in product((False, True), repeat=3):
        stay, join = (own.payoffs(np.array([x, *others]))[0] for x in (False, True))
        assert stay > join
    assert [one.payers for one in found] == [()]
    assert found[0].strict
    assert found[0].free_riding == 1
    assert own.efficient.all()


def test_with_a_refund_efficient_pledges_are_an_equilibrium_and_so_are_none():
    found = pledge_equilibria(game(threshold=1.0))

    assert (found[0].payers, found[0].strict) == (("M0", "M1", "M2", "M3"), True)
    assert found[0].free_riding == 0
    assert found[-1].payers == ()
    assert not found[-1].strict
    # Wherever two or more are missing, nobody's pledge makes a difference.
    assert sorted(len(one.payers) for one in found) == [0, *[1] * 4, *[2] * 6, 4]


def test_a_threshold_of_three_quarters_has_just_enough_pay():
    built = [one for one in pledge_equilibria(game(threshold=0.75)) if one.is_built]

    assert [len(one.payers) for one in built] == [3] * 4
    assert all(one.strict and one.raised == 0.75 and one.free_riding == 0.25 for one in built)


amounts = st.integers(0, 12).map(float)


@given(
    st.lists(st.tuples(amounts, amounts, st.sampled_from([1.0, 2.5])), min_size=2, max_size=4),
    st.sampled_from([None, 0.0, 0.4, 0.75, 1.0]),
)
def test_exactly_the_pledges_that_nobody_would_change_are_found(stated, threshold):
    names = [f"M{number}" for number in range(len(stated))]
    cost, benefit, weights = (
        dict(zip(names, column, strict=True)) for column in zip(*stated, strict=True)
    )
    own = game(len(stated), threshold, cost=cost, benefit=benefit, weights=weights)

    def worth(profile: tuple[bool, ...], member: int) -> float:
        raised = sum(weights[n] for n, x in zip(names, profile, strict=True) if x) / sum(
            weights.values()
        )
        if threshold is not None and raised < threshold - 1e-12:
            return 0.0
        return benefit[names[member]] * raised - cost[names[member]] * profile[member]

    everything = list(product((False, True), repeat=len(names)))
    expected = {
        profile
        for profile in everything
        if all(
            worth((*profile[:k], not profile[k], *profile[k + 1 :]), k) <= worth(profile, k) + 1e-9
            for k in range(len(names))
        )
    }

    assert {
        tuple(name in one.payers for name in names) for one in pledge_equilibria(own)
    } == expected
    sums = [sum(worth(profile, k) for k in range(len(names))) for profile in everything]
    assert own.payoffs(own.efficient).sum() == pytest.approx(max(sums))


def test_of_many_members_those_pay_whose_paying_is_worth_it_to_all():
    cost = {f"M{number}": 10.0 + number for number in range(20)}
    own = game(20, cost=cost)

    # One twentieth of 20 · 25: 25 to all, and its cost is less for the first sixteen.
    assert own.efficient.tolist() == [number <= 15 for number in range(20)]
    assert game(20, 1.0, cost=cost).efficient.all()
    assert not game(20, 1.0, cost=dict.fromkeys(cost, 26.0)).efficient.any()
    with pytest.raises(ValueError, match="20 members: expected at most 12"):
        pledge_equilibria(own)


def play(own: Scenario, chance: float = 0.5) -> list[bool]:
    """Return who pays if members decide in turn, each expecting this of those after it."""
    pledged = np.zeros(len(own.ids), dtype=bool)
    for position in range(len(own.ids)):
        expected = np.where(np.arange(len(own.ids)) > position, chance, 0.0)
        pledged[position] = pays(own, position, LARGE, pledged=pledged, expected=expected)
    return pledged[1:].tolist()


def test_a_threshold_raises_what_is_pledged():
    free, bound = consumers(), consumers(threshold=0.75)

    assert play(free) == [False, False, False, False]
    # Each of the first three may be the one that counts; the fourth sees the fund built without it.
    assert play(bound) == [True, True, True, False]
    rates = [fund_game(one, LARGE).free_riding(np.array(play(one))) for one in (free, bound)]
    assert rates == [1, 0.25]


@pytest.mark.parametrize(
    ("pledged", "chance", "expected"),
    [
        ((), 0.0, True),  # hopeless: paid back, and the indifferent pay
        ((1, 2), 0.0, True),  # the third: 8.75 against nothing
        ((1, 2, 3), 0.0, False),  # 15 against 18.75
        ((1, 2), 0.9, False),  # .1 · 8.75 + .9 · 15 = 14.375 against .9 · 18.75 = 16.875
    ],
)
def test_with_a_threshold_a_seat_pays_where_it_may_count(pledged, chance, expected):
    own = consumers(threshold=0.75)
    so_far = np.array([False, *pledges(*pledged)])

    chances = np.array([0.0, 0.9, 0.0, 0.0, chance])

    assert pays(own, 1, LARGE, pledged=so_far, expected=chances) is expected


@pytest.mark.parametrize(("cost", "expected"), [(6.25, True), (6.26, False)])
def test_without_a_threshold_a_seat_pays_where_its_own_return_covers_its_cost(cost, expected):
    own = consumers(cost={f"M{number}": cost for number in range(4)})
    nobody = np.zeros(5)

    assert pays(own, 2, LARGE, pledged=nobody > 0, expected=nobody) is expected


chances_of = st.sampled_from([0.0, 0.3, 0.5, 0.9, 1.0])


@given(
    st.sampled_from([0.0, 0.3, 0.5, 0.75, 1.0]),
    st.lists(st.booleans(), min_size=5, max_size=5),
    st.lists(chances_of, min_size=5, max_size=5),
    st.sampled_from([{}, {"M0": 2.0, "M3": 0.7}]),
    st.sampled_from([3.0, 7.0, 12.0]),
)
def test_a_seats_turn_is_decided_by_the_expectation_over_every_completion(
    threshold, pledged, expected, weights, cost
):
    own = consumers(
        threshold=threshold, weights=weights, cost=dict.fromkeys(("M0", "M1", "M2", "M3"), cost)
    )
    played = fund_game(own, LARGE)
    chances = [1.0 if x else p for x, p in zip(pledged, expected, strict=True)][2:]
    worth = {True: 0.0, False: 0.0}
    for others in product((False, True), repeat=3):
        chance = float(np.prod([p if x else 1 - p for p, x in zip(chances, others, strict=True)]))
        for own_act in worth:
            worth[own_act] += chance * float(played.payoffs(np.array([own_act, *others]))[0])

    found = pays(own, 1, LARGE, pledged=np.array(pledged), expected=np.array(expected))

    assert found == (worth[True] >= worth[False] - 1e-9)


def test_who_is_no_member_neither_pays_nor_gains():
    nobody = np.zeros(5)

    assert not pays(consumers(), 0, LARGE, pledged=nobody > 0, expected=nobody)


def test_where_there_is_no_fund_nobody_pays_and_there_is_no_game():
    own = scenario({"x": [1]}, {"A": party({"x": {"1": 1}}), "B": party({"x": {"1": 1}})})
    nobody = np.zeros(2)

    assert fund_size(own, 0) == 0
    assert fund_payoffs(own, 0, nobody > 0).tolist() == [0, 0]
    assert not pays(own, 0, 0, pledged=nobody > 0, expected=nobody)
    with pytest.raises(ScenarioError, match="test: fund: expected"):
        fund_game(own, 0)
