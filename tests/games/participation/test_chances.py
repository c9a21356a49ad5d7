"""How much weight comes together: against every combination, exact where weights divide."""

from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.participation.chances import FINEST, shares_of, weight_joined


def amounts(weights: list[float], chances: list[float]) -> dict[float, float]:
    """Return the chance of each share of the weight, from all combinations."""
    found: dict[float, float] = {}
    for joined in product((False, True), repeat=len(weights)):
        share = sum(w for w, x in zip(weights, joined, strict=True) if x) / sum(weights)
        chance = float(np.prod([p if x else 1 - p for p, x in zip(chances, joined, strict=True)]))
        found[round(share, 9)] = found.get(round(share, 9), 0.0) + chance
    return {share: chance for share, chance in found.items() if chance > 0}


probabilities = st.sampled_from([0.0, 0.1, 0.5, 0.75, 1.0])
several = st.lists(
    st.tuples(st.sampled_from([0.1, 1.0, 1.5, 2.0, 3.14159, 7.0]), probabilities),
    min_size=1,
    max_size=6,
)


@given(several)
def test_every_amount_has_the_chance_of_the_combinations_that_make_it(parties):
    weights, chances = [list(one) for one in zip(*parties, strict=True)]

    found = weight_joined(shares_of(weights), np.array(chances))

    merged: dict[float, float] = {}
    for share, chance in zip(found.shares.tolist(), found.chances.tolist(), strict=True):
        merged[round(share, 9)] = merged.get(round(share, 9), 0.0) + chance
    expected = amounts(weights, chances)
    assert {share: chance for share, chance in merged.items() if chance > 0} == pytest.approx(
        expected
    )


def test_equal_weights_are_counted_exactly():
    shares = shares_of([0.1] * 56)

    found = weight_joined(shares, np.full(56, 0.5))

    assert (shares.exact, shares.total, shares.error) == (True, 56, 0)
    assert found.chances.tolist() == pytest.approx([comb(56, k) / 2**56 for k in range(57)])


@pytest.mark.parametrize(
    ("weights", "steps", "total"),
    [([2, 4, 6], [1, 2, 3], 6), ([1.5, 1, 0.25], [6, 4, 1], 11), ([0.1, 0.2, 0.3], [1, 2, 3], 6)],
)
def test_weights_are_multiples_of_a_common_unit(weights, steps, total):
    shares = shares_of(weights)

    assert shares.exact
    assert (shares.steps.tolist(), shares.total) == (steps, total)


def test_weights_without_a_common_unit_are_off_by_no_more_than_is_said():
    weights = [1 + number * 2**0.5 for number in range(14)]
    shares = shares_of(weights)
    chances = np.full(14, 0.4)

    found = weight_joined(shares, chances)

    assert not shares.exact
    assert shares.error == 14 / (2 * FINEST)
    assert found.chances.sum() == pytest.approx(1)
    plain = amounts(weights, chances.tolist())
    for threshold in (0.2, 0.41, 0.5, 0.77):
        least, most = (
            sum(chance for share, chance in plain.items() if share >= threshold + slack)
            for slack in (shares.error, -shares.error)
        )
        assert least - 1e-9 <= found.mean(found.reach(threshold)) <= most + 1e-9


def test_of_few_undecided_parties_no_weight_is_rounded():
    weights = [1 + number * 2**0.5 for number in range(56)]
    chances = np.array([1.0] * 30 + [0.5, 0.25] + [0.0] * 24)

    found = weight_joined(shares_of(weights), chances)

    sure = sum(weights[:30])
    expected = [sure, sure + weights[30], sure + weights[31], sure + weights[30] + weights[31]]
    assert (found.shares * sum(weights)).tolist() == pytest.approx(expected)
    assert found.chances.tolist() == pytest.approx([0.375, 0.375, 0.125, 0.125])


def test_nothing_at_all_reaches_no_threshold():
    found = weight_joined(shares_of([1.0, 1.0]), np.zeros(2))

    assert not found.reach(0.0).any()
    assert found.reach(0.0, more=0.5).all()
