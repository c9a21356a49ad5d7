"""However many things are wrong with a scenario at once, all are told and none ends the telling."""

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.errors import ScenarioError
from games.scenario import bundled_scenarios, faults_of, load_scenario, scenario_of
from games.scenario_files.written import written
from tests.games.test_scenario import GAME, PRICE, SIDE

SMALL = [name for name in bundled_scenarios() if name != "ministerial"]


def mangled(values: Any, rng: Random, chance: float) -> Any:
    """Return plain values with some names changed and some entries left out."""
    if isinstance(values, list):
        return [mangled(one, rng, chance) for one in values if rng.random() > chance / 4]
    if not isinstance(values, dict):
        return f"{values}x" if isinstance(values, str) and rng.random() < chance else values
    kept = {key: one for key, one in values.items() if rng.random() > chance / 4}
    return {
        f"{key}x" if rng.random() < chance else key: mangled(one, rng, chance)
        for key, one in kept.items()
    }


@given(st.sampled_from(SMALL), st.integers(0, 10**6), st.sampled_from([0.002, 0.01]))
def test_whatever_is_wrong_is_told_in_lines_of_which_the_first_is_the_refusal(name, seed, chance):
    values = json.loads(load_scenario(name).canonical())
    head = {key: values.pop(key) for key in ("minilateral", "id", "title")}
    text = json.dumps({**head, **mangled(values, Random(seed), chance)}, ensure_ascii=False)
    source = written(text, "game.yaml")
    faults = faults_of(source)

    assert len({fault.line for fault in faults}) == len(faults)
    assert all(fault.line.startswith("game.yaml") and fault.what for fault in faults)
    if not faults:
        assert scenario_of(source).id == head["id"]
        return
    with pytest.raises(ScenarioError) as caught:
        scenario_of(source)
    assert str(caught.value) == faults[0].line


def test_what_the_parts_leave_is_looked_at_once_they_fit() -> None:
    nothing = GAME.replace(SIDE, f"{SIDE}\n    red_lines: [{{price: 1}}, {{price: 2}}]", 1)
    stray = nothing.replace(PRICE, f"{PRICE}\n    obligor: C", 1)

    assert [one.line for one in faults_of(written(nothing, "g"))] == [
        "g:16: parties.A.red_lines: they leave it nothing to sign"
    ]
    assert [one.where for one in faults_of(written(stray, "g"))] == ["issues.price.obligor"]


def test_a_stray_key_is_found_in_the_line_that_names_it() -> None:
    stray = "      price: {1: 0, 2: 5}\n      toll:\n        low: 1\n        high: 2\n"
    text = GAME.replace("      price: {1: 0, 2: 5}\n", stray, 1)
    (found,) = faults_of(written(text, "g"))

    assert text.splitlines()[(found.place.line or 0) - 1] == "      toll:"


def test_every_option_without_points_is_told() -> None:
    text = GAME.replace("{1: 0, 2: 5}", "{}", 1)

    assert [one.what for one in faults_of(written(text, "g"))] == [
        "the option '1' has no points",
        "the option '2' has no points",
    ]


def test_a_plan_is_told_to_be_none():
    source = written("minilateral-plan: 1\nid: p\n", "p.yaml")

    with pytest.raises(ScenarioError) as caught:
        scenario_of(source)

    assert str(caught.value) == (
        "p.yaml: minilateral: is missing; this is a plan, which `minilateral evaluate` plays"
    )
