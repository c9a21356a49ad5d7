"""The frontier equals what every pair compared by hand gives, ties and all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.bargaining.pareto import undominated


def plainly_undominated(values: np.ndarray) -> list[bool]:
    """Compare every pair of columns."""
    at_least = (values[:, :, None] >= values[:, None, :]).all(axis=0)
    better = (values[:, :, None] > values[:, None, :]).any(axis=0)
    dominated = np.atleast_1d((at_least & better).any(axis=0))
    return [not one for one in dominated]


@settings(max_examples=150)
@given(
    st.integers(2, 6),
    st.integers(1, 60),
    st.integers(1, 6),
    st.integers(0, 2**32 - 1),
)
def test_few_outcomes_with_many_ties_equal_the_comparison_of_all_pairs(
    parties, outcomes, levels, seed
):
    values = np.random.default_rng(seed).integers(0, levels, (parties, outcomes)).astype(float)

    assert undominated(values).tolist() == plainly_undominated(values)


@pytest.mark.parametrize("parties", [2, 3, 5, 8, 10, 12])
@pytest.mark.parametrize("levels", [3, 40, 10**6])
def test_many_outcomes_equal_the_comparison_of_all_pairs(parties, levels):
    rng = np.random.default_rng(parties)
    issues = [rng.integers(0, levels, (parties, 13)) for _ in range(3)]
    values = sum(
        values.reshape(parties, *(13 if axis == k else 1 for axis in range(3)))
        for k, values in enumerate(issues)
    )
    values = np.asarray(values, dtype=float).reshape(parties, -1)

    assert undominated(values).tolist() == plainly_undominated(values)


def test_utilities_within_the_tolerance_are_ties():
    values = np.array([[1.0, 1.0 + 1e-11, 0.5], [2.0, 2.0, 3.0]])

    assert undominated(values).tolist() == [True, True, True]


def test_a_difference_above_the_tolerance_is_no_tie():
    values = np.array([[1.0, 1.0 + 1e-8], [2.0, 2.0]])

    assert undominated(values).tolist() == [False, True]


@pytest.mark.parametrize("parties", [2, 3, 5])
def test_thousands_of_equal_outcomes_stand_together(parties):
    best = np.full((parties, 1500), 7.0)
    worse = np.random.default_rng(0).random((parties, 1500))

    kept = undominated(np.hstack([worse, best]))

    assert kept.tolist() == [False] * 1500 + [True] * 1500


def test_a_party_to_whom_all_is_the_same_decides_nothing():
    values = np.array([[5.0] * 2000, list(range(2000))])

    assert np.flatnonzero(undominated(values)).tolist() == [1999]


@pytest.mark.parametrize("parties", [2, 5])
def test_of_no_outcomes_none_is_kept(parties):
    assert undominated(np.empty((parties, 0))).tolist() == []
