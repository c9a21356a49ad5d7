"""Alpha-rank: by hand, against OpenSpiel's numbers, and where selection is strong."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.equilibrium.alpha_rank import (
    FIRST,
    POPULATION,
    STEP,
    AlphaRank,
    alpha_rank,
    chain_of,
    log_fixation,
    stationary,
)
from games.errors import UserError
from tests.games.equilibrium.openspiel_alpha_rank import RANKED, Ranked

twentieths = st.integers(0, 20).map(lambda number: number / 20)


@st.composite
def games(draw):
    """Draw both players' payoffs, often tied."""
    shape = (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    values = st.lists(twentieths, min_size=shape[0] * shape[1], max_size=shape[0] * shape[1])
    return [np.array(draw(values)).reshape(shape) for _ in range(2)]


@pytest.mark.parametrize("case", RANKED, ids=lambda case: f"{case.name}-{case.alpha:g}")
def test_masses_are_those_of_openspiel(case: Ranked):
    chain = chain_of(np.array(case.rows), np.array(case.columns), population=case.population)

    assert chain.mass(case.alpha) == pytest.approx(np.array(case.mass), rel=1e-8)


@pytest.mark.parametrize(
    ("selection", "population", "probability"),
    [
        (0.0, 50, 1 / 50),
        (math.log(2), 2, 2 / 3),  # (1 − 1/2) / (1 − 1/4)
        (-math.log(2), 2, 1 / 3),  # (1 − 2) / (1 − 4)
        (math.log(2), 3, 4 / 7),
        (-math.log(2), 3, 1 / 7),
        (1000.0, 50, 1.0),
    ],
)
def test_a_mutant_takes_over_as_in_morans_process(selection, population, probability):
    assert np.exp(log_fixation(np.array([selection]), population))[0] == pytest.approx(probability)


def test_a_hopeless_mutant_keeps_its_logarithm_where_the_probability_underflows():
    assert log_fixation(np.array([-1e6]), 50)[0] == pytest.approx(-49e6)


def test_two_strategies_of_one_player_are_held_as_their_odds_say():
    # Either takes over from the other at ρ(u) and ρ(−u), whose ratio is e^((m − 1) α u).
    found = chain_of(np.array([[0.0], [0.1]]), np.zeros((2, 1)), population=6).mass(2.0)

    assert found[1, 0] / found[0, 0] == pytest.approx(math.exp(5 * 2 * 0.1))


def test_a_chain_of_three_states_by_hand():
    # 0 → 1 at 1, 1 → 2 at 1/2, 2 → 0 at 1/4: time spent there is as 1 : 2 : 4.
    with np.errstate(divide="ignore"):
        rates = np.log(np.array([[0, 1, 0], [0, 0, 1 / 2], [1 / 4, 0, 0]]))

    assert stationary(rates) == pytest.approx([1 / 7, 2 / 7, 4 / 7])


def test_matching_pennies_is_an_even_round_at_any_strength():
    pennies = np.array([[1.0, -1.0], [-1.0, 1.0]])

    assert alpha_rank(pennies, -pennies).mass == pytest.approx(np.full((2, 2), 1 / 4))


def test_a_dilemma_ends_in_its_only_equilibrium():
    mine = np.array([[3.0, 0.0], [5.0, 1.0]])
    found = alpha_rank(mine, mine.T)

    assert found.ranking[0] == (1, 1, pytest.approx(1))
    assert found.is_settled


def test_of_two_conventions_the_one_that_costs_more_to_leave_is_held():
    convention = np.array([[0.2, 0.0], [0.0, 0.1]])
    found = alpha_rank(convention, convention)

    # One leaves for nothing at all: e^(−49 α .2) against e^(−49 α .1).
    assert found.mass == pytest.approx(np.array([[1, 0], [0, 0]]))


def test_conventions_that_cost_the_same_to_leave_are_held_alike():
    convention = np.array([[1.0, 0.0], [0.0, 1.0]])

    assert alpha_rank(convention, convention).mass == pytest.approx(np.eye(2) / 2)


def test_populations_drift_where_payoffs_tie():
    found = alpha_rank(np.array([[1.0, 1.0, 1.0]]), np.array([[0.4, 0.4, 0.0]]))

    assert found.mass == pytest.approx(np.array([[1 / 2, 1 / 2, 0]]))


def test_a_difference_of_a_hundred_millionth_decides_all_the_same():
    found = alpha_rank(np.array([[0.0], [1e-8]]), np.zeros((2, 1)))

    assert found.mass == pytest.approx(np.array([[0.0], [1.0]]))
    assert found.is_settled


def test_where_the_steps_run_out_the_last_mass_is_taken_and_said_not_to_have_settled(monkeypatch):
    monkeypatch.setattr("games.equilibrium.alpha_rank.MOST_STEPS", 2)
    mine, its = np.array([[0.0], [0.1]]), np.zeros((2, 1))

    found = alpha_rank(mine, its)

    assert not found.is_settled
    assert found.mass == pytest.approx(chain_of(mine, its).mass(FIRST * STEP**2))


def test_cells_of_equal_mass_but_for_the_last_digits_rank_in_reading_order():
    mass = np.array([[0.1, 0.3 - 2e-10], [0.3 + 2e-10, 0.3]])

    ranking = AlphaRank(mass=mass, is_settled=True).ranking

    assert [(row, column) for row, column, _ in ranking] == [(0, 1), (1, 0), (1, 1), (0, 0)]


def test_of_many_cells_those_of_equal_mass_rank_in_reading_order():
    mass = np.tile([[1.0, 2.0], [2.0, 1.0]], (4, 4))

    ranking = AlphaRank(mass=mass / mass.sum(), is_settled=True).ranking
    cells = [(row, column) for row, column, _ in ranking]

    assert cells[:32] == sorted(cells[:32])
    assert cells[32:] == sorted(cells[32:])
    assert all(mass[cell] == 2 for cell in cells[:32])


def test_two_are_population_enough():
    found = chain_of(np.array([[0.0], [0.1]]), np.zeros((2, 1)), population=2).mass(3.0)

    assert found[1, 0] / found[0, 0] == pytest.approx(math.exp(3 * 0.1))


def test_a_game_without_differences_is_settled_at_once():
    found = alpha_rank(np.ones((3, 2)), np.zeros((3, 2)))

    assert found.mass == pytest.approx(np.full((3, 2), 1 / 6))
    assert found.is_settled


def test_one_millionth_decides_in_the_end_and_not_before():
    convention = np.array([[1.0, 0.0], [0.0, 1.000001]])
    found = alpha_rank(convention, convention)
    chain = chain_of(convention, convention)

    assert found.mass == pytest.approx(np.array([[0, 0], [0, 1]]), abs=1e-6)
    assert chain.mass(1e5)[0, 0] > 1e-3
    assert chain.mass(1.0) == pytest.approx(np.eye(2) / 2, abs=1e-4)


@given(games(), st.sampled_from([0.5, 4.0, 300.0, 1e7]))
@settings(max_examples=60)
def test_masses_balance(game, alpha):
    """What flows into each cell flows out of it, as far as floats can tell."""
    rows, columns = game
    mass = chain_of(rows, columns).mass(alpha)
    flow = {}
    for i, j in np.ndindex(rows.shape):
        for k, o in np.ndindex(rows.shape):
            if (i == k) != (j == o):
                gain = rows[k, j] - rows[i, j] if j == o else columns[i, o] - columns[i, j]
                rate = math.exp(log_fixation(np.array([alpha * gain]), POPULATION)[0])
                flow[(i, j), (k, o)] = mass[i, j] * rate
    for cell in np.ndindex(rows.shape):
        leaving = sum(amount for (start, _), amount in flow.items() if start == cell)
        entering = sum(amount for (_, end), amount in flow.items() if end == cell)
        assert leaving == pytest.approx(entering, rel=1e-6, abs=1e-12)
    assert mass.sum() == pytest.approx(1)


@given(games())
@settings(max_examples=40)
def test_what_a_player_gets_whatever_it_does_changes_nothing(game):
    rows, columns = game
    paid = np.arange(rows.shape[1]) / 4
    found = alpha_rank(rows + paid, columns)

    assert found.mass == pytest.approx(alpha_rank(rows, columns).mass, abs=1e-5)


@given(games())
@settings(max_examples=40)
def test_the_order_of_strategies_changes_nothing(game):
    rows, columns = game
    found = alpha_rank(rows[::-1], columns[::-1])

    assert found.mass[::-1] == pytest.approx(alpha_rank(rows, columns).mass, abs=1e-5)


def test_thirteen_strategies_a_side_are_ranked():
    draws = np.random.default_rng(13)
    rows, columns = np.round(draws.random((2, 13, 13)), 6)
    found = alpha_rank(rows, columns)

    assert found.is_settled
    assert found.mass.sum() == pytest.approx(1)
    assert np.isfinite(found.mass).all()


@pytest.mark.parametrize(
    ("rows", "columns", "message"),
    [
        ([[1.0, 2.0]], [[1.0]], "one shape"),
        ([], [], "one shape"),
        ([[math.nan]], [[1.0]], "finite"),
    ],
)
def test_what_is_no_game_is_refused(rows, columns, message):
    with pytest.raises(UserError, match=message):
        alpha_rank(np.array(rows), np.array(columns))


def test_a_population_of_one_is_refused():
    with pytest.raises(UserError, match="at least 2"):
        alpha_rank(np.ones((1, 1)), np.ones((1, 1)), population=1)
