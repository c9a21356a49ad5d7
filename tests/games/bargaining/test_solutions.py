"""Solutions by hand and by brute force, in exact numbers, ties and all."""

from fractions import Fraction
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings

from games.bargaining.quorum import zopa
from games.bargaining.solutions import (
    SOLUTIONS,
    bargain,
    fair_share,
    leximin,
    nash,
    nash_outcomes,
    nash_rank,
    nash_ranking,
    nash_welfare,
    normalised_gains,
    pareto_frontier,
)
from games.errors import UserError
from games.scenario import Scenario
from tests.support.domains import (
    listed,
    outcomes_of,
    party,
    plain_utility,
    plainly_signable,
    scenario,
    scenarios,
)

# --- brute force, from the scenario's text, in fractions


def exact(scenario: Scenario, outcome: int) -> list[Fraction]:
    """Return each party's utility of an outcome, exactly: drawn points are quarters."""
    return [Fraction(plain_utility(scenario, name, outcome)) for name in scenario.ids]


def exact_reservations(scenario: Scenario) -> list[Fraction]:
    """Return each party's reservation value, exactly."""
    return [Fraction(party.reservation) for party in scenario.parties.values()]


def plain_zopa(scenario: Scenario) -> list[int]:
    """Return what all may sign and none loses by."""
    least = exact_reservations(scenario)
    return [
        k
        for k in range(scenario.space.size)
        if all(plainly_signable(scenario, name, k) for name in scenario.ids)
        and all(u >= r for u, r in zip(exact(scenario, k), least, strict=True))
    ]


def plain_pareto(scenario: Scenario) -> list[int]:
    """Return the possible outcomes that no other one dominates."""
    points = {k: exact(scenario, k) for k in outcomes_of(scenario.space)}
    return [
        k
        for k, own in points.items()
        if not any(
            other != own and all(b >= a for a, b in zip(own, other, strict=True))
            for other in points.values()
        )
    ]


def plain_gains(scenario: Scenario) -> dict[int, list[Fraction]]:
    """Return the gains over the reservation values of the outcomes in the ZOPA."""
    least = exact_reservations(scenario)
    return {
        k: [u - r for u, r in zip(exact(scenario, k), least, strict=True)]
        for k in plain_zopa(scenario)
    }


def shares(gains: dict[int, list[Fraction]]) -> dict[int, list[Fraction]]:
    """Return gains as shares of the greatest, without the parties that cannot gain."""
    best = [max(column) for column in zip(*gains.values(), strict=True)]
    return {
        k: [gain / most for gain, most in zip(row, best, strict=True) if most > 0]
        for k, row in gains.items()
    }


def tied_best(scores: dict) -> list[int]:
    """Return the keys with the greatest score."""
    return [k for k, score in scores.items() if score == max(scores.values())]


@settings(max_examples=150)
@given(scenarios(parties=(2, 4)))
def test_zopa_and_frontier_equal_brute_force(scenario):
    frontier, note = pareto_frontier(scenario)

    assert zopa(scenario).tolist() == plain_zopa(scenario)
    assert frontier is not None
    assert frontier.tolist() == plain_pareto(scenario)
    assert note is None


@settings(max_examples=250)
@given(scenarios(parties=(2, 4)))
def test_all_solutions_equal_brute_force(scenario):
    gains = plain_gains(scenario)
    found = {name: outcomes.tolist() for name, outcomes in bargain(scenario).solutions.items()}

    relative = shares(gains) if gains else {}
    assert found == {
        "nash": tied_best({k: prod(row) for k, row in relative.items()}),
        "kalai_smorodinsky": tied_best({k: sorted(row) for k, row in relative.items()}),
        "egalitarian": tied_best({k: sorted(row) for k, row in gains.items()}),
        "utilitarian": tied_best({k: sum(row) for k, row in gains.items()}),
    }


