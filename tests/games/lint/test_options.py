"""An option is called dominated or a duplicate where every table of outcomes says so."""

from collections.abc import Mapping
from itertools import product

import numpy as np
from hypothesis import given, settings

from games import parse_scenario
from games.lint.findings import findings, lint
from games.lint.options import dominated_options, option_margins
from games.scenario import Scenario
from games.utility import TIE
from tests.support.domains import party, scenario, scenarios


def two_issues(a: Mapping[str, Mapping[str, float]], b: Mapping[str, Mapping[str, float]], **more):
    """Return a scenario of two parties from their points, `more` going to the party A."""
    return scenario(
        {
            name: {"label": name, "options": list(options), "obligor": "A"}
            for name, options in a.items()
        },
        {"A": party(a, name="one", **more), "B": party(b, name="two", side="supplier")},
    )


def test_an_option_worse_for_all_is_dominated_and_named_with_what_is_better():
    game = two_issues(
        {"price": {"1": 0, "2": 3, "3": 5}, "tax": {"x": 0, "y": 9}},
        {"price": {"1": 0, "2": 0, "3": 5}, "tax": {"x": 9, "y": 0}},
    )

    assert dominated_options(game) == {"price": {"1": "3", "2": "3"}}


def test_a_link_that_makes_an_option_worth_having_once_saves_it():
    link = {"issues": ["price", "tax"], "points": {"1": {"y": 5.5}}}
    game = two_issues(
        {"price": {"1": 0, "2": 5}, "tax": {"x": 0, "y": 9}},
        {"price": {"1": 0, "2": 5}, "tax": {"x": 9, "y": 0}},
        links=[link],
    )

    assert dominated_options(game) == {}


def test_a_red_line_on_the_better_option_saves_the_worse_one():
    game = two_issues(
        {"price": {"1": 0, "2": 5}, "tax": {"x": 0, "y": 9}},
        {"price": {"1": 0, "2": 5}, "tax": {"x": 9, "y": 0}},
        red_lines=[{"price": "2"}],
    )

    assert dominated_options(game) == {}


def test_a_dispute_counts_as_points_do():
    game = two_issues(
        {"form": {"loose": 0, "deep": 1}, "quarrel": {"calm": 0, "hot": 1}},
        {"form": {"loose": 0, "deep": 0}, "quarrel": {"calm": 0, "hot": 0}},
    )
    quarrel = {
        "level": {"issue": "quarrel", "values": {"calm": 0, "hot": 1}},
        "depth": {"issue": "form", "values": {"loose": 0, "deep": 1}},
        "audience_cost": {"A": 2},
    }
    values = {**game.model_dump(by_alias=True, exclude_defaults=True), "dispute": quarrel}
    disputed = Scenario.model_validate(values)

    assert dominated_options(game) == {"form": {"loose": "deep"}, "quarrel": {"calm": "hot"}}
    assert dominated_options(disputed) == {}
    assert option_margins(disputed, "form").least[1, 0] == -1


def test_options_worth_the_same_to_all_are_one_too_many():
    game = two_issues(
        {"price": {"1": 0, "2": 5, "3": 5}, "tax": {"x": 0, "y": 9}},
        {"price": {"1": 4, "2": 0, "3": 0}, "tax": {"x": 9, "y": 0}},
    )

    assert [(one.where, one.what) for one in lint(game)] == [
        ("issues.price.options", "2 and 3: worth the same to everyone, whatever else is settled")
    ]


def test_duplicates_of_which_one_is_a_red_line_are_none():
    game = two_issues(
        {"price": {"1": 0, "2": 5, "3": 5}, "tax": {"x": 0, "y": 9}},
        {"price": {"1": 4, "2": 0, "3": 0}, "tax": {"x": 9, "y": 0}},
        red_lines=[{"price": "3"}],
    )

    assert lint(game) == ()


def test_an_issue_that_moves_nobody_is_found_unless_something_else_reads_it():
    points = {"price": {"1": 0, "2": 5}, "form": {"loose": 0, "deep": 0}}
    game = two_issues(points, {"price": {"1": 5, "2": 0}, "form": {"loose": 0, "deep": 0}})
    depth = {"issue": "form", "values": {"loose": 0, "deep": 1}}
    fund = {
        "label": "a fund",
        "members": ["A", "B"],
        "size": depth,
        "cost": {"A": 1, "B": 1},
        "benefit": {"A": 2, "B": 2},
    }
    values = {**game.model_dump(by_alias=True, exclude_defaults=True), "fund": fund}

    assert [one.where for one in lint(game)] == ["issues.form"]
    assert lint(Scenario.model_validate(values)) == ()


@settings(max_examples=150, deadline=None)
@given(scenarios(limits=False))
def test_margins_are_those_of_the_tables(game: Scenario):
    space = game.space
    tables = [own.utilities.reshape(space.shape) for own in game.preferences]
    for axis, name in enumerate(game.issues):
        margins = option_margins(game, name)
        for a, b in product(range(space.shape[axis]), repeat=2):
            apart = [np.take(one, a, axis) - np.take(one, b, axis) for one in tables]
            assert margins.least[a, b] == np.float64(min(one.min() for one in apart))
            assert margins.most[a, b] == np.float64(max(one.max() for one in apart))


@settings(max_examples=100, deadline=None)
@given(scenarios())
def test_whatever_is_dominated_can_be_left_for_what_dominates_it(game: Scenario):
    space = game.space
    for name, dominated in dominated_options(game).items():
        for option, better in dominated.items():
            for index in range(space.size):
                outcome = space.outcome(index)
                if outcome[name] != option:
                    continue
                other = space.index({**outcome, name: better})
                for own in game.preferences:
                    assert own.utility(other) >= own.utility(index) - TIE
                    assert own.may_sign(other) or not own.may_sign(index)


def test_dominated_options_do_not_make_a_check_fail():
    game = two_issues(
        {"price": {"1": 0, "2": 5}, "tax": {"x": 0, "y": 9}},
        {"price": {"1": 0, "2": 5}, "tax": {"x": 9, "y": 0}},
    )

    assert lint(game) == ()
    assert any("dominated" in one.what for one in findings(game))


def test_words_that_each_reads_in_its_own_way_dominate_nothing() -> None:
    text = """
minilateral: 1
id: open-words
title: Open words
issues:
  form:
    label: form
    options: [one, other, open]
    ambiguous: {open: {readings: {A: one, B: other}, hazard: 0.1, arbitration: {one: 1, other: 1}}}
parties:
  A: {name: A, side: consumer, points: {form: {one: 10, other: 0}}}
  B: {name: B, side: supplier, points: {form: {one: 0, other: 10}}}
"""
    assert dominated_options(parse_scenario(text)) == {}
