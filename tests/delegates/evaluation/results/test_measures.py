"""How good an outcome is, on hand-worked numbers, by plain counting, and on any scale."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delegates.evaluation.results.measures import MEASURES, measured, spans, yardstick
from games import utility
from games.bargaining.solutions import bargain, normalised_gains, utility_rows
from games.outcomes import FloatArray
from games.referee import referee
from games.scenario import Scenario, load_scenario
from tests.support.domains import listed, random_scenario, scenarios


def four_outcomes() -> Scenario:
    """Return a game of four outcomes; b, c and d are acceptable to both, d is dominated.

    In gains: a (4/3, −1/3), b (1, 1/2), c (1/3, 1), d (0, 1/3).
    """
    return listed({"A": [10, 8, 4, 2], "B": [0, 5, 8, 4]}, {"A": 2, "B": 2})


def of_all(game: Scenario) -> FloatArray:
    """Return the measures of all outcomes and, last, of no agreement."""
    return measured(game, np.vstack([gains_of_all(game), np.zeros(len(game.ids))]))


def gains_of_all(game: Scenario) -> FloatArray:
    room = spans(game)
    least = np.array([own.reservation for own in game.preferences])
    return (utility_rows(game, np.arange(game.space.size)).T - least) / room


def test_measures_of_four_outcomes_worked_by_hand():
    a, b, c, d, none = of_all(four_outcomes())

    # The frontier is a, b and c; no agreement is farthest from it, √10/3 from c; d is √5/3 from c.
    assert [one[0] for one in (a, b, c)] == [1.0, 1.0, 1.0]
    assert d[0] == pytest.approx(1 - 1 / sqrt(2))
    assert none[0] == pytest.approx(0)
    # The Nash outcome is b, √5/2 from no agreement; c is 5/6 from it.
    assert b[1] == 1.0
    assert c[1] == pytest.approx(1 - (5 / 6) / (sqrt(5) / 2))
    assert a[1] == pytest.approx(1 - sqrt(1 / 9 + 25 / 36) / (sqrt(5) / 2))
    assert none[1] == pytest.approx(0)
    # The greatest sum is 3/2, the greatest product 1/2, both of b.
    assert [one[2] for one in (a, b, c, d, none)] == pytest.approx([2 / 3, 1, 8 / 9, 2 / 9, 0])
    assert [one[3] for one in (a, b, c, d, none)] == pytest.approx([0, 1, 2 / 3, 0, 0])


def test_measures_are_those_of_plain_counting():
    drawn = [
        random_scenario(seed, parties=2 + seed % 3, outcomes=(20, 200), scale=100.0)
        for seed in range(20)
    ]
    solvable = [game for game in drawn if len(bargain(game).zopa) and not bargain(game).left_out]
    assert len(solvable) >= 6
    for game in solvable:
        gains = gains_of_all(game)
        points = [*map(tuple, gains.tolist()), (0.0,) * gains.shape[1]]
        frontier = [p for p in points[:-1] if not any(dominates(q, p) for q in points[:-1])]
        nash = [points[k] for k in bargain(game).solutions["nash"]]
        found = of_all(game)

        for place, goals in enumerate((frontier, nash)):
            away = np.array([min(distance(p, q) for q in goals) for p in points])
            assert found[:, place] == pytest.approx(1 - away / away.max(), abs=1e-6)
        zopa = gains[bargain(game).zopa]
        assert found[:, 2] == pytest.approx(np.sum(points, axis=1) / zopa.sum(axis=1).max())
        products = np.prod(np.maximum(points, 0.0), axis=1)
        assert found[:, 3] == pytest.approx(products / zopa.prod(axis=1).max(), abs=1e-6)


def distance(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return sqrt(sum((a - b) ** 2 for a, b in zip(one, other, strict=True)))


def dominates(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    pairs = [*zip(one, other, strict=True)]
    return all(a >= b - 1e-9 for a, b in pairs) and any(a > b + 1e-9 for a, b in pairs)


@settings(deadline=None)
@given(
    seed=st.integers(0, 10_000),
    parties=st.integers(2, 4),
    units=st.lists(st.tuples(st.floats(0.05, 50), st.floats(-100, 100)), min_size=4, max_size=4),
)
def test_nothing_changes_when_a_partys_points_are_rescaled(seed, parties, units):
    game = random_scenario(seed, parties=parties, outcomes=(20, 300), scale=100.0)

    other = rescaled(game, units)

    assert of_all(other) == pytest.approx(of_all(game), abs=1e-6, nan_ok=True)


def rescaled(game: Scenario, units: list[tuple[float, float]]) -> Scenario:
    """Return a scenario with each party's points on another scale."""
    parties = {}
    for (name, party), (factor, shift) in zip(game.parties.items(), units, strict=False):
        first = next(iter(party.points))
        points = {
            issue: {
                option: factor * value + (shift if issue == first else 0.0)
                for option, value in options.items()
            }
            for issue, options in party.points.items()
        }
        links = tuple(
            link.model_copy(
                update={
                    "points": {
                        one: {two: factor * value for two, value in inner.items()}
                        for one, inner in link.points.items()
                    }
                }
            )
            for link in party.links
        )
        least = factor * party.reservation + shift
        update = {"points": points, "links": links, "reservation": least}
        parties[name] = party.model_copy(update=update)
    return game.model_copy(update={"parties": parties})


