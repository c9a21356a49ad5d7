"""Outcomes are mixed-radix numbers whose last issue varies fastest."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.outcomes import OutcomeSpace, option_text
from tests.support.domains import scenarios

SPACE = OutcomeSpace(("price", "grade", "law"), ((10, 20.5), ("A", "B", "C"), ("soft", "hard")))

shapes = st.lists(st.integers(1, 5), min_size=1, max_size=4)


def space_of(shape: list[int]) -> OutcomeSpace:
    return OutcomeSpace(
        tuple(f"i{k}" for k in range(len(shape))),
        tuple(tuple(f"o{j}" for j in range(width)) for width in shape),
    )


@pytest.mark.parametrize(
    ("levels", "index"),
    [((0, 0, 0), 0), ((0, 0, 1), 1), ((0, 1, 0), 2), ((1, 0, 0), 6), ((1, 2, 1), 11)],
)
def test_the_last_issue_varies_fastest(levels, index):
    assert SPACE.index_of_levels(levels) == index
    assert SPACE.levels_of(index) == levels


def test_a_space_knows_its_shape_size_and_strides():
    assert (SPACE.shape, SPACE.size, SPACE.count, SPACE.strides) == ((2, 3, 2), 12, 12, (6, 2, 1))


@given(shapes)
def test_index_levels_and_outcome_go_round(shape):
    space = space_of(shape)

    for index in range(space.size):
        assert space.index_of_levels(space.levels_of(index)) == index
        assert space.index(space.outcome(index)) == index


@given(shapes)
def test_the_table_of_levels_holds_the_levels_of_every_outcome(shape):
    space = space_of(shape)

    assert space.levels.T.tolist() == [list(space.levels_of(k)) for k in range(space.size)]


def test_options_may_be_given_as_written_or_as_text():
    written = SPACE.index({"price": 20.5, "grade": "C", "law": "soft"})

    assert SPACE.index({"law": "soft", "price": "20.5", "grade": "C"}) == written == 10


@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        ({"price": 10, "grade": "A"}, "'law' is not settled"),
        ({"price": 10, "grade": "A", "law": "soft", "tax": 1}, "no issue 'tax'"),
        ({"price": 15, "grade": "A", "law": "soft"}, "price has no option 15; its options are 10"),
        ({"price": 10.0, "grade": "A", "law": "soft"}, "price has no option 10.0"),
    ],
)
def test_an_outcome_that_is_none_is_refused_with_what_is_wrong(outcome, message):
    with pytest.raises(ValueError, match=message):
        SPACE.index(outcome)


@pytest.mark.parametrize(("option", "text"), [(7, "7"), (7.0, "7.0"), (0.1, "0.1"), ("7", "7")])
def test_an_option_is_named_by_its_text(option, text):
    assert option_text(option) == text


def test_indices_outside_the_space_are_not_possible():
    assert [SPACE.is_possible(index) for index in (-1, 0, 11, 12)] == [False, True, True, False]


def test_excluded_outcomes_are_not_counted():
    mask = np.arange(12) != 3
    space = OutcomeSpace(SPACE.issues, SPACE.options, mask)

    assert space.count == 11
    assert not space.is_possible(3)


def test_a_vector_and_a_table_broadcast_over_the_space():
    prices = SPACE.along("price", [1, 2])
    pairs = SPACE.across("law", "price", np.array([[10.0, 20.0], [30.0, 40.0]]))
    sums = np.broadcast_to(prices + pairs, SPACE.shape)

    assert sums[0, 1, 0] == 1 + 10
    assert sums[1, 2, 0] == 2 + 20
    assert sums[0, 0, 1] == 1 + 30


@given(scenarios())
def test_equal_scenarios_compare_equal_even_where_options_exclude_each_other(scenario):
    assert scenario == scenario.model_copy()
    assert scenario == type(scenario).model_validate(scenario.model_dump(by_alias=True))