@given(scenarios(parties=(2, 3)))
def test_normalised_gains_are_shares_of_the_best_in_the_zopa(scenario):
    gains = plain_gains(scenario)
    found = normalised_gains(scenario, zopa(scenario))

    left_out = bargain(scenario).left_out
    kept = [position for position, name in enumerate(scenario.ids) if name not in left_out]
    expected = list(shares(gains).values()) if gains else []
    assert found[kept].T.tolist() == [pytest.approx([float(x) for x in row]) for row in expected]


# --- by hand


def test_a_textbook_problem():
    # Gains over (10, 20): (20, 0), (15, 9), (10, 14), (6, 17), (0, 18), below, (5, 5).
    game = listed(
        {"A": [30, 25, 20, 16, 10, 9, 15], "B": [20, 29, 34, 37, 38, 60, 25]}, {"A": 10, "B": 20}
    )
    found = bargain(game)

    assert found.zopa.tolist() == [0, 1, 2, 3, 4, 6]
    assert found.pareto is not None
    assert found.pareto.tolist() == [0, 1, 2, 3, 4, 5]
    assert found.best.tolist() == [30, 38]
    assert {name: outcomes.tolist() for name, outcomes in found.solutions.items()} == {
        "nash": [2],  # products 0, 135, 140, 102, 0
        "kalai_smorodinsky": [2],  # shares (1, 0), (.75, .5), (.5, .78), (.3, .94), (0, 1)
        "egalitarian": [2],  # least gains 0, 9, 10, 6, 0
        "utilitarian": [1, 2],  # sums 20, 24, 24, 23, 18
    }


@pytest.mark.parametrize("unit", [0.01, 1.0, 100.0])
def test_nash_and_kalai_smorodinsky_do_not_hang_on_anybodys_unit(unit):
    # Shares (1, 0), (.3, 1), (.6, .6); products 0, .3, .36.
    found = bargain(listed({"A": [100, 30, 60], "B": [0, unit, 0.6 * unit]}))

    assert found.solutions["nash"].tolist() == [2]
    assert found.solutions["kalai_smorodinsky"].tolist() == [2]
    # Points are compared as they are: B's least gain decides, or A's where B's unit is small.
    assert found.solutions["egalitarian"].tolist() == ([1] if unit < 10 else [2])


def test_every_tied_outcome_is_listed():
    game = listed({"A": [2, 3, 6, 1, 2], "B": [3, 2, 1, 6, 3]})
    found = bargain(game)

    assert found.solutions["nash"].tolist() == [0, 1, 2, 3, 4]
    assert found.solutions["kalai_smorodinsky"].tolist() == [0, 1, 4]
    assert found.pareto is not None
    assert found.pareto.tolist() == [0, 1, 2, 3, 4]


def test_an_empty_zopa_has_no_solution():
    found = bargain(listed({"A": [0, 9], "B": [9, 0]}, {"A": 5, "B": 5}))

    assert found.zopa.tolist() == found.passing.tolist() == []
    assert all(found.solutions[name].tolist() == [] for name in SOLUTIONS)
    worths = np.array([1.0, 2.0])
    assert all(worths[found.solutions[name]].tolist() == [] for name in SOLUTIONS)
    assert found.best.tolist() == [5, 5]
    assert found.left_out == ("A", "B")


def test_parties_that_cannot_gain_are_named_and_left_out_of_nash_and_kalai_smorodinsky():
    game = listed({"A": [5, 5, 5], "B": [1, 2, 3], "C": [4, 3, 2]}, {"A": 5})
    found = bargain(game)

    assert found.left_out == ("A",)
    assert found.solutions["nash"].tolist() == [1, 2]  # products 4, 6, 6
    assert found.solutions["kalai_smorodinsky"].tolist() == [1]  # least shares 1/3, 2/3, 1/2
    assert fair_share(game) == pytest.approx(2 / 3)


def test_of_two_that_leave_the_worst_off_alike_the_next_counts_in_shares_of_what_it_can_gain():
    # Shares of 10 points each: .3, .6 and .5 by o0; .3, .5 and .55 by o1. C has 90 anyway.
    game = listed(
        {"A": [3, 3, 10, 0, 0], "B": [6, 5, 0, 10, 0], "C": [95, 95.5, 90, 90, 100]},
        {"A": 0, "B": 0, "C": 90},
    )

    assert bargain(game).solutions["kalai_smorodinsky"].tolist() == [0]


