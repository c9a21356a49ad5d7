"""Utilities: points, links and the dispute, as arrays equal to the plain sums."""

import numpy as np
import pytest
from hypothesis import given

from games.utility import MANY, TIE, Preferences, dispute_cost, quantised, rising
from tests.support.domains import (
    listed,
    outcomes_of,
    party,
    plain_utility,
    plainly_signable,
    scenario,
    scenarios,
)

# Two issues of two options; A links (10, hard) and suffers a dispute.
GAME = scenario(
    {"price": [10, 20], "law": ["soft", "hard"]},
    {
        "A": party(
            {"price": {"10": 1, "20": 2}, "law": {"soft": 10, "hard": 30}},
            links=[{"issues": ["law", "price"], "points": {"hard": {"10": 5}}}],
        ),
        "B": party({"price": {"10": 4, "20": 3}, "law": {"soft": 0, "hard": 0}}),
    },
    dispute={
        "level": 0.5,
        "depth": {"issue": "law", "values": {"soft": 0.25, "hard": 1}},
        "audience_cost": {"A": 8},
    },
)


def test_points_links_and_the_dispute_add_up():
    # soft costs 8 · .5 · .25 = 1, hard 8 · .5 · 1 = 4.
    assert GAME.preferences[0].utilities.tolist() == [
        1 + 10 - 1,
        1 + 30 + 5 - 4,
        2 + 10 - 1,
        2 + 30 - 4,
    ]


def test_the_dispute_costs_only_those_with_an_audience():
    assert GAME.preferences[1].utilities.tolist() == [4, 4, 3, 3]
    assert [dispute_cost(GAME, outcome, "A") for outcome in range(4)] == [1, 4, 1, 4]
    assert [dispute_cost(GAME, outcome, "B") for outcome in range(4)] == [0, 0, 0, 0]


def test_without_a_dispute_nothing_is_paid_for_it():
    assert dispute_cost(listed({"A": [1, 2], "B": [2, 1]}), 0, "A") == 0


@given(scenarios())
def test_tables_equal_the_plain_sums_over_every_outcome(scenario):
    for own in scenario.preferences:
        plain = [plain_utility(scenario, own.party, k) for k in range(scenario.space.size)]
        assert own.utilities.tolist() == pytest.approx(plain, abs=1e-9)


@given(scenarios())
def test_a_party_may_sign_what_can_happen_and_crosses_no_red_line(scenario):
    for own in scenario.preferences:
        plain = [plainly_signable(scenario, own.party, k) for k in range(scenario.space.size)]
        assert [own.may_sign(k) for k in range(scenario.space.size)] == plain
        assert own.may_sign_any == any(plain)


@given(scenarios())
def test_the_ranking_holds_each_signable_outcome_once_by_rising_utility(scenario):
    for own in scenario.preferences:
        order, values = own.ranking
        signable = [k for k in outcomes_of(scenario.space) if own.may_sign(k)]
        assert order.tolist() == sorted(signable, key=lambda k: (own.utility(k), k))
        assert values.tolist() == own.utilities[order].tolist()
        assert (own.lowest, own.highest) == (values[0], values[-1])


def test_who_may_sign_nothing_still_knows_what_falls_short_of_no_agreement():
    # A mandate may leave a delegate nothing, and a capital change its mind while they sit.
    nothing = np.zeros(3, dtype=bool)
    own = Preferences("A", np.array([4.0, 5.0, 6.0]), 5.0, 1.0, nothing)

    assert not own.may_sign_any
    assert (own.span, own.tie) == (0.0, TIE)
    assert [own.falls_short(outcome) for outcome in range(3)] == [True, False, False]


def test_a_combination_may_be_a_red_line_where_its_parts_are_not():
    game = scenario(
        {"price": [10, 20], "law": ["soft", "hard"]},
        {
            "A": party(
                {"price": {"10": 0, "20": 0}, "law": {"soft": 0, "hard": 0}},
                red_lines=[{"price": "20", "law": "hard"}],
            ),
            "B": party({"price": {"10": 0, "20": 0}, "law": {"soft": 0, "hard": 0}}),
        },
    )

    assert [game.preferences[0].may_sign(outcome) for outcome in range(4)] == [True] * 3 + [False]
    assert game.preferences[1].signable is None


def test_sums_in_another_order_are_worth_exactly_the_same():
    # .1 + .2 + .3 and .3 + .2 + .1 differ in their last digit as floats.
    options = {"x": ["p", "q"], "y": ["p", "q"], "z": ["p", "q"]}
    points = {"x": {"p": 0.1, "q": 0.3}, "y": {"p": 0.2, "q": 0.2}, "z": {"p": 0.3, "q": 0.1}}
    game = scenario(options, {"A": party(points), "B": party(points)})
    forward, backward = (game.space.index(dict.fromkeys("xyz", option)) for option in "pq")

    assert 0.1 + 0.2 + 0.3 != 0.3 + 0.2 + 0.1
    assert game.preferences[0].utility(forward) == game.preferences[0].utility(backward)


def test_quantising_rounds_to_millionths():
    assert quantised(np.array([1 / 3, 2.0000004, -1e-7])).tolist() == pytest.approx(
        [0.333333, 2.0, 0.0], abs=1e-12
    )


@pytest.mark.parametrize("size", [1, 100, MANY - 1, MANY, 3 * MANY])
@pytest.mark.parametrize("digits", [0, 1, 3, 10])
@pytest.mark.parametrize(("scale", "shift"), [(1.0, 0.0), (1e9, -5e8), (1e-9, 7.0), (100.0, -40.0)])
def test_rising_is_the_stable_order_of_the_values(size, digits, scale, shift):
    drawn = np.random.default_rng(size + digits).random(size)
    values = np.round(drawn, digits) * scale + shift

    order = rising(values)

    assert order.tolist() == np.argsort(values, kind="stable").tolist()


def test_rising_keeps_the_order_of_many_equal_values():
    assert rising(np.full(MANY, 2.5)).tolist() == list(range(MANY))


def test_rising_tells_apart_what_falls_into_one_cell():
    values = np.linspace(1.0, 0.0, 2 * MANY) ** 9

    assert rising(values).tolist() == np.argsort(values, kind="stable").tolist()
