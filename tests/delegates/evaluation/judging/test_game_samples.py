"""Sampled games: errors, ε and support frequencies, on games whose truth is known."""

import numpy as np
import pytest
from scipy.stats import t as student

from delegates.evaluation.judging.game_samples import (
    Frequencies,
    Sample,
    millionths,
    regret_intervals,
    support_frequencies,
)
from games.equilibrium.solve import equilibria
from games.matrices.matrix import Sampling, exact
from tests.delegates.evaluation.judging import promises

STRICT = np.array([[[0.6, 0.6], [0.9, 0.3]], [[0.3, 0.9], [0.1, 0.1]]])
"""A dilemma: the second cell of each line is worse for whoever chooses it."""

CHICKEN = np.array([[[0.0, 0.0], [0.8, 0.3]], [[0.3, 0.8], [0.5, 0.5]]])
PENNIES = np.array([[[0.8, 0.2], [0.2, 0.8]], [[0.2, 0.8], [0.8, 0.2]]])
TIED = np.array([[[0.5, 0.5], [0.5, 0.2]], [[0.5, 0.2], [0.2, 0.1]]])
"""The row player is indifferent against the first column."""


def sample_of(values: np.ndarray, *, is_random: bool = True) -> Sample:
    return Sample(
        values=values,
        weights=np.ones(values.shape[:3]),
        is_random=np.full(values.shape[1:3], is_random),
    )


def noisy(truth: np.ndarray, units: int, spread: float, seed: int) -> Sample:
    draws = np.random.default_rng(seed)
    return sample_of(truth + draws.normal(0, spread, (units, *truth.shape)))


def solved(game: np.ndarray):
    first, second = (
        [[exact(float(value)) for value in row] for row in game[..., side]] for side in (0, 1)
    )
    return equilibria(first, second)


def supports(game: np.ndarray) -> dict:
    return support_frequencies(game[None]).shares


def greatest_regret(game: np.ndarray, row: np.ndarray, column: np.ndarray) -> float:
    earned, its = game[..., 0] @ column, game[..., 1].T @ row
    return float(max(earned.max() - earned @ row, its.max() - its @ column))


def test_errors_are_those_of_a_mean():
    values = np.zeros((3, 1, 2, 2))
    values[:, 0, 0, 0] = [0.1, 0.2, 0.6]
    found = sample_of(values)

    assert found.mean[0, 0, 0] == pytest.approx(0.3)
    # Sum of squares .04 + .01 + .09, over 2 · 3.
    assert found.errors is not None
    assert found.errors[0, 0, 0] == pytest.approx((0.14 / 6) ** 0.5)
    assert found.errors[0, 1, 0] == 0


def test_sessions_behind_a_unit_weigh_in_the_mean():
    values = np.array([[[[0.0, 0.0]]], [[[1.0, 1.0]]]])
    found = Sample(
        values=values, weights=np.array([[[3.0]], [[1.0]]]), is_random=np.array([[True]])
    )

    assert found.mean[0, 0].tolist() == [0.25, 0.25]


def test_what_has_no_weight_is_not_looked_at():
    values = np.array([[[[0.5, 0.5]]], [[[0.7, 0.7]]], [[[np.nan, np.nan]]]])
    weights = np.array([[[1.0]], [[1.0]], [[0.0]]])
    found = Sample(values=values, weights=weights, is_random=np.array([[True]]))

    assert found.mean[0, 0, 0] == pytest.approx(0.6)
    assert np.isfinite(found.resampled(50)).all()


def test_where_units_are_missing_errors_are_those_of_the_units_that_are_there():
    values = np.array([0.1, 0.2, 0.6, np.nan, np.nan, np.nan, np.nan]).reshape(-1, 1, 1, 1)
    values = np.broadcast_to(values, (7, 1, 1, 2))
    found = Sample(
        values=values,
        weights=np.isfinite(values[..., 0]).astype(float),
        is_random=np.array([[True]]),
    )

    # Sum of squares .04 + .01 + .09, over 2 · 3, whatever the number of units elsewhere.
    assert found.errors is not None
    assert found.errors[0, 0].tolist() == pytest.approx([(0.14 / 6) ** 0.5] * 2)
    assert found.least == 3


def test_where_units_are_missing_resamples_spread_as_the_errors_say():
    draws = np.random.default_rng(3)
    values = draws.normal(0.5, 0.1, (40, 1, 1, 2))
    weights = (np.arange(40) < 6).astype(float).reshape(-1, 1, 1)
    found = Sample(values=values, weights=weights, is_random=np.array([[True]]))
    alone = Sample(values=values[:6], weights=weights[:6], is_random=np.array([[True]]))

    assert found.errors == pytest.approx(alone.errors)
    # A resample of forty may hold any number of the six, so that it spreads a little more.
    spread = found.resampled(20_000).std(axis=0) / alone.resampled(20_000).std(axis=0)
    assert spread == pytest.approx(np.ones((1, 1, 2)), abs=0.12)