def test_where_one_party_alone_can_gain_its_best_is_the_nash_outcome():
    found = bargain(listed({"A": [5, 5, 5], "B": [1, 3, 2]}, {"A": 5}))

    assert found.left_out == ("A",)
    assert found.solutions["nash"].tolist() == [1]
    assert nash(np.array([[0.5, 1.0, 0.25]])).tolist() == [False, True, False]


def test_where_nobody_can_gain_every_outcome_of_the_zopa_is_a_solution():
    found = bargain(listed({"A": [5, 5], "B": [7, 7]}, {"A": 5, "B": 7}))

    assert found.left_out == ("A", "B")
    assert all(found.solutions[name].tolist() == [0, 1] for name in SOLUTIONS)


def test_where_each_outcome_leaves_someone_nothing_all_nash_products_are_tied_at_zero():
    found = bargain(listed({"A": [0, 5], "B": [5, 0]}))

    assert found.solutions["nash"].tolist() == [0, 1]


def test_the_frontier_counts_outcomes_outside_the_zopa_and_beyond_red_lines():
    game = listed(
        {"A": [0, 9, 5], "B": [9, 0, 5]}, {"A": 4, "B": 4}, {"A": {"red_lines": [{"deal": "o2"}]}}
    )

    assert bargain(game).zopa.tolist() == []
    assert pareto_frontier(game)[0].tolist() == [0, 1, 2]  # pyright: ignore[reportOptionalMemberAccess]


def test_an_outcome_worth_exactly_the_reservation_value_is_acceptable_despite_its_last_digit():
    # .1 + .7 is .7999999999999999 as a float.
    game = listed({"A": [0.1 + 0.7, 0], "B": [1, 2]}, {"A": 0.8, "B": 1})

    assert 0.1 + 0.7 < 0.8
    assert zopa(game).tolist() == [0]


@pytest.mark.parametrize(
    ("powers", "best"),
    [(None, 2), ([1.0, 1.0], 2), ([3.0, 1.0], 1), ([1.0, 5.0], 3)],
)
def test_bargaining_power_moves_the_nash_outcome(powers, best):
    # Products 80·10, 70·30, 50·50, 10·60; cubed for A 10.3 M against 6.25 M; …
    gains = np.array([[80.0, 70, 50, 20], [10, 30, 50, 79]])

    chosen = nash(gains, None if powers is None else np.array(powers))

    assert np.flatnonzero(chosen).tolist() == [best]


def test_the_nash_outcome_under_powers_given_by_party():
    game = listed({"A": [80, 70, 50, 20], "B": [10, 30, 50, 79]})

    assert nash_outcomes(game, {}).tolist() == bargain(game).solutions["nash"].tolist() == [2]
    assert nash_outcomes(game, {"A": 3.0}).tolist() == [1]
    assert nash_outcomes(game, {"B": 5.0}).tolist() == [3]
    assert nash_outcomes(game, {"B": 0.3}).tolist() == nash_outcomes(game, {"A": 1 / 0.3}).tolist()


@pytest.mark.parametrize(("powers", "what"), [({"X": 1.0}, "'X'"), ({"A": 0.0}, "power of A")])
def test_powers_of_unknown_parties_or_not_above_0_are_refused(powers, what):
    with pytest.raises(UserError, match=what):
        nash_outcomes(listed({"A": [1, 2], "B": [2, 1]}), powers)


def test_the_greatest_power_is_allowed_and_all_but_decides_alone():
    game = listed({"A": [80, 70, 50, 20], "B": [10, 30, 50, 79]})

    assert nash_outcomes(game, {"A": 1e6}).tolist() == [0]
    with pytest.raises(UserError) as refused:
        nash_outcomes(game, {"A": 1.5e6})
    assert str(refused.value) == (
        "test: power of A: expected above 0 and at most 1e+06, found 1500000.0"
    )
    with pytest.raises(UserError, match=r"^test: power of 'X': expected one of A, B$"):
        nash_outcomes(game, {"X": 1.0})


