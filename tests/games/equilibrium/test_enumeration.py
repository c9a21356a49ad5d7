"""Vertices of best-reply polytopes and which pairs of them are equilibria."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.equilibrium import enumeration, polytope
from games.equilibrium.enumeration import EXACT_WORK, FLAT, turned, worst_case
from games.equilibrium.polytope import best_reply_polytope, pivots_between_looks
from games.equilibrium.solve import equilibria
from tests.support.games import random_game

HALF = Fraction(1, 2)
TIED = st.lists(st.lists(st.integers(1, 2), min_size=3, max_size=3), min_size=3, max_size=4)
"""Constraints in three dimensions of which many are tight together."""


def test_a_square_has_three_vertices_besides_the_origin():
    found = best_reply_polytope([[1, 2], [2, 1]])

    # x ≥ 0, x + 2y ≤ 1, 2x + y ≤ 1: (1/2, 0), (0, 1/2) and (1/3, 1/3).
    assert {(vertex.labels, vertex.weights) for vertex in found.vertices} == {
        (0b1010, (1, 0)),
        (0b0101, (0, 1)),
        (0b1100, (1, 1)),
    }
    assert found.complete


def test_a_redundant_constraint_is_a_label_more_and_a_basis_more_but_no_vertex_more():
    found = best_reply_polytope([[1, 2], [2, 1], [2, 1]])

    assert len(found.vertices) == 3
    assert max(vertex.labels.bit_count() for vertex in found.vertices) == 3


@settings(max_examples=60)
@given(TIED, st.data())
def test_the_row_that_leaves_is_the_first_at_zero_once_the_right_hand_side_is_perturbed(
    coefficients, data
):
    tableau = polytope.Tableau.of(coefficients)
    for _ in range(4):
        column = data.draw(st.sampled_from(range(3)))
        leaves = tableau.leaving(column)
        values = [
            value / Fraction(row[column], tableau.scale) if row[column] > 0 else None
            for row, value in zip(tableau.rows, perturbed(coefficients, tableau), strict=True)
        ]
        assert values[leaves] == min(value for value in values if value is not None)
        tableau = tableau.pivoted(leaves, column)


def perturbed(coefficients, tableau) -> list[Fraction]:
    """Return the basic variables of C x + s = 1 + ε^j, solved anew for a very small ε."""
    width, height = len(coefficients[0]), len(coefficients)
    epsilon = Fraction(1, 10**9)
    system = [
        [Fraction(row[k] if k < width else k - width == j) for k in tableau.basic]
        + [1 + epsilon ** (j + 1)]
        for j, row in enumerate(coefficients)
    ]
    for place in range(height):
        pivot = next(j for j in range(place, height) if system[j][place])
        system[place], system[pivot] = system[pivot], system[place]
        first = [entry / system[place][place] for entry in system[place]]
        system = [
            first
            if j == place
            else [one - line[place] * other for one, other in zip(line, first, strict=True)]
            for j, line in enumerate(system)
        ]
    return [line[-1] for line in system]


def test_a_walk_asks_whether_time_is_up_once_every_so_many_pivots():
    asked = []
    found = best_reply_polytope(_cube(9), lambda: bool(asked.append(None)))

    assert found.complete
    assert len(asked) == len(found.bases) // pivots_between_looks(_cube(9)) > 1


def test_a_game_in_which_one_has_a_hundred_strategies_is_timed_whatever_its_size(monkeypatch):
    timed = []
    monkeypatch.setattr(enumeration, "_limit", lambda *_: timed.append(None))
    for width, looks in ((FLAT - 1, 0), (FLAT, 2)):
        equilibria([[0] * width], [list(range(width))])
        assert len(timed) == looks


def test_a_walk_that_is_stopped_says_so():
    assert not best_reply_polytope(_cube(9), lambda: True).complete


def _cube(size: int) -> list[list[int]]:
    return [[2 if i == j else 1 for j in range(size)] for i in range(size)]


@pytest.mark.parametrize("seed", range(40))
def test_there_are_never_more_bases_than_the_upper_bound_theorem_allows(seed):
    row, _ = random_game(seed, largest=6)
    whole = [[int(value * 10**4) + 10**10 for value in line] for line in row]
    constraints, dimension = len(whole), len(whole[0])
    found = best_reply_polytope(whole)

    bound = worst_case(dimension, constraints) // (constraints * (dimension + 1))
    assert len(found.vertices) <= len(found.bases) < bound


@pytest.mark.parametrize(
    ("dimension", "constraints", "vertices"), [(2, 3, 5), (3, 3, 8), (4, 4, 20), (1, 5, 2)]
)
def test_the_upper_bound_by_hand(dimension, constraints, vertices):
    # A polygon with f sides has f vertices; a simple polytope of dimension 3 with f facets 2f − 4;
    # one of dimension 4 with f facets f (f − 3) / 2; a segment has two ends.
    assert worst_case(dimension, constraints) == vertices * constraints * (dimension + 1)


def test_games_of_thirteen_strategies_are_in_the_exact_range_and_larger_ones_are_not():
    assert worst_case(13, 13) <= EXACT_WORK < worst_case(14, 14)
    assert comb(26, 13) > worst_case(13, 13) // (13 * 14)


@pytest.mark.parametrize(("own", "others"), list(product((1, 3), (1, 2))))
def test_turning_labels_twice_changes_nothing(own, others):
    for labels in range(1 << (own + others)):
        assert turned(turned(labels, own, others), others, own) == labels


@pytest.mark.parametrize("width", [63, 64, 70])
def test_labels_of_more_strategies_than_a_machine_word_has_bits_are_told_apart(width):
    # The column player likes its last strategy best, and the row player has but one.
    report = equilibria([[0] * width], [list(range(width))])

    assert [one.cell for one in report.equilibria] == [(0, width - 1)]
    assert report.complete


@pytest.mark.parametrize("unfinished", [0, 1])
def test_where_one_walk_is_not_finished_the_list_is_not_complete_and_paths_are_followed(
    monkeypatch, unfinished
):
    def walk(coefficients, is_up=None):
        whole = best_reply_polytope(coefficients)
        walks.append(whole)
        stopped = len(walks) == unfinished + 1
        return replace(whole, vertices=(), complete=False) if stopped else whole

    walks = []
    monkeypatch.setattr(enumeration, "best_reply_polytope", walk)
    report = equilibria([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])

    assert not report.complete
    assert [(one.row, one.column) for one in report.equilibria] == [((HALF, HALF), (HALF, HALF))]


def test_beyond_the_exact_range_a_list_is_complete_all_the_same_where_time_suffices(monkeypatch):
    game = [[3, 0, 2], [0, 3, 2], [2, 2, 1]], [[1, 4, 2], [3, 0, 2], [2, 2, 5]]
    exact = equilibria(*game)
    monkeypatch.setattr(enumeration, "EXACT_WORK", 0)
    monkeypatch.setattr(polytope, "CHECK_EVERY", 1)  # whether time is up is asked at each pivot
    timed = equilibria(*game, budget_s=3600)

    assert timed.complete
    assert timed.equilibria == exact.equilibria


@pytest.mark.parametrize(("kept", "looks"), [(0, 1), (1, 1), (3, 3)])
def test_a_walk_is_looked_at_until_its_tableaux_would_fill_the_memory(monkeypatch, kept, looks):
    # A tableau of 3 × 5 entries a pivot: so many are kept between one look and the next.
    coefficients = [[1, 2, 3, 4]] * 3
    entries = 15 * pivots_between_looks(coefficients)
    monkeypatch.setattr(enumeration, "CELLS_KEPT", kept * entries)

    is_up = enumeration._limit(coefficients, float("inf"))
    assert [is_up() for _ in range(looks + 2)] == [False] * looks + [True] * 2
    assert enumeration._limit(coefficients, float("-inf"))()
