"""The frequency model by hand, its measures against independent formulas."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.correlations import correlation, rank_correlation
from games.outcomes import OutcomeSpace
from games.tactics.frequency_model import belief, frequency_model, true_weights, weight_error
from tests.support.domains import listed, party, scenario, scenarios

SPACE = OutcomeSpace(("price", "law"), ((1, 2, 3), ("soft", "hard")))


def offers(*settled):
    """Return outcome indices of (price, law) pairs."""
    return [SPACE.index({"price": price, "law": law}) for price, law in settled]


def test_pure_frequencies_by_hand():
    # Price was changed once in two steps, law never: 1+1 against 1+2.
    model = frequency_model(SPACE, offers((1, "hard"), (2, "hard"), (2, "hard")), nearness=0.0)

    assert model.weights == pytest.approx([2 / 5, 3 / 5])
    assert [values.tolist() for values in model.values] == [[0.5, 1, 0], [0, 1]]
    assert model.utilities() == pytest.approx([0.2, 0.8, 0.4, 1.0, 0, 0.6])


def test_nearness_to_the_last_offer_decides_half_of_a_value():
    model = frequency_model(SPACE, offers((3, "soft"), (1, "soft")))

    # Both offered once; from 1 the prices lie 0, ½ and 1 away.
    assert model.values[0].tolist() == [1.0, 0.25, 0.5]
    assert model.values[1].tolist() == [1.0, 0.0]


def test_before_the_first_offer_everything_is_alike():
    model = frequency_model(SPACE, [])

    assert model.weights.tolist() == [0.5, 0.5]
    assert model.utilities().tolist() == [0.5] * 6


@given(scenarios(), st.lists(st.integers(0, 63), max_size=8), st.sampled_from([0.0, 0.5, 1.0]))
def test_estimates_lie_between_0_and_1_and_agree_with_each_other(game, numbers, nearness):
    history = [number % game.space.size for number in numbers]

    model = frequency_model(game.space, history, nearness)

    table = model.utilities()
    assert model.weights.sum() == pytest.approx(1)
    assert table.shape == (game.space.size,)
    assert ((table >= 0) & (table <= 1)).all()
    assert model.utility(np.arange(game.space.size)) == pytest.approx(table)


@given(scenarios(), st.integers(0, 63), st.integers(1, 5))
def test_what_is_offered_over_and_over_is_liked_best(game, number, times):
    wanted = number % game.space.size

    model = frequency_model(game.space, [wanted] * times)

    assert model.utilities()[wanted] == pytest.approx(1)


def plain_spearman(first, second):
    """Return Spearman's correlation from mean ranks counted one by one."""
    ranks = [
        [sum(b < a for b in values) + (sum(b == a for b in values) + 1) / 2 for a in values]
        for values in (first, second)
    ]
    return float(np.corrcoef(np.array(ranks))[0, 1])


whole = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=3, max_size=20).filter(
    lambda pairs: len({a for a, _ in pairs}) > 1 and len({b for _, b in pairs}) > 1
)


@given(whole)
def test_rank_correlation_gives_ties_their_mean_rank(pairs):
    first, second = (np.array(values, dtype=float) for values in zip(*pairs, strict=True))

    found = rank_correlation(first, second)

    assert found == pytest.approx(plain_spearman(first.tolist(), second.tolist()), abs=1e-12)


@given(whole)
def test_correlation_is_pearsons(pairs):
    first, second = (np.array(values, dtype=float) for values in zip(*pairs, strict=True))

    assert correlation(first, second) == pytest.approx(np.corrcoef(first, second)[0, 1], abs=1e-12)


def test_rank_correlation_by_hand():
    # Ranks 1, 2½, 2½, 4 against 1, 2, 3, 4: 4.5 / √(4.5 · 5).
    found = rank_correlation(np.array([1.0, 5, 5, 9]), np.array([10.0, 20, 30, 40]))

    assert found == pytest.approx(4.5 / (4.5 * 5) ** 0.5)


def test_the_last_digits_of_a_sum_make_no_rank():
    assert rank_correlation(np.array([0.1 + 0.2, 0.3]), np.array([1.0, 2.0])) is None


def test_nothing_correlates_with_what_is_constant():
    assert correlation(np.array([3.0, 3.0]), np.array([1.0, 2.0])) is None
    assert correlation(np.array([]), np.array([])) is None


def test_true_weights_of_additive_points_are_their_ranges():
    # Ranges 30, 10 and 0.
    game = scenario(
        {"a": ["x", "y", "z"], "b": ["x", "y"], "c": ["x"]},
        {
            "A": party({"a": {"x": 0, "y": 30, "z": 7}, "b": {"x": 12, "y": 2}, "c": {"x": 9}}),
            "B": party({"a": dict.fromkeys("xyz", 1), "b": dict.fromkeys("xy", 1), "c": {"x": 1}}),
        },
    )

    one, indifferent = (true_weights(game.space, own.utilities) for own in game.preferences)

    assert one == pytest.approx([0.75, 0.25, 0])
    assert indifferent.tolist() == [0, 0, 0]


def test_a_link_counts_in_the_issues_it_joins_by_its_mean():
    # With 20 points for (y, y): means of a 0 and 10, of b 0 and 10.
    points = {"a": {"x": 0, "y": 0}, "b": {"x": 0, "y": 0}}
    link = {"issues": ["a", "b"], "points": {"y": {"y": 20}}}
    game = scenario(
        {"a": ["x", "y"], "b": ["x", "y"]}, {"A": party(points, links=[link]), "B": party(points)}
    )

    assert true_weights(game.space, game.preferences[0].utilities) == pytest.approx([0.5, 0.5])


def test_weights_are_all_wrong_if_they_lie_on_another_issue():
    assert weight_error(np.array([1.0, 0]), np.array([0, 1.0])) == 1
    assert weight_error(np.array([0.5, 0.5]), np.array([0.75, 0.25])) == 0.25


def test_a_belief_compares_the_model_with_the_truth():
    game = listed({"A": [0, 1, 2, 3], "B": [9, 5, 2, 0]})

    right = belief(game.space, game.preferences[1], [0])
    wrong = belief(game.space, game.preferences[1], [3])

    assert (right.party, right.offers, right.issues) == ("B", 1, ("deal",))
    assert right.believed == right.true == (1,)
    assert right.weight_error == 0
    assert right.rank_correlation == pytest.approx(1)
    assert wrong.rank_correlation == pytest.approx(-1)


def test_outcomes_that_cannot_happen_do_not_count():
    points = {"a": {"x": 0, "y": 50}, "b": {"x": 0, "y": 50}}
    issues = {
        "a": {"label": "a", "options": ["x", "y"], "excludes": {"y": {"b": ["y"]}}},
        "b": ["x", "y"],
    }
    game = scenario(issues, {"A": party(points), "B": party(points)})
    asked = [game.space.index({"a": "y", "b": "x"})]

    found = belief(game.space, game.preferences[0], asked)

    # Estimates of (x,x), (x,y), (y,x): ½, 0, 1; true 0, 50, 50. Ranks 2, 1, 3 and 1, 2½, 2½.
    assert found.rank_correlation == pytest.approx(0)


def test_nobody_knows_anything_before_an_offer():
    game = listed({"A": [0, 1], "B": [1, 0]})

    found = belief(game.space, game.preferences[1], [])

    assert (found.offers, found.rank_correlation, found.correlation) == (0, None, None)
