"""Stable sizes of identical parties: published numbers, first principles, exact arithmetic."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.participation.coalitions import barrett_game, linear_game, stable_sizes, with_minimum

N = 54


def sizes(game) -> list[int]:
    """Return the stable sizes alone."""
    return [found.size for found in stable_sizes(game)]


def test_two_and_three_of_54_are_stable_and_who_is_indifferent_is_said():
    two, three = stable_sizes(linear_game(N))

    assert (two.size, two.internal, two.external) == (2, Fraction(1, 2), 0)
    assert (three.size, three.internal, three.external) == (3, 0, Fraction(3, 2))
    assert not two.strict
    assert not three.strict


@pytest.mark.parametrize(
    ("penalty", "size"), [(20, 3), (100, 6), (500, 21), (1000, 40), (2000, 54)]
)
def test_a_penalty_on_outsiders_buys_size(penalty, size):
    assert sizes(linear_game(N, penalty=penalty)) == [size]


@given(st.integers(1, 1500), st.integers(4, 80))
def test_the_size_a_penalty_buys_follows_the_formula(penalty, parties):
    found = sizes(linear_game(parties, penalty=penalty))

    assert max(found) == min(parties, 3 + 2 * penalty // parties)


@pytest.mark.parametrize(
    ("ratio", "size"),
    [("0.01", 36), ("0.1", 10), ("0.5", 4), (1, 3), (2, 3), (3, 3), (4, 3), (5, 3), (10, 2)],
)
def test_barretts_coalitions_are_large_only_where_little_is_at_stake(ratio, size):
    assert sizes(barrett_game(N, Fraction(ratio))) == [size]


@given(st.integers(1, 400), st.sampled_from([1, 7, 100]))
def test_barretts_sizes_do_not_depend_on_the_level(percent, level):
    ratio = Fraction(percent, 100)

    assert sizes(barrett_game(20, ratio, level)) == sizes(barrett_game(20, ratio))


@given(st.integers(1, 12), st.integers(0, 12), st.integers(5, 300))
def test_in_barretts_game_nobody_could_contribute_better(parties, joined, percent):
    # Payoffs are recomputed from the quantities, and each quantity is moved a little either way.
    size, ratio = min(joined, parties), percent / 100
    game = barrett_game(parties, Fraction(percent, 100))
    share = ratio * parties
    left = share / (share + parties - size)
    short = 100 * left / (1 + left**2 * size**2 / share)
    inside, outside = left * size * short / share, short / share

    def payoff(total: float, own: float) -> float:
        return (100 * total - total**2 / 2) / parties - ratio * own**2 / 2

    def reply(members: float) -> float:
        """Return what each outsider contributes if members contribute so much together."""
        return (100 - members) / (share + parties - size)

    def member_payoff(own: float) -> float:
        return payoff(size * own + (parties - size) * reply(size * own), own)

    best = member_payoff(inside)
    assert size * inside + (parties - size) * outside == pytest.approx(100 - short)
    assert outside == pytest.approx(reply(size * inside))
    assert size == 0 or float(game.member(size)) == pytest.approx(best)
    assert max(member_payoff(inside * (1 + step)) for step in (-0.01, 0.01)) <= best + 1e-9
    rest = 100 - short - outside
    own = [payoff(rest + outside * (1 + step), outside * (1 + step)) for step in (0, -0.01, 0.01)]
    assert size == parties or own[0] == pytest.approx(float(game.outsider(size)))
    assert max(own) <= own[0] + 1e-9


@given(st.integers(1, 9), st.integers(1, 9), st.integers(2, 30), st.integers(0, 40))
def test_linear_payoffs_are_those_of_the_best_contributions(benefit, cost, parties, joined):
    size = min(joined, parties)
    game = linear_game(parties, benefit, cost)
    inside, outside = benefit * size / cost, benefit / cost
    total = size * inside + (parties - size) * outside

    assert size == 0 or float(game.member(size)) == pytest.approx(
        benefit * total - cost * inside**2 / 2
    )
    assert float(game.outsider(size)) == pytest.approx(benefit * total - cost * outside**2 / 2)
    grid = np.linspace(0, 2 * inside + 1, 201)
    joint = size * (benefit * (total + size * (grid - inside)) - cost * grid**2 / 2)
    assert joint.max() <= size * (benefit * total - cost * inside**2 / 2) + 1e-6


@pytest.mark.parametrize(("minimum", "expected"), [(1, [2, 3]), (3, [3]), (10, [10]), (54, [54])])
def test_a_minimum_participation_clause_holds_a_coalition_of_its_size(minimum, expected):
    assert sizes(with_minimum(linear_game(N), minimum)) == expected


def test_below_the_minimum_everyone_is_left_with_nothing_agreed():
    game = with_minimum(linear_game(N), 10)

    assert game.member(9) == game.outsider(5) == game.outsider(0)
    assert game.member(10) == linear_game(N).member(10)


@pytest.mark.parametrize("minimum", [0, 55])
def test_an_impossible_minimum_is_refused(minimum):
    with pytest.raises(ValueError, match=f"minimum {minimum}: expected from 1 to 54"):
        with_minimum(linear_game(N), minimum)