@settings(deadline=None)
@given(game=scenarios())
def test_measures_are_shares_wherever_there_is_something_to_gain(game):
    found = of_all(game)

    if yardstick(game) is None:
        assert np.isnan(found).all()
    else:
        near = found[:, :2]
        assert ((near >= 0) & (near <= 1)).all()
        zopa = bargain(game).zopa
        assert (found[zopa, 2] <= 1 + 1e-9).all()
        assert found[zopa, 2].max() == pytest.approx(1)


def test_parties_that_cannot_gain_are_left_out_of_all_measures():
    game = listed({"A": [10, 8, 0], "B": [0, 0, 9], "C": [1, 5, 9]}, {"A": 2, "B": 0, "C": 0})

    assert bargain(game).left_out == ("B",)
    assert np.isnan(spans(game)).tolist() == [False, True, False]
    gains = normalised_gains(game, np.arange(3)).T
    gains[:, 1] = np.nan
    two = listed({"A": [10, 8, 0], "C": [1, 5, 9]}, {"A": 2, "C": 0})
    assert yardstick(two) is not None
    # Which outcomes are on the frontier is everyone's matter: b's last outcome is, either way.
    assert measured(game, gains)[:, 2:] == pytest.approx(
        measured(two, np.delete(gains, 1, axis=1))[:, 2:]
    )


def test_without_a_zopa_nothing_is_measured():
    game = listed({"A": [5, 0], "B": [0, 5]}, {"A": 3, "B": 3})

    assert yardstick(game) is None
    assert np.isnan(spans(game)).all()
    assert np.isnan(measured(game, np.zeros((3, 2)))).all()


def test_too_many_outcomes_for_tables_are_not_measured(monkeypatch):
    game = four_outcomes()
    monkeypatch.setattr(utility, "MAX_TABLE_BYTES", 8)

    assert np.isnan(spans(game)).all()
    assert np.isnan(measured(game, np.ones((1, 2)))).all()


def test_without_a_frontier_only_its_measure_is_missing(monkeypatch):
    monkeypatch.setattr("games.bargaining.solutions.PARETO_LIMIT", (1, 1))
    found = of_all(four_outcomes())

    assert np.isnan(found[:, 0]).all()
    assert not np.isnan(found[:, 1:]).any()


def test_where_not_everyone_can_gain_at_once_there_is_no_product():
    game = listed({"A": [1, 0], "B": [0, 1]}, {"A": 0, "B": 0})
    found = of_all(game)

    assert np.isnan(found[:, MEASURES.index("product")]).all()
    assert found[:2, :3].tolist() == [[1, 1, 1], [1, 1, 1]]


def test_what_no_outcome_improves_on_is_on_the_frontier_even_beyond_it():
    game = four_outcomes()
    beyond, below = measured(game, np.array([[1.2, 0.6], [1.0, 0.4]]))

    assert beyond[0] == 1.0
    assert beyond[2] == pytest.approx(1.8 / 1.5)
    assert beyond[3] == pytest.approx(0.72 / 0.5)
    assert 0 < below[0] < 1


def test_what_lies_farther_than_any_outcome_is_at_nought():
    found = measured(four_outcomes(), np.array([[-3.0, -3.0]]))

    assert found[0, :2].tolist() == [0, 0]
    assert found[0, 2] == pytest.approx(-4)


@pytest.mark.parametrize("name", ["cobalt-offtake", "ministerial"])
def test_nash_outcomes_of_bundled_scenarios_are_worth_all(name):
    game = load_scenario(name)
    nash = bargain(game).solutions["nash"]

    found = measured(game, normalised_gains(game, nash).T)

    assert found[:, [0, 1, 3]] == pytest.approx(np.ones((len(nash), 3)))


def test_the_yardstick_is_computed_once():
    game = four_outcomes()

    assert yardstick(game) is yardstick(game)


def test_no_sessions_have_no_measures():
    assert measured(four_outcomes(), np.empty((0, 2))).shape == (0, len(MEASURES))


@pytest.mark.parametrize("outcome", [0, 700, 1100])
def test_measures_are_the_referees_distances_as_shares_of_the_greatest(outcome):
    game = load_scenario("first-table")
    by, findings = yardstick(game), referee(game, outcome)
    assert by is not None

    (found,) = measured(game, normalised_gains(game, np.array([outcome])).T)

    distances = (findings.distance_to_frontier, findings.distance_to_nash)
    assert (1 - found[:2]) * by.farthest == pytest.approx(distances, abs=1e-7)
    assert found[3] == pytest.approx(findings.nash_ratio, abs=1e-7)