def test_powers_count_for_those_alone_who_can_gain_and_without_a_zopa_for_nobody():
    game = listed({"A": [5, 5, 5], "B": [1, 2, 4], "C": [8, 6, 3]}, {"A": 5})
    assert nash_outcomes(game, {}).tolist() == [1, 2]  # products 8, 12, 12
    assert nash_outcomes(game, {"A": 100.0, "C": 2.0}).tolist() == [1]  # 64, 72, 36
    assert nash_outcomes(listed({"A": [0, 9], "B": [9, 0]}, {"A": 5, "B": 5}), {}).tolist() == []


def test_who_cannot_gain_has_no_share_and_where_nobody_can_the_fair_share_is_nothing():
    game = listed({"A": [5, 5, 5], "B": [1, 2, 4]}, {"A": 5})
    assert normalised_gains(game, zopa(game)).tolist() == [[0, 0, 0], [0.25, 0.5, 1]]
    assert fair_share(listed({"A": [5, 5], "B": [7, 7]}, {"A": 5, "B": 7})) == 0.0


def test_the_first_few_of_a_ranking_are_told_and_of_a_short_one_all():
    game = listed({"A": [0, 5, 9, 6], "B": [9, 9, 5, 8]})
    assert nash_ranking(game, 1) == [(1, 3)]
    assert nash_ranking(game, 9) == [(1, 3), (2, 1), (2, 2), (4, 0)]
    alike = listed({"A": [1, *[5] * 99], "B": [9, *[4] * 99]})
    assert nash_ranking(alike, 3) == [(1, 1), (1, 2), (1, 3)]
    assert nash_rank(game, 4) is None


def test_nash_welfare_is_the_logarithm_of_the_product_of_shares():
    # Over (10, 2) the shares are (1, 0), (.3, 1), (.6, .6); C has nothing to gain.
    game = listed({"A": [110, 40, 70], "B": [2, 12, 8], "C": [3, 3, 3]}, {"A": 10, "B": 2, "C": 3})

    assert nash_welfare(game) == pytest.approx([-np.inf, np.log(0.3), np.log(0.36)])


def test_outcomes_are_ranked_by_nash_welfare_ties_sharing_a_rank():
    # Products 0, 5·9, 9·5, 6·8, below r, 0; the first and last rank behind all that gain.
    game = listed({"A": [0, 5, 9, 6, -1, 10], "B": [9, 9, 5, 8, 9, 0]})

    assert [nash_rank(game, k) for k in range(6)] == [4, 2, 2, 1, None, 4]
    assert nash_ranking(game, 3) == [(1, 3), (2, 1), (2, 2)]


@settings(max_examples=60)
@given(scenarios(parties=(2, 4)))
def test_ranks_count_the_outcomes_with_a_greater_nash_product(scenario):
    products = (
        {k: prod(row) for k, row in shares(plain_gains(scenario)).items()}
        if len(zopa(scenario))
        else {}
    )

    assert {k: nash_rank(scenario, k) for k in products} == {
        k: 1 + sum(other > own for other in products.values()) for k, own in products.items()
    }


def test_the_nash_outcome_of_two_hundred_parties_is_found_though_the_product_vanishes():
    # 200 shares of about a hundredth: the product is 1e-400, which no float can hold.
    values = {
        f"P{p}": [100.0 * (p == k) + (1.0 if k < 200 else 1.01) for k in range(201)]
        for p in range(200)
    }

    found = bargain(listed(values))

    assert found.solutions["nash"].tolist() == list(range(200))


def test_nash_products_tie_though_the_least_floats_hold_but_few_digits_of_them():
    # Each party has each of 150 shares in one outcome or another: all products are some 1e-320,
    # and rounded otherwise where the great shares are multiplied last.
    shares = [1.0, *(0.9 - 0.01 * k for k in range(10)), *(0.005 + 1e-6 * k for k in range(139))]
    values = {f"P{p}": [100 * shares[(p + k) % 150] for k in range(150)] for p in range(150)}

    assert bargain(listed(values)).solutions["nash"].tolist() == list(range(150))


