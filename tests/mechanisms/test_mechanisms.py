"""Each mechanism moves what it should, in the right direction; how much stands in the docs."""

from pathlib import Path

import numpy as np
import pytest

from delegates.trials.endings import played, seated
from games.scenario import load_scenario
from tests.mechanisms.campaign import PAIRS, lines, measured
from tests.mechanisms.curves import TEXTS, curve, steepness, table, unkept
from tests.mechanisms.measure import effect
from tests.mechanisms.registry import MECHANISMS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "theory" / "mechanisms.md"
FEW, MORE = 3, 12
"""Sessions an arm, of long scenarios and of short ones: whether three agree hangs on chance."""


def test_the_effect_of_nothing_is_nothing() -> None:
    found = effect([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    assert (found.difference, found.error) == (0.0, 0.0)
    assert not found.is_large


def test_a_paired_difference_and_its_error_are_those_worked_out_by_hand() -> None:
    found = effect([1.0, 2.0, 3.0, 4.0], [2.0, 2.0, 5.0, 5.0])
    # Differences 1, 0, 2, 1: mean 1, variance 2/3, error sqrt(2/3)/2.
    assert (found.off, found.on, found.difference) == (2.5, 3.5, 1.0)
    assert found.error == pytest.approx((2 / 3) ** 0.5 / 2)
    assert found.is_large
    assert found.is_beyond_chance


def test_a_seed_seats_the_same_strategies_in_every_variant() -> None:
    mechanism = MECHANISMS["concentrated supply"]
    scenario = load_scenario(mechanism.scenario)
    assert seated(mechanism.off(scenario), 5) == seated(mechanism.on(scenario), 5)
    assert len({tuple(seated(scenario, seed).values()) for seed in range(20)}) > 4


def test_the_session_of_a_seed_is_always_the_same() -> None:
    scenario = load_scenario("cobalt-offtake")
    assert played(scenario, 3) == played(scenario, 3)


def test_every_mechanism_moves_its_metric_in_the_right_direction() -> None:
    long = [name for name, one in MECHANISMS.items() if one.scenario == "ministerial"]
    short = [
        name for name, one in MECHANISMS.items() if name not in long and not one.hangs_on_chance
    ]
    rows = [*measured(long, range(FEW)), *measured(short, range(MORE))]
    signed = [row for row in rows if row.mechanism.sign]
    wrong = [lines(row)[0] for row in signed if row.own.difference * row.mechanism.sign <= 0]
    assert wrong == []


def test_the_page_has_a_row_for_every_mechanism() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in MECHANISMS if f"| {name} |" not in text] == []
    assert f"{PAIRS} paired seeds" in text


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_every_mechanism_moves_by_a_tenth_or_two_standard_errors() -> None:
    rows = measured(tuple(MECHANISMS), range(PAIRS), processes=2)
    assert [lines(row)[0] for row in rows if not row.holds] == []


def test_more_enforcement_never_has_fewer_texts_kept() -> None:
    rises = np.diff(curve(range(6)).mean(axis=0))
    assert (rises >= 0).all()
    assert rises.sum() > 0.2


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_promises_kept_rise_with_enforcement_along_an_s() -> None:
    found = curve(range(TEXTS), processes=2)
    assert (np.diff(found.mean(axis=0)) >= 0).all()
    for steeper in steepness(unkept(found)):
        assert steeper.difference > 0
        assert steeper.is_beyond_chance, table(found)


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, one in MECHANISMS.items()
        if one.by_construction and one.scenario == "ministerial"
    ],
)
def test_what_holds_by_construction_leaves_the_text_of_a_hall_as_it_is(name: str) -> None:
    mechanism = MECHANISMS[name]
    scenario = load_scenario(mechanism.scenario)
    off, on = (mechanism.ends(change(scenario), 1) for change in (mechanism.off, mechanism.on))
    assert off.offer == on.offer
