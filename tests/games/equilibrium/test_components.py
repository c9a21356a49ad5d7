"""Components of equilibria: connected sets, maximal Nash subsets, indices."""

from fractions import Fraction
from itertools import permutations
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.equilibrium.components import connected, determinant_sign, maximal_subsets
from games.equilibrium.solve import equilibria


def test_edges_are_grouped_by_what_they_touch():
    edges = [(0, 0), (2, 1), (1, 0), (1, 2), (3, 3)]

    assert connected(edges) == [[(0, 0), (1, 0), (1, 2)], [(2, 1)], [(3, 3)]]


def test_an_edge_that_joins_two_groups_makes_them_one():
    assert connected([(0, 0), (1, 1), (0, 1)]) == [[(0, 0), (0, 1), (1, 1)]]


def test_a_path_has_two_maximal_subsets_that_share_an_edge():
    assert maximal_subsets([(0, 0), (1, 0), (1, 1)]) == [((0, 1), (0,)), ((1,), (0, 1))]


def test_a_full_grid_is_one_subset():
    edges = [(row, column) for row in range(3) for column in range(2)]

    assert maximal_subsets(edges) == [((0, 1, 2), (0, 1))]


@given(st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1))
def test_maximal_subsets_are_the_maximal_complete_products(edges):
    found = maximal_subsets(sorted(edges))

    for left, right in found:
        assert {(i, j) for i in left for j in right} <= edges
        assert not any(all((i, j) in edges for j in right) for i in range(5) if i not in left)
        assert not any(all((i, j) in edges for i in left) for j in range(5) if j not in right)
    assert {(i, j) for left, right in found for i in left for j in right} == edges


@given(
    st.integers(1, 4).flatmap(
        lambda size: st.lists(
            st.lists(st.integers(-4, 4), min_size=size, max_size=size),
            min_size=size,
            max_size=size,
        )
    )
)
def test_the_sign_of_a_determinant_is_that_of_leibniz_sum(matrix):
    size = len(matrix)
    total = sum(
        prod(1 if one < other else -1 for k, one in enumerate(order) for other in order[k + 1 :])
        * prod(matrix[k][order[k]] for k in range(size))
        for order in permutations(range(size))
    )

    assert determinant_sign(matrix) == (total > 0) - (total < 0)


@pytest.mark.parametrize(
    ("row", "column", "indices"),
    [
        pytest.param([[3, 0], [0, 1]], [[1, 0], [0, 3]], [1, 1, -1], id="battle of the sexes"),
        pytest.param([[1, -1], [-1, 1]], [[-1, 1], [1, -1]], [1], id="pennies"),
        # An outside option: the segment in which the threat deters entry has index 0.
        pytest.param([[1, 1], [0, 2]], [[2, 2], [0, 1]], [0, 1], id="entry deterrence"),
        pytest.param([[0, 0], [0, 0]], [[0, 0], [0, 0]], [1], id="zeros"),
    ],
)
def test_indices_by_hand(row, column, indices):
    report = equilibria(row, column)

    assert [one.index for one in report.components] == indices


def test_a_set_of_equilibria_tells_what_it_is_worth_to_whom():
    # The row player plays the first row; the column player may answer as it likes, up to 1/2.
    report = equilibria([[1, 1], [0, 2]], [[2, 2], [0, 1]])
    deterred = report.components[0]

    assert not deterred.is_point
    assert deterred.subsets[0].rows == ((1, 0),)
    assert deterred.subsets[0].columns == ((1, 0), (Fraction(1, 2), Fraction(1, 2)))
    assert (deterred.row_payoff, deterred.column_payoff) == ((1, 1), (2, 2))


def test_a_set_within_which_payoffs_differ_is_told_from_the_least_to_the_greatest():
    # The row player may do as it likes, and what it does is worth 5, 1 or 3 to the other.
    (free,) = equilibria([[0], [0], [0]], [[5], [1], [3]]).components
    (other,) = equilibria([[5, 1, 3]], [[0, 0, 0]]).components

    assert (free.row_payoff, free.column_payoff) == ((0, 0), (1, 5))
    assert (other.row_payoff, other.column_payoff) == ((1, 5), (0, 0))
