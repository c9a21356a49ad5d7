"""Judged numbers drawn anew: which are, which are not, and by how much."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.scenario import Scenario, bundled_scenarios, load_scenario
from games.sensitivity import AREAS, Area, drawn, judged_numbers


def small(**more: Any) -> Scenario:
    """Return a bilateral that states something in every area."""
    values: dict[str, Any] = {
        "minilateral": 1,
        "id": "small",
        "title": "Small",
        "issues": {"tonnes": {"label": "tonnes", "options": [1, 2], "basis": "fact"}},
        "parties": {
            "A": {
                "name": "A",
                "side": "consumer",
                "discount": 0.9,
                "reservation": 3,
                "points": {"tonnes": {"1": 0, "2": 10}},
            },
            "B": {
                "name": "B",
                "side": "supplier",
                "alternatives": [
                    {"name": "sell elsewhere", "points": 4, "exposure": 2, "undercut": 1},
                    {"name": "a contract", "points": 3, "basis": "estimate"},
                ],
                "points": {"tonnes": {"1": 8, "2": 0}},
            },
        },
        "market": {"supplier": "C", "share": 0.5, "basis": "fact"},
        "dispute": {
            "level": {"issue": "tonnes", "values": {"1": 0.9, "2": 0.2}},
            "depth": 0.5,
            "audience_cost": {"A": 6},
        },
        "commitments": {"enforcement": 0.4, "fine": {"A": 5}, "patience": 0.9, "basis": "estimate"},
        "trust": {"A": {"a": 1, "b": 2}, "B": {"a": 3, "b": 1, "basis": "fact"}},
        "participation": {"threshold": 0.9, "kappa": {"A": 0.3}, "access": 2},
        "outside": {"name": "C", "price_cut": 0.5, "dependence": {"B": 4}},
        "statecraft": {
            "measures": {
                "ban": {"label": "ban", "by": "A", "towards": ["B"], "effect": {"B": -4}, "cost": 1}
            },
            "backing_down": 2,
        },
        "side_deals": {"x": {"label": "x", "parties": ["A", "B"], "points": {"A": 1, "B": 2}}},
        "fund": {
            "label": "f",
            "members": ["A", "B"],
            "cost": {"A": 1, "B": 1},
            "benefit": {"A": 2, "B": 2},
            "threshold": 0.8,
        },
    }
    return Scenario.model_validate({**values, **more})


def test_what_is_drawn_is_what_is_called_a_judgement_and_is_not_zero() -> None:
    assert judged_numbers(small()) == (
        "parties.A.points.tonnes.2",
        "parties.B.points.tonnes.1",
        "parties.A.reservation",
        "parties.B.alternatives.0.points",
        "parties.B.alternatives.0.exposure",
        "parties.B.alternatives.0.undercut",
        "dispute.level.values.1",
        "dispute.level.values.2",
        "dispute.depth",
        "dispute.audience_cost.A",
        "trust.A.a",
        "trust.A.b",
        "participation.threshold",
        "participation.kappa.A",
        "participation.access",
        "outside.price_cut",
        "outside.dependence.B",
        "statecraft.measures.ban.effect.B",
        "statecraft.measures.ban.cost",
        "statecraft.backing_down",
        "statecraft.trust.kept",
        "statecraft.trust.broken",
        "statecraft.trust.withdrawn",
        "statecraft.trust.threat",
        "side_deals.x.points.A",
        "side_deals.x.points.B",
        "fund.size",
        "fund.threshold",
        "fund.cost.A",
        "fund.cost.B",
        "fund.benefit.A",
        "fund.benefit.B",
    )


def test_links_and_what_follows_signature_are_drawn_too() -> None:
    game = load_scenario("cobalt-offtake")

    paths = judged_numbers(game)

    assert "parties.USA.links.0.points.5000.binding" in paths
    assert "commitments.fine.COD" in paths
    assert not any(".discount" in path or ".patience" in path for path in paths)


def test_years_are_drawn_where_they_are_judgements() -> None:
    years = {
        "volume": 5,
        "price": {"spot": 10, "volatility": 0.3, "basis": "judgement"},
        "law": 0.1,
        "basis": "estimate",
    }
    issue = {"label": "tonnes", "options": [1, 2], "obligor": "B"}

    game = small(implementation=years, issues={"tonnes": issue})

    assert judged_numbers(game, ["years"]) == ("implementation.price.volatility",)


@given(st.integers(0, 10**6), st.sampled_from((0.1, 0.5, 0.9)))
def test_each_number_is_its_stated_one_times_a_factor_within_the_spread(
    seed: int, spread: float
) -> None:
    variant = drawn(small(), seed, spread)

    values = json.loads(variant.scenario.model_dump_json(by_alias=True))
    for number in variant.numbers:
        assert 1 - spread <= number.factor <= 1 + spread
        node: Any = values
        for key in number.place:
            node = node[int(key)] if isinstance(node, list) else node[key]
        assert node == number.value
        assert number.is_clipped or number.value == pytest.approx(number.stated * number.factor)


@given(st.integers(0, 10**6))
def test_shares_stay_shares(seed: int) -> None:
    game = drawn(small(), seed, 0.9).scenario

    assert game.participation is not None
    assert game.participation.threshold is not None
    assert 0 < game.participation.threshold <= 1


def test_what_would_exceed_its_bound_is_clipped_and_said_to_be() -> None:
    variants = [drawn(small(), seed, what=["participation"]) for seed in range(40)]

    thresholds = [one.numbers[0] for one in variants]

    assert {number.path for number in thresholds} == {"participation.threshold"}
    clipped = [number for number in thresholds if number.is_clipped]
    assert 0 < len(clipped) < 40
    assert {number.value for number in clipped} == {1.0}
    assert all(number.stated * number.factor > 1 for number in clipped)


def test_a_reservation_value_follows_from_the_alternatives_drawn() -> None:
    game = drawn(small(), 7).scenario

    first, second = game.parties["B"].alternatives
    best = max(first.points - first.exposure * 0.25, second.points)
    assert game.parties["B"].reservation == pytest.approx(best)
    assert second.points == 3


def test_a_number_has_the_same_factor_whatever_else_is_drawn() -> None:
    together = {number.path: number.factor for number in drawn(small(), 3).numbers}

    alone: dict[str, float] = {}
    for area in AREAS:
        alone |= {number.path: number.factor for number in drawn(small(), 3, what=[area]).numbers}

    assert alone == together
    assert len(set(together.values())) == len(together)


def test_other_areas_stay_as_they_are() -> None:
    game = small()

    varied = drawn(game, 1, what=["trust"]).scenario

    assert varied.trust != game.trust
    assert varied.model_copy(update={"trust": game.trust}) == game


def test_the_seed_decides_and_no_spread_changes_nothing() -> None:
    assert drawn(small(), 5).scenario == drawn(small(), 5).scenario
    assert drawn(small(), 5).scenario != drawn(small(), 6).scenario
    assert drawn(small(), 5, spread=0).scenario == small()


def test_factors_are_spread_evenly() -> None:
    factors = [number.factor for seed in range(60) for number in drawn(small(), seed).numbers]

    assert sum(factors) / len(factors) == pytest.approx(1, abs=0.03)
    assert sum(factor < 0.75 for factor in factors) / len(factors) == pytest.approx(0.25, abs=0.04)


def test_counts_say_how_many_numbers_each_area_has() -> None:
    assert drawn(small(), 0, what=["points", "trust", "market"]).count() == {
        "points": 2,
        "trust": 2,
    }


@pytest.mark.parametrize("name", bundled_scenarios())
def test_every_bundled_scenario_can_be_drawn(name: str) -> None:
    game = load_scenario(name)

    variant = drawn(game, 1)

    assert variant.scenario.ids == game.ids
    assert variant.scenario.space.options == game.space.options
    assert variant.count()["points"] > 0


@pytest.mark.parametrize(
    ("spread", "what", "message"),
    [
        (1.0, AREAS, "spread: expected from 0 to below 1, found 1.0"),
        (-0.1, AREAS, "spread: expected from 0 to below 1, found -0.1"),
        (0.5, ("weather",), "what: unknown 'weather'"),
    ],
)
def test_bad_requests_are_refused(spread: float, what: tuple[Area, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        drawn(small(), 1, spread, what)


SHOCKS: dict[str, Any] = {
    "fall": {
        "label": "Prices fall",
        "round": 1,
        "points": {"A": {"tonnes": {"2": 3, "1": 0}}},
        "reservation": {"B": -2},
        "spot": 0.5,
        "market": 0.8,
        "dispute": 0.2,
        "ratify": {"A": 4},
    },
    "known": {"label": "Known", "spot": 2, "basis": "estimate"},
}
HOME: dict[str, Any] = {
    "A": {
        "limits": {"tonnes": ["1"]},
        "grants": {"tonnes": {"2": {"least": 5}}},
        "ratify": {"threshold": 6, "audience_cost": 1},
        "face": 0.5,
    }
}


def test_what_a_part_would_have_that_the_file_does_not_state_is_not_drawn() -> None:
    values = json.loads(small().canonical())
    del values["statecraft"]
    without = Scenario.model_validate(values)
    again = Scenario.model_validate_json(without.canonical())
    for game in (without, again):
        assert [path for path in judged_numbers(game) if path.startswith("statecraft")] == []


def test_judged_figures_of_shocks_are_drawn_and_stay_valid() -> None:
    years = {"volume": 100, "price": {"spot": 90, "volatility": 0.2, "basis": "fact"}}
    issues = {"tonnes": {"label": "tonnes", "obligor": "B", "options": [1, 2], "basis": "fact"}}
    game = small(shocks=SHOCKS, mandates=HOME, implementation=years, issues=issues)
    assert set(judged_numbers(game, ("shocks",))) == {
        "shocks.fall.points.A.tonnes.2",
        "shocks.fall.reservation.B",
        "shocks.fall.spot",
        "shocks.fall.market",
        "shocks.fall.dispute",
        "shocks.fall.ratify.A",
    }
    for seed in range(20):
        found = drawn(game, seed, what=("shocks",)).scenario.shocks
        assert found["fall"].market is not None
        assert 0.4 <= found["fall"].market <= 1.0
        assert found["fall"].round == 1
        assert found["known"] == game.shocks["known"]


def test_what_a_capital_grants_an_option_for_is_drawn_and_limits_stay() -> None:
    game = small(mandates=HOME)
    assert set(judged_numbers(game, ("mandates",))) == {
        "mandates.A.ratify.threshold",
        "mandates.A.ratify.audience_cost",
        "mandates.A.face",
        "mandates.A.grants.tonnes.2.least",
    }
    found = drawn(game, 3, what=("mandates",)).scenario.mandates["A"]
    assert found.limits == game.mandates["A"].limits
    assert found.requests == game.mandates["A"].requests