def test_leximin_looks_at_the_worst_off_first_then_at_the_next():
    values = np.array([[1.0, 2, 2, 5], [9, 2, 3, 2], [9, 9, 2, 2]])

    assert np.flatnonzero(leximin(values)).tolist() == [1]


# --- quorum


def test_the_passing_set_needs_a_winning_coalition_with_every_veto_holder():
    utilities = {"A": [1, 1, 0, 0, 1], "B": [1, 0, 1, 0, 0], "C": [1, 1, 1, 1, 0]}
    least = dict.fromkeys(utilities, 1.0)
    by_rule = {
        name: bargain(listed(utilities, least, protocol={"agreement": rule})).passing.tolist()
        for name, rule in {
            "unanimity": "unanimity",
            "two": {"quorum": 0.6},
            "veto": {"quorum": 0.6, "vetoes": ["B"]},
            "weights": {"quorum": 0.6, "weights": {"A": 8}},
        }.items()
    }

    assert by_rule == {
        "unanimity": [0],
        "two": [0, 1, 2],
        "veto": [0, 2],
        "weights": [0, 1],  # with o4 A would be alone
    }


def test_the_frontier_of_many_parties_over_many_outcomes_is_not_computed_and_says_so():
    options = {f"i{k}": [f"o{j}" for j in range(10)] for k in range(5)}
    options["extra"] = ["x", "y"]
    points = {name: dict.fromkeys(texts, 0.0) for name, texts in options.items()}
    game = scenario(options, {f"P{k}": party(points) for k in range(11)})

    frontier, note = pareto_frontier(game)

    assert frontier is None
    assert note == "not computed: with 11 parties nearly all of 200,000 outcomes are undominated"


def test_where_nearly_everything_is_undominated_many_parties_are_told_so():
    # Eleven parties, each of which likes one of eleven outcomes best and the others less and less.
    game = listed({f"P{p}": [float((k - p) % 11) for k in range(11)] for p in range(11)})

    frontier, note = pareto_frontier(game)

    assert frontier is not None
    assert frontier.tolist() == list(range(11))
    assert note == "with 11 parties nearly every outcome is undominated"


def test_where_one_outcome_is_best_for_all_many_parties_are_told_nothing_of_crowding():
    game = listed({f"P{p}": [0, 1, 2, 3] for p in range(11)})

    frontier, note = pareto_frontier(game)

    assert frontier is not None
    assert (frontier.tolist(), note) == ([3], None)


@pytest.mark.parametrize(
    ("limit", "is_computed"), [((2, 1), True), ((1, 3), True), ((1, 2), False)]
)
def test_the_frontier_is_left_out_only_above_both_of_its_limits(monkeypatch, limit, is_computed):
    monkeypatch.setattr("games.bargaining.solutions.PARETO_LIMIT", limit)

    frontier, _ = pareto_frontier(listed({"A": [0, 1, 2], "B": [2, 1, 0]}))

    assert (frontier is not None) == is_computed


@pytest.mark.parametrize(
    ("parties", "worth", "is_told"),
    [(11, [5, 5, 5, 0], True), (11, [0, 1, 5, 5], False), (10, [5, 5, 5, 0], False)],
)
def test_crowding_is_told_of_more_than_ten_parties_and_more_than_half_of_the_outcomes(
    parties, worth, is_told
):
    _, note = pareto_frontier(listed({f"P{p}": worth for p in range(parties)}))

    assert (note is not None) == is_told


# --- k*


def test_the_fair_share_is_the_greatest_share_that_everyone_can_have():
    game = listed({"A": [100, 60, 50, 0], "B": [0, 45, 55, 100]})

    assert fair_share(game) == pytest.approx(0.5)
    assert fair_share(listed({"A": [0, 9], "B": [9, 0]}, {"A": 5, "B": 5})) is None