def test_without_chance_there_is_no_error_and_nothing_to_resample():
    same = np.repeat(TIED[None], 10, axis=0)
    found = sample_of(same, is_random=False)

    assert found.errors is not None
    assert found.errors.tolist() == np.zeros_like(TIED).tolist()
    assert found.epsilon == 0
    assert found.resampled(5) == pytest.approx(np.repeat(TIED[None], 5, axis=0), abs=1e-12)


def test_one_draw_of_chance_tells_no_error():
    found = sample_of(STRICT[None])

    assert found.errors is None
    assert found.epsilon is None
    assert found.near() == ()


def test_epsilon_is_students_quantile_by_bonferroni():
    values = np.zeros((6, 1, 2, 2))
    values[:, 0, 0, 0] = [0, 0, 0, 1, 1, 1]
    found = sample_of(values)

    # Four means; two-sided, so that each of eight tails has 5 % / 8; five degrees of freedom.
    assert found.errors is not None
    assert found.epsilon == pytest.approx(
        float(student.ppf(1 - 0.05 / 8, 5)) * found.errors[0, 0, 0]
    )


def test_cells_without_chance_take_no_part_in_epsilon():
    values = noisy(STRICT, 8, 0.1, seed=1).values
    only = np.array([[True, False], [False, False]])
    found = Sample(values=values, weights=np.ones((8, 2, 2)), is_random=only)

    assert found.errors is not None
    assert found.errors[1, 1].tolist() == [0, 0]
    assert found.epsilon == pytest.approx(
        float(student.ppf(1 - 0.05 / 4, 7)) * found.errors[0, 0].max()
    )


@pytest.mark.parametrize("units", [5, 6, 10, 20])
@pytest.mark.parametrize("truth", [STRICT, CHICKEN, PENNIES, TIED], ids=str)
def test_the_truth_lies_within_epsilon_and_what_follows_holds(units, truth):
    """In at least 95 % of batches all cells lie within ε; equilibria are then 2ε-equilibria."""
    batches, within = 250, 0
    for seed in range(batches):
        found = noisy(truth, units, 0.1, seed)
        epsilon = found.epsilon
        assert epsilon is not None
        if np.abs(found.mean - truth).max() > epsilon:
            continue
        within += 1
        for one in solved(found.mean).equilibria:
            profile = (np.array([float(p) for p in side]) for side in (one.row, one.column))
            assert greatest_regret(truth, *profile) <= 2 * epsilon + 2e-6

    assert within / batches >= 0.95


def test_two_standard_errors_of_the_least_certain_cell_would_not_be_enough():
    """Why ε is not that of `games.matrices.matrix.Sampling`: where one cell is much less certain
    than the others, a twelfth to an eighth of batches of five units break its promise."""
    truth = np.full((2, 3, 2), 0.5)
    spread = np.full(truth.shape, 0.001)
    spread[0, 0, 0] = 0.1
    broken = {"two errors": 0, "ε": 0}
    for seed in range(400):
        draws = np.random.default_rng(seed)
        found = sample_of(truth + spread * draws.normal(0, 1, (5, *truth.shape)))
        assert found.errors is not None
        assert found.epsilon is not None
        away = np.abs(found.mean - truth).max()
        broken["two errors"] += away > Sampling(errors=found.errors).epsilon
        broken["ε"] += away > found.epsilon

    assert broken["two errors"] / 400 > 0.08
    assert broken["ε"] / 400 <= 0.05


@pytest.mark.parametrize("units", [5, 10])
@pytest.mark.parametrize("kind", promises.KINDS)
def test_promises_are_kept_whatever_the_noise(kind, units):
    found = promises.kept(promises.KINDS[kind], units, batches=200, regrets=60)

    assert found.within >= 0.95
    assert found.regret >= 0.95


def test_a_change_is_judged_by_its_own_error_where_cells_rise_and_fall_together():
    draws = np.random.default_rng(3)
    kindness = draws.normal(0, 0.2, (12, 1, 1, 1))
    found = sample_of(STRICT + kindness + draws.normal(0, 0.001, (12, *STRICT.shape)))

    # Cell by cell nothing is certain; pair by pair everything is.
    assert found.errors is not None
    assert found.errors.min() > 0.03
    assert found.near() == ((0, 0),)


