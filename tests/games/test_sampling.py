"""A sample holds different outcomes that can happen, each as likely as any other."""

import numpy as np
import pytest

from games.bargaining.solutions import bargain
from games.errors import UserError
from games.sampling import SampledSpace, sampled
from games.scenario import Scenario
from tests.support.domains import (
    listed,
    party,
    plain_utility,
    plainly_possible,
    plainly_signable,
    scenario,
)


def linked() -> Scenario:
    """Return a scenario with exclusions, a link, a dispute and a red line; 20 of 24 can happen."""
    options = {"a": [1, 2, 3], "b": ["x", "y"], "c": [0.5, 1.5, 2.5, 3.5]}
    points = {
        "a": {"1": 1.0, "2": 2.0, "3": 4.0},
        "b": {"x": 0.0, "y": 7.0},
        "c": {"0.5": 3.0, "1.5": 1.0, "2.5": 2.0, "3.5": 9.0},
    }
    issues = {name: {"label": name, "options": texts} for name, texts in options.items()}
    issues["a"]["excludes"] = {"1": {"c": ["0.5", "1.5"]}}  # pyright: ignore[reportArgumentType]
    first = party(points, links=[{"issues": ["a", "c"], "points": {"2": {"2.5": 5.0}}}])
    second = party(points, red_lines=[{"b": "x", "c": "3.5"}])
    dispute = {"level": {"issue": "b", "values": {"x": 0.0, "y": 1.0}}, "audience_cost": {"A": 3.0}}
    return scenario(issues, {"A": first, "B": second}, dispute=dispute)


def test_a_sampled_table_equals_the_whole_table_at_the_drawn_outcomes():
    game = linked()
    some = sampled(game, 12, seed=3)

    assert isinstance(some.space, SampledSpace)
    assert (some.space.size, some.space.count, some.space.population) == (12, 12, 20)
    for position, own in enumerate(some.preferences):
        whole = game.preferences[position]
        for index in range(12):
            drawn = game.space.index(some.space.outcome(index))
            assert game.space.is_possible(drawn)
            assert own.utility(index) == whole.utility(drawn)
            assert own.may_sign(index) == whole.may_sign(drawn)


def test_a_sample_of_everything_is_everything():
    game = linked()
    some = sampled(game, 1000)

    drawn = [game.space.index(some.space.outcome(k)) for k in range(some.space.size)]

    possible = [k for k in range(game.space.size) if game.space.is_possible(k)]
    assert drawn == possible
    assert bargain(some).pareto is not None
    assert [drawn[k] for k in bargain(some).pareto] == bargain(game).pareto.tolist()  # pyright: ignore
    assert [drawn[k] for k in bargain(some).zopa] == bargain(game).zopa.tolist()


def test_one_seed_gives_one_sample():
    game = linked()

    draws = [sampled(game, 6, seed).space.outcome for seed in (1, 1, 2)]

    lists = [[outcome(k) for k in range(6)] for outcome in draws]
    assert lists[0] == lists[1] != lists[2]


def test_each_outcome_is_as_likely_as_any_other():
    game = linked()
    counts = np.zeros(game.space.size)

    for seed in range(600):
        some = sampled(game, 5, seed)
        for k in range(5):
            counts[game.space.index(some.space.outcome(k))] += 1

    # 600 draws of 5 among 20: each is expected 150 times, with a standard deviation of 10.6.
    assert counts.sum() == 3000
    assert counts[counts > 0].min() > 150 - 45
    assert counts.max() < 150 + 45


def test_a_drawn_outcome_is_found_by_its_options_and_another_is_not():
    some = sampled(linked(), 6, seed=1)
    assert isinstance(some.space, SampledSpace)
    missing = next(
        (a, b, c)
        for a in range(3)
        for b in range(2)
        for c in range(4)
        if (a, b, c) not in [some.space.levels_of(k) for k in range(6)]
    )

    assert [some.space.index(some.space.outcome(k)) for k in range(6)] == list(range(6))
    with pytest.raises(ValueError, match="not among those drawn"):
        some.space.index_of_levels(missing)


def test_what_can_happen_in_a_space_without_a_mask_is_counted():
    options = {f"i{k}": [f"o{j}" for j in range(100)] for k in range(5)}
    points = {name: dict.fromkeys(texts, 1.0) for name, texts in options.items()}
    issues = {name: {"label": name, "options": texts} for name, texts in options.items()}
    issues["i0"]["excludes"] = {"o0": {"i3": ["o1", "o2"]}}  # pyright: ignore[reportArgumentType]
    game = scenario(issues, {"A": party(points), "B": party(points)})
    some = sampled(game, 500)

    assert game.space.count == 100**5 - 2 * 100**3
    outcomes = [some.space.outcome(k) for k in range(500)]
    assert all(
        plainly_possible(game, {issue: str(option) for issue, option in outcome.items()})
        for outcome in outcomes
    )


@pytest.mark.parametrize("size", [0, -5, 2**27])
def test_a_size_that_makes_no_sense_or_no_table_is_refused(size):
    with pytest.raises(UserError, match=f"sample: expected 1 to 67,108,864 outcomes, found {size}"):
        sampled(listed({"A": [1, 2], "B": [2, 1]}), size)


def test_helpers_agree_with_the_scenario_they_are_meant_to_check():
    game = linked()

    # The dispute costs A 3 points where b is y; the plain utility leaves it out.
    worth = [
        plain_utility(game, "A", k) - 3 * (game.space.outcome(k)["b"] == "y") for k in range(24)
    ]
    signs = [plainly_signable(game, "B", k) for k in range(24)]

    assert game.preferences[0].utilities.tolist() == worth
    assert [game.preferences[1].may_sign(k) for k in range(24)] == signs
