"""Rankings against weights, worked out by hand and for any weights."""

from math import sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.review.rankings import issue_weights, rank_agreement
from tests.games.review.sessions import trade

WEIGHTS = {"a": 4.0, "b": 3.0, "c": 2.0, "d": 1.0}

weights = st.dictionaries(
    st.sampled_from("abcdefgh"), st.integers(0, 6).map(float), min_size=2, max_size=8
)


def rightly(given_weights: dict[str, float]) -> list[str]:
    return sorted(given_weights, key=lambda name: -given_weights[name])


@pytest.mark.parametrize(
    ("ranking", "tau", "right", "compared"),
    [
        ("abcd", 1.0, 6, 6),
        ("dcba", -1.0, 0, 6),
        ("bacd", 4 / 6, 5, 6),
        ("badc", 2 / 6, 4, 6),
        # b, c and d stand behind together: three pairs are decided, three left open.
        ("a", 3 / sqrt(3 * 6), 3, 6),
        ("ab", 5 / sqrt(5 * 6), 5, 6),
        ("d", -3 / sqrt(3 * 6), 0, 6),
    ],
)
def test_rankings_of_four_issues(ranking: str, tau: float, right: int, compared: int) -> None:
    found = rank_agreement([*ranking], WEIGHTS)
    assert found.tau == pytest.approx(tau)
    assert (found.right, found.compared) == (right, compared)
    assert set(found.unnamed) == set(WEIGHTS) - set(ranking)
    assert found.tied == ()


def test_issues_of_the_same_weight_do_not_count_in_any_order() -> None:
    tied = {"a": 2.0, "b": 1.0, "c": 1.0}
    for ranking in ("abc", "acb"):
        found = rank_agreement([*ranking], tied)
        assert (found.tau, found.right, found.compared) == (1.0, 2, 2)
        assert found.tied == (("b", "c"),)


def test_nothing_can_be_compared_where_all_weigh_the_same_or_nothing_is_ranked() -> None:
    assert rank_agreement(["b", "a"], {"a": 0.5, "b": 0.5}).tau is None
    assert rank_agreement([], WEIGHTS).tau is None


def test_the_tau_is_that_of_the_literature_where_nothing_truly_ties() -> None:
    stats = pytest.importorskip("scipy.stats")
    for ranking in ("abcd", "cadb", "bd", "c", "dcab"):
        place = {name: at for at, name in enumerate(ranking)}
        said = [-place.get(name, 9) for name in WEIGHTS]
        expected = stats.kendalltau(said, list(WEIGHTS.values()), variant="b").statistic
        assert rank_agreement([*ranking], WEIGHTS).tau == pytest.approx(expected)


@given(weights)
def test_the_right_order_scores_one_and_its_reverse_minus_one(drawn: dict[str, float]) -> None:
    right = rightly(drawn)
    expected = 1.0 if len(set(drawn.values())) > 1 else None
    assert rank_agreement(right, drawn).tau == expected
    reverse = rank_agreement(right[::-1], drawn).tau
    assert reverse == (None if expected is None else -1.0)


@given(weights, st.randoms(use_true_random=False), st.sampled_from([0.25, 3.0, 1000.0]))
def test_the_unit_of_weights_decides_nothing(
    drawn: dict[str, float], chance: Random, factor: float
) -> None:
    ranking = list(drawn)
    chance.shuffle(ranking)
    scaled = {name: factor * one for name, one in drawn.items()}
    assert rank_agreement(ranking, scaled) == rank_agreement(ranking, drawn)


@given(weights, st.randoms(use_true_random=False))
def test_reversing_a_ranking_reverses_its_sign(drawn: dict[str, float], chance: Random) -> None:
    ranking = list(drawn)
    chance.shuffle(ranking)
    one, other = rank_agreement(ranking, drawn).tau, rank_agreement(ranking[::-1], drawn).tau
    assert (one is None) == (other is None)
    assert one is None or one == -(other or 0.0)


def test_an_issue_weighs_its_share_of_the_ranges_of_what_its_options_are_worth() -> None:
    # Gold 3 and law 2 bring 2.5 points together: in the mean over four laws 0.625 to gold 3.
    assert issue_weights(trade(), "A") == {
        "gold": pytest.approx(61.625 / 97.625),
        "time": pytest.approx(13 / 97.625),
        "law": pytest.approx(23 / 97.625),
    }