@pytest.mark.parametrize("truth", [STRICT, CHICKEN, PENNIES, TIED], ids=str)
@pytest.mark.parametrize("units", [5, 12])
def test_no_equilibrium_that_the_data_picks_regrets_more_than_is_said(truth, units):
    """In at least 95 % of batches every equilibrium of the means keeps its bound in truth."""
    kept = 0
    for seed in range(250):
        draws = np.random.default_rng(seed)
        kindness = draws.normal(0, 0.2, (units, 1, 1, 1))
        found = sample_of(truth + kindness + draws.normal(0, 0.05, (units, *truth.shape)))
        broken = False
        for one in solved(found.mean).equilibria:
            most = found.most_regret(one)
            assert most is not None
            row, column = (np.array([float(p) for p in side]) for side in (one.row, one.column))
            earned, its = truth[..., 0] @ column, truth[..., 1].T @ row
            broken |= earned.max() - earned @ row > most[0] + 1e-9
            broken |= its.max() - its @ column > most[1] + 1e-9
        kept += not broken

    assert kept / 250 >= 0.95


def test_regret_is_bounded_closer_than_by_epsilon_where_cells_rise_and_fall_together():
    draws = np.random.default_rng(3)
    kindness = draws.normal(0, 0.2, (12, 1, 1, 1))
    found = sample_of(STRICT + kindness + draws.normal(0, 0.001, (12, *STRICT.shape)))
    (one,) = solved(found.mean).equilibria

    assert found.epsilon is not None
    assert found.epsilon > 0.2
    assert found.most_regret(one) == (0.0, 0.0)


def test_the_bound_of_one_change_is_students_quantile_by_bonferroni():
    values = np.zeros((6, 2, 1, 2))
    values[:, 1, 0, 0] = [-0.2, -0.2, -0.2, 0.1, 0.1, 0.1]
    found = sample_of(values)
    (one,) = solved(found.mean).equilibria

    # Two changes, either way between two rows; the column player has no choice.
    error = (6 * 0.15**2 / (6 * 5)) ** 0.5
    most = found.most_regret(one)
    assert most is not None
    assert most[0] == pytest.approx(-0.05 + float(student.ppf(1 - 0.05 / 2, 5)) * error)
    assert most[1] == 0


def test_a_gain_within_noise_is_no_gain():
    draws = np.random.default_rng(4)
    truth = np.array([[[0.50, 0.5]], [[0.51, 0.5]]])
    found = sample_of(truth + draws.normal(0, 0.1, (10, *truth.shape)))

    assert set(found.near()) == {(0, 0), (1, 0)}


def test_resamples_spread_as_the_errors_say():
    found = noisy(STRICT, 6, 0.1, seed=5)
    drawn = found.resampled(20_000, seed=1)

    assert found.errors is not None
    assert drawn.std(axis=0) == pytest.approx(found.errors, rel=0.03)
    assert drawn.mean(axis=0) == pytest.approx(found.mean, abs=0.002)


def test_the_same_seed_draws_the_same_games():
    found = noisy(STRICT, 6, 0.1, seed=5)

    assert (found.resampled(10, seed=2) == found.resampled(10, seed=2)).all()
    assert (found.resampled(10, seed=2) != found.resampled(10, seed=3)).any()


def test_ties_that_every_unit_has_stay_ties():
    draws = np.random.default_rng(6)
    values = np.repeat(TIED[None], 7, axis=0) + draws.normal(0, 0.2, (7, 1, 1, 1))
    drawn = millionths(sample_of(values).resampled(200))

    assert (drawn[:, 0, 0, 0] == drawn[:, 1, 0, 0]).all()


@pytest.mark.parametrize(
    ("game", "expected"),
    [
        (STRICT, {((0,), (0,))}),
        (CHICKEN, {((0,), (1,)), ((1,), (0,)), ((0, 1), (0, 1))}),
        (PENNIES, {((0, 1), (0, 1))}),
        # One column strategy against which the row player may do either: two extreme equilibria.
        (TIED, {((0,), (0,)), ((1,), (0,))}),
    ],
    ids=["strict", "chicken", "pennies", "tied"],
)
def test_supports_of_a_game_are_those_of_its_extreme_equilibria(game, expected):
    assert set(supports(game)) == expected
    assert set(supports(game).values()) == {1.0}


@pytest.mark.parametrize("seed", range(40))
def test_supports_are_those_of_the_solver_after_dominated_strategies_went(seed):
    draws = np.random.default_rng(seed)
    shape = (int(draws.integers(1, 6)), int(draws.integers(1, 6)), 2)
    # Coarse payoffs: ties are the norm.
    game = draws.integers(0, 6 if seed % 2 else 1000, shape) / 1000

    expected = {
        tuple(
            tuple(place for place, weight in enumerate(side) if weight)
            for side in (one.row, one.column)
        )
        for one in solved(game).equilibria
    }
    assert set(supports(game)) == expected


def test_a_strict_game_keeps_its_support_when_chance_draws_again():
    found = support_frequencies(noisy(STRICT, 10, 0.05, seed=7).resampled(500))

    assert found.shares[(0,), (0,)] >= 0.99
    assert found.resamples == 500
    assert not found.is_unstable


@pytest.mark.parametrize(
    ("shares", "together", "is_unstable"),
    [
        ([0.04] * 25, 0.04, True),
        ([0.03], 0.97, True),
        ([0.5, 0.5], 0.5, True),
        ([1.0, 0.04], 0.96, False),
        ([1.0, *[0.04] * 25], 0.04, True),
        ([1.0, 1.0, 1.0], 1.0, False),
        ([], 1.0, False),
    ],
)
def test_supports_that_each_are_rare_are_as_unstable_as_one_that_comes_and_goes(
    shares, together, is_unstable
):
    pairs = {((number,), (number,)): share for number, share in enumerate(shares)}
    found = Frequencies(shares=pairs, together=together, resamples=1000, is_complete=True)

    assert found.is_unstable is is_unstable


def test_many_rare_equilibria_beside_one_that_stays_are_not_always_the_same():
    def game(rival: int) -> np.ndarray:
        """Return a game in which the first strategy is best but against one rival, both ways."""
        paid = np.zeros((26, 26, 2))
        paid[0, 1:, 0] = paid[1:, 0, 1] = 1
        paid[0, 0] = 9
        paid[rival, rival] = 5
        return paid

    found = support_frequencies(np.array([game(1 + k % 25) for k in range(100)]))

    # Each game's: both the first, both the rival, and each a mixture of the two.
    assert found.is_complete
    assert found.is_unstable
    assert found.shares.pop(((0,), (0,))) == 1.0
    assert set(found.shares) == {
        pair for k in range(1, 26) for pair in [((k,), (k,)), ((0, k), (0, k))]
    }
    assert set(found.shares.values()) == {found.together} == {0.04}
    assert support_frequencies(np.array([game(1)] * 96 + [game(2)] * 4)).together == 0.96


def test_a_tie_broken_by_noise_splits_its_supports():
    truth = np.array([[[0.5, 0.5]], [[0.5, 0.5]]])
    shares: list[float] = []
    for seed in range(40):
        found = support_frequencies(noisy(truth, 10, 0.1, seed).resampled(200))
        shares.append(found.shares.get(((0,), (0,)), 0.0))

    # Of either sign by lot: as often one as the other, and seldom sure.
    assert np.mean(shares) == pytest.approx(0.5, abs=0.15)
    assert np.mean([0.05 < share < 0.95 for share in shares]) > 0.7


def test_a_mixture_keeps_its_support_and_a_tie_in_every_unit_stays_whole():
    mixed = support_frequencies(noisy(PENNIES, 10, 0.05, seed=8).resampled(300))
    tied = support_frequencies(sample_of(np.repeat(TIED[None], 6, axis=0)).resampled(300))

    assert mixed.shares == {((0, 1), (0, 1)): 1.0}
    assert set(tied.shares.values()) == {1.0}
    assert not tied.is_unstable


def test_work_that_would_take_too_long_is_not_begun_and_that_is_told():
    draws = np.random.default_rng(9)
    games = draws.random((3, 13, 13, 2))
    found = support_frequencies(games)

    assert found.resamples == 3
    assert not found.is_complete or all(len(rows) == 1 for rows, _ in found.shares)


def test_regret_is_none_where_nothing_is_better_in_any_resample():
    sample = noisy(STRICT, 8, 0.02, seed=10)
    one = solved(sample.mean).equilibria[0]

    assert regret_intervals(sample.resampled(300), one) == ((0.0, 0.0), (0.0, 0.0))


def test_regret_of_a_mixture_is_as_wide_as_the_noise():
    sample = noisy(PENNIES, 8, 0.1, seed=11)
    one = solved(sample.mean).equilibria[0]
    (low, high), _ = regret_intervals(sample.resampled(500), one)

    assert 0 <= low < 0.02
    assert 0.01 < high < 0.2


def test_a_sample_of_few_units_has_few_different_resamples():
    drawn = noisy(STRICT, 5, 0.1, seed=12).resampled(2000)

    # Five of five with replacement: 9 over 5.
    assert len({game.tobytes() for game in millionths(drawn)}) <= 126


def test_payoffs_are_rounded_as_exact_rounds_them():
    values = np.array([0.1234565, 1 / 3, 2.5e-7, -0.0000005, 0.9999995])

    assert [int(exact(float(v)) * 10**6) for v in values] == millionths(values).tolist()
